"""An update of prophet beside a fit of the same history: time, and how far forecasts are apart.

    update.py WSF [--rounds N]

The series of compare.py, in both modes: fitted without their end (28 days, 13 weeks, 12 months), moved over
it by `wsf update`, and fitted anew on all of it. Times are the least processor time of N rounds on one
thread, over a panel of 50 copies of the series, divided by 50, without the reading of the data: what
`naive` takes in the same place. Forecasts of 80 % intervals: the largest distance over the mean.
"""

import argparse
import csv
import io
import tempfile

from compare import COPIES, SERIES, best_of, wsf

NEWS = {"MS": 12, "D": 28, "W-FRI": 13}
MODES = ["seasonality_mode=additive", "seasonality_mode=multiplicative"]


def write(path, rows):
    with open(path, "w") as file:
        file.write("id,ds,y\n" + "".join(f"{i},{d},{v * (1 + 0.01 * i) + i}\n"
                                         for i in range(COPIES) for d, v in rows))
    return f'csv("{path}", keys=[id], time=ds, target=y)'


def forecasts(program, saved, horizon):
    text = wsf(program, "predict", "--load", saved, "--horizon", str(horizon), "--levels", "80")
    return [[float(row[c]) for c in ("forecast", "lo-80", "hi-80")]
            for row in csv.DictReader(io.StringIO(text))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wsf")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("times in ms of a series\n| series | mode | fit | update | of the fit | forecast % |\n"
          "|---|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, read, freq, horizon in SERIES:
            rows = read()
            whole, old = write(f"{folder}/all.csv", rows), write(f"{folder}/old.csv", rows[:-NEWS[freq]])
            news = write(f"{folder}/new.csv", rows[-NEWS[freq]:])

            def run(verb, data, model, to, load=()):
                how = ["--model", model] if verb == "fit" else ["--load", load]
                return best_of(options.rounds, lambda: wsf(
                    options.wsf, verb, "--data", data, *how, "--save", f"{folder}/{to}", "--threads", "1"))[0]

            for mode in MODES:
                seconds = {}
                for model in ("naive", f"prophet({mode})"):
                    run("fit", old, model, "old.wsf")
                    seconds[model] = (run("fit", whole, model, "fit.wsf"),
                                      run("update", news, model, "moved.wsf", f"{folder}/old.wsf"))
                (read_fit, read_update), (fit, update) = seconds.values()
                fit, update = (1e3 * (a - b) / COPIES for a, b in ((fit, read_fit), (update, read_update)))
                a = forecasts(options.wsf, f"{folder}/fit.wsf", horizon)
                b = forecasts(options.wsf, f"{folder}/moved.wsf", horizon)
                off = max(abs(x - y) / abs(p[0]) for p, q in zip(a, b) for x, y in zip(p, q))
                print(f"| {name} | {mode.split('=')[1]} | {fit:.2f} | {update:.2f} | {update / fit:.2f} |"
                      f" {100 * off:.1e} |", flush=True)


if __name__ == "__main__":
    main()
