"""Finds the QR codes in a picture, with their texts and places."""

import cv2
import numpy as np
from flask import Flask, request
from werkzeug.exceptions import BadRequest

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 20_000_000


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/predict")
def predict():
    upload = request.files.get("picture")
    if upload is None:
        raise BadRequest("a file named picture is missing")
    image = decode(upload.read())
    # A detector is cheap to make, and one is not for several threads.
    found, texts, corners, _ = cv2.QRCodeDetector().detectAndDecodeMulti(image)
    if not found:
        return {"codes": []}
    return {"codes": [describe(text, place) for text, place in zip(texts, corners)]}


def decode(data: bytes) -> np.ndarray:
    buffer = np.frombuffer(data, np.uint8)
    image = cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE) if buffer.size else None
    if image is None:
        raise BadRequest("the file is not a picture that OpenCV can read")
    return image


def describe(text: str, corners: np.ndarray) -> dict:
    """An empty text is that of a code which was found, but can't be read."""
    return {"text": text, "corners": corners.round().astype(int).tolist()}


@app.errorhandler(BadRequest)
def refuse(error: BadRequest):
    return {"error": error.description}, 400
