# pip-cache.Dockerfile, with Debian's packages first. apt keeps what it has downloaded, too.
# https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages
ARG python_image
FROM ${python_image}
ARG PIP_INDEX_URL
WORKDIR /app
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    --mount=type=bind,source=apt.txt,target=apt.txt \
    rm -f /etc/apt/apt.conf.d/docker-clean \
 && echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' >/etc/apt/apt.conf.d/keep-cache \
 && apt-get update \
 && grep -v '^#' apt.txt | xargs apt-get install --yes --no-install-recommends
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    pip install -r requirements.txt
COPY --link . .
USER 1000
