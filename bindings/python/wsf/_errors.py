"""Errors of the library as exceptions: what was found and what was expected, and where."""

from __future__ import annotations


class Error(Exception):
    """A call that failed. ``str`` says where and what; the attributes say it to programs.

    status: the name of the status, such as ``"E_DATA"``
    message: one sentence: what was found and what was expected
    field: column or option, or None
    file: file, or None
    series: 0-based series of the dataset, or None
    row: 1-based line of the file or row of the data, or None
    byte: 0-based byte of the expression or file, or None
    """

    status: str = "E_INTERNAL"
    message: str = ""
    field: str | None = None
    file: str | None = None
    series: int | None = None
    row: int | None = None
    byte: int | None = None


class ArgumentError(Error, ValueError):
    """An argument, an option or an expression is wrong (E_ARGUMENT, E_SYNTAX, E_NAME, E_VALUE)."""


class DataError(Error, ValueError):
    """The data does not have the form it was said to have (E_DATA)."""


class FormatError(Error, ValueError):
    """A model file is damaged, none, or of a newer version (E_FORMAT, E_VERSION)."""


class FileError(Error, OSError):
    """A file or source could not be opened, read or written (E_IO)."""


class FitError(Error):
    """No series could be fitted (E_FIT)."""


class UnsupportedError(Error):
    """This model or dataset cannot do what was asked (E_UNSUPPORTED)."""


class LimitError(Error):
    """A limit of the context or of the call was reached (E_LIMIT)."""


class Cancelled(Error):
    """The call was stopped by its progress function (E_CANCELLED)."""


class OutOfMemoryError(Error, MemoryError):
    """An allocation failed (E_MEMORY)."""


_CLASSES: dict[int, tuple[str, type[Error]]] = {
    1: ("E_MEMORY", OutOfMemoryError),
    2: ("E_ARGUMENT", ArgumentError),
    3: ("E_SYNTAX", ArgumentError),
    4: ("E_NAME", ArgumentError),
    5: ("E_VALUE", ArgumentError),
    6: ("E_IO", FileError),
    7: ("E_DATA", DataError),
    8: ("E_FORMAT", FormatError),
    9: ("E_VERSION", FormatError),
    10: ("E_CANCELLED", Cancelled),
    11: ("E_FIT", FitError),
    12: ("E_UNSUPPORTED", UnsupportedError),
    13: ("E_INTERNAL", Error),
    14: ("E_LIMIT", LimitError),
}


def failed(status: int, message: str, field: str, file: str, series: int, row: int, byte: int) -> Error:
    """The exception of a C error record; the extension calls it."""
    name, kind = _CLASSES.get(status, ("E_INTERNAL", Error))
    where = [file] if file else []
    where += [f"line {row}"] if row >= 0 else []
    where += [f"column {field}"] if field and row >= 0 else []
    where += [f"byte {byte}"] if byte >= 0 else []
    error = kind(f"{', '.join(where)}: {message}" if where else message)
    error.status = name
    error.message = message
    error.field = field or None
    error.file = file or None
    error.series = series if series >= 0 else None
    error.row = row if row >= 0 else None
    error.byte = byte if byte >= 0 else None
    return error
