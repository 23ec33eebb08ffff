#!/usr/bin/env python3
"""Error and coverage of each level of a hierarchy, before and after its forecasts are made to agree.

usage: levels.py WSF DATA_FOLDER [--base MODEL] [--only NAME]

Prints a Markdown table for each data set: a row for each level, in columns the WAPE and the share of
held-out values inside the 80 % and the 95 % interval, with its standard error clustered by series, of the
model, of `reconcile` around it by each method, and of `empirical` around that. Sums of weeks or days share
what happens to all: the highest levels are few series, and their figures say little."""
import argparse
import csv
import io
import math
import subprocess


def wsf(*args):
    done = subprocess.run([options.wsf, *args, "--quiet", "--format", "csv"], capture_output=True, text=True, check=True)
    return csv.DictReader(io.StringIO(done.stdout))


def measure(data, keys, model, horizon):
    """By level: series' absolute errors, sums and hits of both intervals."""
    levels = {}
    for row in wsf("backtest", "--data", data, "--model", model, "--horizon", str(horizon), "--metrics", "wape",
                   "--levels", "80,95", "--what", "forecasts"):
        if not row["actual"]:
            continue
        y = float(row["actual"])
        name = " x ".join(k for k in keys if row[k]) or "total"
        one = levels.setdefault(name, {}).setdefault(tuple(row[k] for k in keys), [0, 0, 0, 0, 0])
        one[0] += abs(y - float(row["forecast"]))
        one[1] += abs(y)
        one[2] += 1
        for k, percent in enumerate(("80", "95")):
            one[3 + k] += float(row["lo-" + percent]) <= y <= float(row["hi-" + percent])
    return levels


def share(series, k):
    """In per cent, and its standard error (Cameron and Miller 2015, section II)."""
    total = sum(s[2] for s in series)
    p = sum(s[3 + k] for s in series) / total
    spread = sum((s[3 + k] - p * s[2]) ** 2 for s in series)
    n = len(series)
    error = math.sqrt(spread * n / (n - 1)) / total if n > 1 else float("nan")
    return f"{100 * p:.1f}" + (f"±{100 * error:.1f}" if n > 1 else "")


def study(name, data, keys, base, horizon):
    rule = "[]," + ",".join(f"[{k}]" for k in keys)
    data = f"{data} | aggregate(levels=[{rule}], missing=skip)"
    models = [base, f"reconcile({base}, bottom_up)", f"reconcile({base}, wls_struct)", f"reconcile({base})",
              f"empirical(reconcile({base}))"]
    found = [measure(data, keys, model, horizon) for model in models]
    print(f"\n| {name}, WAPE, 80 %, 95 % | " + " | ".join(f"`{m}`" for m in models) + " |")
    print("|---|" + "--:|" * len(models))
    for level in sorted(found[0], key=lambda k: len(found[0][k])):
        cells = []
        for one in found:
            series = list(one[level].values())
            wape = sum(s[0] for s in series) / sum(s[1] for s in series)
            cells.append(f"{wape:.4f} {share(series, 0)} {share(series, 1)}")
        print(f"| {level} ({len(found[0][level])}) | " + " | ".join(cells) + " |", flush=True)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("wsf")
parser.add_argument("data")
parser.add_argument("--base", default="fallback(stl(ets), ets)")
parser.add_argument("--only")
options = parser.parse_args()
STUDIES = {
    "Walmart": (f'walmart("{options.data}/walmart") | keep(min_obs=143)', ["Store", "Dept"], 13),
    "M5": (f'csv("{options.data}/m5/sales.csv", keys=[store_id,dept_id], time=date, target=units, freq=day)',
           ["store_id", "dept_id"], 28),
    "M5 items": (f'csv("{options.data}/m5/items_sales_wide.csv", layout=wide, keys=[item_id,store_id], '
                 'start="2011-01-29", freq=day, target=units)', ["item_id", "store_id"], 28),
}
for title, (text, names, ahead) in STUDIES.items():
    if options.only in (None, title):
        study(title, text, names, options.base, ahead)
