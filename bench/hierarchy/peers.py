#!/usr/bin/env python3
"""`reconcile` beside hierarchicalforecast: the same base forecasts, the same one-step forecasts of the
history, every method, in one run.

usage: peers.py WSF DATA_FOLDER [--only WORD]   (hierarchicalforecast in the interpreter's environment)

Prints a Markdown table for each data set. `apart` is the largest difference between the two over the
largest base forecast of its series; CPU seconds and MiB are what a method takes more than the forecasts inside
it: of the command line, which fits, reads and writes, less the same without `reconcile`; of the peer its
call alone, with everything in memory. Last the WAPE of the held-out periods by level.

The peer centres the errors of MinT and adds a ridge of 2e-8; wsf, like the package hts, does neither:
`hts` is the distance of `mint` from that package's formula in numpy. For the nearest forecasts without a
negative one the peer's solver ends within a tolerance: `farther` is how much farther its answer lies from the
base forecasts at the worst step. Of MinT it joins the full covariance to that step, wsf takes the variances."""
import argparse
import csv
import inspect
import io
import multiprocessing
import os
import resource
import subprocess
import tempfile


def run(command, path):
    """CPU seconds and MiB at most of a command whose output goes to a file."""
    with open(path, "w") as file, subprocess.Popen(command, stdout=file) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


# The peak of a process counts what it was before it became the command: so it is begun by a small one.
small = multiprocessing.get_context("fork").Pool(1)

import numpy as np  # noqa: E402
from hierarchicalforecast.methods import BottomUp, MiddleOut, MinTrace, TopDown  # noqa: E402
from record import record  # noqa: E402

MOST = 400      # periods of errors
LARGEST = 1000  # series below, for the peer's quadratic programs
CHANCE = 0.01   # CPU seconds by which two runs of one command differ


def wsf(*args):
    """Rows that it prints, CPU seconds, MiB at most."""
    with tempfile.NamedTemporaryFile("r") as file:
        command = [options.wsf, *args, "--quiet", "--format", "csv"]
        failed, seconds, mib = small.apply(run, (command, file.name))
        if failed:
            raise SystemExit(f"peers.py: {' '.join(command)}: {failed}")
        return list(csv.DictReader(io.StringIO(file.read()))), seconds, mib


def by_series(rows, keys, column):
    out = {}
    for row in rows:
        out.setdefault(tuple(row[k] for k in keys), []).append(float(row[column] or "nan"))
    return out


def alone(peer, given):
    """What the peer makes in a process of its own: forecasts, CPU seconds, MiB more than before."""
    takes = inspect.signature(peer.fit_predict).parameters
    given = {k: v for k, v in given.items() if k in takes}
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        before = resource.getrusage(resource.RUSAGE_SELF)
        try:
            mean = peer.fit_predict(**given)["mean"]
        except Exception as refused:  # its word stands in the table
            mean = np.array([str(refused)])
        after = resource.getrusage(resource.RUSAGE_SELF)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        with os.fdopen(write, "wb") as pipe:
            np.savez(pipe, mean=mean, cost=[seconds, (after.ru_maxrss - before.ru_maxrss) / 1024])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found = np.load(io.BytesIO(pipe.read()))
    os.waitpid(child, 0)
    return found["mean"], *found["cost"]


def largest(got, want, y_hat):
    return (np.abs(got - want).max(axis=1) / np.abs(y_hat).max(axis=1)).max()


def shrinkage(error):
    n, periods = error.shape
    x = error / np.sqrt((error**2).mean(axis=1))[:, None]
    r = x @ x.T / periods
    v = ((x**2) @ (x**2).T - (x @ x.T) ** 2 / periods) / (periods * (periods - 1))
    off = ~np.eye(n, dtype=bool)
    return min(1.0, v[off].sum() / (r[off] ** 2).sum())


def distance(y_hat, y, variance):
    """Of every step, in the metric of the variances."""
    return ((y_hat - y) ** 2 / variance[:, None]).sum(axis=0)


def of_hts(S, y_hat, error):
    lam = shrinkage(error)
    cov = error @ error.T / error.shape[1]
    inverse = np.linalg.inv(lam * np.diag(np.diag(cov)) + (1 - lam) * cov)
    return S @ np.linalg.solve(S.T @ inverse @ S, S.T @ inverse @ y_hat)


