# As uv's documentation has it: a cache, compiled bytecode, and neither uv nor pip in the image, since uv is mounted from a stage
# of its own. It installs into the last stage: what it has made in another would be copied (uv-apt.Dockerfile has figures).
# https://docs.astral.sh/uv/guides/integration/docker/#optimizations
ARG base_image
ARG uv_image
FROM ${uv_image} AS uv

FROM ${base_image}
USER root
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_PYTHON=1 UV_BREAK_SYSTEM_PACKAGES=1
ARG UV_DEFAULT_INDEX
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    uv pip install -r requirements.txt
COPY --link . .
USER 1000
