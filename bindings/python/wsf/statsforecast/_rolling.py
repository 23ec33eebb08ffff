"""Cross-validation that fits now and then and updates in between: ``refit=False`` or a number.

A back-test of the library fits at every origin. Here the first window is fitted and each later one is the
forecaster of the window before with the observations up to its own cutoff: parameters stay, states move on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._api import Dataset, Forecaster
from .._frames import numbers
from .._table import Table


@dataclass(frozen=True)
class Windows:
    """Periods of each window, windows, periods between their cutoffs, windows from one fit to the next (0: never)."""

    h: int
    count: int
    step: int
    every: int


class Rolling:
    """The history cut at every cutoff of every series, by its own end.

    data: the whole history
    names: of the id, the time, the target and the regressors
    make: a dataset of columns, whose target is absent in those of the future
    """

    def __init__(self, data: Dataset, names: list[str], windows: Windows, make: Callable[[dict[str, Any]], Dataset]) -> None:
        import numpy

        self.table, self._windows, self._make = data.describe("values"), windows, make
        self._names = names
        ids = numpy.asarray(self.table.values(names[0]))
        self._columns = {names[0]: ids, **{name: numbers(self.table, name) for name in names[1:]}}
        ends = numpy.flatnonzero(numpy.append(ids[1:] != ids[:-1], True))
        length = numpy.diff(ends, prepend=-1)
        tested = windows.h + windows.step * (windows.count - 1)
        if (length <= tested).any():
            short = int((length <= tested).sum())
            raise ValueError(f"{short} series are too short for {windows.count} windows of {windows.h} periods with a history before")
        after = numpy.repeat(ends, length) - numpy.arange(len(ids))  # periods of the series after this one
        left = [tested - window * windows.step for window in range(windows.count)]
        self._past = [after >= n for n in left]
        self._future = [(after < n) & (after >= n - windows.h) for n in left]
        cutoffs = [numpy.repeat(numpy.flatnonzero(after == n), windows.h) for n in left]
        self.rows = numpy.concatenate([numpy.flatnonzero(future) for future in self._future])
        self.cutoffs = self._columns[names[1]][numpy.concatenate(cutoffs)]

    def forecasts(self, fit: Callable[[Dataset], Forecaster], **options: Any) -> list[Table]:
        """A table for each window: h rows for each series, in the order of ``rows``."""
        tables = []
        made: Forecaster | None = None
        target = self._names[2]
        for window, (past, future) in enumerate(zip(self._past, self._future)):
            data = self._make({name: column[past] for name, column in self._columns.items()})
            again = self._windows.every > 0 and window % self._windows.every == 0
            made = fit(data) if made is None or again else made.update(data)
            ahead = None
            if len(self._names) > 3:
                ahead = self._make({name: column[future] for name, column in self._columns.items() if name != target})
            tables.append(made.predict(self._windows.h, ahead=ahead, **options))
        return tables
