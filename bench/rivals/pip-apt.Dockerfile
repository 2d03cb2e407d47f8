# pip.Dockerfile, with Debian's packages first, since they change least often.
# https://docs.docker.com/build/building/best-practices/#apt-get
ARG python_image
FROM ${python_image}
ARG PIP_INDEX_URL
WORKDIR /app
COPY apt.txt .
RUN apt-get update \
 && grep -v '^#' apt.txt | xargs apt-get install --yes --no-install-recommends \
 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 1000
