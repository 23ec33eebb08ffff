"""Forecasts from earlier ends of a history, and how far they were off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .forecaster import Prophet

_OPTIONS = (
    "growth", "n_changepoints", "changepoint_range", "holidays", "seasonality_mode", "seasonality_prior_scale", "holidays_prior_scale", "changepoint_prior_scale",
    "interval_width", "uncertainty_samples", "scaling", "holidays_mode",
)  # fmt: skip


def generate_cutoffs(df: Any, horizon: Any, initial: Any, period: Any) -> list[Any]:
    """Ends of histories: a horizon before the last row, and every period before that, as long as the rows
    before one span ``initial``. A stretch without rows to forecast is passed over."""
    first, last = df["ds"].min(), df["ds"].max()
    if last - horizon < first:
        raise ValueError("Less data than horizon.")
    cutoffs = []
    cutoff = last - horizon
    while cutoff >= first + initial:
        cutoffs.append(cutoff)
        cutoff -= period
        ahead = (df["ds"] > cutoff) & (df["ds"] <= cutoff + horizon)
        before = df["ds"][df["ds"] <= cutoff]
        if not ahead.any() and len(before):
            cutoff = before.max() - horizon
    if not cutoffs:
        raise ValueError("Less data than horizon after initial window. Make horizon or initial shorter.")
    return cutoffs[::-1]


def prophet_copy(m: Prophet, cutoff: Any = None) -> Prophet:
    """A model with the same options that is not fitted; change points after the cutoff are left out."""
    if m.history is None:
        raise Exception("This is for copying a fitted Prophet object.")
    options = {name: getattr(m, name) for name in _OPTIONS}
    if m.specified_changepoints:
        at = m.changepoints if cutoff is None else m.changepoints[m.changepoints < cutoff]
        options["changepoints"] = list(at)
    out = Prophet(**options)
    for name in ("yearly", "weekly", "daily"):  # as they were chosen for the whole history
        of = {} if name in m._own_seasons else m.seasonalities.get(name, {})
        setattr(out, f"{name}_seasonality", of.get("fourier_order", False))
    out.seasonalities = {name: dict(m.seasonalities[name]) for name in m._own_seasons}
    out.extra_regressors = {name: {**how, "mu": 0.0, "std": 1.0} for name, how in m.extra_regressors.items()}
    out.country_holidays = m.country_holidays
    return out


def cross_validation(
    model: Prophet,
    horizon: Any,
    period: Any = None,
    initial: Any = None,
    parallel: object = None,
    cutoffs: Iterable[Any] | None = None,
    disable_tqdm: bool = False,
    extra_output_columns: str | Iterable[str] | None = None,
) -> Any:
    """Forecasts of the end of the history from what lies before it: a row for each cutoff and time, with ds,
    yhat, its bounds, y and cutoff.

    parallel and disable_tqdm are not needed: fits take milliseconds and show no bar.
    """
    if model.history is None:
        raise Exception("Model has not been fit. Fitting the model provides contextual parameters for cross validation.")
    history = model.history
    horizon = pd.Timedelta(horizon)
    if cutoffs is None:
        step = 0.5 * horizon if period is None else pd.Timedelta(period)
        ends = generate_cutoffs(history, horizon, 3 * horizon if initial is None else pd.Timedelta(initial), step)
    else:
        ends = [pd.Timestamp(cutoff) for cutoff in cutoffs]
        if min(ends) <= history["ds"].min() or max(ends) > history["ds"].max() - horizon:
            raise ValueError("cutoffs are after the first row and a horizon before the last one")
    more = [extra_output_columns] if isinstance(extra_output_columns, str) else list(extra_output_columns or [])
    bounds = ["yhat_lower", "yhat_upper"] if model.uncertainty_samples else []
    columns = list(dict.fromkeys(["ds", "yhat", *bounds, *more]))
    return pd.concat([_from_cutoff(model, cutoff, horizon, columns) for cutoff in ends], ignore_index=True)


def _from_cutoff(model: Prophet, cutoff: Any, horizon: Any, columns: list[str]) -> Any:
    history = model.history
    known, ahead = history[history["ds"] <= cutoff], history[(history["ds"] > cutoff) & (history["ds"] <= cutoff + horizon)]
    if len(known) < 2:
        raise Exception("Less than two datapoints before cutoff. Increase initial window.")
    needed = ["ds", "y", *model._columns(), *(["floor"] if model.logistic_floor else [])]
    forecast = prophet_copy(model, cutoff).fit(known[needed]).predict(ahead[needed])
    return forecast[columns].assign(y=ahead["y"].to_numpy(), cutoff=cutoff)


def _errors(df: Any) -> dict[str, Any]:
    y, yhat = df["y"].to_numpy(), df["yhat"].to_numpy()
    off = np.abs(y - yhat)
    size = (np.abs(y) + np.abs(yhat)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        out = {"mse": off**2, "rmse": off**2, "mae": off, "mape": off / np.abs(y), "mdape": off / np.abs(y)}
        out["smape"] = np.where(size == 0, 0, off / size)
    if "yhat_lower" in df:
        out["coverage"] = ((y >= df["yhat_lower"].to_numpy()) & (y <= df["yhat_upper"].to_numpy())).astype(float)
    return out


def _rolling_mean(values: Any, ends: Any, starts: Any, window: int) -> tuple[list[float], list[int]]:
    """Means of the newest `window` values up to the end of each horizon. Of the oldest horizon that is
    needed in part its mean stands for the part."""
    means, kept = [], []
    for group, end in enumerate(ends):
        if end < window:
            continue
        low = end - window
        oldest = int(np.searchsorted(starts, low, side="right")) - 1
        part = values[starts[oldest] : ends[oldest]].mean() * (ends[oldest] - low)
        means.append((part + values[ends[oldest] : end].sum()) / window)
        kept.append(group)
    return means, kept


def _rolling_median(values: Any, ends: Any, starts: Any, window: int) -> list[float]:
    return [float(np.median(values[min(start, end - window) : end])) for start, end in zip(starts, ends) if end >= window]


def performance_metrics(
    df: Any, metrics: Sequence[str] | None = None, rolling_window: float = 0.1, monthly: bool = False
) -> Any:
    """Metrics of :func:`cross_validation` by horizon, over a share of its rows at a time: mse, rmse, mae, mape,
    mdape, smape, coverage. Of a share below 0 every row is its own."""
    df = df.copy()
    if monthly:
        months = [df[column].dt.year * 12 + df[column].dt.month for column in ("ds", "cutoff")]
        df["horizon"] = months[0] - months[1]
    else:
        df["horizon"] = df["ds"] - df["cutoff"]
    df = df.sort_values("horizon", kind="stable")
    errors = _errors(df)
    if df["y"].abs().min() < 1e-8:
        errors.pop("mape")
    wanted = list(errors) if metrics is None else [name for name in metrics if name in errors or name not in ("mape", "coverage")]
    wrong = [name for name in wanted if name not in errors]
    if wrong or len(set(wanted)) < len(wanted):
        raise ValueError(f"metrics are {', '.join(errors)}, each once, not {', '.join(wrong or wanted)}")
    if not wanted:
        return None
    window = int(rolling_window * len(df))
    if window < 0:
        out = {name: np.sqrt(errors[name]) if name == "rmse" else errors[name] for name in wanted}
        return pd.DataFrame({"horizon": df["horizon"].to_numpy(), **out})
    horizons, starts = np.unique(df["horizon"].to_numpy(), return_index=True)
    ends = np.append(starts[1:], len(df))
    table: dict[str, Any] = {}
    for name in wanted:
        means, kept = _rolling_mean(errors[name], ends, starts, min(max(window, 1), len(df)))
        table.setdefault("horizon", horizons[kept])
        if name == "mdape":
            means = _rolling_median(errors[name], ends, starts, min(max(window, 1), len(df)))
        table[name] = np.sqrt(means) if name == "rmse" else means
    return pd.DataFrame(table)
