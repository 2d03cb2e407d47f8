"""Forecasts a series with a trend and a season."""

from forecast.model import Forecast, forecast

__all__ = ["Forecast", "forecast"]
