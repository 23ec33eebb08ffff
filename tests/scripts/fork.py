#!/usr/bin/env python3
"""fork() as Python does it: a pool of multiprocessing's forked workers uses, fits with and releases
what the parent made, while a thread of the parent goes on fitting. usage: fork.py LIBRARY"""
import ctypes
import multiprocessing
import sys
import threading

lib = ctypes.CDLL(sys.argv[1])
P = ctypes.c_void_p
lib.wsf_context_create.argtypes = [P, ctypes.c_char_p, P, P, P]
lib.wsf_dataset_open.argtypes = [P, P, ctypes.c_char_p, P]
lib.wsf_model_parse.argtypes = [P, P, ctypes.c_char_p, P]
lib.wsf_fit.argtypes = [P, P, P, ctypes.c_char_p, P]
lib.wsf_predict.argtypes = [P, P, P, ctypes.c_char_p, P]
lib.wsf_table_find.argtypes = [P, ctypes.c_char_p]
lib.wsf_table_f64.argtypes = [P, ctypes.c_int32]
lib.wsf_table_f64.restype = ctypes.POINTER(ctypes.c_double)
for name in ("context", "dataset", "model", "forecaster", "table"):
    getattr(lib, f"wsf_{name}_release").argtypes = [P]


def make(call, *arguments):
    out = P()
    status = call(ctypes.byref(out), *arguments, None)
    if status != 0:
        raise RuntimeError(f"status {status}")
    return out


ctx = make(lib.wsf_context_create, b"threads=4", None, None)
data = make(lib.wsf_dataset_open, ctx, b"simulate(stores=4, depts=10, weeks=60)")
model = make(lib.wsf_model_parse, ctx, b"mean(drift, tslm(season=1))")


def work(_=None):
    fitted = make(lib.wsf_fit, model, data, None)
    table = make(lib.wsf_predict, fitted, None, b"horizon=3")
    first = lib.wsf_table_f64(table, lib.wsf_table_find(table, b"forecast"))[0]
    lib.wsf_table_release(table)
    lib.wsf_forecaster_release(fitted)
    return first


def leave():
    lib.wsf_model_release(model)
    lib.wsf_dataset_release(data)
    lib.wsf_context_release(ctx)


def child(_):
    first = [work() for _ in range(3)]
    leave()
    return first


expected = work()  # the parent's workers exist from here on
stop = threading.Event()


def busy():
    while not stop.is_set():
        assert work() == expected


thread = threading.Thread(target=busy)
thread.start()
with multiprocessing.get_context("fork").Pool(4, maxtasksperchild=1) as pool:
    answers = pool.map_async(child, range(8), chunksize=1).get(timeout=120)
stop.set()
thread.join()
assert work() == expected
assert all(first == expected for answer in answers for first in answer), answers
leave()
print("8 forked workers and their parent went on")
