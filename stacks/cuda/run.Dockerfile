# The run image of apps for NVIDIA's GPUs: the CPU stack's layers with another configuration. README.md beside this file
# says what each line is for.
ARG base_image=ml-buildpacks/run:cpu
FROM ${base_image}

ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility

# Where some Kubernetes platforms mount the driver, which the loader does not search by itself.
ENV LD_LIBRARY_PATH=/usr/local/nvidia/lib64 PATH=${PATH}:/usr/local/nvidia/bin

# Another id than the CPU stack's: an app image must be built again, not rebased, to go from one to the other.
LABEL io.buildpacks.stack.id="io.ml-buildpacks.stacks.debian13.cuda" \
      io.buildpacks.base.id="io.ml-buildpacks.stacks.debian13.cuda" \
      io.buildpacks.base.description="Debian 13 with Python 3.13, for machine-learning apps on NVIDIA's GPUs" \
      io.ml-buildpacks.stack.hardware="cuda"
