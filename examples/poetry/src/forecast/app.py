"""The model as a service."""

import pandas as pd
from flask import Flask, jsonify, request
from werkzeug.exceptions import BadRequest

from forecast.model import forecast

app = Flask(__name__)


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/predict")
def predict():
    body = request.get_json()
    missing = [name for name in ("dates", "values") if name not in body]
    if missing:
        raise BadRequest(f"missing: {', '.join(missing)}")
    try:
        dates = pd.to_datetime(body["dates"], format="%Y-%m-%d")
        series = pd.Series(body["values"], index=pd.DatetimeIndex(dates), dtype=float)
        steps = int(body.get("steps", 7))
        if not 1 <= steps <= 1000:
            raise ValueError("steps must be between 1 and 1000")
        result = forecast(series, int(body.get("season", 7)), steps)
    except (TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BadRequest(f"this can't be forecast: {reason}") from error
    days = result.values.index.strftime("%Y-%m-%d")
    return {"forecast": dict(zip(days, result.values.tolist())), "margin": result.margin}


@app.errorhandler(BadRequest)
def refuse(error: BadRequest):
    return jsonify(error=error.description), 400
