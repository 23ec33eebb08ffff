"""The class Prophet: options, fit, predict, with the names that the package gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from . import _holidays
from ._engine import Engine
from ._terms import Term, components, seconds, turned

_SEASONS = {"yearly": 365.25, "weekly": 7.0, "daily": 1.0}
_MODES = ("additive", "multiplicative")
_RESERVED = {
    "trend", "additive_terms", "daily", "weekly", "yearly", "holidays", "zeros", "extra_regressors_additive", "yhat",
    "extra_regressors_multiplicative", "multiplicative_terms", "ds", "y", "cap", "floor", "y_scaled", "cap_scaled", "t",
}  # fmt: skip
# Of the search, which ends at the mode whatever they say.
_SEARCH = {"algorithm", "init", "inits", "iter", "seed", "show_progress", "show_console", "refresh", "jacobian", "history_size"}


def _one_of(name: str, given: str, words: tuple[str, ...]) -> None:
    if given not in words:
        raise ValueError(f"{name} is {given!r}, expected {' or '.join(repr(w) for w in words)}")


def _positive(name: str, given: float) -> float:
    if not float(given) > 0:
        raise ValueError(f"{name} is {given}, expected a number above 0")
    return float(given)


class Prophet:
    """A forecaster with the options of Prophet 1.x, fitted by libwsf.

    ``mcmc_samples`` above 0 is refused. ``uncertainty_samples`` of 0 leaves intervals out and is not counted
    otherwise, as intervals are exact; ``stan_backend`` is not looked at.
    """

    def __init__(
        self,
        growth: str = "linear",
        changepoints: Iterable[Any] | None = None,
        n_changepoints: int = 25,
        changepoint_range: float = 0.8,
        yearly_seasonality: str | bool | int = "auto",
        weekly_seasonality: str | bool | int = "auto",
        daily_seasonality: str | bool | int = "auto",
        holidays: Any = None,
        seasonality_mode: str = "additive",
        seasonality_prior_scale: float = 10.0,
        holidays_prior_scale: float = 10.0,
        changepoint_prior_scale: float = 0.05,
        mcmc_samples: int = 0,
        interval_width: float = 0.80,
        uncertainty_samples: int | bool = 1000,
        stan_backend: object = None,
        scaling: str = "absmax",
        holidays_mode: str | None = None,
    ) -> None:
        _one_of("growth", growth, ("linear", "logistic", "flat"))
        _one_of("scaling", scaling, ("absmax", "minmax"))
        _one_of("seasonality_mode", seasonality_mode, _MODES)
        _one_of("holidays_mode", holidays_mode or seasonality_mode, _MODES)
        if mcmc_samples:
            raise ValueError(f"mcmc_samples is {mcmc_samples}, expected 0: parameters are the mode of the posterior here, none are sampled")
        if not 0 <= changepoint_range <= 1:
            raise ValueError(f"changepoint_range is {changepoint_range}, expected a share from 0 to 1")
        self.growth = growth
        given = None if changepoints is None else list(changepoints)
        self.changepoints: Any = None if given is None else pd.Series(pd.to_datetime(given), name="ds")
        self.specified_changepoints = given is not None
        self.n_changepoints = n_changepoints if given is None else len(given)
        self.changepoint_range = changepoint_range
        self.yearly_seasonality = yearly_seasonality
        self.weekly_seasonality = weekly_seasonality
        self.daily_seasonality = daily_seasonality
        self.holidays = None if holidays is None else _holidays.check_table(holidays)
        self.seasonality_mode = seasonality_mode
        self.holidays_mode = holidays_mode or seasonality_mode
        self.seasonality_prior_scale = _positive("seasonality_prior_scale", seasonality_prior_scale)
        self.holidays_prior_scale = _positive("holidays_prior_scale", holidays_prior_scale)
        self.changepoint_prior_scale = _positive("changepoint_prior_scale", changepoint_prior_scale)
        self.mcmc_samples = 0
        self.interval_width = interval_width
        self.uncertainty_samples = uncertainty_samples
        self.scaling = scaling
        # what is added to a model
        self.seasonalities: dict[str, dict[str, Any]] = {}
        self.extra_regressors: dict[str, dict[str, Any]] = {}
        self.country_holidays: str | None = None
        # what a fit leaves
        self.history: Any = None
        self.history_dates: Any = None
        self.train_holiday_names: Any = None
        self.component_modes: dict[str, list[str]] = {}
        self.params: dict[str, Any] = {}
        self.start: Any = None
        self.t_scale: Any = None
        self.y_scale = 1.0
        self.y_min = 0.0
        self.logistic_floor = False
        self.changepoints_t: Any = None
        self.fit_kwargs: dict[str, Any] = {}
        self._own_seasons: list[str] = []
        self._terms: list[Term] = []
        self._days: list[_holidays.Day] = []
        self._years = (0, 0)
        self._engine: Engine | None = None
        for name in () if self.holidays is None else self.holidays["holiday"].unique():
            self._check_name(str(name), holidays=False)

    # ---- what is added before a fit

    def _check_name(self, name: str, holidays: bool = True, seasonalities: bool = True, regressors: bool = True) -> None:
        if "_delim_" in name:
            raise ValueError(f"the name {name!r} has '_delim_' in it, which names of holidays end by")
        if name.removesuffix("_lower").removesuffix("_upper") in _RESERVED:
            raise ValueError(f"the name {name!r} is one of the columns that a forecast has")
        if holidays and self.holidays is not None and name in set(self.holidays["holiday"]):
            raise ValueError(f"the name {name!r} is that of a holiday already")
        if seasonalities and name in self.seasonalities:
            raise ValueError(f"the name {name!r} is that of a seasonality already")
        if regressors and name in self.extra_regressors:
            raise ValueError(f"the name {name!r} is that of a regressor already")

    def _still_open(self, what: str) -> None:
        if self.history is not None:
            raise Exception(f"{what} must be added prior to model fitting.")

    def add_seasonality(
        self,
        name: str,
        period: float,
        fourier_order: int,
        prior_scale: float | None = None,
        mode: str | None = None,
        condition_name: str | None = None,
    ) -> Prophet:
        """A season of any length in days; with condition_name only where a column of the data is true."""
        self._still_open("Seasonality")
        if name not in _SEASONS:
            self._check_name(name, seasonalities=False)
        if fourier_order != int(fourier_order) or fourier_order <= 0:
            raise ValueError(f"fourier_order is {fourier_order}, expected a whole number above 0")
        if condition_name is not None:
            self._check_name(condition_name)
        _one_of("mode", mode or self.seasonality_mode, _MODES)
        self.seasonalities[name] = {
            "period": _positive("period", period),
            "fourier_order": int(fourier_order),
            "prior_scale": _positive("prior_scale", self.seasonality_prior_scale if prior_scale is None else prior_scale),
            "mode": mode or self.seasonality_mode,
            "condition_name": condition_name,
        }
        return self

    def add_regressor(
        self, name: str, prior_scale: float | None = None, standardize: str | bool = "auto", mode: str | None = None
    ) -> Prophet:
        """A column of the data, known ahead. standardize: 'auto' leaves columns of 0 and 1 as they are."""
        self._still_open("Regressors")
        self._check_name(name, regressors=False)
        _one_of("mode", mode or self.seasonality_mode, _MODES)
        self.extra_regressors[name] = {
            "prior_scale": _positive("prior_scale", self.holidays_prior_scale if prior_scale is None else prior_scale),
            "standardize": standardize,
            "mu": 0.0,
            "std": 1.0,
            "mode": mode or self.seasonality_mode,
        }
        return self

    def add_country_holidays(self, country_name: str) -> Prophet:
        """The public holidays of a country that the library knows, under the library's names."""
        self._still_open("Country holidays")
        _holidays.country_word(country_name)
        self.country_holidays = country_name
        return self

    # ---- frames

    def _columns(self) -> list[str]:
        """The columns that rows need beside ds."""
        conditions = [s["condition_name"] for s in self.seasonalities.values() if s["condition_name"] is not None]
        bounds = ["cap"] if self.growth == "logistic" else []
        return list(dict.fromkeys([*bounds, *self.extra_regressors, *conditions]))

    def _rows(self, df: Any, fitting: bool) -> Any:
        """Rows in order of time with the columns that are needed, as numbers; what is wrong is told."""
        if not isinstance(df, pd.DataFrame):
            raise TypeError(f"df is a data frame of pandas, not {type(df).__name__}")
        if "ds" not in df:
            raise ValueError("df has no column 'ds', expected dates or times")
        ds = pd.to_datetime(df["ds"])
        if ds.dt.tz is not None:
            raise ValueError("column ds has a timezone, expected times without one")
        if ds.isnull().any():
            raise ValueError("column ds has a missing value")
        rows = pd.DataFrame({"ds": ds})
        bound = ["floor"] if self.growth == "logistic" and ("floor" in df if fitting else self.logistic_floor) else []
        for name in [*(["y"] if fitting else []), *self._columns(), *bound]:
            if name not in df:
                raise ValueError(f"df has no column {name!r}, which the model needs")
            rows[name] = pd.to_numeric(df[name]).astype(float)
            if name != "y" and not np.isfinite(rows[name]).all():
                raise ValueError(f"column {name!r} has a missing or infinite value")
        for season in self.seasonalities.values():
            condition = season["condition_name"]
            if condition is not None and not rows[condition].isin([0, 1]).all():
                raise ValueError(f"column {condition!r} is a condition, expected True or False")
        return rows.sort_values("ds", kind="stable").reset_index(drop=True)

    def _with_flags(self, rows: Any) -> Any:
        flags = {day.column: day.flags(rows["ds"]) for day in self._days}
        return pd.concat([rows, pd.DataFrame(flags, index=rows.index)], axis=1)

    def make_future_dataframe(self, periods: int, freq: Any = "D", include_history: bool = True) -> Any:
        """A frame of ds: the history's, and so many periods after its end."""
        self._fitted()
        last = self.history_dates.max()
        dates = pd.date_range(start=last, periods=periods + 1, freq=freq)
        dates = pd.Series(dates[dates > last][:periods])
        return pd.DataFrame({"ds": pd.concat([self.history_dates, dates], ignore_index=True) if include_history else dates})

    # ---- fit

    def fit(self, df: Any, **kwargs: Any) -> Prophet:
        """Fits the model to rows of ds and y. Options of Stan's search are taken and not needed: the search
        goes on to the mode."""
        if self.history is not None:
            raise Exception("Prophet object can only be fit once. Instantiate a new object.")
        other = [name for name in kwargs if name not in _SEARCH and not name.startswith("tol_")]
        if other:
            raise TypeError(f"fit has no option {', '.join(other)}")
        rows = self._rows(df, fitting=True)
        if np.isinf(rows["y"]).any():
            raise ValueError("column y has an infinite value")
        history = rows[rows["y"].notnull()].reset_index(drop=True)
        if len(history) < 2:
            raise ValueError("df has fewer than 2 rows with a value of y")
        if history["ds"].duplicated().any():
            raise ValueError(f"two rows of ds are {history['ds'][history['ds'].duplicated()].iloc[0]}, expected one for each time")
        if self.growth == "logistic" and "floor" in history:
            self.logistic_floor = True
        self.fit_kwargs = kwargs
        self._own_seasons = list(self.seasonalities)
        self._check_changepoints(history)
        self._find_holidays(rows["ds"].min().year, rows["ds"].max().year)
        if self._days:
            self.train_holiday_names = pd.Series(list(dict.fromkeys(day.name for day in self._days)))
        self.history_dates = pd.Series(pd.to_datetime(rows["ds"].unique()), name="ds").sort_values(ignore_index=True)
        entries = self._entries(self._with_flags(history))
        named = [column for term in entries for column in (term.column, term.condition) if column]
        bounds = [name for name in ("cap", "floor") if name in history]
        frame = self._with_flags(history)[["ds", "y", *dict.fromkeys([*bounds, *named])]]
        self._engine = Engine(self._options(), entries, frame)
        self._take(self._engine, entries, history)
        return self

    def _check_changepoints(self, history: Any) -> None:
        if not self.specified_changepoints or not len(self.changepoints):
            return
        if self.changepoints.min() < history["ds"].min() or self.changepoints.max() > history["ds"].max():
            raise ValueError("Changepoints must fall within training data.")

    def _find_holidays(self, first: int, last: int) -> None:
        """Flags for the holidays of the tables, and for those of a country in these years that a fit saw."""
        tables = [] if self.holidays is None else [self.holidays]
        if self.country_holidays is not None:
            country = _holidays.of_country(self.country_holidays, first, last)
            known = self.train_holiday_names
            tables.append(country if known is None else country[country["holiday"].isin(set(known))])
            self._years = first, last
        if tables:
            self._days = _holidays.days_of(pd.concat(tables, ignore_index=True), self.holidays_prior_scale)

    def _cover(self, first: int, last: int) -> None:
        """Holidays of a country are rules: those of any years are found when they are asked for."""
        if self.country_holidays is not None and not self._years[0] <= first <= last <= self._years[1]:
            self._find_holidays(min(first, self._years[0]), max(last, self._years[1]))

    def _entries(self, frame: Any) -> list[Term]:
        """What stands in x=: seasons with a name, holidays that the history has, regressors."""
        terms = [
            Term(name, s["mode"], s["prior_scale"], period=s["period"], order=s["fourier_order"], condition=s["condition_name"])
            for name, s in self.seasonalities.items()
        ]
        for day in self._days:
            if frame[day.column].any():
                terms.append(Term(day.name, self.holidays_mode, day.prior_scale, group="holidays", column=day.column))
        for name, r in self.extra_regressors.items():
            terms.append(
                Term(name, r["mode"], r["prior_scale"], group="extra_regressors", column=name, standardize=r["standardize"])
            )
        return terms

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "growth": self.growth,
            "changepoint_prior_scale": self.changepoint_prior_scale,
            "scaling": self.scaling,
            "seasonality_mode": self.seasonality_mode,
            "seasonality_prior_scale": self.seasonality_prior_scale,
            "updates": False,
        }
        for name in _SEASONS:
            given = getattr(self, f"{name}_seasonality")
            options[f"{name}_seasonality"] = False if name in self.seasonalities else given
        if self.specified_changepoints and len(self.changepoints):
            options["changepoints"] = [str(at) for at in self.changepoints.dt.strftime("%Y-%m-%d %H:%M:%S")]
        else:
            options["n_changepoints"] = 0 if self.specified_changepoints else self.n_changepoints
            if not self.specified_changepoints:
                options["changepoint_range"] = float(self.changepoint_range)
        return options

    # ---- what a fit found

    def _take(self, engine: Engine, entries: list[Term], history: Any) -> None:
        """The parameters in the package's order and units."""
        found = engine.coefficients
        self.start = history["ds"].iloc[0]
        self.t_scale = history["ds"].iloc[-1] - self.start
        self.y_scale, self.y_min = found["y_scale"], found["y_min"]
        changes = [found[name] for name in found if re.fullmatch(r"s\d+", name)]
        delta = [found[name] for name in found if re.fullmatch(r"delta\d+", name)]
        built_in = [
            Term(
                name, self.seasonality_mode, self.seasonality_prior_scale, period=period, order=len(beta) // 2,
                beta=np.array(beta), level=found.get(f"{name}_mean", 0.0),
            )
            for name, period in _SEASONS.items()
            if (beta := [found[key] for key in found if re.fullmatch(name + r"\d+", key)])
        ]
        self._take_effects(engine, entries)
        seasons = [term for term in entries if term.order]
        self._terms = [*seasons, *built_in, *(term for term in entries if not term.order)]
        for term in built_in:
            self.seasonalities[term.name] = {
                "period": int(term.period) if term.period == int(term.period) else term.period,
                "fourier_order": term.order, "prior_scale": term.prior_scale, "mode": term.mode, "condition_name": None,
            }  # fmt: skip
        for term in entries:
            if term.column in self.extra_regressors:
                self.extra_regressors[term.column].update(mu=term.mu, std=term.std)
        self.changepoints_t = np.array(changes or [0.0])
        self.changepoints = pd.Series(
            [(self.start + self.t_scale * s).round("s") for s in changes], name="ds", dtype=history["ds"].dtype
        )
        self.params = {
            "k": np.array([[found["k"]]]), "m": np.array([[found["m"]]]), "delta": np.array([delta or [0.0]]), "beta": np.array([[b for term in self._terms for b in term.beta] or [0.0]]),
            "sigma_obs": np.array([[found["sigma_obs"]]]),
        }  # fmt: skip
        self.component_modes = self._modes()
        self.history = history
        self.history["t"] = (history["ds"] - self.start) / self.t_scale
        if "floor" not in self.history:
            self.history["floor"] = self.y_min
        self.history["y_scaled"] = (history["y"] - self.history["floor"]) / self.y_scale

    def _take_effects(self, engine: Engine, entries: list[Term]) -> None:
        """Effects of x= in its order; waves there count periods, and days here."""
        found = engine.coefficients
        effects = iter([(name, found[name]) for name in found if name.startswith("x:")])
        place = 0
        for term in entries:
            if not term.order:
                place += 1
                term.beta = np.array([next(effects)[1]])
                term.mu, term.std = found.get(f"mu{place}", 0.0), found.get(f"std{place}", 1.0)
                continue
            pairs = np.zeros(2 * term.order)
            shortest = 2 * term.order == term.period / engine.period_days  # its sine is 0 in every period
            for i in range(2 * term.order - shortest):
                place += 1
                last = shortest and i == 2 * term.order - 2
                pairs[i + last] = next(effects)[1]
            term.beta = turned(pairs, term.period, engine.phase)

    def _modes(self) -> dict[str, list[str]]:
        modes: dict[str, list[str]] = {mode: [] for mode in _MODES}
        for term in self._terms:
            if term.name not in modes[term.mode]:
                modes[term.mode].append(term.name)
        for mode in _MODES:
            modes[mode] += [f"{mode}_terms", f"extra_regressors_{mode}"]
        modes[self.holidays_mode].append("holidays")
        return modes

    def _fitted(self) -> Engine:
        if self._engine is None:
            raise Exception("Model has not been fit.")
        return self._engine

    # ---- pictures

    def plot(self, fcst: Any, **options: Any) -> Any:
        """See :func:`wsf.prophet.plot.plot`."""
        from .plot import plot

        return plot(self, fcst, **options)

    def plot_components(self, fcst: Any, **options: Any) -> Any:
        """See :func:`wsf.prophet.plot.plot_components`."""
        from .plot import plot_components

        return plot_components(self, fcst, **options)

    # ---- predict

    def predict(self, df: Any = None, vectorized: bool = True) -> Any:
        """Forecasts of the rows of df, or of the history: the trend, every component and yhat, with bounds.

        vectorized is not needed: bounds are computed, not sampled.
        """
        engine = self._fitted()
        if df is not None and not len(df):
            raise ValueError("df has no rows")
        given = self.history if df is None else df
        rows = self._rows(given, fitting=False)
        self._cover(rows["ds"].min().year, rows["ds"].max().year)
        rows = self._with_flags(rows)
        trend = self._trend_of(rows)
        parts = components(self._terms, rows, self.y_scale)
        for term in self._terms:
            parts.setdefault(term.name, np.zeros(len(rows)))
        for day in self._days:
            parts.setdefault(day.name, np.zeros(len(rows)))
        additive, multiplicative = parts["additive_terms"], parts["multiplicative_terms"]
        yhat = trend * (1 + multiplicative) + additive
        out = {"ds": rows["ds"], "trend": trend}
        for bound in ("cap", *(["floor"] if self.logistic_floor else [])):
            if bound in rows:
                out[bound] = rows[bound]
        if self.uncertainty_samples:

            def ahead(ds: Any) -> Any:
                return self._ahead(rows, ds)

            below, above = engine.bounds(rows, ahead, 100 * self.interval_width, "model")
            out["yhat_lower"], out["yhat_upper"] = yhat - below, yhat + above
            # bounds of the trend come as those of a forecast: shares of it are taken off
            below, above = engine.bounds(rows, ahead, 100 * self.interval_width, "trend")
            share = 1 + multiplicative
            below, above = np.where(share < 0, above, below), np.where(share < 0, below, above)
            share = np.where(share == 0, 1, np.abs(share))
            out["trend_lower"], out["trend_upper"] = trend - below / share, trend + above / share
        for name in sorted(parts):
            out[name] = parts[name]
            if self.uncertainty_samples:
                out[f"{name}_lower"] = out[f"{name}_upper"] = parts[name]
        out["yhat"] = yhat
        return pd.DataFrame(out)

    def _trend_of(self, rows: Any) -> Any:
        """Growth along its changes (Taylor and Letham 2018, 3.1), in units of y."""
        t = ((rows["ds"] - self.start) / self.t_scale).to_numpy(dtype=float)
        k, m = self.params["k"][0, 0], self.params["m"][0, 0]
        floor = rows["floor"].to_numpy() if self.logistic_floor else np.zeros(len(rows))
        floor = floor + self.y_min
        scaled = np.full(len(rows), m)
        if self.growth == "linear":
            scaled = m + k * t
            for s, delta in zip(self.changepoints_t, self.params["delta"][0]):
                scaled = scaled + delta * np.maximum(t - s, 0)
        elif self.growth == "logistic":
            rate, offset = np.full(len(rows), k), np.full(len(rows), m)
            for s, delta in zip(self.changepoints_t, self.params["delta"][0]):
                after = k + delta
                gamma = (s - m) * (1 - k / after)
                k, m = after, m + gamma
                rate[t >= s], offset[t >= s] = k, m
            cap = (rows["cap"].to_numpy() - floor) / self.y_scale
            scaled = cap / (1 + np.exp(-rate * (t - offset)))
        return floor + self.y_scale * scaled

    def _ahead(self, rows: Any, ds: Any) -> Any:
        """Rows of other times with the columns of these, on the line between their neighbours: bounds are
        read at the rows themselves."""
        at, known = (seconds(rows["ds"]), seconds(ds))
        frame = pd.DataFrame({"ds": ds})
        for name in rows.columns:
            if name != "ds":
                frame[name] = np.interp(known, at, rows[name].to_numpy())
        for season in self.seasonalities.values():
            if season["condition_name"] is not None:
                frame[season["condition_name"]] = frame[season["condition_name"]].round()
        return frame.assign(**{day.column: day.flags(frame["ds"]) for day in self._days})
