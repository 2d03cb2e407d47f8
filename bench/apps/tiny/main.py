"""A service with nothing heavy: how likely a visitor is to come back."""

import math

from flask import Flask, request

app = Flask(__name__)


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/predict")
def predict():
    visits = request.args.get("visits", default=0.0, type=float)
    return {"probability": 1 / (1 + math.exp(2.0 - 0.4 * visits))}
