# The build image for apps on NVIDIA's GPUs: the CPU stack's, and what it assumes where the app does not say.
ARG base_image=ml-buildpacks/build:cpu
FROM ${base_image}

USER root
# What an app is for that has no hardware.txt, in its words.
RUN echo cuda > /usr/share/ml-buildpacks/hardware

LABEL io.buildpacks.stack.id="io.ml-buildpacks.stacks.debian13.cuda" \
      io.buildpacks.base.id="io.ml-buildpacks.stacks.debian13.cuda" \
      io.buildpacks.base.description="Debian 13 with Python 3.13, Node.js 20, a C and C++ toolchain and uv, for NVIDIA's GPUs" \
      io.ml-buildpacks.stack.hardware="cuda"

USER 1000:1000
