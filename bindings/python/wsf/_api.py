"""Contexts, datasets, forecasters and the functions around them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Union

from . import _native
from ._options import ArrowStream, Option, rows, text, value
from ._table import Frame, Table

Progress = Union[Callable[[str, int, int], object], bool, None]
"""Called with (stage, done, total) some 20 times a second; False stops the call. True: a bar by tqdm."""

# What the future of columns known ahead is read by: the roles of a history that it has, too.
_AHEAD = ("keys", "time", "known", "static", "freq", "step", "fiscal", "dateformat", "timezone", "season", "end")


class Context:
    """Threads, seed and limits of the calls made with it, and sources of data by name.

    Options are those of the C library: ``threads`` (0: one per core, which is the default here),
    ``seed``, ``paths``, ``max_seconds``, ``max_rows`` and the like.
    """

    def __init__(self, **options: Option) -> None:
        self._options = {"threads": 0, **options}
        self._handle = _native.context(text(self._options))

    def add(self, name: str, data: bytes | bytearray | memoryview | ArrowStream) -> None:
        """A source: its name stands in an expression wherever a path may. Bytes are read as a file,
        objects with ``__arrow_c_stream__`` by their columns."""
        if isinstance(data, ArrowStream):
            _native.add_arrow(self._handle, name, data)
        else:
            _native.add_bytes(self._handle, name, data)

    def remove(self, name: str) -> None:
        """Takes a source away again."""
        _native.remove_source(self._handle, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _context, (self._options,)


def _context(options: dict[str, Any]) -> Context:
    return Context(**options)


_default: list[Context] = []


def _of(context: Context | None) -> Context:
    if context is not None:
        return context
    if not _default:
        _default.append(Context())  # two threads may both: either serves
    return _default[0]


def _long(call: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """A long call, with its progress function or a bar of tqdm."""
    if progress is not True:
        return call(*arguments, progress or None)
    from tqdm.auto import tqdm

    with tqdm(leave=False) as bar:

        def show(stage: str, done: int, total: int) -> None:
            bar.set_description_str(stage, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        return call(*arguments, show)


class Dataset:
    """A panel of series on one regular calendar, loaded once.

    data: a data expression (``'csv("sales.csv", keys=[store], time=day, target=sold)'``), any object
        with ``__arrow_c_stream__`` in long form, a mapping of names to columns, or an array of
        numbers: one series, or in two dimensions one in each line.
    keys: columns that together name a series; none: one series
    time: column of dates, times or whole numbers
    target: column to forecast
    options: of the family ``rows``: ``freq``, ``season``, ``known``, ``past``, ``static``, ..
    """

    def __init__(
        self,
        data: Any,
        *,
        keys: str | Iterable[str] | None = None,
        time: str | None = None,
        target: str | None = None,
        context: Context | None = None,
        progress: Progress = None,
        **options: Option,
    ) -> None:
        self._context = _of(context)
        given: dict[str, Any] = {"keys": [keys] if isinstance(keys, str) else keys, "time": time, "target": target, **options}
        self._rows = {
            name: list(option) if isinstance(option, Iterable) and not isinstance(option, str) else option
            for name, option in given.items()
            if option is not None
        }
        if isinstance(data, str):
            if self._rows:
                raise TypeError(f"an expression names its columns itself: {', '.join(self._rows)}")
            self._handle = _long(_native.open, self._context._handle, data, progress=progress)
        else:
            stream = rows(data, self._rows)
            self._handle = _long(_native.rows, self._context._handle, stream, text(self._rows), progress=progress)

    def describe(self, what: str = "summary") -> Table:
        """``summary``, ``columns``, ``series``, ``report``, ``levels``, ``sums``, ``values`` (long form),
        ``ahead`` or ``request``."""
        return Table(_native.describe_dataset(self._handle, what))

    def analyze(self, what: str = "summary", *, progress: Progress = None, **options: Option) -> Table:
        """``summary``, ``acf``, ``pacf``, ``decompose``, ``mstl``, ``seasons``, ``tests``, ``changes`` or
        ``outliers`` of every series."""
        asked = text({"what": what, **options})
        return Table(_long(_native.analyze, self._context._handle, self._handle, asked, progress=progress))

    def features(self, recipe: str, **options: Option) -> Features:
        """The columns that learning models see; options ``horizon``, ``rows``, ``dtype``, ``batch``."""
        return Features(self, recipe, **options)

    def __len__(self) -> int:
        return len(self.describe("series"))

    def __repr__(self) -> str:
        return f"<wsf.Dataset of {len(self)} series>"


class Features(Frame):
    """Features of a dataset, computed batch by batch each time they are read."""

    def __init__(self, dataset: Dataset, recipe: str, **options: Option) -> None:
        self._dataset, self._recipe, self._options = dataset, recipe, text(options)
        self.__arrow_c_stream__()  # a recipe that is wrong is told here

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _native.features(self._dataset._handle, self._recipe, self._options)


def _dataset(data: Any, context: Context | None, progress: Progress, options: dict[str, Any]) -> Dataset:
    if not isinstance(data, Dataset):
        return Dataset(data, context=context, progress=progress, **options)
    given = [name for name, option in options.items() if option is not None]
    if given or context is not None:
        raise TypeError(f"a Dataset has its columns and context already: {', '.join(given) or 'context'}")
    return data


class Forecaster:
    """A model fitted on a dataset; immutable, shared by threads, pickled as its own bytes."""

    def __init__(self, handle: object, context: Context, rows: dict[str, Any]) -> None:
        self._handle, self._context, self._rows = handle, context, rows

    @property
    def model(self) -> str:
        """The expression of the model."""
        return _native.text(self._handle)

    def predict(
        self,
        horizon: int,
        *,
        levels: Iterable[float] | None = None,
        quantiles: Iterable[float] | None = None,
        ahead: Any = None,
        progress: Progress = None,
        **options: Option,
    ) -> Table:
        """Forecasts: a row per series and step with the keys, the time and ``forecast``; ``lo-80`` and
        ``hi-80`` for each of the levels in percent, ``q-0.1`` for each quantile.

        ahead: fresh values of columns known ahead, in long form with the columns of the history
        options: ``series``, ``paths``, ``cumulative``, ``reasons``, ``nonnegative``, ``negative``
        """
        if ahead is not None and not isinstance(ahead, (Dataset, str)):
            roles = {name: option for name, option in self._rows.items() if name in _AHEAD}
            ahead = Dataset(ahead, context=self._context, **roles)
        elif isinstance(ahead, str):
            ahead = Dataset(ahead, context=self._context)
        asked = text({"horizon": horizon, "levels": levels, "quantiles": quantiles, **options})
        handle = None if ahead is None else ahead._handle
        return Table(_long(_native.predict, self._context._handle, self._handle, handle, asked, progress=progress))

    def update(self, data: Any, *, progress: Progress = None, **options: Option) -> Forecaster:
        """A new forecaster with these observations too; parameters stay, states move on.

        data: like that of the fit, and with the same columns; all of the history or what is new
        options: ``absent``, ``ahead``, ``strict``, ``seconds``
        """
        if not isinstance(data, Dataset):
            data = Dataset(data, context=self._context, **({} if isinstance(data, str) else self._rows))
        handle = _long(_native.update, self._context._handle, self._handle, data._handle, text(options), progress=progress)
        return Forecaster(handle, self._context, self._rows)

    def describe(self, view: str = "series") -> Table:
        """A view: ``report``, ``series``, ``summary``, ``coefficients``, ``weights``, ``fitted``, ``choice``,
        ``explain``, ``news``, ``calls``, ``components(horizon=12)``."""
        return Table(_native.describe(self._context._handle, self._handle, view, None))

    def explain(self, horizon: int, *, series: str | Iterable[str] | None = None, progress: Progress = None) -> Table:
        """What the forecasts are made of: a row per series and step, with columns that add up to
        ``forecast``."""
        view = f"components({text({'horizon': horizon, 'series': series})})"
        return Table(_long(_native.describe, self._context._handle, self._handle, view, progress=progress))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model file, whole or not at all."""
        _native.save(self._handle, os.fspath(path))

    def __bytes__(self) -> bytes:
        return _native.write(self._handle)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (bytes(self), self._context, self._rows)

    def __repr__(self) -> str:
        return f"<wsf.Forecaster {self.model}>"


