"""Describes pictures: which colours they are made of, and how sharp they are."""

import cv2
import numpy as np
from fastapi import FastAPI, HTTPException, UploadFile

from palette import find_colours, measure_edges

app = FastAPI(title="Vision")


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.post("/predict")
def predict(picture: UploadFile, colours: int = 4) -> dict:
    if not 1 <= colours <= 16:
        raise HTTPException(422, "colours must be between 1 and 16")
    image = decode(picture.file.read())
    height, width = image.shape[:2]
    return {
        "width": width,
        "height": height,
        "colours": find_colours(image, colours).to_dict(orient="records"),
        **measure_edges(image),
    }


def decode(data: bytes) -> np.ndarray:
    buffer = np.frombuffer(data, np.uint8)
    image = cv2.imdecode(buffer, cv2.IMREAD_COLOR) if buffer.size else None
    if image is None:
        raise HTTPException(422, "the file is not a picture that OpenCV can read")
    return image
