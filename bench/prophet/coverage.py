"""Shares of what came inside intervals of 80 and 95 %, of prophet and of Prophet, on the same series.

    coverage.py WSF [--series N]

AirPassengers (its last 24 months, and the 24 before each of 4 earlier ends), the daily units of N stores x
departments of M5 (90 days), the weekly sales of N Walmart stores (39 weeks), N months of the M3 (18).
Ours with `intervals=model`, which count what the package's do, and with the preset; theirs draws 1,000
samples. The error is the mean distance of forecasts over the mean of what came.
"""

import argparse
import csv
import io
import logging
import tempfile
import warnings

from compare import air, data_folder, wsf

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")
LEVELS = (80, 95)


def table(path, key, date, value, n):
    """The first n series of a file with rows in order, sums where a key has several rows of a date."""
    found = {}
    for row in csv.DictReader(open(data_folder() / path)):
        sums = found.setdefault(key(row), {})
        sums[row[date]] = sums.get(row[date], 0) + float(row[value])
    return [sorted(series.items()) for series in list(found.values())[:n]]


def m3(n):
    found = {}
    for part in ("train", "test"):
        for row in csv.DictReader(open(data_folder() / f"m3/monthly_{part}.csv")):
            found.setdefault(row["unique_id"], []).append(float(row["y"]))
    return [[(f"{1970 + i // 12}-{i % 12 + 1:02d}-01", y) for i, y in enumerate(values)]
            for values in list(found.values())[:n]]


def sets(n):
    whole = air()
    yield "AirPassengers", "MS", 24, [whole[:len(whole) - 12 * k] for k in range(5)]
    yield "M5, store x department", "D", 90, table("m5/sales.csv", lambda r: (r["store_id"], r["dept_id"]),
                                                   "date", "units", n)
    yield "Walmart, stores", "W-FRI", 39, table("walmart/train.csv", lambda r: r["Store"], "Date",
                                                "Weekly_Sales", n)
    yield "M3, months", "MS", 18, m3(n)


def theirs(rows, freq, horizon):
    import numpy as np
    import pandas as pd
    from prophet import Prophet
    frame = pd.DataFrame(rows[:-horizon], columns=["ds", "y"])
    model = Prophet(interval_width=0.8).fit(frame)
    np.random.seed(1)
    future = pd.DataFrame({"ds": [d for d, _ in rows[-horizon:]]})
    draws = model.predictive_samples(future)["yhat"]
    bounds = {level: np.percentile(draws, [50 - level / 2, 50 + level / 2], axis=1) for level in LEVELS}
    return model.predict(future).yhat.values, bounds


def ours(program, series, freq, horizon, model, folder):
    word = {"MS": "month", "D": "day", "W-FRI": "week"}[freq]
    with open(f"{folder}/s.csv", "w") as file:
        file.write("id,ds,y\n" + "".join(f"{i:04d},{d},{v}\n" for i, rows in enumerate(series)
                                         for d, v in rows[:-horizon]))
    text = wsf(program, "forecast", "--data",
               f'csv("{folder}/s.csv", keys=[id], time=ds, target=y, freq={word}, end=own)', "--model", model,
               "--horizon", str(horizon), "--levels", ",".join(map(str, LEVELS)), "--negative", "--format", "csv",
               "--quiet")
    out = [[] for _ in series]
    for row in csv.DictReader(io.StringIO(text)):
        out[int(row["id"])].append(row)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wsf")
    parser.add_argument("--series", type=int, default=40)
    options = parser.parse_args()
    print("| series | | error | 80 % | 95 % |\n|---|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, freq, horizon, series in sets(options.series):
            actual = [[y for _, y in rows[-horizon:]] for rows in series]
            answers = {}
            for what, model in (("prophet(intervals=model)",) * 2, ("prophet",) * 2):
                answers[what] = [
                    ([float(r["forecast"]) for r in rows],
                     {k: ([float(r[f"lo-{k}"]) for r in rows], [float(r[f"hi-{k}"]) for r in rows])
                      for k in LEVELS})
                    for rows in ours(options.wsf, series, freq, horizon, model, folder)]
            answers["Prophet"] = [theirs(rows, freq, horizon) for rows in series]
            for what, answer in answers.items():
                off = sum(abs(f - y) for (mean, _), real in zip(answer, actual) for f, y in zip(mean, real))
                size = sum(abs(y) for real in actual for y in real)
                inside = [[lo <= y <= hi for (_, bounds), real in zip(answer, actual)
                           for lo, hi, y in zip(*bounds[k], real)] for k in LEVELS]
                print(f"| {name} | {what} | {off / size:.4f} | "
                      + " | ".join(f"{100 * sum(i) / len(i):.1f}" for i in inside) + " |", flush=True)


if __name__ == "__main__":
    main()
