"""The interface of pmdarima over libwsf's ``arima``: only the import line changes.

>>> import wsf.pmdarima as pm
>>> pm.ARIMA(order=(1, 1, 0))
ARIMA(order=(1, 1, 0), seasonal_order=(0, 0, 0, 0))

Orders are searched and parameters estimated by the library; what differs stands in docs/dropin.md. Needs numpy
and pandas.
"""

from . import arima, datasets, model_selection, utils
from .arima import ARIMA, AutoARIMA, auto_arima
from .utils import acf, pacf

__all__ = ["ARIMA", "AutoARIMA", "acf", "arima", "auto_arima", "datasets", "model_selection", "pacf", "utils"]
