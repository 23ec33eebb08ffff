"""Models as the JSON that the package's serialize reads and writes."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pandas as pd

from .forecaster import Prophet

_PLAIN = (
    "growth", "n_changepoints", "specified_changepoints", "changepoint_range", "yearly_seasonality", "weekly_seasonality",
    "daily_seasonality", "seasonality_mode", "seasonality_prior_scale", "changepoint_prior_scale",
    "holidays_prior_scale", "mcmc_samples", "interval_width", "uncertainty_samples", "y_scale", "y_min", "scaling",
    "logistic_floor", "component_modes", "holidays_mode",
)  # fmt: skip
_OPTIONS = (
    "growth", "n_changepoints", "changepoint_range", "yearly_seasonality", "weekly_seasonality", "daily_seasonality",
    "seasonality_mode", "seasonality_prior_scale", "holidays_prior_scale", "changepoint_prior_scale", "mcmc_samples",
    "interval_width", "uncertainty_samples", "scaling", "holidays_mode",
)  # fmt: skip
_SEASONS = {"yearly": 365.25, "weekly": 7, "daily": 1}


def _column(series: Any) -> str:
    text: str = pd.Series(series).to_json(orient="split", date_format="iso")
    return text


def _table(frame: Any) -> str:
    text: str = frame.to_json(orient="table", index=False)
    return text


def _read_table(text: str) -> Any:
    frame = pd.read_json(io.StringIO(text), orient="table")
    if "ds" in frame:
        frame["ds"] = pd.to_datetime(frame["ds"]).dt.tz_localize(None)
    return frame


def _history_of(model: Prophet) -> Any:
    """The history as the package keeps it: regressors in the units of their parameters, the cap of scaled y."""
    history = model.history.copy()
    for name, how in model.extra_regressors.items():
        history[name] = (history[name] - how["mu"]) / how["std"]
    for season in model.seasonalities.values():
        if season["condition_name"] is not None:
            history[season["condition_name"]] = history[season["condition_name"]].astype(bool)
    if "cap" in history:
        history["cap_scaled"] = (history["cap"] - history["floor"]) / model.y_scale
    return history


def _columns_of(model: Prophet) -> Any:
    """Which columns of the package's matrix of features make which component."""
    owner: list[tuple[int, str]] = []
    at = 0
    for term in model._terms:
        sums = [term.name, f"{term.mode}_terms", *(["holidays"] if term.group == "holidays" else [])]
        if term.group == "extra_regressors":
            sums.append(f"{term.group}_{term.mode}")
        owner += [(column, name) for column in range(at, at + term.width) for name in sums]
        at += term.width
    names = sorted({name for _, name in owner} | {"additive_terms", "multiplicative_terms"})
    out = pd.DataFrame(0, index=range(max(at, 1)), columns=names)
    for column, name in owner:
        out.loc[column, name] = 1
    return out


