"""The interface of the Prophet package over libwsf's ``prophet``: only the import line changes.

>>> from wsf.prophet import Prophet
>>> Prophet(weekly_seasonality=False).growth
'linear'

The model is fitted and its intervals are computed by the library; here are its names and columns. What
differs stands in docs/dropin.md. Needs pandas, and matplotlib for plots.
"""

from .forecaster import Prophet

__all__ = ["Prophet"]
