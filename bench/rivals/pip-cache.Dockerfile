# pip keeps what it has downloaded between builds, and a source edit needs no layer below its own.
# https://docs.docker.com/build/cache/optimize/#use-cache-mounts
# https://docs.docker.com/reference/dockerfile/#copy---link
ARG python_image
FROM ${python_image}
ARG PIP_INDEX_URL
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    pip install -r requirements.txt
COPY --link . .
USER 1000
