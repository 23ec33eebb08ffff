"""One series of numbers, with regressors beside it, as the library takes it and as results go back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._api import Dataset


def numbers_of(y: Any) -> Any:
    """The values of a series: an array, a list, a column or a frame of one column."""
    values = np.asarray(y, dtype=float)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise ValueError(f"y has {values.ndim} dimensions, expected one")
    if np.isinf(values).any():
        raise ValueError("y has an infinite value")
    return values


def columns_of(X: Any, rows: int, columns: int | None) -> Any:
    """Regressors as an array of so many rows, or None."""
    if X is None:
        if columns:
            raise ValueError(f"the model was fitted with {columns} regressors, expected X with their values")
        return None
    values = np.asarray(X, dtype=float)
    if values.ndim == 1:
        values = values[:, None]
    if columns == 0:
        raise ValueError("the model was fitted without regressors, expected no X")
    if values.ndim != 2 or len(values) != rows or (columns is not None and values.shape[1] != columns):
        want = f"{rows} rows" + (f" and {columns} columns" if columns is not None else "")
        raise ValueError(f"X has the shape {values.shape}, expected {want}")
    if not np.isfinite(values).all():
        raise ValueError("X has a missing or infinite value")
    return values


def names_of(X: Any, count: int) -> list[str]:
    """What regressors are called among the parameters."""
    return [str(name) for name in X.columns] if isinstance(X, pd.DataFrame) else [f"x{i + 1}" for i in range(count)]


def dataset_of(y: Any, X: Any = None, season: int = 1) -> Dataset:
    """A series at the times 0, 1, .. with the regressors x1, x2, .. known ahead."""
    values = numbers_of(y)
    given = {} if X is None else {f"x{i + 1}": X[:, i] for i in range(X.shape[1])}
    columns = {"t": np.arange(len(values)), "y": values, **given}
    return Dataset(columns, time="t", target="y", known=list(given) or None, freq="integer", season=max(season, 1))


def ahead_of(X: Any, start: int) -> dict[str, Any] | None:
    """Regressors of the times after a history."""
    if X is None:
        return None
    return {"t": np.arange(start, start + len(X)), **{f"x{i + 1}": X[:, i] for i in range(X.shape[1])}}


def index_after(index: Any, n: int) -> Any:
    """The index of the n periods after a series, or None where it has none that goes on."""
    if isinstance(index, pd.RangeIndex):
        return pd.RangeIndex(index[-1] + index.step, index[-1] + index.step * (n + 1), index.step)
    if isinstance(index, pd.PeriodIndex):
        return pd.period_range(index[-1] + 1, periods=n, freq=index.freq)
    if isinstance(index, pd.DatetimeIndex):
        freq = index.freq or (pd.infer_freq(index) if len(index) > 2 else None)
        return None if freq is None else pd.date_range(index[-1], periods=n + 1, freq=freq)[1:]
    return None
