#!/usr/bin/env python3
"""Reconciled forecasts beside those of hierarchicalforecast, from the same base forecasts and the same
one-step forecasts of the history, and the error of each level.

usage: peers.py WSF DATA_FOLDER   (hierarchicalforecast in the interpreter's environment)

Prints a row for each data set and method: the largest difference between the two, over the largest
forecast of the level, and the WAPE by level. hierarchicalforecast centres the errors of MinT and adds a
ridge of 2e-8; wsf, like the package hts, does neither: beside its distance from that stands the one from
hts's formula in numpy."""
import csv
import inspect
import io
import subprocess
import sys

import numpy as np
from hierarchicalforecast.methods import BottomUp, MinTrace, TopDown

WSF, DATA = sys.argv[1:3]
HORIZON = 28


def wsf(*args):
    done = subprocess.run([WSF, *args], capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def by_series(rows, keys, column):
    out = {}
    for row in rows:
        out.setdefault(tuple(row[k] for k in keys), []).append(float(row[column] or "nan"))
    return out


def study(name, data, keys, target, until, base, horizon):
    train = f'{data} | until("{until}")' if until else data
    levels = "aggregate(levels=[[]," + ",".join(f"[{k}]" for k in keys) + "], missing=skip)"
    fit, test = f"{train} | {levels}", f"{data} | {levels}"
    subprocess.run([WSF, "fit", "--quiet", "--fitted", "--data", fit, "--model", base, "--save", "base.wsf"],
                   check=True)
    inside = wsf("describe", "--load", "base.wsf", "--what", "fitted", "--format", "csv")
    y = by_series(inside, keys, "target")
    fitted = by_series(inside, keys, "fitted")
    hat = by_series(wsf("predict", "--load", "base.wsf", "--horizon", str(horizon), "--format", "csv"),
                    keys, "forecast")
    actual = by_series(wsf("describe", "--data", test, "--what", "values", "--format", "csv"), keys, target)
    series = sorted(hat, key=lambda s: (sum(map(bool, s)), s))
    below = [s for s in series if all(s)]
    S = np.array([[float(all(not a or a == b for a, b in zip(s, t))) for t in below] for s in series])
    y_hat = np.array([hat[s] for s in series])
    length = min(len(y[s]) for s in series)
    y_in = np.array([y[s][-length:] for s in series])
    hat_in = np.array([fitted[s][-length:] for s in series])
    known = ~np.isnan(y_in - hat_in).any(axis=0)
    y_in, hat_in = y_in[:, known], hat_in[:, known]
    window = y_in.shape[1]
    error = y_in - hat_in
    methods = {
        "base": (None, None),
        "bottom_up": (BottomUp(), {}),
        "top_down, proportions=average_proportions": (TopDown("average_proportions"), {"y_insample": y_in}),
        "top_down, proportions=proportion_averages": (TopDown("proportion_averages"), {"y_insample": y_in}),
        "ols": (MinTrace("ols"), {}),
        "wls_struct": (MinTrace("wls_struct"), {}),
        f"wls_var, window={window}": (MinTrace("wls_var"), {"y_insample": y_in, "y_hat_insample": hat_in}),
        f"mint, window={window}": (MinTrace("mint_shrink"), {"y_insample": y_in, "y_hat_insample": hat_in}),
        "mint": (None, None),
        "mint, nonnegative=true": (None, None),
    }
    kinds = sorted({tuple(map(bool, s)) for s in series})
    print(f"\n{name}: {len(series)} series, {len(below)} below, {window} periods of errors, base {base}")
    for method, (peer, more) in methods.items():
        model = base if method == "base" else f"reconcile({base}, {method})"
        rows = wsf("forecast", "--quiet", "--data", fit, "--model", model, "--horizon", str(horizon),
                   "--format", "csv")
        got_by = by_series(rows, keys, "forecast")
        got = np.array([got_by[s] for s in series])
        apart = ""
        if peer is not None:
            first = len(series) - len(below)
            tags = {str(k): np.array([i for i, s in enumerate(series) if tuple(map(bool, s)) == k])
                    for k in kinds}
            given = {"S": S, "y_hat": y_hat, "idx_bottom": np.arange(first, len(series)), "tags": tags, **more}
            takes = inspect.signature(peer.fit_predict).parameters
            try:
                want = peer.fit_predict(**{k: v for k, v in given.items() if k in takes})["mean"]
                apart = f"{largest(got, want):.1e}"
            except ValueError:
                apart = "refused by the peer"
        if method.startswith("mint, window"):
            lam = shrinkage(error)
            cov = error @ error.T / window
            cov = lam * np.diag(np.diag(cov)) + (1 - lam) * cov
            inverse = np.linalg.inv(cov)
            mine = S @ np.linalg.solve(S.T @ inverse @ S, S.T @ inverse @ y_hat)
            apart += f" (hts {largest(got, mine):.1e})"
        wape = []
        for kind in kinds:
            rows_of = [i for i, s in enumerate(series) if tuple(map(bool, s)) == kind]
            a = np.array([actual[series[i]][-horizon:] for i in rows_of])
            wape.append(np.nansum(np.abs(got[rows_of] - a)) / np.nansum(np.abs(a)))
        print(f"  {method:45s} apart {apart:22s} WAPE " + " ".join(f"{w:.4f}" for w in wape))


def largest(got, want):
    return (np.abs(got - want).max(axis=1) / np.abs(got).max(axis=1)).max()


def shrinkage(error):
    n, periods = error.shape
    x = error / np.sqrt((error**2).mean(axis=1))[:, None]
    r = x @ x.T / periods
    v = ((x**2) @ (x**2).T - (x @ x.T) ** 2 / periods) / (periods * (periods - 1))
    off = ~np.eye(n, dtype=bool)
    return min(1.0, v[off].sum() / (r[off] ** 2).sum())


study("M5, 280 items", f'csv("{DATA}/m5/items_sales_wide.csv", layout=wide, keys=[item_id,store_id], '
      'start="2011-01-29", freq=day, target=units)', ["item_id", "store_id"], "units", "2016-04-24", "ets", HORIZON)
study("Walmart", f'walmart("{DATA}/walmart") | keep(min_obs=143)', ["Store", "Dept"], "Weekly_Sales", "2012-08-03", "snaive", 12)
