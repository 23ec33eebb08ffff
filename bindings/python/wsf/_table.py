"""Results: tables that offer their columns to every data frame library, without a copy."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_EPOCH = datetime.date(1970, 1, 1)
_START = datetime.datetime(1970, 1, 1)
_SHOWN = 10


class Frame:
    """What offers ``__arrow_c_stream__``, as a frame of pandas, polars or pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        raise NotImplementedError

    def to_arrow(self) -> pyarrow.Table:
        """A table of pyarrow, without a copy."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """A data frame of polars."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of pandas."""
        return self.to_arrow().to_pandas()


class Table(Frame):
    """An immutable table of named, typed columns: i64, f64, f32, text, date, time.

    ``t["forecast"]`` is a column: numbers as a memoryview over the table's own memory
    (``numpy.asarray`` copies nothing; null is NaN, or 0 in whole numbers), all else as a list with
    None for null. ``len(t)`` counts rows, ``t.columns`` names columns, iterating gives rows.
    """

    __slots__ = ("_handle", "_rows", "columns", "types")

    columns: tuple[str, ...]
    types: tuple[str, ...]

    def __init__(self, handle: object) -> None:
        self._handle = handle
        self._rows, self.columns, self.types = _native.shape(handle)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _native.stream(self._handle)

    def __len__(self) -> int:
        return self._rows

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._rows, len(self.columns)

    def _find(self, name: str) -> int:
        try:
            return self.columns.index(name)
        except ValueError:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.columns)}") from None

    def __getitem__(self, name: str) -> Any:
        at = self._find(name)
        if self.types[at] in ("f64", "f32", "i64"):
            return memoryview(_native.column(self._handle, at))
        return self.values(name)

    def values(self, name: str) -> list[Any]:
        """The cells of a column as Python's own: int, float, str, date, datetime; None for null."""
        at = self._find(name)
        cells = _native.cells(self._handle, at)
        if self.types[at] == "date":
            return [None if c is None else _EPOCH + datetime.timedelta(days=c) for c in cells]
        if self.types[at] == "time":
            return [None if c is None else _START + datetime.timedelta(seconds=c) for c in cells]
        return cells

    def to_dict(self) -> dict[str, list[Any]]:
        """Every column as a list."""
        return {name: self.values(name) for name in self.columns}

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return zip(*(self.values(name) for name in self.columns))

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of pandas; needs no pyarrow. Whole numbers with nulls become Int64."""
        import numpy
        import pandas

        columns: dict[str, Any] = {}
        for at, (name, kind) in enumerate(zip(self.columns, self.types)):
            if kind == "text":
                columns[name] = _native.cells(self._handle, at)
                continue
            numbers = numpy.asarray(memoryview(_native.column(self._handle, at)))
            if kind in ("f64", "f32"):
                columns[name] = numbers
                continue
            null = numpy.array([c is None for c in _native.cells(self._handle, at)], dtype=bool)
            if kind == "i64":
                columns[name] = pandas.array(numbers, dtype="Int64") if null.any() else numbers
                if null.any():
                    columns[name][null] = pandas.NA
                continue
            moments = numbers.astype("datetime64[D]" if kind == "date" else "datetime64[s]").astype("datetime64[s]")
            moments[null] = numpy.datetime64("NaT")
            columns[name] = moments
        return pandas.DataFrame(columns)

    def _shown(self) -> list[tuple[str, ...]]:
        lists = [self.values(name)[:_SHOWN] for name in self.columns]
        return [tuple("" if c is None else f"{c:g}" if isinstance(c, float) else str(c) for c in row) for row in zip(*lists)]

    def _rest(self) -> str:
        return f"{self._rows} rows, {len(self.columns)} columns"

    def __repr__(self) -> str:
        lines = [self.columns, *self._shown()]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        body = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths)) for line in lines]
        return "\n".join([*body, f"({self._rest()})"])

    def _repr_html_(self) -> str:
        import html  # here, for a short import of the package

        def line(tag: str, cells: tuple[str, ...]) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "".join(line("td", row) for row in self._shown())
        return f"<table><thead>{line('th', self.columns)}</thead><tbody>{body}</tbody></table><p>{self._rest()}</p>"
