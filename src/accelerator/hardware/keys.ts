/**
 * Public keys of archives. They are part of the buildpack, not downloaded: whoever is between the
 * archive and the build could replace a key on its way as well as the packages.
 */

/**
 * 00FA 2C10 7926 0870 A76D 2C28 5749 CAD8 646D 9185, without an end. Amazon has it at
 * https://apt.repos.neuron.amazonaws.com/GPG-PUB-KEY-AMAZON-AWS-NEURON.PUB, and Bottlerocket in
 * https://github.com/bottlerocket-os/bottlerocket-kernel-kit/tree/develop/packages/kernel-6.1
 */
export const NEURON_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mQENBF3JmncBCACyaaWVnTGnSbyHzQ4zNLgHe397CGDw0zJoimvedMkLpbTpqgnI
UCk09LoNb/F24X2GFDAcy2qFBFia1jY8cOwcOoVWshfSgLZ5b5fcLuE4cB/h63bI
3PRGsr5uVY98auLE4J6eXEWpuCPRN8CBr/pOEtvDX5fEkRIJstOWvC6vpAsVTK+g
jtB+05iiNjhQSYNCdlU89gBHNpNDx/DtYMW7rwPZtEkUQ5n2RTz5vNIiuYPMGiwp
cw7TR7N6kk4fVlyDiZf8BU4akVceAK+9EMh9UjjsmaKbcM/iUW+olavq1xbljMr6
Hg/eVM0Hu78D62MV5JGoUOc8w78INRAwXt21ABEBAAG0MUFtYXpvbiBBV1MgTmV1
cm9uIDxuZXVyb24tbWFpbnRhaW5lcnNAYW1hem9uLmNvbT6JATgEEwEIACICGwMG
CwkIBwMCBhUIAgkKCwQWAgMBAh4BAheABQJjc99RAAoJEFdJythkbZGFOYEIAIht
ydP6jaMc3oMFmzZYgkDXSFoC2TPij7wdpPJCgq6phMl8vOofT33jZ3RiTQX+2Qug
EvZUL/oVeSajsH7tki7uDyup+g2K8QnB+eYis37CBZmRFT/7Q6J09pJESDfdDXH9
PnGlfHnKQ50AmO9chihGQxIxmkWzmpdrQdZUBMqlPsV40WktXToaZ8KIq6cLNHMs
uuZtPLDXcct8ylS25sRok2BZGQuwTr+Qh9ygJy3aEuhd3uVspNNeN/ia/hLAvn4L
n1rfiuYr9fmbOkEXsGOwfA+c5vH+74P/V3zlyJ1y+4ZYlCvdOgwsTj69OHS04NBD
8+oQTxomyao+dnYcoz0=
=iLMh
-----END PGP PUBLIC KEY BLOCK-----
`;

/**
 * 35BA A0B3 3E9E B396 F59C A838 C0BA 5CE6 DC63 15A3, without an end: the signer of Google's Artifact
 * Registry, which has packages.cloud.google.com. Google has it at
 * https://packages.cloud.google.com/apt/doc/apt-key.gpg; Mozilla, whose archive is there, too, tells
 * its fingerprint: https://support.mozilla.org/kb/install-firefox-linux
 */
export const ARTIFACT_REGISTRY_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

xsBNBGCRt7MBCADkYJHHQQoL6tKrW/LbmfR9ljz7ib2aWno4JO3VKQvLwjyU
MPpq/SXXMOnx8jXwgWizpPxQYDRJ0SQXS9ULJ1hXRL/OgMnZAYvYDeV2jBnK
sAIEdiG/e1qm8P4W9qpWJc+hNq7FOT13RzGWRx57SdLWSXo0KeY38r9lvjjO
mT/cuOcmjwlDT9XYf/RSO+yJ/AsyMdAr+ZbDeQUd9HYJiPdI04lGaGM02MjD
Mnx+monc+y54t+Z+ry1WtQdzoQt9dHlIPlV1tR+xV5DHHsejCZxu9TWzzSlL
5wfBBeEz7R/OIzivGJpWQdJzd+2QDXSRg9q2XYWP5ZVtSgjVVJjNlb6ZABEB
AAHNVEFydGlmYWN0IFJlZ2lzdHJ5IFJlcG9zaXRvcnkgU2lnbmVyIDxhcnRp
ZmFjdC1yZWdpc3RyeS1yZXBvc2l0b3J5LXNpZ25lckBnb29nbGUuY29tPsLA
jgQTAQoAOBYhBDW6oLM+nrOW9ZyoOMC6XObcYxWjBQJgkbezAhsDBQsJCAcC
BhUKCQgLAgQWAgMBAh4BAheAAAoJEMC6XObcYxWj+igIAMFh6DrAYMeq9sbZ
1ZG6oAMrinUheGQbEqe76nIDQNsZnhDwZ2wWqgVC7DgOMqlhQmOmzm7M6Nzm
q2dvPwq3xC2OeI9fQyzjT72deBTzLP7PJok9PJFOMdLfILSsUnmMsheQt4DU
O0jYAX2KUuWOIXXJaZ319QyoRNBPYa5qz7qXS7wHLOY89IDqfHt6Aud8ER5z
hyOyhytcYMeaGC1g1IKWmgewnhEq02FantMJGlmmFi2eA0EPD02GC3742QGq
RxLwjWsm5/TpyuU24EYKRGCRm7QdVIo3ugFSetKrn0byOxWGBvtu4fH8XWvZ
kRT+u+yzH1s5yFYBqc2JTrrJvRU=
=QnvN
-----END PGP PUBLIC KEY BLOCK-----
`;
