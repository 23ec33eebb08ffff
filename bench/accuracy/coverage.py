#!/usr/bin/env python3
"""Coverage of the 80 % and 95 % intervals of every model and wrapper, on real and simulated series.

    coverage.py WSF [--data DIR] [--series N] [--only MODEL] [--threads N]

Prints one Markdown table: a row for each expression, a column for each kind of data; a cell holds the
share of held-out values inside the 80 % and the 95 % interval, with its standard error clustered by
series (values of one series are not independent: Cameron and Miller 2015, section II), in per cent.
Bold: further than 3 points and than two standard errors from what it should be. Below the table stand
the bold cells, one a line. DIR holds the folders m3, walmart and m5; default WSF_DATA, else
../shared/data beside the project.

    M3          N series each of yearly, quarterly and monthly, competition's horizons, test part
    Walmart     weeks, series with all 143, the last 13 held out: two and a half cycles
    M5          days of a department in a store, the last 400 days, the last 28 held out
    M5 items    the same of single articles, mostly zeros
    the rest    simulated (KINDS below): 72 months, 12 held out; `short` 130 weeks, 13 held out

Series are drawn with a fixed seed; slow models (SLOW) get a third of them, and a fifth of the real ones
with a long season. A series that a model cannot fit is forecast by the fallback, and counts; an empty cell is data of which
it can fit none.
"""
import argparse
import csv
import datetime
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

MODELS = [
    "naive", "snaive", "drift", "average", "window(8)", "swindow(3)", "tslm", "ets", "arima", "theta", "ces",
    "ucm", "tbats", "prophet", "lstm", "esrnn", "croston", "tsb", "adida", "imapa", "stl(ets)", "mstl(ets)",
    "deseason(ets)", "deseason(ets, type=mul)", "outlier_clean(ets)", "log(ets)", "boxcox(ets)", "difference(average)",
    "lowrank(snaive)", "pool(snaive)", "holiday_shift(snaive)", "rebase(snaive)", "mean(ets, snaive)",
    "median(ets, snaive, theta)", "weighted(ets, snaive)", "best(ets, snaive)", "fallback(stl(ets), ets)",
    "product(window(8), snaive)", "clamp(ets)", "conformal(ets)", "empirical(ets)", "empirical(stl(ets))",
    "empirical(lowrank(snaive))", "empirical(pool(snaive))", "empirical(rebase(snaive))", "empirical(prophet)",
    "empirical(croston)", "auto",
]
SLOW = ("arima", "ucm", "tbats")
M3 = [("yearly", "year", 6), ("quarterly", "quarter", 8), ("monthly", "month", 18)]


def season_of(r, m, size):
    values = [size * r.gauss(0, 1) for _ in range(m)]
    centre = sum(values) / m
    return [v - centre for v in values]


def white(r, n):
    return [100 + r.gauss(0, 10) for _ in range(n)]


def walk(r, n, noise=0.0):
    level, out = 200.0, []
    for _ in range(n):
        level += r.gauss(0, 3)
        out.append(level + r.gauss(0, noise))
    return out


def level(r, n):
    return walk(r, n, 6.0)


def trend(r, n):
    slope = r.uniform(0.5, 2)
    return [100 + slope * t + r.gauss(0, 8) for t in range(n)]


def autoregression(r, n):
    x, out = 0.0, []
    for _ in range(n):
        x = 0.7 * x + r.gauss(0, 8)
        out.append(150 + x)
    return out


def season(r, n):
    s = season_of(r, 12, 20)
    return [150 + s[t % 12] + r.gauss(0, 8) for t in range(n)]


def factors(r, n):
    s = season_of(r, 12, 0.25)
    return [math.exp(5 + 0.005 * t + s[t % 12] + r.gauss(0, 0.08)) for t in range(n)]


def trend_season(r, n):
    s, slope = season_of(r, 12, 20), r.uniform(0.5, 2)
    return [150 + slope * t + s[t % 12] + r.gauss(0, 8) for t in range(n)]


def short(r, n):
    s = season_of(r, 52, 15)
    return [150 + s[t % 52] + r.gauss(0, 8) for t in range(n)]


def intermittent(r, n):
    return [float(max(1, round(r.gauss(10, 2.5)))) if r.random() < 0.3 else 0.0 for _ in range(n)]


def counts(r, n):
    out = []
    for _ in range(n):  # Poisson with mean 3
        k, p = 0, r.random()
        while p > math.exp(-3):
            k, p = k + 1, p * r.random()
        out.append(float(k))
    return out


def heavy(r, n):
    return [200 + 8 * r.gauss(0, 1) / math.sqrt(sum(r.gauss(0, 1) ** 2 for _ in range(4)) / 4) for _ in range(n)]


KINDS = [white, walk, level, trend, autoregression, season, factors, trend_season, short, intermittent, counts,
         heavy]


def write(path, series):
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "t", "y"])
        for name, values in series.items():
            out.writerows((name, at, repr(y)) for at, y in values)