def _unpickle(image: bytes, context: Context, rows: dict[str, Any]) -> Forecaster:
    return Forecaster(_native.read(context._handle, image), context, rows)


def load(source: str | os.PathLike[str] | bytes | bytearray | memoryview, *, context: Context | None = None) -> Forecaster:
    """A forecaster of a model file or of its bytes; any bytes are safe."""
    ctx = _of(context)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return Forecaster(_native.read(ctx._handle, source), ctx, {})
    return Forecaster(_native.load(ctx._handle, os.fspath(source)), ctx, {})


def fit(
    data: Any,
    model: str = "auto",
    *,
    horizon: int | None = None,
    fitted: bool | None = None,
    seconds: float | None = None,
    warm: str | os.PathLike[str] | None = None,
    context: Context | None = None,
    progress: Progress = None,
    **columns: Option,
) -> Forecaster:
    """Fits a model to every series.

    data, columns: as of :class:`Dataset` (``keys``, ``time``, ``target``, ..), or one
    model: a model expression, such as ``"mean(ets, arima)"``
    horizon: how far will be forecast, which ``auto`` chooses by
    fitted: keep the history, for the view ``fitted``
    seconds: most that the fit may take
    warm: a saved forecaster, file or source of the context, whose networks the fit goes on from
    """
    dataset = _dataset(data, context, progress, columns)
    ctx = dataset._context
    begun = None if warm is None else os.fspath(warm)
    asked = text({"horizon": horizon, "fitted": fitted, "seconds": seconds, "warm": begun})
    parsed = _native.parse(ctx._handle, model)
    return Forecaster(_long(_native.fit, ctx._handle, parsed, dataset._handle, asked, progress=progress), ctx, dataset._rows)


