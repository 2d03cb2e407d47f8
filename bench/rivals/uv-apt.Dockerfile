# uv.Dockerfile, with Debian's packages first, since they change least often. apt keeps what it has downloaded, too.
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
    apt-get update \
 && grep -v '^#' apt.txt | xargs apt-get install --yes --no-install-recommends
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_PYTHON=1 UV_BREAK_SYSTEM_PACKAGES=1
ARG UV_DEFAULT_INDEX
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    uv pip install -r requirements.txt
COPY --link . .
USER 1000
