# The run image: what every app image stands on. README.md beside this file says why each package is here.
ARG base_image=docker.io/library/debian:trixie-slim
FROM ${base_image}

USER root

# Docs, man pages and translations stay out of every package installed from here on; licences stay in.
RUN printf '%s\n' \
      'path-exclude=/usr/share/doc/*' \
      'path-include=/usr/share/doc/*/copyright' \
      'path-exclude=/usr/share/info/*' \
      'path-exclude=/usr/share/lintian/*' \
      'path-exclude=/usr/share/locale/*' \
      'path-exclude=/usr/share/man/*' \
      > /etc/dpkg/dpkg.cfg.d/ml-buildpacks

ARG packages="ca-certificates curl libgomp1 libstdc++6 python3 tzdata"
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes --no-install-recommends ${packages} \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /var/lib/dpkg/*-old /tmp/* \
 # debconf needs its folder to be there at the next installation.
 && install --directory /var/cache/debconf /var/cache/apt/archives/partial

# Platforms such as Tekton's buildpacks task insist on 1000:1000, and the lifecycle looks the user up in /etc/passwd.
RUN groupadd --gid 1000 cnb \
 && useradd --uid 1000 --gid 1000 --create-home --home-dir /home/cnb --shell /bin/bash cnb \
 && rm -rf /var/log/* /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow-

ENV LANG=C.UTF-8
# The environment of the app comes first, so that `kubectl exec` and a replaced entrypoint find it without the launcher.
ENV PATH=/layers/ml-buildpacks_site-packages/environment/venv/bin:/layers/ml-buildpacks_conda/environment/prefix/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

LABEL io.buildpacks.stack.id="io.ml-buildpacks.stacks.debian13" \
      io.buildpacks.base.id="io.ml-buildpacks.stacks.debian13" \
      io.buildpacks.base.distro.name="debian" \
      io.buildpacks.base.distro.version="13" \
      io.buildpacks.base.maintainer="ml-buildpacks" \
      io.buildpacks.base.homepage="https://github.com/ml-buildpacks/ml-buildpacks" \
      io.buildpacks.base.description="Debian 13 with Python 3.13, for machine-learning apps" \
      io.buildpacks.rebasable="true"

USER 1000:1000
WORKDIR /home/cnb
