"""Tells which musical notes a sound is made of."""

import io
import wave

import numpy as np
from flask import Flask, request
from werkzeug.exceptions import BadRequest

from notes import find_notes

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 20_000_000


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/predict")
def predict():
    samples, rate = read_sound(request.get_data())
    return {"seconds": round(len(samples) / rate, 2), "notes": find_notes(samples, rate)}


def read_sound(data: bytes) -> tuple[np.ndarray, int]:
    """The samples of the first channel, and how many there are in a second."""
    try:
        with wave.open(io.BytesIO(data)) as sound:
            width, channels, rate = sound.getsampwidth(), sound.getnchannels(), sound.getframerate()
            frames = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadRequest("this is not a WAV file with plain samples (PCM)") from error
    if width != 2:
        raise BadRequest(f"the samples have {8 * width} bits; 16 are needed")
    return np.frombuffer(frames, "<i2")[::channels].astype(float), rate


@app.errorhandler(BadRequest)
def refuse(error: BadRequest):
    return {"error": error.description}, 400
