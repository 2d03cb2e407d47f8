# What ghcr.io/astral-sh/uv is to most people's Dockerfiles, with the uv that ours uses:
# https://docs.astral.sh/uv/guides/integration/docker/#installing-uv
ARG build_image
FROM ${build_image} AS build

FROM scratch
COPY --from=build /usr/local/bin/uv /uv
