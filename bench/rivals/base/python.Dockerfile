# What python:3.13-slim is to most people's Dockerfiles, on the very base image that ours stands on:
# https://hub.docker.com/_/python
ARG base_image
FROM ${base_image}
USER root
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-pip \
 && rm -rf /var/lib/apt/lists/*
# The host's certificates, for hosts whose HTTPS goes through a company's proxy; empty elsewhere.
COPY host-ca-certificates.crt /usr/local/share/ca-certificates/host.crt
RUN cat /usr/local/share/ca-certificates/host.crt >>/etc/ssl/certs/ca-certificates.crt
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
# Python's own images are not Debian's installation, whose packages pip must leave alone: https://peps.python.org/pep-0668/
ENV PIP_BREAK_SYSTEM_PACKAGES=1
WORKDIR /
