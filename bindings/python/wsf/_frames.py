"""Frames of pandas and polars: the same kind out as in."""

from __future__ import annotations

import importlib.util
from typing import Any

from . import _native
from ._table import Table


def is_polars(frame: Any) -> bool:
    """Whether a frame is of polars; TypeError if it is of neither library."""
    library = type(frame).__module__.partition(".")[0]
    if library not in ("pandas", "polars") or not hasattr(frame, "columns"):
        raise TypeError(f"expected a data frame of pandas or polars, not {type(frame).__name__}")
    return library == "polars"


def source(frame: Any, names: list[str]) -> Any:
    """These columns of a frame as data for ``Dataset``; the first is the series', whole numbers if it is of floats."""
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise ValueError(f"no column {missing[0]!r}; there are {', '.join(map(str, frame.columns))}")
    if is_polars(frame):
        part = frame.select(names)
        return part.cast({names[0]: int}) if part.schema[names[0]].is_float() else part
    if frame[names[0]].dtype.kind == "f":
        frame = frame.assign(**{names[0]: frame[names[0]].astype("int64")})
    if importlib.util.find_spec("pyarrow") is None:
        return {name: frame[name].to_numpy() for name in names}
    return frame[names].reset_index(drop=True)


def typed(table: Table, like: Any, names: dict[str, str]) -> Any:
    """Columns of a table, under new names, as a frame of the kind of ``like``; those that ``like`` has
    get its types, but text, which became times, stays times."""
    if is_polars(like):
        import polars

        part = table.to_polars().select(polars.col(old).alias(new) for old, new in names.items())
        casts = {name: like.schema[name] for name in part.columns if name in like.columns}
        stay = {name for name, kind in casts.items() if part.schema[name].is_temporal() and not kind.is_temporal()}
        words = [name for name, kind in casts.items() if kind in (polars.Categorical, polars.Enum)]
        return part.cast({name: polars.String for name in words}).cast({n: k for n, k in casts.items() if n not in stay})
    part = table.to_pandas()[list(names)].rename(columns=names)
    for name in part.columns:
        if name not in like.columns:
            continue
        kind = like[name].dtype
        if part[name].dtype.kind == "M":
            part[name] = _stamped(part[name], kind)
        else:
            part[name] = (part[name].astype(str) if _is_text(like[name]) else part[name]).astype(kind)
    return part


def _is_text(column: Any) -> bool:
    """Whether a column of pandas holds texts, which the library gives back as numbers where all are numbers."""
    values = list(column[:1] if not hasattr(column.dtype, "categories") else column.dtype.categories[:1])
    return bool(values) and isinstance(values[0], str)


def _stamped(times: Any, kind: Any) -> Any:
    """Times of pandas with a type; local ones get its zone, and a type that is none of times is left alone."""
    if getattr(kind, "tz", None) is not None:
        return times.dt.tz_localize(kind.tz).astype(kind)
    return times.astype(kind) if kind.kind == "M" else times


def extended(frame: Any, columns: dict[str, Any]) -> Any:
    """A frame with further columns."""
    if not is_polars(frame):
        return frame.assign(**columns)
    import polars

    return frame.with_columns(polars.Series(name, values) for name, values in columns.items())


def taken(frame: Any, rows: Any) -> Any:
    """These rows of a frame, by their places."""
    return frame[rows] if is_polars(frame) else frame.iloc[rows].reset_index(drop=True)


def sorted_by(frame: Any, names: list[str]) -> Any:
    """A frame in the order of these columns."""
    if is_polars(frame):
        return frame.sort(names)
    return frame.sort_values(names, kind="stable", ignore_index=True)


def numbers(table: Table, name: str) -> Any:
    """A column of numbers or times of a table as an array of numpy, times as ``datetime64``."""
    import numpy

    at = table.columns.index(name)
    values = numpy.asarray(memoryview(_native.column(table._handle, at)))
    unit = {"date": "datetime64[D]", "time": "datetime64[s]"}.get(table.types[at])
    return values if unit is None else values.astype(unit).astype("datetime64[s]")


def typed_times(times: Any, frame: Any, name: str) -> Any:
    """Times of numpy as a column of the type of this column of a frame."""
    if times.dtype.kind != "M":
        return times
    if is_polars(frame):
        import polars

        return polars.Series(times.astype("datetime64[us]")).cast(frame.schema[name])
    import pandas

    return _stamped(pandas.Series(times), frame[name].dtype)