def forecast(
    data: Any,
    model: str = "auto",
    *,
    horizon: int,
    levels: Iterable[float] | None = None,
    quantiles: Iterable[float] | None = None,
    context: Context | None = None,
    progress: Progress = None,
    **columns: Option,
) -> Table:
    """Fits and forecasts: ``wsf.forecast(df, horizon=39, keys="store", time="day", target="sold")``."""
    fitted = fit(_dataset(data, context, progress, columns), model, horizon=horizon, progress=progress)
    return fitted.predict(horizon, levels=levels, quantiles=quantiles, progress=progress)


class Backtest(NamedTuple):
    """The tables of a back-test."""

    summary: Table
    """a row per model"""
    folds: Table
    """a row per model and origin"""
    series: Table
    """a row per model and series"""
    forecasts: Table
    """a row per model, origin, series and step, with ``forecasts=True``"""


def backtest(
    data: Any,
    models: str | Iterable[str],
    *,
    horizon: int,
    windows: int | None = None,
    step: int | None = None,
    metrics: Iterable[str] | None = None,
    levels: Iterable[float] | None = None,
    quantiles: Iterable[float] | None = None,
    by: str | Iterable[str] | None = None,
    forecasts: bool | None = None,
    min_obs: int | None = None,
    nonnegative: bool | None = None,
    negative: bool | None = None,
    seconds: float | None = None,
    context: Context | None = None,
    progress: Progress = None,
    **columns: Option,
) -> Backtest:
    """Forecasts the end of the history from what lies before it, with each model on the same folds.

    by: measures groups of series, too, in further rows of the summary: ``"level"`` those of each level of a
        hierarchy, a key those of each of its labels
    """
    dataset = _dataset(data, context, progress, columns)
    ctx = dataset._context
    asked = {
        "horizon": horizon, "windows": windows, "step": step, "metrics": metrics, "levels": levels,
        "quantiles": quantiles, "by": by, "forecasts": forecasts, "min_obs": min_obs, "nonnegative": nonnegative,
        "negative": negative, "seconds": seconds,
    }  # fmt: skip
    parsed = tuple(_native.parse(ctx._handle, m) for m in ([models] if isinstance(models, str) else models))
    tables = _long(_native.backtest, ctx._handle, parsed, dataset._handle, text(asked), progress=progress)
    return Backtest(*(Table(t) for t in tables))


def evaluate(forecasts: Table, history: Dataset, actual: Dataset, *, metrics: Iterable[str] | None = None) -> Table:
    """Metrics of forecasts against the actuals: a row per metric."""
    asked = text({"metrics": metrics})
    return Table(
        _native.evaluate(history._context._handle, forecasts._handle, history._handle, actual._handle, asked)
    )


def features(data: Any, recipe: str, *, context: Context | None = None, **options: Option) -> Features:
    """Features of data: the recipe's columns, ``lags([1:4,52]), calendar(week)``, batch by batch.

    options: ``horizon``, ``dtype``, ``batch`` of the features; all others as of :class:`Dataset`
    """
    own = {name: options.pop(name) for name in ("horizon", "dtype", "batch") if name in options}
    return _dataset(data, context, None, options).features(recipe, **own)


def analyze(data: Any, what: str = "summary", *, context: Context | None = None, **columns: Option) -> Table:
    """An analysis of every series: see :meth:`Dataset.analyze`."""
    return _dataset(data, context, None, columns).analyze(what)


def propose(path: str, what: str = "expression", *, context: Context | None = None) -> Table:
    """Looks at a CSV file that nobody has described: ``file``, ``columns``, or the ``expression`` to load it."""
    return Table(_native.propose(_of(context)._handle, path, what))


def catalog(name: str | None = None, *, context: Context | None = None) -> Table:
    """Every model, feature, step of data and option there is; with a name, its options."""
    return Table(_native.catalog(_of(context)._handle, name))


def canonical(model: str, *, context: Context | None = None) -> str:
    """The canonical text of a model expression; ArgumentError if it is none."""
    return _native.model_text(_native.parse(_of(context)._handle, model))


def quote(option: Any) -> str:
    """A value as text of an expression: ``f"csv({wsf.quote(path)}, ..)"``."""
    return value(option)
