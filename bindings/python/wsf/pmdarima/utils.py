"""Autocorrelations and differences of a series."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._series import dataset_of, numbers_of


def _at_lags(x: Any, what: str, nlags: int | None) -> Any:
    values = numbers_of(x)
    most = min(int(10 * np.log10(len(values))), len(values) - 1) if nlags is None else nlags
    table = dataset_of(values).analyze(what, lags=most)
    return np.concatenate([[1.0], np.array(table.values(what), dtype=float)])


def acf(x: Any, nlags: int | None = None) -> Any:
    """Autocorrelations from lag 0 on."""
    return _at_lags(x, "acf", nlags)


def pacf(x: Any, nlags: int | None = None) -> Any:
    """Partial autocorrelations from lag 0 on, by Durbin and Levinson of :func:`acf`."""
    return _at_lags(x, "pacf", nlags)


def diff(x: Any, lag: int = 1, differences: int = 1) -> Any:
    """Differences of an array at a lag, so many times."""
    values = np.asarray(x, dtype=float)
    for _ in range(differences):
        values = values[lag:] - values[:-lag]
    return values
