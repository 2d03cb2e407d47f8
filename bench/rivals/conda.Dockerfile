# A conda environment without conda in the image; packages that were downloaded once stay in a cache. Its pip section is
# installed by uv. In one stage, as in uv.Dockerfile: what a second one has made would be copied.
# https://micromamba-docker.readthedocs.io/en/latest/advanced_usage.html
ARG base_image
ARG conda_image
ARG uv_image
FROM ${conda_image} AS conda
FROM ${uv_image} AS uv

FROM ${base_image}
USER root
ENV PATH=/opt/conda/bin:$PATH
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_BREAK_SYSTEM_PACKAGES=1
ARG CONDA_CHANNEL_ALIAS
ARG UV_DEFAULT_INDEX
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=bind,from=conda,target=/usr/local/lib/conda \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=environment.yml,target=environment.yml \
    python3 /usr/local/lib/conda environment.yml /opt/conda
COPY --link . .
USER 1000
