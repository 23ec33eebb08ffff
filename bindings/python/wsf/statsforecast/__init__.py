"""statsforecast's interface on libwsf: programs change their import lines.

>>> from wsf.statsforecast import StatsForecast
>>> from wsf.statsforecast.models import AutoETS, SeasonalNaive
>>> sf = StatsForecast(models=[AutoETS(season_length=12), SeasonalNaive(season_length=12)], freq="ME")

Frames of pandas or polars with the columns unique_id, ds, y go in, the same kind comes out, with a column
for each model and, with ``level=[80]``, ``AutoETS-lo-80`` and ``AutoETS-hi-80``. docs/statsforecast.md says
what differs.
"""

from __future__ import annotations

import os
import pickle
import statistics
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .._api import Context, Dataset, Forecaster, backtest
from .._api import fit as _fit
from .._frames import extended, is_polars, numbers, sorted_by, source, taken, typed, typed_times
from .._freq import frequency
from .._table import Table
from ._plot import Frames
from ._rolling import Rolling, Windows
from .models import Model
from .utils import ConformalIntervals

__all__ = ["StatsForecast"]


class _Columns(NamedTuple):
    """Roles of the columns of a frame, and a frame of one row for their types."""

    id: str
    time: str
    target: str
    exogenous: list[str]
    like: Any


