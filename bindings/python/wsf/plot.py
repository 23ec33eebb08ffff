"""Charts by matplotlib: fans of forecasts, what they are made of, back-tests.

>>> import wsf
>>> data = wsf.Dataset("simulate(stores=1, depts=2)")
>>> figure = wsf.plot.fan(wsf.fit(data, "ets").predict(13, levels=[80, 95]), data)
>>> figure.savefig("fan.png")                                                    # doctest: +SKIP

Each call returns a ``matplotlib.figure.Figure``, which notebooks show; matplotlib is needed by these calls alone.
Series are named by their key labels in order, joined by commas: ``series="1,2"``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._api import Backtest, Dataset
from ._table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["backtest", "components", "fan"]

_MOST_LABELS = 8


@dataclass
class Line:
    """Values over time, with bands around them: (name, low, high), and lines beside without a name."""

    label: str
    times: Sequence[Any]
    values: Sequence[float]
    bands: list[tuple[str, Sequence[float], Sequence[float]]] = field(default_factory=list)
    beside: list[Sequence[float]] = field(default_factory=list)


@dataclass
class Panel:
    """A chart of one series: what was observed, what was forecast, where forecasts begin, and points to mark."""

    title: str
    observed: Line | None
    lines: list[Line]
    origins: list[Any] = field(default_factory=list)
    marked: list[tuple[Any, float]] = field(default_factory=list)


def fan(
    forecast: Table,
    history: Dataset | None = None,
    *,
    series: str | Iterable[str] | None = None,
    recent: int | None = None,
    most: int = 8,
    ax: Axes | None = None,
) -> Figure:
    """Forecasts with their intervals, quantiles and paths after the end of the history.

    forecast: of ``predict`` or ``wsf.forecast``
    history: the data that was fitted
    series: those to draw; None: the first ``most``, and the title says of how many
    recent: periods of the history; None: five horizons, at least 50
    ax: axes to draw one series in

    ``ValueError`` if the table holds no forecasts or no such series, ``ImportError`` without matplotlib.
    """
    at = _where(forecast, "forecast")
    groups = _groups(forecast, at - 1)
    chosen = _chosen(groups, series, most)
    past = {} if history is None else _observed(history, at - 1)
    panels = []
    for label in chosen:
        rows = groups[label]
        line = _line(forecast, rows, at, "forecast")
        observed = past.get(label)
        if observed is not None:
            last = recent or max(50, 5 * len(line.values))
            observed = Line("observed", observed.times[-last:], observed.values[-last:])
        panels.append(Panel(label, observed, [line]))
    return draw(panels, _shown(series, chosen, groups), ax)


def components(parts: Table, *, series: str | None = None) -> Figure:
    """What a forecast is made of, one below the other: the forecast, and the columns that add up to it.

    parts: of ``explain``
    series: the one to draw; None: the first
    """
    at = _where(parts, "forecast")
    groups = _groups(parts, at - 1)
    label = _chosen(groups, series, 1)[0]
    rows, names = groups[label], parts.columns[at:]
    _, pyplot = _matplotlib()
    figure, axes = pyplot.subplots(len(names), 1, sharex=True, squeeze=False, figsize=(8, 1 + 1.5 * len(names)), layout="constrained")
    all_times = parts.values(parts.columns[at - 1])
    times = [all_times[row] for row in rows]
    for i, (name, one) in enumerate(zip(names, axes[:, 0])):
        one.plot(times, _numbers(parts, name, rows), color=f"C{i}")
        one.set_ylabel(name)
        _style(one)
    axes[0, 0].set_title(label)
    return _finished(figure)


def backtest(
    result: Backtest | Table,
    history: Dataset | None = None,
    *,
    series: str | Iterable[str] | None = None,
    models: Iterable[str] | None = None,
    recent: int | None = None,
    most: int = 4,
    ax: Axes | None = None,
) -> Figure:
    """Forecasts of a back-test beside what happened; dotted lines are the origins. One model comes with its
    intervals, several do without; the legend tells the first metric of each over all series.

    result: of ``wsf.backtest(.., forecasts=True)``, or its table of forecasts
    history: the data, to draw what lies before, too
    series, recent, most, ax: as of ``fan``
    models: those to draw; None: all
    """
    table = result.forecasts if isinstance(result, Backtest) else result
    if len(table) == 0 or "actual" not in table.columns:
        raise ValueError("no forecasts of a back-test, expected the result of wsf.backtest(.., forecasts=True)")
    at, first = table.columns.index("forecast"), 2  # model, fold, keys, time, step, actual, forecast
    groups = _groups(table, at - 3, first)
    chosen = _chosen(groups, series, most)
    all_models, folds = table.values("model"), table.values("fold")
    names = list(dict.fromkeys(all_models)) if models is None else list(models)
    unknown = [name for name in names if name not in all_models]
    if unknown:
        raise ValueError(f"no model {unknown[0]!r}; there are {', '.join(dict.fromkeys(all_models))}")
    metrics = _metrics(result)
    past = {} if history is None else _observed(history, at - 3 - first)
    actual, times = table["actual"], table.values(table.columns[at - 3])
    panels = []
    for label in chosen:
        rows = groups[label]
        known = {times[row]: actual[row] for row in rows}
        lines = []
        for name in names:
            for fold in sorted({folds[row] for row in rows}):
                own = [row for row in rows if all_models[row] == name and folds[row] == fold]
                lines.append(_line(table, own, at, metrics.get(name, name), time=at - 3, bands=len(names) == 1))
        observed = _joined(past.get(label), known, recent)
        panels.append(Panel(label, observed, lines, sorted({line.times[0] for line in lines if len(line.times)})))
    return draw(panels, _shown(series, chosen, groups), ax)


# ---- from tables


def _where(table: Table, name: str) -> int:
    if name not in table.columns:
        raise ValueError(f"no column {name!r}, expected a table of forecasts; there are {', '.join(table.columns)}")
    return table.columns.index(name)


def _groups(table: Table, time: int, first: int = 0) -> dict[str, list[int]]:
    """Rows of each series; its keys stand from ``first`` on up to the time."""
    keys = [table.values(name) for name in table.columns[first:time]]
    groups: dict[str, list[int]] = {}
    for row in range(len(table)):
        groups.setdefault(",".join(str(key[row]) for key in keys), []).append(row)
    return groups


def _chosen(groups: dict[str, Any], series: str | Iterable[str] | None, most: int) -> list[str]:
    if series is None:
        return list(groups)[:most]
    chosen = [series] if isinstance(series, str) else [str(label) for label in series]
    for label in chosen:
        if label not in groups:
            more = ", .." if len(groups) > _MOST_LABELS else ""
            raise ValueError(f"no series {label!r}; there are {', '.join(list(groups)[:_MOST_LABELS])}{more}")
    return chosen


def _shown(asked: object, chosen: list[str], groups: dict[str, Any]) -> str:
    """The title of a figure that leaves series out which nobody left out."""
    return f"{len(chosen)} of {len(groups)} series" if asked is None and len(chosen) < len(groups) else ""


def _numbers(table: Table, name: str, rows: list[int]) -> list[float]:
    column = table[name]
    return [column[row] for row in rows]


def _line(table: Table, rows: list[int], at: int, label: str, *, time: int | None = None, bands: bool = True) -> Line:
    times = table.values(table.columns[at - 1 if time is None else time])
    line = Line(label, [times[row] for row in rows], _numbers(table, "forecast", rows))
    for name in table.columns[at + 1 :] if bands else ():
        if name.startswith("lo-"):
            level = name[3:]
            line.bands.append((f"{level} %", _numbers(table, name, rows), _numbers(table, f"hi-{level}", rows)))
        elif name.startswith(("q-", "path-")):
            line.beside.append(_numbers(table, name, rows))
    return line


def _observed(history: Dataset, time: int) -> dict[str, Line]:
    """The history of each series: in the view ``values`` the target stands right after the time."""
    table = history.describe("values")
    times, target = table.values(table.columns[time]), table[table.columns[time + 1]]
    return {
        label: Line("observed", [times[row] for row in rows], [target[row] for row in rows])
        for label, rows in _groups(table, time).items()
    }  # fmt: skip


def _joined(past: Line | None, known: dict[Any, float], recent: int | None) -> Line:
    """What was observed before and in the windows of a back-test."""
    merged = known if past is None else dict(zip(past.times, past.values)) | known
    times = sorted(merged)[-(recent or max(50, 5 * len(known))) :]
    return Line("observed", times, [merged[time] for time in times])


def _metrics(result: Backtest | Table) -> dict[str, str]:
    """Legends of the models, with the first metric of the summary, which stands after the time taken."""
    if not isinstance(result, Backtest):
        return {}
    table = result.summary
    metric = table.columns[table.columns.index("seconds") + 1]
    return {name: f"{name} ({metric} {figure:.4g})" for name, figure in zip(table.values("model"), table.values(metric))}


# ---- drawing


def _matplotlib() -> tuple[Any, Any]:
    try:
        import matplotlib
        from matplotlib import pyplot
    except ImportError as missing:
        raise ImportError(f"plots need matplotlib (pip install matplotlib): {missing}") from missing
    return matplotlib, pyplot


def _finished(figure: Figure) -> Figure:
    """A notebook shows what a cell returns: what pyplot also holds would be shown a second time."""
    matplotlib, pyplot = _matplotlib()
    if "inline" in matplotlib.get_backend().lower():
        pyplot.close(figure)
    return figure


def _style(ax: Any) -> None:
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", alpha=0.3)
    if ax.xaxis.get_converter() is not None and hasattr(ax.xaxis.get_major_locator(), "intervald"):
        from matplotlib import dates

        formatter: Any = dates.ConciseDateFormatter
        ax.xaxis.set_major_formatter(formatter(ax.xaxis.get_major_locator()))


def draw(panels: list[Panel], title: str = "", ax: Axes | None = None, *, columns: int = 2) -> Figure:
    """A figure of these panels in a grid, or one of them in given axes."""
    _, pyplot = _matplotlib()
    if ax is not None:
        if len(panels) != 1:
            raise ValueError(f"{len(panels)} series for one ax, expected one: series=")
        _draw_one(ax, panels[0])
        ax.legend(frameon=False)
        figure: Figure = ax.get_figure(root=True)  # type: ignore[assignment]
        return figure
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    grid, axes = pyplot.subplots(rows, columns, squeeze=False, figsize=(5 + 4 * columns, 1 + 2.7 * rows), layout="constrained")
    for one, panel in zip(axes.flat, panels):
        _draw_one(one, panel)
    for one in axes.flat[len(panels) :]:
        one.set_visible(False)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    grid.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), frameon=False)
    if title:
        grid.suptitle(title)
    return _finished(grid)


def _draw_one(ax: Any, panel: Panel) -> None:
    colors: dict[str, str] = {}
    for line in panel.lines:
        first = line.label not in colors
        color = colors.setdefault(line.label, f"C{len(colors)}")
        # The widest band first: those inside lie over it and are darker.
        bands = sorted(line.bands, key=lambda band: -sum(high - low for low, high in zip(band[1], band[2])))
        for name, low, high in bands:
            ax.fill_between(line.times, low, high, color=color, alpha=0.18, linewidth=0, label=f"{line.label} {name}" if first else None)
        for values in line.beside:
            ax.plot(line.times, values, color=color, alpha=0.35, linewidth=0.7)
        ax.plot(line.times, line.values, color=color, linewidth=1.5, marker="." if len(line.times) < 2 else None, label=line.label if first else None)
    if panel.observed is not None:
        ax.plot(panel.observed.times, panel.observed.values, color="0.15", linewidth=1, label=panel.observed.label, zorder=1.5)
    if panel.marked:
        ax.plot(*zip(*panel.marked), linestyle="", marker="o", markersize=4, color="C3", label="anomaly")
    for origin in panel.origins:
        ax.axvline(origin, color="0.6", linestyle=":", linewidth=0.8)
    ax.set_title(panel.title)
    _style(ax)
