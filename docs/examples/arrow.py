#!/usr/bin/env python3
"""Parquet, DuckDB, pyarrow and libwsf without a copy in between: rows go in and forecasts come out as
Arrow streams (docs/data.md#parquet-and-everything-else-through-arrow).
usage: arrow.py LIBRARY      a shared build of libwsf, such as build/release/libwsf.so"""
import ctypes
import datetime
import os
import sys
import tempfile

import duckdb
import pyarrow
import pyarrow.parquet

lib = ctypes.CDLL(sys.argv[1])
HANDLE = ctypes.c_void_p


class Error(ctypes.Structure):  # wsf_error, wsf/status.h
    _fields_ = [("status", ctypes.c_int32), ("reserved", ctypes.c_int32), ("series", ctypes.c_int64),
                ("row", ctypes.c_int64), ("byte", ctypes.c_int64), ("field", ctypes.c_char * 64),
                ("file", ctypes.c_char * 256), ("message", ctypes.c_char * 512)]


class Stream(ctypes.Structure):  # ArrowArrayStream, wsf/arrow.h
    _fields_ = [(name, HANDLE) for name in ("get_schema", "get_next", "get_last_error", "release", "private")]


def call(name, *arguments):
    """A function that fails with a wsf_error, as a Python exception."""
    error = Error()
    if getattr(lib, name)(*arguments, ctypes.byref(error)) != 0:
        raise ValueError(error.message.decode())


def make(name, *arguments):
    """The handle that a function makes."""
    out = HANDLE()
    call(name, ctypes.byref(out), *arguments)
    return out


def dataset(context, rows, options):
    """Of anything that gives an Arrow stream: a query of DuckDB, a table of pyarrow, polars or pandas."""
    capsule = rows.__arrow_c_stream__()
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = HANDLE, [ctypes.py_object, ctypes.c_char_p]
    stream = HANDLE(pointer(capsule, b"arrow_array_stream"))
    return make("wsf_dataset_from_arrow", context, stream, options.encode())


def arrow(table):
    """A table of libwsf, which it owns, as one of pyarrow."""
    stream = Stream()
    call("wsf_table_export_stream", table, ctypes.byref(stream))
    lib.wsf_table_release(table)
    return pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(stream)).read_all()


for noun in ("context", "dataset", "model", "forecaster", "table"):
    getattr(lib, f"wsf_{noun}_release").argtypes = [HANDLE]

# A Parquet file as a shop may have one: names in a dictionary, money as decimals, a column too many.
days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in range(56)]
sales = pyarrow.table({
    "store": pyarrow.array(["Köln"] * 56 + ["Ulm"] * 56).dictionary_encode(),
    "day": pyarrow.array(days * 2, pyarrow.date32()),
    "revenue": pyarrow.array([f"{100 + 10 * d.weekday()}.25" for d in days] * 2).cast(pyarrow.decimal128(12, 2)),
    "promo": pyarrow.array([d.day == 5 for d in days] * 2),
    "opened": pyarrow.array([datetime.time(8)] * 112, pyarrow.time32("s")),
})
folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, "sales.parquet")
pyarrow.parquet.write_table(sales, path)

context = make("wsf_context_create", b"threads=2", None, None)
options = "keys=[store], time=day, target=revenue, columns=[promo], freq=day"
model = make("wsf_model_parse", context, b"snaive")
forecasts = []
batches = pyarrow.parquet.ParquetFile(path).iter_batches(batch_size=40)
for rows in (pyarrow.RecordBatchReader.from_batches(sales.schema, batches),
             duckdb.sql(f"from '{path}' order by random()")):
    data = dataset(context, rows, options)
    fitted = make("wsf_fit", model, data, None)
    forecasts.append(arrow(make("wsf_predict", fitted, None, b"horizon=7")))
    lib.wsf_forecaster_release(fitted)
    lib.wsf_dataset_release(data)

# What DuckDB does with forecasts, once it sees them as a table.
forecast = forecasts[0]
total = duckdb.sql("select store, sum(forecast) as week from forecast group by store order by store")
print(total.fetchall())
assert forecast.equals(forecasts[1])
assert total.fetchall() == [("Köln", 7 * 130.25), ("Ulm", 7 * 130.25)]
assert forecast.column("day")[0].as_py() == datetime.date(2024, 2, 26)

lib.wsf_model_release(model)
lib.wsf_context_release(context)
