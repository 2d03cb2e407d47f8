# What mambaorg/micromamba is to most people's Dockerfiles: a program that makes a conda environment. There is none to be had
# without conda's own channels, so this one is rattler, with which ours works, and a script.
# https://micromamba-docker.readthedocs.io/en/latest/advanced_usage.html
ARG build_image
FROM ${build_image} AS build
USER root
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-yaml \
 && mkdir /conda \
 && cp -r /usr/share/ml-buildpacks/conda-engine/. /usr/lib/python3/dist-packages/yaml /conda
COPY conda.py /conda/__main__.py

FROM scratch
COPY --from=build /conda /
