"""What a model adds to its trend: seasons, holidays and regressors, and what each is at given times."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

_DAY = 86400.0


@dataclass
class Term:
    """Columns of the package's matrix of features that bear one name: waves of a season, or one column."""

    name: str
    mode: str
    prior_scale: float
    group: str = ""
    """'holidays' and 'extra_regressors' have a sum of their own; seasons have none."""
    period: float = 0
    order: int = 0
    condition: str | None = None
    column: str = ""
    """of the frame, of holidays and regressors"""
    standardize: bool | str = False
    mu: float = 0
    std: float = 1
    beta: Any = field(default_factory=lambda: np.zeros(0))
    level: float = 0
    """taken off a season that was not observed all through, which counts from its mean"""

    @property
    def width(self) -> int:
        """Its numbers among the parameters."""
        return 2 * self.order if self.order else 1

    def value(self, frame: Any) -> Any:
        """What it adds: of scaled y, or as a share of the trend."""
        if not self.order:
            return (frame[self.column].to_numpy(dtype=float) - self.mu) / self.std * self.beta[0]
        effect = waves(days_of(frame["ds"]), self.period, self.order) @ self.beta - self.level
        return effect if self.condition is None else effect * frame[self.condition].to_numpy(dtype=float)


def seconds(ds: Any) -> Any:
    """Times in seconds since 1970."""
    return (ds - pd.Timestamp("1970-01-01")).dt.total_seconds().to_numpy()


def days_of(ds: Any) -> Any:
    """Times in days since 1970."""
    return seconds(ds) / _DAY


def waves(days: Any, period: float, order: int) -> Any:
    """Sines and cosines of a season by turns, a line for each time."""
    turn = 2 * math.pi * np.outer(days / period, np.arange(1, order + 1))
    return np.stack([np.sin(turn), np.cos(turn)], axis=2).reshape(len(days), 2 * order)


def turned(beta: Any, period: float, phase: float) -> Any:
    """Parameters of waves that are at 0 on the day `phase`, for waves that are so on day 0."""
    sine, cosine = beta[0::2], beta[1::2]
    turn = 2 * math.pi * phase / period * np.arange(1, len(sine) + 1)
    return np.stack([sine * np.cos(turn) + cosine * np.sin(turn), cosine * np.cos(turn) - sine * np.sin(turn)], axis=1).ravel()


def components(terms: list[Term], frame: Any, y_scale: float) -> dict[str, Any]:
    """Every component of a forecast by its name, and their sums by mode and kind."""
    out: dict[str, Any] = {}

    def add(name: str, value: Any) -> None:
        out[name] = out[name] + value if name in out else value

    for mode in ("additive", "multiplicative"):
        add(f"{mode}_terms", np.zeros(len(frame)))
    for term in terms:
        value = term.value(frame) * (y_scale if term.mode == "additive" else 1)
        add(term.name, value)
        add(f"{term.mode}_terms", value)
        if term.group == "holidays":
            add("holidays", value)
        elif term.group:
            add(f"{term.group}_{term.mode}", value)
    return out
