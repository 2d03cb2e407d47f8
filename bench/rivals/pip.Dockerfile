# As most people write it: requirements first, so that a source edit does not install again.
# https://hub.docker.com/_/python
ARG python_image
FROM ${python_image}
ARG PIP_INDEX_URL
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 1000