class Part:
    """Series with one frequency and horizon, split into what is fitted and what is held out."""

    def __init__(self, name, freq, horizon, series, long_season=False):
        self.name, self.freq, self.horizon, self.long = name, freq, horizon, long_season
        self.train = {key: values[:-horizon] for key, values in series.items()}
        self.test = {(key, str(at)): y for key, values in series.items() for at, y in values[-horizon:]}

    def hits(self, wsf, model, share, threads, folder):
        """By series: values inside the 80 % and the 95 % interval, and their number."""
        names = sorted(self.train)
        names = names[:max(10, len(names) // share)]
        write(os.path.join(folder, "train.csv"), {key: self.train[key] for key in names})
        out = os.path.join(folder, "out.csv")
        data = f'csv("{folder}/train.csv", keys=[id], time=t, target=y, {self.freq})'
        done = subprocess.run([wsf, "forecast", "--data", data, "--model", model, "--horizon", str(self.horizon),
                               "--levels", "80,95", "--threads", str(threads), "--quiet", "--out", out],
                              stderr=subprocess.PIPE, text=True)
        if "could be fitted" in done.stderr:
            return []
        if done.returncode:
            sys.exit(f"coverage.py: {model} on {self.name}: {done.stderr}")
        found = {key: [0, 0, 0] for key in names}
        with open(out, newline="") as file:
            for row in csv.DictReader(file):
                y = self.test.get((row["id"], row["t"]))
                if y is None:
                    continue
                count = found[row["id"]]
                count[2] += 1
                for k, percent in enumerate(("80", "95")):
                    count[k] += float(row["lo-" + percent]) - 1e-9 <= y <= float(row["hi-" + percent]) + 1e-9
        return list(found.values())


def read_m3(folder, name, horizon, count, r):
    series = {}
    for part in ("train", "test"):
        with open(os.path.join(folder, f"{name}_{part}.csv"), newline="") as file:
            for row in csv.DictReader(file):
                series.setdefault(row["unique_id"], []).append((int(row["ds"]), float(row["y"])))
    chosen = r.sample(sorted(series), min(count, len(series)))
    return {key: sorted(series[key]) for key in chosen}


def read_days(path, keys, time_column, value, count, least, last, r):
    series = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            series.setdefault("/".join(row[k] for k in keys), []).append((row[time_column], float(row[value])))
    whole = sorted(key for key, values in series.items() if len(values) >= least)
    return {key: sorted(series[key])[-last:] for key in r.sample(whole, min(count, len(whole)))}


def read_items(path, count, last, r):
    first = datetime.date(2011, 1, 29)
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    series = {}
    for row in r.sample(rows, min(count, len(rows))):
        days = sorted((int(k[2:]) for k in row if k.startswith("d_")))[-last:]
        values = [(str(first + datetime.timedelta(days=d - 1)), float(row[f"d_{d}"] or 0)) for d in days]
        series[row["item_id"] + "/" + row["store_id"]] = values
    return series


def columns(data, count):
    r = random.Random(2026)
    parts = []
    for name, freq, horizon in M3:
        series = read_m3(os.path.join(data, "m3"), name, horizon, count, r)
        parts.append(Part("M3", f"freq={freq}", horizon, series))
    walmart = read_days(os.path.join(data, "walmart", "train.csv"), ("Store", "Dept"), "Date", "Weekly_Sales",
                        count, 143, 143, r)
    parts.append(Part("Walmart", "freq=week", 13, walmart, True))
    stores = read_days(os.path.join(data, "m5", "sales.csv"), ("store_id", "dept_id"), "date", "units", count, 400,
                       400, r)
    parts.append(Part("M5", "freq=day, season=7", 28, stores))
    items = read_items(os.path.join(data, "m5", "items_sales_wide.csv"), count, 400, r)
    parts.append(Part("M5 items", "freq=day, season=7", 28, items))
    for kind in KINDS:
        n, m, horizon = (143, 52, 13) if kind is short else (84, 12, 12)
        series = {f"s{i:04d}": list(enumerate(kind(r, n))) for i in range(count)}
        parts.append(Part(kind.__name__.replace("_", " "), f"season={m}", horizon, series, kind is short))
    return parts


def cell(counts):
    """Share and clustered standard error of both levels, in per cent."""
    total, groups = sum(c[2] for c in counts), len(counts)
    answer = []
    for k in range(2):
        share = sum(c[k] for c in counts) / total
        square = sum((c[k] - share * c[2]) ** 2 for c in counts) * groups / (groups - 1)
        answer.append((100 * share, 100 * math.sqrt(square) / total))
    return answer


def off(share, error, nominal):
    return abs(share - nominal) > max(3, 2 * error)


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wsf")
    parser.add_argument("--data", default=os.environ.get("WSF_DATA") or
                        str(here.parents[1].parent / "shared" / "data"))
    parser.add_argument("--series", type=int, default=40)
    parser.add_argument("--only", action="append")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(options.data, "m3")):
        sys.exit(f"coverage.py: no folder m3 in {options.data}; set WSF_DATA or --data")
    parts = columns(options.data, options.series)
    names = list(dict.fromkeys(part.name for part in parts))
    print("| 80 % / 95 % | " + " | ".join(names) + " |")
    print("|---|" + "--:|" * len(names))
    outside, start = [], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for model in options.only or MODELS:
            slow = model.startswith(SLOW)
            row = []
            for name in names:
                counts = []
                for part in parts:
                    if part.name == name:
                        share = 5 if slow and part.long else 3 if slow else 1
                        counts += part.hits(options.wsf, model, share, options.threads, folder)
                if not counts:
                    row.append("")
                    continue
                both = cell(counts)
                texts = []
                for (share, error), nominal in zip(both, (80, 95)):
                    text = f"{share:.0f}±{error:.0f}"
                    if off(share, error, nominal):
                        outside.append(f"{model} on {name}: {share:.1f} (standard error {error:.1f}) for {nominal}")
                        text = f"**{text}**"
                    texts.append(text)
                row.append(" ".join(texts))
            print(f"| `{model}` | " + " | ".join(row) + " |", flush=True)
    print()
    for line in outside:
        print("- " + line)
    print(f"coverage: {time.perf_counter() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
