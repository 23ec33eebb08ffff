"""Options and columns of Python as the library takes them: text of its grammar, Arrow streams."""

from __future__ import annotations

import array
import datetime
import numbers
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Union, runtime_checkable

from . import _native

Option = Union[str, bool, int, float, datetime.date, Iterable[Any], None]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything with ``__arrow_c_stream__``: pandas, polars, pyarrow, a relation of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


def value(option: Any) -> str:
    """A value as text of the grammar."""
    if isinstance(option, str):
        return '"' + option.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(option, bool):
        return "true" if option else "false"
    if isinstance(option, numbers.Integral):
        return str(int(option))
    if isinstance(option, numbers.Real):
        return repr(float(option))
    if isinstance(option, datetime.date):
        return f'"{option.isoformat()}"'
    if isinstance(option, Iterable):
        return "[" + ", ".join(value(item) for item in option) + "]"
    raise TypeError(f"an option is text, a number, a date or a list of them, not {type(option).__name__}")


def text(options: Mapping[str, Any]) -> str:
    """``key=value`` text of the options that are not None."""
    return ", ".join(f"{name}={value(option)}" for name, option in options.items() if option is not None)


def _column(values: Any) -> Any:
    """A column for ``stream_of``: a buffer of numbers or a list of texts."""
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if kind == "M":  # days as days, anything finer to the second
        days = str(values.dtype).endswith("[D]")
        return (values if days else values.astype("datetime64[s]")).astype(str).tolist()
    if kind == "b":
        return values.astype("int8")
    if kind in ("O", "U", "S", "T"):
        values = values.tolist()
    if not isinstance(values, (list, tuple, range)):
        return values
    if values and isinstance(values[0], (str, datetime.date)):
        return [item.isoformat() if isinstance(item, datetime.date) else item for item in values]
    if values and all(isinstance(item, numbers.Integral) for item in values):
        return array.array("q", values)
    return array.array("d", (float("nan") if item is None else item for item in values))


class _Columns:
    """Columns of Python as an Arrow stream."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns = {str(name): _column(values) for name, values in columns.items()}

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _native.stream_of(tuple(self._columns), tuple(self._columns.values()))


def rows(data: Any, options: dict[str, Any]) -> ArrowStream:
    """Data as rows: a data frame as it is, a mapping by its columns, an array by its shape: one
    series, or one in each line of two dimensions. The roles of an array's columns join the options."""
    if isinstance(data, ArrowStream):
        return data
    if isinstance(data, Mapping):
        return _Columns(data)
    try:
        view = memoryview(data)
    except TypeError:
        raise TypeError(
            "data is an expression, an object with __arrow_c_stream__, a mapping of columns or an "
            f"array of numbers, not {type(data).__name__}"
        ) from None
    if view.ndim not in (1, 2) or not view.c_contiguous:
        raise ValueError(f"an array of {view.ndim} dimensions, expected one or two, contiguous")
    shape = view.shape or ()
    n_series, n_periods = (1, *shape) if view.ndim == 1 else shape
    flat = view if view.ndim == 1 else view.cast("B").cast(view.format)  # type: ignore[call-overload]
    columns: dict[str, Any] = {
        "series": array.array("q", (i for i in range(n_series) for _ in range(n_periods))),
        "period": array.array("q", range(n_periods)) * n_series,
        "y": flat,
    }
    options.update(keys=["series"], time="period", target="y", freq=options.get("freq") or "integer")
    return _Columns(columns)
