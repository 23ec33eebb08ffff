"""Forecasts of retail sales: libwsf for Python.

>>> import wsf
>>> wsf.forecast("simulate(stores=1, depts=2)", "snaive", horizon=4).columns
('Store', 'Dept', 'Date', 'forecast')
"""

from typing import TYPE_CHECKING, Any

from ._api import (
    Backtest,
    Context,
    Dataset,
    Features,
    Forecaster,
    analyze,
    backtest,
    canonical,
    catalog,
    evaluate,
    features,
    fit,
    forecast,
    load,
    propose,
    quote,
)
from ._errors import (
    ArgumentError,
    Cancelled,
    DataError,
    Error,
    FileError,
    FitError,
    FormatError,
    LimitError,
    OutOfMemoryError,
    UnsupportedError,
)
from ._native import version
from ._table import Table

if TYPE_CHECKING:
    from . import plot

__version__ = version()
__all__ = [
    "ArgumentError", "Backtest", "Cancelled", "Context", "DataError", "Dataset", "Error", "Features",
    "FileError", "FitError", "Forecaster", "FormatError", "LimitError", "OutOfMemoryError", "Table",
    "UnsupportedError", "analyze", "backtest", "canonical", "catalog", "evaluate", "features", "fit",
    "forecast", "load", "plot", "propose", "quote", "version",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "plot":  # what draws is loaded when it is asked for
        import importlib

        return importlib.import_module(".plot", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
