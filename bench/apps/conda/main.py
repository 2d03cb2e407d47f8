"""A service that fits a line through points, with packages of a conda channel and of PyPI."""

import pandas
from flask import Flask, request
from prometheus_flask_exporter import PrometheusMetrics
from scipy import stats

app = Flask(__name__)
PrometheusMetrics(app)


@app.get("/health")
def health():
    return {"pandas": pandas.__version__}


@app.post("/predict")
def predict():
    points = pandas.DataFrame(request.get_json(), columns=["x", "y"])
    line = stats.linregress(points["x"], points["y"])
    return {"slope": line.slope, "intercept": line.intercept}
