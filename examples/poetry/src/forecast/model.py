"""A straight line and one offset for each step of the season, fitted together by least squares."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Forecast:
    values: pd.Series
    """Twice the standard deviation of what the model does not explain."""
    margin: float


def forecast(series: pd.Series, season: int, steps: int) -> Forecast:
    """`season` is how many steps it lasts; 1 for a series without one. The series' index goes on."""
    if not 1 <= season <= 366:
        raise ValueError("season must be between 1 and 366")
    if len(series) < 2 * season + 1:
        raise ValueError(f"a season of {season} needs at least {2 * season + 1} values")
    known = np.arange(len(series))
    coming = np.arange(len(series), len(series) + steps)
    weights, *_ = np.linalg.lstsq(design(known, season), series.to_numpy(float), rcond=None)
    unexplained = series.to_numpy(float) - design(known, season) @ weights
    values = pd.Series(design(coming, season) @ weights, index=continue_index(series, steps))
    return Forecast(values.round(2), round(2 * float(unexplained.std()), 2))


def design(times: np.ndarray, season: int) -> np.ndarray:
    offsets = np.eye(season)[times % season]
    return np.column_stack([times, offsets])


def continue_index(series: pd.Series, steps: int) -> pd.Index:
    if not isinstance(series.index, pd.DatetimeIndex):
        return pd.RangeIndex(len(series), len(series) + steps)
    frequency = series.index.freq or pd.infer_freq(series.index)
    if frequency is None:
        raise ValueError("the dates are not evenly spaced")
    return pd.date_range(series.index[-1], periods=steps + 1, freq=frequency)[1:]