class StatsForecast:
    """Fits models to every series of a frame and forecasts them.

    models: of ``wsf.statsforecast.models``, each with an alias of its own
    freq: distance of the periods: an alias of pandas (``"D"``, ``"W-FRI"``, ``"ME"``, ``"MS"``, ``"15min"``) or
        polars (``"1d"``, ``"1mo"``), or a whole number for times that are whole numbers
    n_jobs: threads, -1: one for each core; forecasts have the same bits for any number
    fallback_model: model of the series that a model cannot be fitted to; None: the library's, seasonal
        naive or the mean. A warning tells how many series that was
    verbose: show a bar of tqdm

    ``ValueError`` for arguments that are wrong, ``wsf.Error`` for what the library finds in data and models.
    """

    def __init__(
        self,
        models: Sequence[Model],
        freq: str | int,
        n_jobs: int = 1,
        fallback_model: Model | None = None,
        verbose: bool = False,
    ) -> None:
        aliases = [repr(model) for model in models]
        twice = {alias for alias in aliases if aliases.count(alias) > 1}
        if twice:
            raise ValueError(f"several models are called {', '.join(sorted(twice))}: each needs an alias= of its own")
        for model in [*models, fallback_model]:
            if model is not None and not isinstance(model, Model):
                raise TypeError(f"expected a model of wsf.statsforecast.models, not {type(model).__name__}")
        if not models:
            raise ValueError("no models, expected at least one")
        self.models, self.freq, self.n_jobs = list(models), freq, n_jobs
        self.fallback_model, self.verbose = fallback_model, verbose
        self._frequency = frequency(freq)
        self._context = Context(threads=max(n_jobs, 0))
        self._columns: _Columns | None = None
        self._forecasters: list[Forecaster] = []
        self._insample: Any = None

    # ---- the verbs

    def fit(
        self,
        df: Any,
        prediction_intervals: ConformalIntervals | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> StatsForecast:
        """Fits every model to every series, for ``predict``.

        df: a row per series and time, in any order; numbers beyond the three columns are regressors
            known ahead of the models that take them
        prediction_intervals: conformal intervals for every model without its own
        """
        columns, data = self._load(df, id_col, time_col, target_col)
        self._forecasters = [self._fitted(model, data, columns, prediction_intervals) for model in self.models]
        self._columns = columns
        return self

    def predict(self, h: int, X_df: Any = None, level: Iterable[float] | None = None) -> Any:
        """Forecasts of the fitted models: h rows for each series, with id, time and a column per model.

        h: periods to forecast
        X_df: regressors of the h periods after each series' end, with the id and time columns
        level: coverage of intervals in percent, ``[80, 95]``
        """
        if self._columns is None:
            raise RuntimeError("nothing is fitted, expected fit before predict")
        return self._predicted(self._forecasters, self._columns, h, X_df, level)

    def fit_predict(
        self,
        h: int,
        df: Any,
        X_df: Any = None,
        level: Iterable[float] | None = None,
        prediction_intervals: ConformalIntervals | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        """``fit`` and ``predict``."""
        return self.fit(df, prediction_intervals, id_col, time_col, target_col).predict(h, X_df, level)

    def forecast(
        self,
        h: int,
        df: Any,
        X_df: Any = None,
        level: Iterable[float] | None = None,
        fitted: bool = False,
        prediction_intervals: ConformalIntervals | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        """As ``fit_predict``, and keeps nothing but, with ``fitted``, what ``forecast_fitted_values`` gives."""
        columns, data = self._load(df, id_col, time_col, target_col)
        made = [self._fitted(model, data, columns, prediction_intervals, horizon=h, fitted=fitted) for model in self.models]
        self._insample = self._fitted_values(made, columns, level) if fitted else None
        return self._predicted(made, columns, h, X_df, level)

    def simulate(
        self,
        h: int,
        df: Any,
        X_df: Any = None,
        n_paths: int = 1,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
        seed: int | None = None,
    ) -> Any:
        """Possible futures: id, time, sample_id (0 to n_paths - 1) and a column per model.

        n_paths: of each series, at most 10,000
        seed: another one gives other paths; None: 1
        """
        context = self._context if seed is None else Context(threads=max(self.n_jobs, 0), seed=seed)
        columns, data = self._load(df, id_col, time_col, target_col, context)
        ahead = self._ahead(columns, X_df, context)
        values: dict[str, Any] = {}
        for model in self.models:
            table = self._fitted(model, data, columns, None, horizon=h).predict(h, ahead=ahead, negative=True, paths=n_paths)
            values[repr(model)] = _samples(table, h, n_paths)
        self._frequency.check(table.values(columns.time)[0])
        frame = typed(table, columns.like, {columns.id: columns.id, columns.time: columns.time})
        rows, sample = _sample_rows(len(table) // h, h, n_paths)
        return extended(taken(frame, rows), {"sample_id": sample, **values})

    def forecast_fitted_values(self) -> Any:
        """What ``forecast(.., fitted=True)`` forecast of the history one step ahead: id, time, target and a
        column per model; with levels of that call also bounds, normal around it with the series' error."""
        if self._insample is None:
            raise RuntimeError("no fitted values, expected forecast(.., fitted=True) before")
        return self._insample

    def cross_validation(
        self,
        h: int,
        df: Any,
        n_windows: int | None = 1,
        step_size: int = 1,
        test_size: int | None = None,
        input_size: int | None = None,
        level: Iterable[float] | None = None,
        fitted: bool = False,
        refit: bool | int = True,
        prediction_intervals: ConformalIntervals | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        """Forecasts the end of each series from what lies before it: id, time, cutoff (the last time that
        was known), target and a column per model.

        n_windows, step_size: windows, and periods between them
        test_size: periods of all windows together, in place of n_windows
        refit: True: fit at every cutoff; False: at the first, and update on the others; n: fit at every n-th
        input_size, fitted: at their defaults alone
        """
        for name, given, expected in (("input_size", input_size, None), ("fitted", fitted, False)):
            if given != expected:
                raise ValueError(f"{name}={given!r} has no counterpart in libwsf, expected {expected!r}")
        if test_size is not None:
            windows, rest = divmod(test_size - h, step_size)
            if rest or windows < 0:
                raise ValueError(f"test_size={test_size}, expected h={h} and a multiple of step_size={step_size} more")
            n_windows = windows + 1
        if n_windows is None:
            raise ValueError("neither n_windows nor test_size is given, expected one of them")
        columns, data = self._load(df, id_col, time_col, target_col)
        levels = _levels(level)
        if refit is not True:
            return self._updated(data, columns, Windows(h, n_windows, step_size, int(refit)), levels, prediction_intervals)
        values: dict[str, Any] = {}
        for model in self.models:
            result = backtest(
                data, self._expression(model, columns, prediction_intervals), horizon=h, windows=n_windows, step=step_size,
                metrics=["mae"], levels=levels or None, forecasts=True, negative=True, progress=self.verbose,
            )  # fmt: skip
            left_out = max(result.folds.values("left_out"))
            if left_out:
                raise ValueError(f"{left_out} series are too short for {n_windows} windows of {h} periods with a history before")
            values.update(_named(result.forecasts, repr(model), levels))
        times = numbers(data.describe("values"), time_col)
        return _by_cutoff(result.forecasts, columns, times, values)

    @staticmethod
    def plot(
        df: Any,
        forecasts_df: Any = None,
        unique_ids: Iterable[Any] | None = None,
        plot_random: bool = True,
        models: Iterable[str] | None = None,
        level: Iterable[float] | None = None,
        max_insample_length: int | None = None,
        plot_anomalies: bool = False,
        engine: str = "matplotlib",
        id_col: str = "unique_id",
        time_col: str = "ds",
        target_col: str = "y",
    ) -> Any:
        """A figure of matplotlib: history and forecasts of up to eight series.

        forecasts_df: of ``forecast``, ``predict`` or ``cross_validation``
        unique_ids: series to draw; None: eight by lot, the same ones each time, or with
            ``plot_random=False`` the first
        models: columns of forecasts to draw; None: all
        level: intervals to draw
        max_insample_length: periods of the history
        plot_anomalies: mark what lies outside the widest of the levels, of ``forecast_fitted_values``
        """
        if engine != "matplotlib":
            raise ValueError(f"engine={engine!r} has no counterpart in libwsf, expected 'matplotlib'")
        if plot_anomalies and (forecasts_df is None or level is None):
            raise ValueError("plot_anomalies=True without forecasts_df or level, expected fitted values and a level to lie outside of")
        frames = Frames(df, forecasts_df, id_col, time_col, target_col)
        return frames.figure(unique_ids, plot_random, models, _levels(level), max_insample_length, plot_anomalies)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes all of it, with what is fitted, as a pickle."""
        with open(path, "wb") as file:
            pickle.dump(self, file)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> StatsForecast:
        """What ``save`` wrote. A pickle can run any code: only from those you trust."""
        with open(path, "rb") as file:
            loaded = pickle.load(file)
        if not isinstance(loaded, StatsForecast):
            raise ValueError(f"{os.fspath(path)!r} holds a {type(loaded).__name__}, expected a StatsForecast")
        return loaded

    def __repr__(self) -> str:
        return f"StatsForecast(models=[{','.join(map(repr, self.models))}])"

    # ---- translation

    def _load(
        self, df: Any, id_col: str, time_col: str, target_col: str, context: Context | None = None
    ) -> tuple[_Columns, Dataset]:
        is_polars(df)
        exogenous = [name for name in df.columns if name not in (id_col, time_col, target_col)]
        columns = _Columns(id_col, time_col, target_col, exogenous, df.head(1))
        data = source(df, [id_col, time_col, target_col, *exogenous])
        return columns, Dataset(data, target=target_col, context=context or self._context, **self._roles(columns))

    def _roles(self, columns: _Columns) -> dict[str, Any]:
        return {
            "keys": [columns.id], "time": columns.time, "known": columns.exogenous or None,
            "freq": self._frequency.freq, "step": self._frequency.step, "end": "own",
        }  # fmt: skip

    def _expression(self, model: Model, columns: _Columns, intervals: ConformalIntervals | None) -> str:
        text = model.expression(columns.exogenous, intervals)
        if self.fallback_model is None:
            return text
        return f"fallback({text}, {self.fallback_model.expression(columns.exogenous, intervals)})"

    def _fitted(self, model: Model, data: Dataset, columns: _Columns, intervals: ConformalIntervals | None, **options: Any) -> Forecaster:
        made = _fit(data, self._expression(model, columns, intervals), progress=self.verbose, **options)
        report = made.describe("report")
        lost = [row for row in report if row[3] != made.model]
        if lost:
            told = ", ".join(f"{n} {reason}" for reason, n, _, _ in lost)
            warnings.warn(f"{model!r} could not be fitted to some series ({told}): {lost[0][3]} forecasts them", stacklevel=3)
        return made

    def _ahead(self, columns: _Columns, X_df: Any, context: Context) -> Dataset | None:
        if X_df is not None and columns.exogenous:
            future = source(X_df, [columns.id, columns.time, *columns.exogenous])
            return Dataset(future, context=context, **self._roles(columns))
        if columns.exogenous and any(model.uses_exog for model in self.models):
            raise ValueError(f"X_df is None, expected the columns {', '.join(columns.exogenous)} of the periods to forecast")
        return None

    def _predicted(self, made: list[Forecaster], columns: _Columns, h: int, X_df: Any, level: Iterable[float] | None) -> Any:
        ahead = self._ahead(columns, X_df, self._context)
        levels = _levels(level)
        values: dict[str, Any] = {}
        for model, forecaster in zip(self.models, made):
            table = forecaster.predict(h, levels=levels or None, ahead=ahead, negative=True, progress=self.verbose)
            values.update(_named(table, repr(model), levels))
        self._frequency.check(table.values(columns.time)[0])
        return extended(typed(table, columns.like, {columns.id: columns.id, columns.time: columns.time}), values)

    def _updated(
        self, data: Dataset, columns: _Columns, windows: Windows, levels: list[float], intervals: ConformalIntervals | None
    ) -> Any:
        import numpy

        def make(part: dict[str, Any]) -> Dataset:
            target = columns.target if columns.target in part else None
            return Dataset(part, target=target, context=self._context, **self._roles(columns))

        rolling = Rolling(data, [columns.id, columns.time, columns.target, *columns.exogenous], windows, make)
        values: dict[str, Any] = {}
        for model in self.models:

            def fitted(part: Dataset, model: Model = model) -> Forecaster:
                return self._fitted(model, part, columns, intervals)

            tables = rolling.forecasts(fitted, levels=levels or None, negative=True)
            named = [_named(table, repr(model), levels) for table in tables]
            values.update({name: numpy.concatenate([each[name] for each in named]) for name in named[0]})
        frame = typed(rolling.table, columns.like, {name: name for name in (columns.id, columns.time, columns.target)})
        frame = taken(frame, rolling.rows)
        frame = extended(frame, {"cutoff": typed_times(rolling.cutoffs, frame, columns.time), **values})
        frame = frame[[columns.id, columns.time, "cutoff", columns.target, *values]]
        return sorted_by(frame, [columns.id, "cutoff", columns.time])

    def _fitted_values(self, made: list[Forecaster], columns: _Columns, level: Iterable[float] | None) -> Any:
        levels = _levels(level)
        values: dict[str, Any] = {}
        for model, forecaster in zip(self.models, made):
            table = forecaster.describe("fitted")
            values[repr(model)] = numbers(table, "fitted")
            values.update(_bounds(table, columns.id, repr(model), levels))
        frame = typed(table, columns.like, {columns.id: columns.id, columns.time: columns.time, "target": columns.target})
        return extended(frame, values)


def _levels(level: Iterable[float] | None) -> list[float]:
    return sorted(level or [])


def _named(table: Table, alias: str, levels: list[float]) -> dict[str, Any]:
    """A model's columns in statsforecast's order: the forecast, low bounds from the widest on, high ones."""
    import numpy

    first = table.columns.index("forecast")
    low = {f"{alias}-lo-{level}": table.columns[first + 1 + 2 * i] for i, level in enumerate(levels)}
    high = {f"{alias}-hi-{level}": table.columns[first + 2 + 2 * i] for i, level in enumerate(levels)}
    names = {alias: "forecast", **dict(reversed(low.items())), **high}
    return {name: numpy.asarray(table[column]) for name, column in names.items()}


def _samples(table: Table, h: int, n_paths: int) -> Any:
    """Paths one after the other, series by series, of a table with a column for each."""
    import numpy

    paths = numpy.stack([numpy.asarray(table[f"path-{i + 1}"]).reshape(-1, h) for i in range(n_paths)], axis=1)
    return paths.reshape(-1)


def _sample_rows(n_series: int, h: int, n_paths: int) -> tuple[Any, Any]:
    """Places of the rows of a forecast in that order, and the number of the path of each."""
    import numpy

    rows = numpy.repeat(numpy.arange(n_series * h).reshape(n_series, 1, h), n_paths, axis=1).reshape(-1)
    return rows, numpy.tile(numpy.repeat(numpy.arange(n_paths), h), n_series)


def _bounds(table: Table, id_col: str, alias: str, levels: list[float]) -> dict[str, Any]:
    """Bounds of fitted values: normal, with the root mean squared error of each series."""
    import numpy

    if not levels:
        return {}
    residual, fitted = numbers(table, "residual"), numbers(table, "fitted")
    _, series = numpy.unique(numpy.asarray(table.values(id_col)), return_inverse=True)
    seen = ~numpy.isnan(residual)
    squares = numpy.bincount(series[seen], residual[seen] ** 2, series.max() + 1)
    error = numpy.sqrt(squares / numpy.maximum(numpy.bincount(series[seen], minlength=series.max() + 1), 1))[series]
    wide = {level: statistics.NormalDist().inv_cdf(0.5 + level / 200) * error for level in levels}
    low = {f"{alias}-lo-{level}": fitted - wide[level] for level in reversed(levels)}
    return low | {f"{alias}-hi-{level}": fitted + wide[level] for level in levels}


def _by_cutoff(table: Table, columns: _Columns, times: Any, values: dict[str, Any]) -> Any:
    """A back-test's forecasts with the cutoff of their window: the period before its first."""
    import numpy

    periods, at = numpy.unique(times), numbers(table, columns.time)
    step = numbers(table, "step").astype(int)
    cutoff = periods[numpy.searchsorted(periods, at) - step]
    frame = typed(table, columns.like, {columns.id: columns.id, columns.time: columns.time})
    clock = typed_times(cutoff, frame, columns.time)
    frame = extended(frame, {"cutoff": clock, columns.target: numbers(table, "actual"), **values})
    return sorted_by(frame, [columns.id, "cutoff", columns.time])
