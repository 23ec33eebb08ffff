#!/usr/bin/env python3
"""`auto` beside the expressions that are known to be good, and seasonal naive.

    auto.py WSF [--data DIR] [--only SET] [--model EXPR]

Prints a Markdown table per set: a row per expression, its error on the held-out part and on the window
of choice (the last horizon of what lies before it: that is where to decide anything), and the error of
auto over its own. The expressions stand in bench/accuracy/known/, one file a set; none of them was
fitted to the held-out part. `shops` are made up (shops.py), and their known expressions are told which days are masked. DIR holds the
folders walmart, m3 and m5; default WSF_DATA, else
../shared/data beside the project. WRMSSE weighs series by their sales in money over the last 28 days
before the origin (Makridakis, Spiliotis and Assimakopoulos 2022).
"""
import argparse
import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
M3 = [("yearly", "year", 6), ("quarterly", "quarter", 8), ("monthly", "month", 18), ("other", "integer", 8)]


def rows(wsf, data, horizon, models, metrics, what):
    command = [wsf, "backtest", "--data", data, "--horizon", str(horizon), "--metrics", ",".join(metrics),
               "--what", what, "--format", "csv", "--quiet"]
    for model in models:
        command += ["--model", model]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"auto.py: {data}: {done.stderr}")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def joined(folder, name, scratch):
    """Both parts of an M3 file as one."""
    path = os.path.join(scratch, f"{name}.csv")
    with open(path, "w", newline="") as out:
        write = csv.writer(out)
        write.writerow(["unique_id", "ds", "y"])
        for part in ("train", "test"):
            with open(os.path.join(folder, "m3", f"{name}_{part}.csv"), newline="") as file:
                write.writerows((r["unique_id"], r["ds"], r["y"]) for r in csv.DictReader(file))
    return path


def turnover(folder, until):
    """Money by (store, department) over the 28 days that end with a date."""
    weeks, price = {}, {}
    with open(os.path.join(folder, "m5", "calendar.csv"), newline="") as file:
        for row in csv.DictReader(file):
            weeks[row["date"]] = row["wm_yr_wk"]
    days = [d for d in sorted(weeks) if d <= until][-28:]
    with open(os.path.join(folder, "m5", "prices.csv"), newline="") as file:
        for row in csv.DictReader(file):
            price[row["store_id"], row["dept_id"], row["wm_yr_wk"]] = float(row["mean_price"])
    total, wanted = {}, set(days)
    with open(os.path.join(folder, "m5", "sales.csv"), newline="") as file:
        for row in csv.DictReader(file):
            if row["date"] in wanted:
                key = row["store_id"], row["dept_id"]
                total[key] = total.get(key, 0) + float(row["units"]) * price.get((*key, weeks[row["date"]]), 0)
    return total


def weighted(series, weight):
    """Mean rmsse by model, by weight."""
    sums = {}
    for row in series:
        w = weight.get((row["store_id"], row["dept_id"]), 0)
        if row["rmsse"]:
            a = sums.setdefault(row["model"], [0, 0])
            a[0] += w * float(row["rmsse"])
            a[1] += w
    return [a / b for a, b in sums.values()]


def measure(wsf, data, horizon, models, metrics):
    """[metric][model]"""
    table = rows(wsf, data, horizon, models, metrics, "summary")
    return [[float(row[m]) for row in table] for m in metrics]


def show(name, models, metrics, inside, test):
    print(f"\n| {name} | " + " | ".join(f"{m} | auto / it | window of choice | auto / it" for m in metrics) + " |")
    print("|---|" + "--:|" * (4 * len(metrics)))
    for i, model in enumerate(models):
        cells = []
        for k in range(len(metrics)):
            for v in (test[k], inside[k]):
                cells.append(f"{v[i]:.4g} | {v[0] / v[i]:.3f}")
        print(f"| `{model}` | " + " | ".join(cells) + " |")
    for k, metric in enumerate(metrics):
        print(f"\n{name}, {metric}: auto over the best known {test[k][0] / min(test[k][1:-1]):.3f} "
              f"(window of choice {inside[k][0] / min(inside[k][1:-1]):.3f}), over snaive "
              f"{test[k][0] / test[k][-1]:.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wsf")
    parser.add_argument("--data", default=os.environ.get("WSF_DATA") or
                        str(HERE.parents[1].parent / "shared" / "data"))
    parser.add_argument("--only", help="walmart, m3-yearly, ..., m5, m5-items or shops")
    parser.add_argument("--model", default="auto")
    options = parser.parse_args()
    wsf, folder = options.wsf, options.data

    def models_of(name):
        with open(HERE / "known" / f"{name}.txt") as file:
            return [options.model] + [line.strip() for line in file if line.strip()] + ["snaive"]

    def wanted(name):
        return options.only in (None, name)

    if wanted("walmart"):
        data, models, metrics = f'walmart("{folder}/walmart")', models_of("walmart"), ["wape", "wmae"]
        show("Walmart", models, metrics, measure(wsf, data + ' | until("2012-01-27")', 39, models, metrics),
             measure(wsf, data, 39, models, metrics))
    with tempfile.TemporaryDirectory() as scratch:
        for name, freq, horizon in M3:
            if not wanted(f"m3-{name}"):
                continue
            models, metrics = models_of("m3"), ["mase", "smape"]
            form = 'csv("%s", keys=[unique_id], time=ds, target=y, freq=%s)'
            inside = form % (f"{folder}/m3/{name}_train.csv", freq)
            test = form % (joined(folder, name, scratch), freq)
            show(f"M3 {name}", models, metrics, measure(wsf, inside, horizon, models, metrics),
                 measure(wsf, test, horizon, models, metrics))
    if wanted("m5"):
        data, models, found = f'm5("{folder}/m5")', models_of("m5"), []
        for source, origin in ((data + ' | until("2016-04-24")', "2016-03-27"), (data, "2016-04-24")):
            plain = measure(wsf, source, 28, models, ["rmsse"])
            series = rows(wsf, source, 28, models, ["rmsse"], "series")
            found.append(plain + [weighted(series, turnover(folder, origin))])
        show("M5 by store and department", models, ["rmsse", "wrmsse"], *found)
    if wanted("m5-items"):
        data, models, metrics = f'm5("{folder}/m5", level=item)', models_of("m5-items"), ["rmsse"]
        show("M5 items", models, metrics, measure(wsf, data + ' | until("2016-04-24")', 28, models, metrics),
             measure(wsf, data, 28, models, metrics))
    if wanted("shops"):
        models, metrics, found = models_of("shops"), ["wape"], []
        with tempfile.TemporaryDirectory() as scratch:
            path = os.path.join(scratch, "shops.csv")
            subprocess.run([sys.executable, str(HERE / "shops.py"), path], check=True)
            form = f'csv("{path}", keys=Store, time=Date, target=Sales, freq=day, %s)'
            told = form % "known=[Open,Promo,SchoolHoliday,StateHoliday], text=StateHoliday"
            masked = form % "known=[Closed,Promo,SchoolHoliday], mask=Closed"
            for cut in (' | until("2015-06-19")', ""):
                ends = measure(wsf, told + cut, 42, [models[0], models[-1]], metrics)
                known = measure(wsf, masked + cut, 42, models[1:-1], metrics)
                found.append([[e[0], *k, e[1]] for e, k in zip(ends, known)])
        show("made-up shops", models, metrics, *found)


if __name__ == "__main__":
    main()
