"""CPU time of regression: models on 20 columns beside the same models on none.

    regress.py WSF [--old WSF] [--series N] [--days N] [--columns K] [--model NAME ...]

Invented days with a weekly season, a level that walks and K columns, every other one a flag, all
known ahead; the same numbers on every machine. Fits on one thread; what reading costs (a fit of
`naive`) is taken off. --old: an earlier build on the same file, and the ratio.
"""

import argparse
import datetime
import os
import random
import resource
import subprocess
import tempfile

MODELS = ["tslm", "ets", "ets(search=newton)", "ucm", "arima"]


def write_days(path, series, days, columns):
    chance = random.Random(5)
    names = [f"x{j}" for j in range(columns)]
    flags = [j % 2 == 0 for j in range(columns)]
    rows = [
        [float(chance.random() < 0.15) if f else chance.gauss(0, 1) for f in flags]
        for _ in range(days + 28)
    ]
    start = datetime.date(2016, 1, 4)
    with open(path, "w", encoding="utf-8") as out:
        out.write(",".join(["id", "date", "y", *names]) + "\n")
        for i in range(series):
            level = 100.0
            effects = [chance.gauss(0, 3) for _ in names]
            week = [chance.gauss(0, 8) for _ in range(7)]
            for t, row in enumerate(rows):
                error = chance.gauss(0, 5)
                y = level + week[t % 7] + sum(b * x for b, x in zip(effects, row)) + error
                level += 0.1 * error
                cells = [str(i), str(start + datetime.timedelta(t)), f"{y:.3f}" if t < days else ""]
                out.write(",".join(cells + [f"{x:.4g}" for x in row]) + "\n")
    return names


def cpu(wsf, data, model):
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [wsf, "fit", "--data", data, "--model", model, "--threads", "1", "--quiet", "--save",
             os.path.join(folder, "f.wsf")],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime


def with_option(model, option):
    return f"{model[:-1]},{option})" if model.endswith(")") else f"{model}({option})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wsf")
    parser.add_argument("--old")
    parser.add_argument("--series", type=int, default=20)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--model", nargs="*", default=MODELS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "days.csv")
        names = write_days(path, args.series, args.days, args.columns)
        data = f'csv("{path}", keys=id, time=date, target=y, known=[{",".join(names)}])'
        x = f"x=[{','.join(names)}]"
        reading = cpu(args.wsf, data, "naive")
        print(f"CPU milliseconds a series: {args.series} series of {args.days} days, "
              f"{args.columns} columns")
        print("| model | alone | with columns |" + (" before | ratio |" if args.old else ""))
        print("|---|--:|--:|" + ("--:|--:|" if args.old else ""))
        for model in args.model:
            each = 1000 / args.series
            alone = (cpu(args.wsf, data, model) - reading) * each
            now = (cpu(args.wsf, data, with_option(model, x)) - reading) * each
            line = f"| `{model}` | {alone:.2f} | {now:.2f} |"
            if args.old:
                try:
                    old = (cpu(args.old, data, with_option(model, x)) - reading) * each
                    line += f" {old:.2f} | {old / now:.1f} |"
                except subprocess.CalledProcessError:
                    line += " | |"
            print(line, flush=True)


if __name__ == "__main__":
    main()
