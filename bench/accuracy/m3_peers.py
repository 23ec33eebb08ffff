"""sMAPE and MASE on the 3,003 series of the M3 competition: ours beside R's and statsforecast's.

    m3_peers.py FIT_PANEL [--peers] [EXPRESSION ...]

Every model is fitted on the training part and measured on the held-out part. The forecasts of the
peers are kept in build/bench/m3; those that are not there yet are left out of the table, or with
--peers computed first (R's auto.arima and AutoARIMA take the better part of an hour each).
"""

import argparse
import json
import subprocess
import sys

import pandas as pd

import panels

CACHE = panels.WORK / "m3"
R = ["ets", "auto.arima", "thetaf"]
STATSFORECAST = ["AutoETS", "AutoARIMA", "AutoCES", "DynamicOptimizedTheta", "AutoTheta"]
OURS = ["ets", "theta", "theta(method=dotm)", "theta(method=auto)", "ces", "arima",
        "mean(ets, ces, theta(method=dotm), arima)"]
HERE = panels.ROOT / "bench" / "peers"


def train_file(group):
    return panels.DATA / "m3" / f"{group}_train.csv"


def make(who, model, group):
    """Compute a peer's forecasts of a group into the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    season, horizon = panels.M3[group]
    out = CACHE / f"{who}-{model}-{group}.csv"
    part = out.with_suffix(".part")
    fits = CACHE / f"R-{model}-{group}-fits.csv"
    numbers = [str(season), str(horizon), str(part)]
    print(f"{who} {model}: {group} ...", file=sys.stderr, flush=True)
    if who == "R":
        subprocess.run(["Rscript", HERE / "fit_r.R", model, train_file(group), *numbers, fits],
                       check=True, stderr=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, HERE / "fit_statsforecast.py", model, train_file(group), *numbers,
                        "2"], check=True)
    part.rename(out)


def cached(who, model, group, compute=False):
    path = CACHE / f"{who}-{model}-{group}.csv"
    if not path.is_file() and compute:
        make(who, model, group)
    return panels.read_forecasts(path) if path.is_file() else None


def fit_ours(program, model, group, train=None, horizon=None):
    """Forecasts and CPU seconds of an expression."""
    panels.WORK.mkdir(parents=True, exist_ok=True)
    season, its_horizon = panels.M3[group]
    path, out = train_file(group), panels.WORK / "m3_ours.tsv"
    if train is not None:
        path = panels.WORK / "m3_train.csv"
        train.to_csv(path, index=False)
    done = subprocess.run([program, path, str(season), str(horizon or its_horizon), "2", model, out],
                          check=True, capture_output=True, text=True)
    t = json.loads(done.stdout)
    return panels.read_forecasts(out), t["fit_cpu"] + t["predict_cpu"]


def row(who, forecasts, seconds=""):
    smape, mase = {}, {}
    for group, (season, _) in panels.M3.items():
        train, test = panels.m3(group)
        smape[group], mase[group] = panels.scores(train, test, forecasts[group], season)
    cells = []
    for measure, digits in ((smape, 2), (mase, 3)):
        cells += [f"{measure[g].mean():.{digits}f}" for g in panels.M3]
        cells.append(f"**{pd.concat(measure.values()).mean():.{digits}f}**")
    print(f"| {who} | " + " | ".join(cells) + f" | {seconds} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", metavar="FIT_PANEL")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("expressions", nargs="*", default=OURS)
    options = parser.parse_intermixed_args()
    groups = " | ".join(panels.M3)
    print(f"| | sMAPE {groups} | all | MASE {groups} | all | CPU s |")
    print("|---|" + "--:|" * (2 * len(panels.M3) + 3))
    for model in options.expressions:
        answers = {group: fit_ours(options.program, model, group) for group in panels.M3}
        row(f"wsf `{model}`", {g: a[0] for g, a in answers.items()},
            f"{sum(a[1] for a in answers.values()):.1f}")
    missing, kept = [], {}
    for who, models in (("R", R), ("statsforecast", STATSFORECAST)):
        for model in models:
            found = {g: cached(who, model, g, options.peers) for g in panels.M3}
            if any(f is None for f in found.values()):
                missing.append(f"{who} {model}")
                continue
            kept[model] = found
            row(f"{who} {model}", found)
    four = STATSFORECAST[:4]
    if all(model in kept for model in four):
        row("statsforecast, mean of the four", {
            g: pd.concat(kept[m][g] for m in four).groupby(["unique_id", "ds"], as_index=False).forecast.mean()
            for g in panels.M3})
    if missing:
        print(f"\nNot computed yet (--peers computes them): {', '.join(missing)}")


if __name__ == "__main__":
    main()
