# As most people write it: Debian's packages first, then the requirements, then the source.
ARG python_image
FROM ${python_image}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      libgl1 \
      libglib2.0-0 \
      libopencv-videoio410 \
      opencv-data \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 1000
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8080"]
