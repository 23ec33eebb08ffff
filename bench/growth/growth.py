"""CPU time of fitting and forecasting against the number of series and against their length.

    growth.py GROW [--most SECONDS] [--model NAME ...] [--picture FILE]

One thread, invented series (bench/made.h). A column of points ends before the one that would take
more than --most seconds (default 2; 600 reaches every point). slope: of log time against log size
over the last points, by least squares; 1 is linear. Number of series: length 60. Length: 4 series.
"""

import argparse
import subprocess

import numpy as np

import panels

MODELS = {"ets": 0, "theta(method=dotm)": 0, "ces": 0, "arima": 0, "croston": 1}  # share of rare sales
COUNTS = [100, 300, 1000, 3000, 10000, 30000, 100000]
LENGTHS = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000]
LENGTH, SERIES = 60, 4


def measure(program, series, length, rare, model):
    runs = 5 if series * length < 20000 else 1
    out = [subprocess.run([program, str(series), str(length), str(rare), model], check=True,
                          capture_output=True, text=True).stdout for _ in range(runs)]
    return min(float(line.split()[0]) for line in out)


def climb(sizes, most, run):
    """Points (size, seconds) until the next would take too long."""
    points = []
    for size in sizes:
        if points and points[-1][1] * size / points[-1][0] > most:
            break
        points.append((size, run(size)))
    return points


def slope(points):
    if len(points) < 3:
        return float("nan")
    x, y = np.log(np.array(points[-5:])).T
    return np.polyfit(x, y, 1)[0]


def table(title, unit, sizes, results):
    print(f"\n{title}\n\n| model | " + " | ".join(f"{s:,}" for s in sizes) + " | slope |")
    print("|---|" + "--:|" * (len(sizes) + 1))
    for model, points in results.items():
        at = dict(points)
        cells = [f"{unit(s, at[s]):.3g}" if s in at else "" for s in sizes]
        print(f"| `{model}` | " + " | ".join(cells) + f" | {slope(points):.2f} |")


def draw(path, by_count, by_length):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    for axis, results, name in ((axes[0], by_count, f"series of {LENGTH} observations"),
                                (axes[1], by_length, f"observations of each of {SERIES} series")):
        for model, points in results.items():
            axis.loglog(*zip(*points), marker="o", markersize=3, label=model)
        axis.set_xlabel(name)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("CPU seconds")
    axes[0].legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", metavar="GROW")
    parser.add_argument("--most", type=float, default=2)
    parser.add_argument("--model", action="append", choices=MODELS)
    parser.add_argument("--picture", default=panels.WORK / "growth.svg")
    options = parser.parse_args()
    by_count, by_length = {}, {}
    for model in options.model or MODELS:
        rare = MODELS[model]
        by_count[model] = climb(COUNTS, options.most,
                                lambda n: measure(options.program, n, LENGTH, rare, model))
        by_length[model] = climb(LENGTHS, options.most,
                                 lambda n: measure(options.program, SERIES, n, rare, model))
    table(f"CPU seconds by number of series, {LENGTH} observations each", lambda s, t: t, COUNTS, by_count)
    table("CPU microseconds an observation by length", lambda s, t: 1e6 * t / s / SERIES, LENGTHS, by_length)
    draw(options.picture, by_count, by_length)
    print(f"\nPicture: {options.picture}")


if __name__ == "__main__":
    main()
