"""A model of the package as an expression of the library: fitted, its parameters, and how wide its intervals are."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from .._api import Dataset, Forecaster, fit
from .._errors import DataError
from .._options import text, value
from ._terms import Term, seconds

_DAY = 86400


def even_calendar(ds: Any) -> dict[str, Any]:
    """Options of a calendar of equal periods that holds every time: waves count its periods."""
    seconds = ds.to_numpy().astype("datetime64[s]").astype("int64")
    step = int(np.gcd.reduce(np.diff(seconds)))
    if step % _DAY == 0 and int(seconds[0]) % _DAY == 0:
        return {"freq": "day", "step": step // _DAY}
    step = math.gcd(step, int(seconds[0]))
    if step % 60:
        raise ValueError(f"times lie on a grid of {step} seconds, expected whole minutes")
    return {"freq": "minute", "step": step // 60}


class Engine:
    """The library's fit of one history."""

    def __init__(self, options: dict[str, Any], terms: list[Term], frame: Any) -> None:
        """options: of the call ``prophet(..)``, without those of x=
        terms: entries of x=
        frame: rows of ds, y and all columns that the terms and the bounds name, in order, none missing
        """
        self._frame = frame
        self._columns = {name: f"c{i}" for i, name in enumerate(c for c in frame.columns if c not in ("ds", "y"))}
        call = dict(options)
        for bound in ("cap", "floor"):
            if bound in self._columns:
                call[bound] = self._columns[bound]
        if terms:
            call["x_prior_scale"] = [term.prior_scale for term in terms]
        lists = {
            "x": [self._entry(term) for term in terms],
            "x_mode": [term.mode for term in terms],
            "x_standardize": ["auto" if term.standardize == "auto" else value(bool(term.standardize)) for term in terms],
        }
        parts = [text(call), *(f"{name}=[{', '.join(list_)}]" for name, list_ in lists.items() if list_)]
        self._call = ", ".join(part for part in parts if part)
        self._even: dict[str, Any] | None = even_calendar(frame["ds"]) if any(t.order for t in terms) else None
        self._data = self._open()
        self._forecasters: dict[str, Forecaster] = {}
        estimates = self._fitted("model").describe("coefficients")
        self.coefficients: dict[str, float] = dict(zip(estimates.values("coefficient"), estimates.values("estimate")))
        if "k" not in self.coefficients:
            reason = self._fitted("model").describe("series").values("reason")[0]
            raise ValueError(f"the history cannot be fitted: {reason}")

    def __getstate__(self) -> dict[str, Any]:
        """Without the dataset, which is opened again from the frame."""
        return {name: held for name, held in vars(self).items() if name != "_data"}

    def __setstate__(self, held: dict[str, Any]) -> None:
        vars(self).update(held)
        self._data = self._open()

    def _entry(self, term: Term) -> str:
        if not term.order:
            return value(self._columns[term.column])
        assert self.period_days is not None
        condition = "" if term.condition is None else f", condition_name={self._columns[term.condition]}"
        return f"fourier({term.period / self.period_days!r}, {term.order}{condition})"

    @property
    def period_days(self) -> float:
        """Days in a period of an even calendar."""
        even = even_calendar(self._frame["ds"])
        return float(even["step"]) / (1440 if even["freq"] == "minute" else 1)

    @property
    def phase(self) -> float:
        """The day since 1970 on which waves of periods begin."""
        return float(round(self.coefficients["start"] * _DAY) % round(self.period_days * _DAY)) / _DAY

    def _open(self) -> Dataset:
        """With the calendar that the library finds if it holds every row, else with one that does."""
        columns = {self._columns.get(name, name): self._frame[name].to_numpy() for name in self._frame.columns}
        roles: dict[str, Any] = {"time": "ds", "target": "y", "known": list(self._columns.values()) or None}
        if self._even is None:
            try:
                data = Dataset(columns, **roles)
                held = data.describe("values")
                if sum(v == v and v is not None for v in held.values("y")) == len(self._frame):
                    return data
            except DataError:
                pass  # the calendar of equal periods says what is wrong, if anything is
            self._even = even_calendar(self._frame["ds"])
        return Dataset(columns, **roles, **self._even)

    def _fitted(self, intervals: str) -> Forecaster:
        if intervals not in self._forecasters:
            self._forecasters[intervals] = fit(self._data, f"prophet({self._call}, intervals={intervals})")
        return self._forecasters[intervals]

    def _steps(self, last: Any) -> Any:
        """The times of the calendar after the history, up to the one after another time."""
        first, end = self._frame["ds"].iloc[0], self._frame["ds"].iloc[-1]
        apart = (end - first) / max(len(self._data.describe("values")) - 1, 1)
        horizon = math.ceil((last - end) / apart * 1.02) + 2  # months differ
        return fit(self._data, "naive").predict(horizon).to_pandas()["ds"]

    def bounds(self, rows: Any, ahead: Any, level: float, intervals: str) -> tuple[Any, Any]:
        """How far forecasts of rows may fall below and rise above: exact at times of the calendar, between
        two of them on the line between theirs.

        ahead: a function of times that gives a frame with the columns of the terms
        """
        end = self._frame["ds"].iloc[-1]
        sigma = self.coefficients["sigma_obs"] * self.coefficients["y_scale"] if intervals == "model" else 0.0
        known = NormalDist().inv_cdf(0.5 + level / 200) * sigma
        below, above = np.full(len(rows), known), np.full(len(rows), known)
        later = (rows["ds"] > end).to_numpy()
        if not later.any():
            return below, above
        steps = self._steps(rows["ds"].max())
        frame = ahead(steps)
        columns = {name: frame[column].to_numpy() for column, name in self._columns.items()}
        fresh = {"ds": steps.to_numpy(), **columns} if columns else None
        options = {} if self._even is None else self._even
        data = None if fresh is None else Dataset(fresh, time="ds", known=list(columns), **options)
        table = self._fitted(intervals).predict(len(steps), levels=[level], negative=True, ahead=data).to_pandas()
        at = np.concatenate([[end.timestamp()], seconds(steps)])
        wanted = seconds(rows["ds"][later])
        low, high = (name for name in table.columns if name.startswith(("lo-", "hi-")))
        below[later] = np.interp(wanted, at, np.concatenate([[known], table["forecast"] - table[low]]))
        above[later] = np.interp(wanted, at, np.concatenate([[known], table[high] - table["forecast"]]))
        return below, above
