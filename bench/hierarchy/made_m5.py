#!/usr/bin/env python3
"""A made-up M5: 30,490 series in 10 stores of 3 states and 3,049 items of 7 departments and 3 categories,
at the competition's 12 levels 42,840 series; time and memory of making their forecasts agree, beside
hierarchicalforecast on the same base forecasts in the same run.

usage: made_m5.py WSF [DAYS]   (hierarchicalforecast in the interpreter's environment)

`more` is what a forecast of 28 days takes beyond that of the model inside, the wall time of fit and
predict by the command line together; the peer's is that of its call alone, with the base forecasts and
its sparse summing matrix in memory."""
import csv
import inspect
import os
import sys
import time

import numpy as np
from scipy import sparse

WSF = sys.argv[1]
DAYS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
KEYS = ["state_id", "store_id", "cat_id", "dept_id", "item_id"]
LEVELS = [[], ["state_id"], ["state_id", "store_id"], ["cat_id"], ["cat_id", "dept_id"], ["state_id", "cat_id"],
          ["state_id", "cat_id", "dept_id"], ["state_id", "store_id", "cat_id"],
          ["state_id", "store_id", "cat_id", "dept_id"], ["cat_id", "dept_id", "item_id"],
          ["state_id", "cat_id", "dept_id", "item_id"]]
STATES = [4, 3, 3]
DEPTS = [216, 200, 398, 149, 532, 1047, 507]  # items in each, as far as 3,049 go
CATEGORY = [2, 2, 0, 0, 1, 1, 1]


def make(path):
    rng = np.random.default_rng(1)
    week = 1 + 0.3 * np.sin(2 * np.pi * np.arange(DAYS) / 7)
    shared = np.exp(np.cumsum(rng.normal(0, 0.01, DAYS)))
    with open(path, "w") as f:
        f.write(",".join(KEYS + [f"d_{d + 1}" for d in range(DAYS)]) + "\n")
        store = 0
        for state, stores in enumerate(STATES):
            for _ in range(stores):
                item = 0
                for dept, items in enumerate(DEPTS):
                    for _ in range(items):
                        rate = rng.gamma(0.8, 1.6) * week * shared
                        row = rng.poisson(rate)
                        f.write(f"S{state},T{store},C{CATEGORY[dept]},D{dept},I{item}," +
                                ",".join(map(str, row)) + "\n")
                        item += 1
                store += 1
        assert item * store == 30490, item


def run(*args):
    start = time.perf_counter()
    child = os.spawnv(os.P_NOWAIT, WSF, [WSF, *args])
    _, status, usage = os.wait4(child, 0)
    assert status == 0, args
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def measure(data, model):
    fit, at_fit = run("fit", "--quiet", "--data", data, "--model", model, "--save", "m5.wsf")
    size = os.path.getsize("m5.wsf") / 1e6
    predict, at_predict = run("predict", "--quiet", "--load", "m5.wsf", "--horizon", "28", "--levels", "80",
                              "--format", "csv", "--out", "m5.csv")
    return fit, predict, max(at_fit, at_predict), size


def forecasts():
    out = {}
    with open("m5.csv") as f:
        for row in csv.DictReader(f):
            out.setdefault(tuple(row[k] for k in KEYS), []).append(float(row["forecast"]))
    return out


make("made_m5.csv")
data = (f'csv("made_m5.csv", layout=wide, keys=[{",".join(KEYS)}], target=units, start="2016-01-01", freq=day)'
        f' | aggregate(levels=[{",".join("[" + ",".join(l) + "]" for l in LEVELS)}])')
base = "tsb"
fit0, predict0, memory0, size0 = measure(data, base)
hat = forecasts()
print(f"{len(hat)} series of {DAYS} days; {base} alone: fit {fit0:.1f} s, predict {predict0:.1f} s, "
      f"{memory0:.0f} MiB, file {size0:.1f} MB")
got = {}
for method in ["bottom_up", "ols", "wls_struct", "wls_var", "mint", "wls_struct, nonnegative=true",
               "middle_out, level=[state_id,store_id], proportions=average_proportions"]:
    fit, predict, memory, size = measure(data, f"reconcile({base}, {method})")
    got[method] = forecasts()
    print(f"  {method:72s} more {fit - fit0 + predict - predict0:6.1f} s (fit {fit - fit0:5.1f}, predict "
          f"{predict - predict0:5.1f}), {memory:.0f} MiB, file {size:.0f} MB", flush=True)

from hierarchicalforecast.methods import BottomUpSparse, MinTraceSparse  # noqa: E402

series = sorted(hat, key=lambda s: (sum(map(bool, s)), s))
below = [s for s in series if all(s)]
rows = {s: i for i, s in enumerate(series)}
at, to = [], []
for j, s in enumerate(below):
    for level in LEVELS + [KEYS]:
        at.append(rows[tuple(v if k in level else "" for k, v in zip(KEYS, s))])
        to.append(j)
S = sparse.csr_matrix((np.ones(len(at)), (at, to)), shape=(len(series), len(below)))
y_hat = np.array([hat[s] for s in series])
for name, peer, own in [("bottom_up", BottomUpSparse(), "bottom_up"),
                        ("wls_struct", MinTraceSparse("wls_struct"), "wls_struct"),
                        ("ols", MinTraceSparse("ols"), "ols")]:
    start = time.perf_counter()
    takes = inspect.signature(peer.fit_predict).parameters
    more = {"idx_bottom": np.arange(len(series) - len(below), len(series))} if "idx_bottom" in takes else {}
    want = peer.fit_predict(S=S, y_hat=y_hat, **more)["mean"]
    seconds = time.perf_counter() - start
    mine = np.array([got[own][s] for s in series])
    gap = (np.abs(mine - want).max(axis=1) / (1e-9 + np.abs(mine).max(axis=1))).max()
    print(f"  hierarchicalforecast {name:20s} {seconds:6.1f} s; apart {gap:.1e}", flush=True)
