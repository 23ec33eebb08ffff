"""wsf.statsforecast beside statsforecast: the same program, run on both.

    interface.py    needs the wheel in the same environment (./dev bench interface installs it)

Prints for each model the largest difference of its point forecasts, and of its 80 and 95 % bounds, over
twelve months of four monthly series, relative to the mean of the series, and what is allowed. Fails
where the columns differ or a difference is larger than allowed.
"""

import importlib
import os
import sys
import warnings

import numpy as np
import pandas as pd

SERIES = ["AirPassengers", "USAccDeaths", "ldeaths", "wineind"]
EXACT, NEAR, FORM, FREE = 1e-6, 0.02, 0.15, np.inf
# The model, what points may differ, what bounds may (None: statsforecast has none). EXACT: a formula; NEAR: the same
# form, another optimiser, or bounds of simulated paths; FORM: forms are chosen or theirs stops below the
# likelihood's maximum; FREE: both, told and not judged.
MODELS = [
    ("Naive()", EXACT, EXACT), ("SeasonalNaive(12)", EXACT, EXACT), ("HistoricAverage()", EXACT, NEAR),
    ("RandomWalkWithDrift()", EXACT, NEAR), ("WindowAverage(6)", EXACT, None), ("SeasonalWindowAverage(12, 2)", EXACT, None),
    ("CrostonClassic()", EXACT, None), ("CrostonSBA()", EXACT, None), ("CrostonOptimized()", NEAR, None), ("ADIDA()", NEAR, None),
    ("IMAPA()", NEAR, None), ("TSB(0.2, 0.1)", EXACT, None), ("SimpleExponentialSmoothing(0.3)", EXACT, None),
    ("SimpleExponentialSmoothingOptimized()", NEAR, None), ("Theta(12)", NEAR, FORM), ("OptimizedTheta(12)", NEAR, FORM),
    ("DynamicTheta(12)", NEAR, FORM), ("DynamicOptimizedTheta(12)", NEAR, FORM), ("AutoTheta(12)", FORM, FORM),
    ("ARIMA((1, 1, 1), 12, (0, 1, 1))", FORM, FREE), ("AutoRegressive(3)", NEAR, FORM), ("AutoARIMA(season_length=12)", FORM, FORM),
    ("AutoCES(12)", FORM, FORM), ("MSTL(12)", FORM, FORM), ("Holt()", FORM, FORM), ("AutoETS(12)", FORM, FREE), ("HoltWinters(12)", FORM, FORM),
    ("AutoTBATS(12)", FREE, FREE),
]  # fmt: skip


def monthly(name):
    values = pd.read_csv(os.path.join(os.environ["WSF_DATA"], "classic", f"{name}.csv"))["value"].to_numpy(float)
    return pd.DataFrame({"unique_id": name, "ds": pd.date_range("1990-01-31", periods=len(values), freq="ME"), "y": values})


def forecasts(library, model, df, level):
    classes = importlib.import_module(f"{library}.models")
    frame = importlib.import_module(library).StatsForecast(models=[eval(model, vars(classes))], freq="ME")
    return frame.forecast(df=df, h=12, level=level)


def main():
    warnings.filterwarnings("ignore")
    df = pd.concat([monthly(name) for name in SERIES], ignore_index=True)
    size = df.groupby("unique_id")["y"].mean().repeat(12).to_numpy()
    failed = 0
    print(f"{'model':34s} {'points':>10s} {'allowed':>8s} {'bounds':>10s} {'allowed':>8s}")
    for model, points, bounds in MODELS:
        level = None if bounds is None else [80, 95]
        theirs, ours = forecasts("statsforecast", model, df, level), forecasts("wsf.statsforecast", model, df, level)
        same = set(theirs.columns) == set(ours.columns) and theirs[["unique_id", "ds"]].equals(ours[["unique_id", "ds"]])
        gaps = {c: np.max(np.abs(theirs[c] - ours[c]) / size) for c in theirs.columns[2:] if c in ours}
        point = max(gap for name, gap in gaps.items() if "-lo-" not in name and "-hi-" not in name)
        bound = max((gap for name, gap in gaps.items() if "-lo-" in name or "-hi-" in name), default=0.0)
        bad = not same or point > points or bound > (0 if bounds is None else bounds)
        failed += int(bad)
        print(f"{model:34s} {point:10.2g} {points:8g} {bound:10.2g} {'' if bounds is None else f'{bounds:g}':>8s}{'  FAILED' if bad else ''}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
