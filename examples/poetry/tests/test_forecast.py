"""Run it with `poetry install --all-extras && poetry run pytest`."""

import pandas as pd
import pytest

from forecast import forecast
from forecast.app import app


def test_continues_trend_and_season():
    series = pd.Series([day + (5 if day % 7 == 0 else 0) for day in range(21)])
    result = forecast(series, season=7, steps=8)
    assert result.values.tolist() == pytest.approx([26, 22, 23, 24, 25, 26, 27, 33])
    assert result.margin == pytest.approx(0)


def test_says_what_is_missing():
    answer = app.test_client().post("/predict", json={"dates": ["2026-01-01"], "values": [1]})
    assert (answer.status_code, answer.json) == (
        400,
        {"error": "this can't be forecast: a season of 7 needs at least 15 values"},
    )
