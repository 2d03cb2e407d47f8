# A base image with a change, as after an update of Debian's: other images stand on it only when they are built or rebased again.
ARG base_image
FROM ${base_image}
COPY <<EOF /etc/base-image-patch
patched
EOF
