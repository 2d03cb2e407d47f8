# uv.Dockerfile for those who know what is heavy: torch has a layer of its own, which stands until the line here changes.
# https://docs.docker.com/build/cache/optimize/#order-your-layers
ARG base_image
ARG uv_image
FROM ${uv_image} AS uv

FROM ${base_image}
USER root
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_PYTHON=1 UV_BREAK_SYSTEM_PACKAGES=1
ARG UV_DEFAULT_INDEX
WORKDIR /app
# The line that the app's requirements have, which people write here once more.
ARG torch
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    uv pip install "${torch}"
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    uv pip install -r requirements.txt
COPY --link . .
USER 1000
