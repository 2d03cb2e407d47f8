# The build image: the run image, plus what buildpacks build with. README.md beside this file says why each package is here.
ARG base_image=ml-buildpacks/run:cpu

FROM ${base_image} AS uv
LABEL io.ml-buildpacks.stage="uv"
USER root
ARG uv_version=0.13.9
# The HTTPS roots of the machine that builds this image; empty where it has none of its own.
COPY host-ca-certificates.crt /tmp/
# Addresses and digests as https://pypi.org/project/uv/#files lists them.
RUN case "$(dpkg --print-architecture)" in \
      amd64) path=3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f \
             file=uv-${uv_version}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl \
             sha256=d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19 ;; \
      arm64) path=57/15/94b6cd62ac3ff6550288328e8035288875197cbc183f51554b266a69877b \
             file=uv-${uv_version}-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl \
             sha256=5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe ;; \
      *) echo "uv ${uv_version} is pinned for amd64 and arm64 only" >&2; exit 1 ;; \
    esac \
 && if [ -s /tmp/host-ca-certificates.crt ]; then export CURL_CA_BUNDLE=/tmp/host-ca-certificates.crt; fi \
 && curl --fail --silent --show-error --location --retry 3 --output /tmp/uv.whl "https://files.pythonhosted.org/packages/${path}/${file}" \
 && echo "${sha256}  /tmp/uv.whl" | sha256sum --check --quiet \
 && python3 -m zipfile --extract /tmp/uv.whl /tmp/uv \
 && install -m 0755 "/tmp/uv/uv-${uv_version}.data/scripts/uv" /usr/local/bin/uv \
 && uv --version

FROM ${base_image} AS conda-engine
LABEL io.ml-buildpacks.stage="conda-engine"
USER root
ARG rattler_version=0.28.0
COPY host-ca-certificates.crt /tmp/
# Addresses and digests as https://pypi.org/project/py-rattler/#files lists them. One wheel is all: a version that needs others must not pass.
RUN case "$(dpkg --print-architecture)" in \
      amd64) path=8f/6d/3fa200701f73ba8c2230d76f01c4e928c1abad98d6c43722f5cace3c12ab \
             file=py_rattler-${rattler_version}-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl \
             sha256=4f4ab1d34d5394e7ce130a86e59009c95ace4f5757d9c3af04de1351bcea47eb ;; \
      arm64) path=ab/d1/2160739ab3796b2285871c3b653ceefab19fa5d7dcf3179e7435f0bfacbd \
             file=py_rattler-${rattler_version}-cp310-abi3-manylinux_2_28_aarch64.whl \
             sha256=61b24202374188e72130f1b3dc63b455befaafc3e49e5481a38b6a6c8828c1e0 ;; \
      *) echo "py-rattler ${rattler_version} is pinned for amd64 and arm64 only" >&2; exit 1 ;; \
    esac \
 && if [ -s /tmp/host-ca-certificates.crt ]; then export CURL_CA_BUNDLE=/tmp/host-ca-certificates.crt; fi \
 && curl --fail --silent --show-error --location --retry 3 --output /tmp/rattler.whl "https://files.pythonhosted.org/packages/${path}/${file}" \
 && echo "${sha256}  /tmp/rattler.whl" | sha256sum --check --quiet \
 && python3 -m zipfile --extract /tmp/rattler.whl /conda-engine \
 && if grep '^Requires-Dist:' /conda-engine/*.dist-info/METADATA | grep --invert-match '; extra == '; then \
      echo "py-rattler needs the packages above" >&2; exit 1; \
    fi \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /conda-engine \
 && PYTHONPATH=/conda-engine python3 -c 'import rattler'

FROM ${base_image}
USER root

# apt must know what the run image has, not what this one has.
RUN install -D -m 0644 /var/lib/dpkg/status /usr/share/ml-buildpacks/run-image-dpkg-status

ARG packages="g++ gcc git make nodejs pkg-config python3-dev unzip xz-utils zstd"
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

COPY --from=uv /usr/local/bin/uv /usr/local/bin/uv
COPY --from=conda-engine /conda-engine /usr/share/ml-buildpacks/conda-engine

# Debian's Node.js is built without the snapshot that others start from: https://nodejs.org/api/cli.html#--build-snapshot
# With one, each buildpack starts in two thirds of the time. They use it while it is newer than Node.js itself.
RUN echo > /tmp/nothing.js \
 && node --snapshot-blob /usr/share/ml-buildpacks/node.snapshot --build-snapshot /tmp/nothing.js \
 && rm /tmp/nothing.js

LABEL io.buildpacks.base.description="Debian 13 with Python 3.13, Node.js 20, a C and C++ toolchain and uv"

ENV CNB_USER_ID=1000 CNB_GROUP_ID=1000
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

USER 1000:1000
WORKDIR /home/cnb