def study(name, data, keys, levels, target, until, base, horizon):
    text = ",".join(f"[{','.join(level)}]" for level in levels)
    fit = f'{data} | until("{until}") | aggregate(levels=[{text}], missing=skip)'
    subprocess.run([options.wsf, "fit", "--quiet", "--fitted", "--data", fit, "--model", base, "--save", "base.wsf"],
                   check=True)
    inside, _, _ = wsf("describe", "--load", "base.wsf", "--what", "fitted")
    y, fitted = by_series(inside, keys, "target"), by_series(inside, keys, "fitted")
    hat = by_series(wsf("predict", "--load", "base.wsf", "--horizon", str(horizon), "--negative")[0], keys,
                    "forecast")
    os.remove("base.wsf")
    whole = f"{data} | aggregate(levels=[{text}], missing=skip)"
    actual = by_series(wsf("describe", "--data", whole, "--what", "values")[0], keys, target)
    kind_of = lambda s: tuple(k for k, v in zip(keys, s) if v)
    kinds = sorted({kind_of(s) for s in hat}, key=lambda k: (len(k), k))
    series = sorted(hat, key=lambda s: (len(kind_of(s)), kind_of(s), s))
    below = [s for s in series if len(kind_of(s)) == len(keys)]
    S = np.array([[float(all(not a or a == b for a, b in zip(s, t))) for t in below] for s in series])
    length = min(len(y[s]) for s in series)
    y_in = np.array([y[s][-length:] for s in series])
    hat_in = np.array([fitted[s][-length:] for s in series])
    known = np.flatnonzero(~np.isnan(y_in - hat_in).any(axis=0))[-MOST:]
    window = len(known)
    error = (y_in - hat_in)[:, known]
    y_hat = np.array([hat[s] for s in series])
    given = {"S": S, "y_hat": y_hat,
             "idx_bottom": np.arange(len(series) - len(below), len(series)),
             "tags": {"/".join(k) or "total": np.array([i for i, s in enumerate(series) if kind_of(s) == k])
                      for k in kinds}}
    nests = all(set(a) <= set(b) for a, b in zip(levels, levels[1:]))
    methods = [(base, None), ("bottom_up", BottomUp())]
    for shares in ("average_proportions", "proportion_averages", "forecast_proportions"):
        if nests or shares != "forecast_proportions":
            methods.append((f"top_down, proportions={shares}", TopDown(shares)))
            if nests:
                level = ",".join(levels[1])
                methods.append((f"middle_out, level=[{level}], proportions={shares}",
                                MiddleOut("/".join(levels[1]), shares)))
    methods += [("ols", MinTrace("ols")), ("wls_struct", MinTrace("wls_struct")),
                (f"wls_var, window={window}", MinTrace("wls_var")),
                (f"mint, window={window}", MinTrace("mint_shrink")), ("mint", None)]
    if len(below) <= LARGEST:
        methods += [(f"{m}, nonnegative=true", MinTrace(p, nonnegative=True))
                    for m, p in (("ols", "ols"), ("wls_struct", "wls_struct"),
                                 (f"wls_var, window={window}", "wls_var"), (f"mint, window={window}", "mint_shrink"))]
    print(f"\n{name}: {len(series)} series, {len(below)} below, base {base}, {horizon} ahead, the errors of {window} periods\n")
    print("| method | apart | CPU s | peer | MiB | peer | " + " | ".join("WAPE " + ("/".join(k) or "total") for k in kinds) +
          " |\n|---|--:|--:|--:|--:|--:|" + "--:|" * len(kinds))
    without = (0.0, 0.0)
    for method, peer in methods:
        model = base if method == base else f"reconcile({base}, {method})"
        rows, cpu, memory = wsf("forecast", "--data", fit, "--model", model, "--horizon", str(horizon), "--negative")
        if method == base:
            without = (cpu, memory)
        found = by_series(rows, keys, "forecast")
        got = np.array([found[s] for s in series])
        apart = seconds = mib = ""
        if peer:
            at = slice(None) if isinstance(peer, (TopDown, MiddleOut)) else known
            past = {"y_insample": y_in[:, at], "y_hat_insample": hat_in[:, at]}
            want, seconds, mib = alone(peer, given | past)
            apart = f"{largest(got, want, y_hat):.0e}" if want.ndim == 2 else "refused"
            spent, seconds, mib = seconds, f"{seconds:.2f}", f"{mib:.0f}"
        if method.startswith("mint, window") and "nonnegative" not in method:
            apart += f", hts {largest(got, of_hts(S, y_hat, error), y_hat):.0e}"
        if peer and "nonnegative" in method and "mint" not in method:
            variance = {"ols": np.ones(len(series)), "wls_struct": S.sum(axis=1)}.get(
                method.split(",")[0], (error**2).mean(axis=1))
            farther = (distance(y_hat, want, variance) / distance(y_hat, got, variance)).max() - 1
            apart += f", peer {farther:+.0e} farther"
        if peer and want.ndim == 2 and spent > CHANCE:
            record(f"{name}, `{method}`", "CPU s", [max(cpu - without[0], CHANCE)], "hierarchicalforecast", [spent])
        wape = []
        for kind in kinds:
            at = [i for i, s in enumerate(series) if kind_of(s) == kind]
            a = np.array([actual[series[i]][-horizon:] for i in at])
            wape.append(f"{np.nansum(np.abs(got[at] - a)) / np.nansum(np.abs(a)):.4f}")
        print(f"| `{method}` | {apart} | {cpu - without[0]:.2f} | {seconds} | {max(memory - without[1], 0):.0f} | {mib} | " +
              " | ".join(wape) + " |", flush=True)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("wsf")
parser.add_argument("data")
parser.add_argument("--only", help="a word of the name of the data set")
options = parser.parse_args()
STUDIES = [
    ("M5 items by store and item", f'csv("{options.data}/m5/items_sales_wide.csv", layout=wide, keys=[item_id,store_id], '
     'start="2011-01-29", freq=day, target=units)', ["item_id", "store_id"], [[], ["item_id"], ["store_id"]], "units",
     "2016-04-24", "theta", 28),
    ("M5 departments in stores", f'csv("{options.data}/m5/sales.csv", keys=[store_id,dept_id], time=date, target=units, '
     'freq=day)', ["store_id", "dept_id"], [[], ["store_id"]], "units", "2016-04-24", "theta", 28),
    ("Walmart", f'walmart("{options.data}/walmart") | keep(min_obs=143)', ["Store", "Dept"], [[], ["Store"]],
     "Weekly_Sales", "2012-08-03", "theta", 12),
]
for one in STUDIES:
    if not options.only or options.only.lower() in one[0].lower():
        study(*one)