def _table_of_holidays(model: Prophet) -> Any:
    """Every holiday as a table, a country's too, whose names differ from the package's for most, to as long after
    the history as it is: each day of a window stands for itself."""
    first, last = model.start.year, (model.start + model.t_scale).year
    model._cover(first, 2 * last - first + 2)
    used = {term.column: term for term in model._terms if term.group == "holidays"}
    rows = [
        {"holiday": day.name, "ds": date - pd.Timedelta(days=day.offset), "lower_window": min(day.offset, 0),
         "upper_window": max(day.offset, 0), "prior_scale": day.prior_scale}
        for day in model._days if day.column in used for date in sorted(day.dates)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _settled(model: Prophet) -> dict[str, Any]:
    """Parameters without seasons that count from their mean, which the package does not have: the level of
    the trend takes it."""
    params = {name: np.array(value, dtype=float) for name, value in model.params.items()}
    level = sum(term.level for term in model._terms)
    if level == 0:
        return params
    if model.seasonality_mode == "additive":
        if model.growth == "logistic":
            raise ValueError("a season with a stretch never observed, under a cap: the package has no such model")
        params["m"] -= level
        return params
    if model.growth == "logistic":
        raise ValueError("shares of the trend with a stretch never observed, under a cap: the package has no such model")
    for name in ("k", "m", "delta"):
        params[name] *= 1 - level
    at = 0
    for term in model._terms:
        if term.mode == "multiplicative":
            params["beta"][0, at : at + term.width] /= 1 - level
        at += term.width
    return params


def model_to_dict(model: Prophet) -> dict[str, Any]:
    """A fitted model as a dictionary of what JSON can hold."""
    if model.history is None:
        raise ValueError("This can only be used to serialize models that have already been fit.")
    if (model.y_min != 0 or model.logistic_floor) and any(term.mode == "multiplicative" for term in model._terms):
        raise ValueError("shares of the trend above a floor: the package would forecast them as shares of the floor, too")
    out: dict[str, Any] = {name: getattr(model, name) for name in _PLAIN}
    out["country_holidays"] = None
    out["changepoints"] = _column(model.changepoints)
    out["history_dates"] = _column(model.history_dates)
    names = model.train_holiday_names
    out["train_holiday_names"] = None if names is None else _column(names)
    out["start"] = model.start.timestamp()
    out["t_scale"] = model.t_scale.total_seconds()
    out["holidays"] = None if names is None else _table(_table_of_holidays(model))
    out["history"] = _table(_history_of(model))
    out["train_component_cols"] = _table(_columns_of(model))
    out["changepoints_t"] = model.changepoints_t.tolist()
    ordered = {term.name: model.seasonalities[term.name] for term in model._terms if term.order}
    out["seasonalities"] = [list(ordered), ordered]
    regressors = {name: {**how, "predictor_spec": None, "predictor": None} for name, how in model.extra_regressors.items()}
    out["extra_regressors"] = [list(regressors), regressors]
    out["fit_kwargs"] = {}
    out["params"] = {name: value.tolist() for name, value in _settled(model).items()}
    out["__prophet_version"] = "1.5.0"
    return out


def model_to_json(model: Prophet) -> str:
    """A fitted model as text that the package's ``model_from_json`` reads."""
    return json.dumps(model_to_dict(model))


def _is_usual(name: str, season: dict[str, Any], out: Prophet) -> bool:
    """Whether a season is one of the calendar, under the prior and the mode of all."""
    return (
        _SEASONS.get(name) == season["period"]
        and season.get("condition_name") is None
        and season["prior_scale"] == out.seasonality_prior_scale
        and season["mode"] == out.seasonality_mode
    )


def _unfitted(model: dict[str, Any]) -> Prophet:
    options = {name: model[name] for name in _OPTIONS if model.get(name) is not None}
    if model.get("specified_changepoints"):
        options["changepoints"] = json.loads(model["changepoints"])["data"]
    holidays = model.get("holidays")
    out = Prophet(**options, holidays=None if holidays is None else _read_table(holidays))
    for name, season in model["seasonalities"][1].items():
        if _is_usual(name, season, out):
            setattr(out, f"{name}_seasonality", season["fourier_order"])
        else:
            out.add_seasonality(name, **season)
    for name in _SEASONS:  # left out of the fit, and so of this
        if name not in model["seasonalities"][1]:
            setattr(out, f"{name}_seasonality", False)
    for name in model["extra_regressors"][0]:
        how = model["extra_regressors"][1][name]
        out.add_regressor(name, how["prior_scale"], how["standardize"], how["mode"])
    if model.get("country_holidays") is not None:
        out.add_country_holidays(model["country_holidays"])
    return out


def model_from_dict(model: dict[str, Any]) -> Prophet:
    """A model of a dictionary as :func:`model_to_dict` and the package's make it: its history is fitted anew with
    its options, which ends at the mode of the same posterior."""
    if model.get("mcmc_samples"):
        raise ValueError("the model has samples of its parameters, expected mcmc_samples=0")
    if model.get("history") is None:
        raise ValueError("the model has no history, expected a fitted one")
    out = _unfitted(model)
    history = _read_table(model["history"])
    for name, how in model["extra_regressors"][1].items():
        history[name] = history[name] * how["std"] + how["mu"]
    keep = ["ds", "y", *out._columns(), *(["floor"] if model.get("logistic_floor") else [])]
    dates = pd.to_datetime(pd.Series(json.loads(model["history_dates"])["data"]))
    out.fit(history[keep])
    out.history_dates = dates.dt.tz_localize(None).rename("ds")
    return out


def model_from_json(text: str) -> Prophet:
    """A model of JSON: see :func:`model_from_dict`."""
    return model_from_dict(json.loads(text))
