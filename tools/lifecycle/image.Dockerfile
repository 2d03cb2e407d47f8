# The lifecycle as an image of its own, which pack runs where it does not run the builder's: https://buildpacks.io/docs/for-platform-operators/concepts/lifecycle/
ARG run_image
FROM ${run_image} AS run

FROM scratch
# Its phases look users up, talk to registries, and write to /tmp as any of these users.
COPY --from=run /etc/passwd /etc/group /etc/
COPY --from=run /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY root/ /
WORKDIR /layers
# Last: pack and kpack take the lifecycle from the last layer.
ADD lifecycle.tgz /cnb/
