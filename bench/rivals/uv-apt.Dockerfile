# uv.Dockerfile, with Debian's packages first, since they change least often. apt keeps what it has downloaded, too. In two
# stages (uv makes a virtual environment beside apt, then `COPY --link --from`) `vision` took 1.02 times as long cold, and 1.14
# times with a package added: medians of six and nine builds each, in turn, on two cores, which apt and uv keep busy alone.
# https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages
ARG base_image
ARG uv_image
FROM ${uv_image} AS uv

FROM ${base_image}
USER root
WORKDIR /app
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    --mount=type=bind,source=apt.txt,target=apt.txt \
    rm -f /etc/apt/apt.conf.d/docker-clean \
 && echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' >/etc/apt/apt.conf.d/keep-cache \
 && apt-get update \
 && grep -v '^#' apt.txt | xargs apt-get install --yes --no-install-recommends
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_PYTHON=1 UV_BREAK_SYSTEM_PACKAGES=1
ARG UV_DEFAULT_INDEX
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    uv pip install -r requirements.txt
COPY --link . .
USER 1000
