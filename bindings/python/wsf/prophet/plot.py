"""Pictures of forecasts, components and errors, by matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .diagnostics import performance_metrics
from .forecaster import Prophet

_BLUE = "#0072B2"


def _axes(ax: Any, figsize: tuple[float, float]) -> tuple[Any, Any]:
    from matplotlib import pyplot

    if ax is not None:
        return ax.get_figure(), ax
    figure = pyplot.figure(figsize=figsize, facecolor="w")
    return figure, figure.add_subplot(111)


def plot(
    m: Prophet,
    fcst: Any,
    ax: Any = None,
    uncertainty: bool = True,
    plot_cap: bool = True,
    xlabel: str = "ds",
    ylabel: str = "y",
    figsize: tuple[float, float] = (10, 6),
    include_legend: bool = False,
) -> Any:
    """The history as points, the forecast as a line, its interval as a band. Returns the figure."""
    figure, ax = _axes(ax, figsize)
    ax.plot(m.history["ds"], m.history["y"], "k.", label="Observed data points")
    ax.plot(fcst["ds"], fcst["yhat"], ls="-", c=_BLUE, label="Forecast")
    for bound in ("cap", "floor"):
        if plot_cap and bound in fcst and (bound == "cap" or m.logistic_floor):
            ax.plot(fcst["ds"], fcst[bound], ls="--", c="k", label="Maximum capacity" if bound == "cap" else "Minimum capacity")
    if uncertainty and "yhat_lower" in fcst:
        ax.fill_between(fcst["ds"], fcst["yhat_lower"], fcst["yhat_upper"], color=_BLUE, alpha=0.2, label="Uncertainty interval")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(True, which="major", c="gray", ls="-", lw=1, alpha=0.2)
    if include_legend:
        ax.legend()
    figure.tight_layout()
    return figure


def _grid(ax: Any, m: Prophet, name: str) -> None:
    if name in m.component_modes["multiplicative"]:
        from matplotlib.ticker import PercentFormatter

        ax.yaxis.set_major_formatter(PercentFormatter(xmax=1))
    ax.set_ylabel(name)
    ax.grid(True, which="major", c="gray", ls="-", lw=1, alpha=0.2)


def plot_forecast_component(
    m: Prophet,
    fcst: Any,
    name: str,
    ax: Any = None,
    uncertainty: bool = True,
    plot_cap: bool = False,
    figsize: tuple[float, float] = (10, 6),
) -> list[Any]:
    """A component over the times of a forecast, with its bounds. Returns the artists."""
    _, ax = _axes(ax, figsize)
    artists = list(ax.plot(fcst["ds"], fcst[name], ls="-", c=_BLUE))
    if plot_cap and "cap" in fcst:
        artists += ax.plot(fcst["ds"], fcst["cap"], ls="--", c="k")
    if uncertainty and f"{name}_lower" in fcst:
        artists.append(ax.fill_between(fcst["ds"], fcst[f"{name}_lower"], fcst[f"{name}_upper"], color=_BLUE, alpha=0.2))
    ax.set_xlabel("ds")
    _grid(ax, m, name)
    return artists


def _season(m: Prophet, name: str, start: int) -> tuple[Any, Any]:
    """One season: times, and what it adds there."""
    how = m.seasonalities[name]
    points = {7: 7, 365.25: 365}.get(how["period"], 200)
    first = (pd.Timestamp("2017-01-01") if points != 200 else m.start) + pd.Timedelta(days=start)
    ds = pd.Series(first + pd.to_timedelta(np.linspace(0, how["period"], points, endpoint=points == 200), unit="D"))
    frame = pd.DataFrame({"ds": ds})
    if how["condition_name"] is not None:
        frame[how["condition_name"]] = 1.0
    value = sum(term.value(frame) for term in m._terms if term.name == name)
    return ds, value * (m.y_scale if how["mode"] == "additive" else 1)


def plot_seasonality(
    m: Prophet, name: str, ax: Any = None, uncertainty: bool = True, figsize: tuple[float, float] = (10, 6), start: int = 0
) -> list[Any]:
    """What a season adds over one of it, from its first day on or so many days later. Returns the artists."""
    _, ax = _axes(ax, figsize)
    ds, value = _season(m, name, start)
    period = m.seasonalities[name]["period"]
    artists = list(ax.plot(range(7) if period == 7 else ds, value, ls="-", c=_BLUE))
    if period == 7:
        ax.set_xticks(range(7), ds.dt.day_name())
        ax.set_xlabel("Day of week")
    if period == 365.25:
        from matplotlib import dates

        of: Any = dates  # without annotations
        ax.xaxis.set_major_locator(of.MonthLocator(bymonth=range(1, 13, 2)))
        ax.xaxis.set_major_formatter(of.DateFormatter("%B %-d"))
        ax.set_xlabel("Day of year")
    _grid(ax, m, name)
    return artists


def plot_weekly(
    m: Prophet,
    ax: Any = None,
    uncertainty: bool = True,
    weekly_start: int = 0,
    figsize: tuple[float, float] = (10, 6),
    name: str = "weekly",
) -> list[Any]:
    """The week, from Sunday or so many days later."""
    return plot_seasonality(m, name, ax, uncertainty, figsize, weekly_start)


def plot_yearly(
    m: Prophet,
    ax: Any = None,
    uncertainty: bool = True,
    yearly_start: int = 0,
    figsize: tuple[float, float] = (10, 6),
    name: str = "yearly",
) -> list[Any]:
    """The year, from January 1 or so many days later."""
    return plot_seasonality(m, name, ax, uncertainty, figsize, yearly_start)


def plot_components(
    m: Prophet,
    fcst: Any,
    uncertainty: bool = True,
    plot_cap: bool = True,
    weekly_start: int = 0,
    yearly_start: int = 0,
    figsize: tuple[float, float] | None = None,
) -> Any:
    """The trend, holidays, every season over one of it, and regressors, below each other. Returns the figure."""
    from matplotlib import pyplot

    names = ["trend", *(["holidays"] if "holidays" in fcst else []), *(n for n in m.seasonalities if n in fcst)]
    names += [n for n in ("extra_regressors_additive", "extra_regressors_multiplicative") if n in fcst and fcst[n].any()]
    figure, axes = pyplot.subplots(len(names), 1, facecolor="w", figsize=figsize or (9, 3 * len(names)), squeeze=False)
    for ax, name in zip(axes[:, 0], names):
        if name in m.seasonalities:
            plot_seasonality(m, name, ax, start={"weekly": weekly_start, "yearly": yearly_start}.get(name, 0))
        else:
            plot_forecast_component(m, fcst, name, ax, uncertainty, plot_cap and name == "trend")
    figure.tight_layout()
    return figure


def add_changepoints_to_plot(
    ax: Any,
    m: Prophet,
    fcst: Any,
    threshold: float = 0.01,
    cp_color: str = "r",
    cp_linestyle: str = "--",
    trend: bool = True,
) -> list[Any]:
    """Lines where growth changed by at least a threshold, and the trend, in a picture of :func:`plot`."""
    artists = [ax.plot(fcst["ds"], fcst["trend"], c=cp_color)] if trend else []
    if len(m.changepoints):
        large = np.abs(m.params["delta"][0]) >= threshold
        artists += [ax.axvline(x=at, c=cp_color, ls=cp_linestyle) for at in m.changepoints[large]]
    return artists


def plot_cross_validation_metric(
    df_cv: Any,
    metric: str,
    rolling_window: float = 0.1,
    ax: Any = None,
    figsize: tuple[float, float] = (10, 6),
    color: str = "b",
    point_color: str = "gray",
) -> Any:
    """A metric of every row of a cross validation as points, and over a rolling window as a line. Returns the figure."""
    figure, ax = _axes(ax, figsize)
    each = performance_metrics(df_cv, [metric], rolling_window=-1)
    rolled = performance_metrics(df_cv, [metric], rolling_window=rolling_window)
    unit = next((u for u in ("D", "h", "min", "s") if each["horizon"].max() >= 2 * pd.Timedelta(1, u)), "s")
    one = pd.Timedelta(1, unit)
    ax.plot(each["horizon"] / one, each[metric], ".", alpha=0.5, c=point_color)
    ax.plot(rolled["horizon"] / one, rolled[metric], "-", c=color)
    ax.set_xlabel("Horizon ({})".format({"D": "days", "h": "hours", "min": "minutes", "s": "seconds"}[unit]))
    ax.set_ylabel(metric)
    ax.grid(True, which="major", c="gray", ls="-", lw=1, alpha=0.2)
    return figure
