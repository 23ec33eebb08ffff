"""Frames of statsforecast's layout as charts of ``wsf.plot``."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from ..plot import Line, Panel, draw

_MOST = 8


class Frames:
    """History and forecasts of many series, by the names of their columns."""

    def __init__(self, df: Any, forecasts_df: Any, id_col: str, time_col: str, target_col: str) -> None:
        self._history, self._forecasts = df, forecasts_df
        self._id, self._time, self._target = id_col, time_col, target_col

    def figure(
        self,
        ids: Iterable[Any] | None,
        by_lot: bool,
        models: Iterable[str] | None,
        levels: list[float],
        last: int | None,
        anomalies: bool,
    ) -> Any:
        past = self._series(self._history)
        ahead = {} if self._forecasts is None else self._series(self._forecasts)
        names = self._models(models)
        if ids is None:
            every = list(past)
            ids = every[:_MOST] if not by_lot or len(every) <= _MOST else random.Random(0).sample(every, _MOST)
        times, target = self._history[self._time].to_list(), self._history[self._target].to_list()
        lines = [self._lines(name, ahead, levels) for name in names]
        panels = []
        for one in ids:
            if one not in past:
                raise ValueError(f"no series {one!r} in df")
            rows = sorted(past[one], key=lambda row: times[row])
            rows = rows[-(last or len(rows)) :]
            observed = Line(self._target, [times[row] for row in rows], [target[row] for row in rows])
            drawn = [of[one] for of in lines if one in of]
            panels.append(Panel(str(one), observed, drawn, marked=_outside(observed, drawn) if anomalies else []))
        return draw(panels)

    def _series(self, frame: Any) -> dict[Any, list[int]]:
        rows: dict[Any, list[int]] = {}
        for row, one in enumerate(frame[self._id].to_list()):
            rows.setdefault(one, []).append(row)
        return rows

    def _models(self, models: Iterable[str] | None) -> list[str]:
        if self._forecasts is None:
            return []
        columns = list(self._forecasts.columns)
        there = [name for name in columns if name not in (self._id, self._time, self._target, "cutoff") and "-lo-" not in name and "-hi-" not in name]
        chosen = there if models is None else list(models)
        for name in chosen:
            if name not in there:
                raise ValueError(f"no column {name!r} of forecasts; there are {', '.join(there)}")
        return chosen

    def _lines(self, name: str, rows: dict[Any, list[int]], levels: list[float]) -> dict[Any, Line]:
        """The forecasts of a model, by series."""
        bounds = {f"{level} %": (f"{name}-lo-{level}", f"{name}-hi-{level}") for level in levels}
        bounds = {label: pair for label, pair in bounds.items() if set(pair) <= set(self._forecasts.columns)}
        needed = {self._time, name, *(column for pair in bounds.values() for column in pair)}
        columns: dict[str, list[Any]] = {column: self._forecasts[column].to_list() for column in needed}

        def take(column: str, of: list[int]) -> list[Any]:
            return [columns[column][row] for row in of]

        return {
            one: Line(
                name, take(self._time, of), take(name, of),
                [(label, take(low, of), take(high, of)) for label, (low, high) in bounds.items()],
            )
            for one, of in rows.items()
        }  # fmt: skip


def _outside(observed: Line, lines: list[Line]) -> list[tuple[Any, float]]:
    """What was observed outside the widest interval of any model at its time."""
    seen = dict(zip(observed.times, observed.values))
    marked: dict[Any, float] = {}
    for line in lines:
        for _, low, high in line.bands[-1:]:
            for time, least, most in zip(line.times, low, high):
                if time in seen and not (least <= seen[time] <= most) and least == least:
                    marked[time] = seen[time]
    return sorted(marked.items())
