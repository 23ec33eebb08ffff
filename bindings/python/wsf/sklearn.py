"""Forecasts as a regressor of scikit-learn: pipelines, grid searches and time series splits take it.

>>> from wsf.sklearn import ForecastRegressor
>>> ForecastRegressor("arima(x=[known])", season=7)
ForecastRegressor(model='arima(x=[known])', season=7)

scikit-learn is needed by this module alone.
"""

from __future__ import annotations

from typing import Any

from ._api import Context, Dataset, Forecaster, fit
from ._table import Table

try:
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as missing:
    raise ImportError(f"wsf.sklearn needs scikit-learn 1.6 or later: {missing}") from missing

__all__ = ["ForecastRegressor"]

_TIME, _TARGET = "period", "target"


class ForecastRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A model of one series: rows are its periods, one after the other.

    ``fit(X, y)`` takes the history, ``predict(X)`` the rows of the periods right after it: as many forecasts as
    rows. That is what ``TimeSeriesSplit`` hands over, and no other split: order matters, and rows that
    are fitted are not predicted again. For many series at once there is ``wsf.fit``.

    model: an expression of the library; columns of X are called as in a data frame, else ``x0``, ``x1``, ..,
        and the feature ``known`` stands for all of them
    season: periods in a season; 0: by the times of X's index, 1 without
    n_jobs: threads; None: 1, -1: one for each core

    forecaster_: the fitted ``wsf.Forecaster``, with ``explain`` and ``describe``
    n_features_in_, feature_names_in_: as everywhere in scikit-learn
    """

    forecaster_: Forecaster

    def __init__(self, model: str = "auto", season: int = 0, n_jobs: int | None = None) -> None:
        self.model = model
        self.season = season
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> ForecastRegressor:
        """Fits the model to a history.

        X: (n_periods, n_features), numbers that are known ahead, a row per period; a frame of pandas with
            dates as its index tells the calendar; None: no features
        y: (n_periods,), the values, at least two

        ``ValueError`` for shapes and values that are wrong, ``wsf.Error`` for what the library finds.
        """
        dates = _dates(X)
        none = X is None and y is not None
        X, y = validate_data(
            self, _empty(len(y)) if none else X, y, dtype="float64", y_numeric=True, ensure_min_samples=2,
            ensure_min_features=0 if none else 1,
        )  # fmt: skip
        self.dated_, self.n_periods_ = dates is not None, len(y)
        columns = self._columns(X, dates, 0)
        columns[_TARGET] = y.astype("float64")
        context = Context(threads=1 if self.n_jobs is None else max(self.n_jobs, 0))
        dataset = Dataset(columns, target=_TARGET, context=context, season=self.season, **self._roles())
        self.forecaster_ = fit(dataset, self.model)
        return self

    def predict(self, X: Any) -> Any:
        """Forecasts of the periods right after the history: an array with a number for each row.

        X: (n_periods, n_features), the columns of the fit; without columns also the number of periods
        """
        import numpy

        return numpy.array(self._forecast(X)["forecast"])

    def predict_interval(self, X: Any, level: float = 80) -> Any:
        """Bounds that hold ``level`` percent of the values: an array (n_periods, 2), low and high."""
        import numpy

        table = self._forecast(X, levels=[level])
        return numpy.column_stack([table[name] for name in table.columns[-2:]])

    def _forecast(self, X: Any, **options: Any) -> Table:
        check_is_fitted(self)
        if isinstance(X, int):
            X = _empty(X)
        dates = _dates(X) if self.dated_ else None
        X = validate_data(self, X, reset=False, dtype="float64", ensure_min_features=min(1, self.n_features_in_))
        ahead = None
        if self.n_features_in_:
            ahead = Dataset(self._columns(X, dates, self.n_periods_), context=self.forecaster_._context, **self._roles())
        table = self.forecaster_.predict(len(X), ahead=ahead, **options)
        if dates is not None:
            _follows(dates, table.values(_TIME))
        return table

    def _names(self) -> list[str]:
        return [str(name) for name in getattr(self, "feature_names_in_", (f"x{i}" for i in range(self.n_features_in_)))]

    def _columns(self, X: Any, dates: Any, first: int) -> dict[str, Any]:
        import numpy

        names = self._names()
        taken = {_TIME, _TARGET} & set(names)
        if taken:
            raise ValueError(f"a column of X is called {taken.pop()!r}, which is taken, expected another name")
        time = range(first, first + len(X)) if dates is None else dates
        return {_TIME: time, **{name: numpy.ascontiguousarray(X[:, i]) for i, name in enumerate(names)}}

    def _roles(self) -> dict[str, Any]:
        return {"time": _TIME, "known": self._names() or None, "freq": "auto" if self.dated_ else "integer"}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # of rows that it was fitted to: they are not what it predicts
        return tags


def _empty(n: int) -> Any:
    import numpy

    return numpy.empty((n, 0))


def _dates(X: Any) -> Any:
    """The dates of a frame's index as an array, or None."""
    index: Any = getattr(X, "index", None)
    if hasattr(index, "to_timestamp"):  # periods
        index = index.to_timestamp()
    if getattr(getattr(index, "dtype", None), "kind", "") != "M":
        return None
    return (index if getattr(index, "tz", None) is None else index.tz_localize(None)).to_numpy().astype("datetime64[s]")


def _follows(dates: Any, times: list[Any]) -> None:
    import numpy

    expected = numpy.array(times, dtype="datetime64[s]")
    wrong = numpy.flatnonzero(dates != expected)
    if len(wrong):
        at = int(wrong[0])
        raise ValueError(f"row {at} of X is of {dates[at]}, expected {expected[at]}: rows follow the history one by one")
