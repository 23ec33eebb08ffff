"""Models of given and of chosen orders, and how often a series is differenced."""

from ._auto import AutoARIMA, auto_arima
from ._model import ARIMA
from .utils import ndiffs, nsdiffs

__all__ = ["ARIMA", "AutoARIMA", "auto_arima", "ndiffs", "nsdiffs"]
