"""Splits in time, and how a model does on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Union

import numpy as np

from ._series import numbers_of
from .arima import ARIMA, AutoARIMA

Windows = Union["RollingForecastCV", "SlidingWindowForecastCV"]


def train_test_split(*arrays: Any, test_size: float | None = None, train_size: float | None = None) -> list[Any]:
    """Each series cut in two, the later part for a test: whole numbers count rows, others are shares; a quarter
    if neither is given."""
    if not arrays:
        raise ValueError("no series to split")
    n = len(arrays[0])
    if any(len(array) != n for array in arrays):
        raise ValueError("the series are not of one length")

    def rows(size: float, up: bool) -> int:
        if isinstance(size, (int, np.integer)):
            return int(size)
        return math.ceil(size * n) if up else math.floor(size * n)

    if train_size is None:
        test = rows(0.25 if test_size is None else test_size, True)
        train = n - test
    else:
        train = rows(train_size, False)
        test = n - train if test_size is None else rows(test_size, True)
    if train < 1 or test < 1 or train + test > n:
        raise ValueError(f"{train} rows to fit and {test} to test of {n}, expected one or more of each")
    cut = [getattr(array, "iloc", array) for array in arrays]
    return [part for array in cut for part in (array[:train], array[train : train + test])]


class RollingForecastCV:
    """Histories that grow by a step: rows to fit, and the next h."""

    def __init__(self, h: int = 1, step: int = 1, initial: int | None = None) -> None:
        if h < 1 or step < 1:
            raise ValueError("h and step are 1 or more")
        self.h, self.step, self.initial = h, step, initial
        self.horizon = h

    def split(self, y: Any, X: Any = None) -> Iterator[tuple[Any, Any]]:
        """Numbers of rows to fit and of rows to forecast."""
        n = len(y)
        first = max(n // 3, 1) if self.initial is None else self.initial
        if first + self.h > n:
            raise ValueError(f"{first} rows to begin with and {self.h} to forecast, of {n}")
        for end in range(first, n - self.h + 1, self.step):
            yield np.arange(end), np.arange(end, end + self.h)


class SlidingWindowForecastCV:
    """Histories of one length that move on by a step: rows to fit, and the next h."""

    def __init__(self, h: int = 1, step: int = 1, window_size: int | None = None) -> None:
        if h < 1 or step < 1:
            raise ValueError("h and step are 1 or more")
        self.h, self.step, self.window_size = h, step, window_size
        self.horizon = h

    def split(self, y: Any, X: Any = None) -> Iterator[tuple[Any, Any]]:
        """Numbers of rows to fit and of rows to forecast."""
        n = len(y)
        size = max(n // 5, 1) if self.window_size is None else self.window_size
        if size + self.h > n:
            raise ValueError(f"a window of {size} rows and {self.h} to forecast, of {n}")
        for begin in range(0, n - self.h - size + 1, self.step):
            yield np.arange(begin, begin + size), np.arange(begin + size, begin + size + self.h)


def _smape(y: Any, yhat: Any) -> float:
    size = np.abs(y) + np.abs(yhat)
    return float(np.mean(np.where(size == 0, 0, 200 * np.abs(y - yhat) / np.where(size == 0, 1, size))))


_SCORES: dict[str, Callable[[Any, Any], float]] = {
    "smape": _smape,
    "mean_absolute_error": lambda y, yhat: float(np.mean(np.abs(y - yhat))),
    "mean_squared_error": lambda y, yhat: float(np.mean((y - yhat) ** 2)),
}


def cross_val_score(
    estimator: ARIMA | AutoARIMA,
    y: Any,
    X: Any = None,
    scoring: str | Callable[[Any, Any], float] = "smape",
    cv: Windows | None = None,
    verbose: int = 0,
) -> Any:
    """The error of a model on each window: smape in percent, mean_absolute_error, mean_squared_error or a function
    of what was and what was forecast."""
    score = _SCORES.get(scoring) if isinstance(scoring, str) else scoring
    if score is None:
        raise ValueError(f"scoring is {scoring!r}, expected {', '.join(_SCORES)} or a function")
    values = numbers_of(y)
    columns = None if X is None else np.asarray(X, dtype=float)
    scores = []
    for train, test in (cv or RollingForecastCV()).split(values):
        own = estimator.get_params()
        model = ARIMA(**own) if isinstance(estimator, ARIMA) else AutoARIMA(**own)
        model.fit(values[train], None if columns is None else columns[train])
        yhat = model.predict(len(test), None if columns is None else columns[test])
        scores.append(score(values[test], np.asarray(yhat)))
    return np.array(scores)
