"""A logistic regression, trained when the service starts: it takes milliseconds."""

import csv
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

TABLE = Path(__file__).with_name("apples.csv")
FEATURES = ("weight", "diameter", "red", "sugar")


def train() -> Pipeline:
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    measured = np.array([[float(row[name]) for name in FEATURES] for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return model.fit(measured, [row["variety"] for row in rows])


def classify(model: Pipeline, apple: dict[str, float]) -> dict[str, float]:
    """The varieties with their probabilities, the likeliest first."""
    (shares,) = model.predict_proba([[apple[name] for name in FEATURES]])
    ranked = sorted(zip(model.classes_.tolist(), shares.tolist()), key=lambda pair: -pair[1])
    return {variety: round(share, 3) for variety, share in ranked}
