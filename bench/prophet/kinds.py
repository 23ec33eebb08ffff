"""prophet beside Prophet on kinds of series that make trouble: missing values, sparse days, zeros, counts, caps.

    kinds.py WSF

Each series is made up, so what comes after it is known: the error is the mean distance of forecasts from
what comes, without its noise, over the spread of the history (its standard deviation, or 1 where there is
none), `in 80 %` the share of values with noise in the interval. `most` is the largest forecast or bound, in
size, over the largest value of the history: what explodes is seen there. Both with their presets; theirs
draws 1,000 samples.
"""

import csv
import io
import logging
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")
AHEAD = {"D": 120, "h": 120, "W-SUN": 52, "MS": 24}


def week(dates):
    return np.array([0, 2, 4, 8, 14, 20, -8.0])[dates.weekday]


def year(dates):
    return 15 * np.sin(2 * np.pi * dates.dayofyear / 365.25)


def usual(dates, r):
    return 100 + 0.02 * np.arange(len(dates)) + week(dates) + year(dates)


def noisy(mean, r, sd=5):
    return mean + sd * r.standard_normal(len(mean))


def daily(keep=lambda dates, r: np.ones(len(dates), bool), mean=usual, noise=noisy, n=1100, **more):
    """Days, of which `keep` says which were observed."""
    return dict(freq="D", n=n, keep=keep, mean=mean, noise=noise, **more)


def share(p):
    return lambda dates, r: r.random(len(dates)) < p


def saturating(dates, r):
    return 20 + 180 / (1 + np.exp(-(np.arange(len(dates)) - 500) / 120)) + week(dates) / 3


def hours(dates, r):
    return np.where((dates.hour >= 8) & (dates.hour < 20), 50 + 10 * np.sin(np.pi * (dates.hour - 8) / 12), 0.0)


KINDS = {
    "three years of days": daily(),
    "a tenth missing": daily(share(0.9)),
    "two thirds missing": daily(share(1 / 3)),
    "30 days in three years": daily(lambda d, r: np.isin(np.arange(len(d)), r.choice(len(d), 30, False))),
    "a gap of five months": daily(lambda d, r: (np.arange(len(d)) < 500) | (np.arange(len(d)) > 650)),
    "no summer ever seen": daily(lambda d, r: (d.month < 6) | (d.month > 8)),
    "closed on Sundays": daily(lambda d, r: d.weekday != 6),
    "Sundays of 0": daily(mean=lambda d, r: np.where(d.weekday == 6, 0, usual(d, r)),
                          noise=lambda m, r: np.where(m == 0, 0, noisy(m, r))),
    "counts around 2": daily(mean=lambda d, r: 2 + 0.05 * week(d), noise=lambda m, r: r.poisson(m)),
    "one in twenty is not 0": daily(mean=lambda d, r: np.full(len(d), 0.2),
                                    noise=lambda m, r: (r.random(len(m)) < 0.05) * r.poisson(4, len(m))),
    "all 0": daily(mean=lambda d, r: np.zeros(len(d)), noise=lambda m, r: m),
    "all alike": daily(mean=lambda d, r: np.full(len(d), 7.0), noise=lambda m, r: m),
    "two days": daily(n=2),
    "five days": daily(n=5),
    "three weeks of days": daily(n=21),
    "eleven months of days": daily(n=330),
    "below 0": daily(mean=lambda d, r: usual(d, r) - 300),
    "a level of a million": daily(mean=lambda d, r: usual(d, r) + 1e6),
    "sizes of 1e-9": daily(mean=lambda d, r: 1e-9 * usual(d, r), noise=lambda m, r: noisy(m, r, 5e-9)),
    "one day of 50 times": daily(noise=lambda m, r: noisy(m, r) * np.where(np.arange(len(m)) == 700, 50, 1)),
    "a level that shifts": daily(mean=lambda d, r: usual(d, r) + 80 * (np.arange(len(d)) > 800)),
    "the last half year missing but a day": daily(lambda d, r: (np.arange(len(d)) < 920) | (np.arange(len(d)) == len(d) - 1)),
    "growth that ends at a cap": daily(mean=saturating, options={"growth": "logistic"}, cap=200.0),
    "a cap that half of it is above": daily(options={"growth": "logistic"}, cap=110.0),
    "a cap of a thousand times": daily(mean=saturating, options={"growth": "logistic"}, cap=2e5),
    "shares of the trend": daily(mean=lambda d, r: usual(d, r) * (1 + week(d) / 40),
                                 options={"seasonality_mode": "multiplicative"}),
    "hours, nights not observed": dict(freq="h", n=24 * 60, keep=lambda d, r: (d.hour >= 8) & (d.hour < 20),
                                       mean=hours, noise=noisy),
    "weeks": dict(freq="W-SUN", n=156, keep=share(1.1), mean=lambda d, r: usual(d, r) - week(d), noise=noisy),
    "months": dict(freq="MS", n=60, keep=share(1.1), mean=lambda d, r: usual(d, r) - week(d), noise=noisy),
}


def make(name, kind):
    r = np.random.default_rng(sum(map(ord, name)))
    steps = AHEAD[kind["freq"]]
    dates = pd.date_range("2019-01-01", periods=kind["n"] + steps, freq=kind["freq"])
    mean = kind["mean"](dates, r)
    y = kind["noise"](mean, r)
    kept = kind["keep"](dates, r)
    kept[[0, kind["n"] - 1]] = True
    past = pd.DataFrame({"ds": dates, "y": y})[kept & (np.arange(len(dates)) < kind["n"])]
    return past, pd.DataFrame({"ds": dates, "mean": mean, "y": y, "kept": kept})[-steps:]


def theirs(past, ahead, kind):
    from prophet import Prophet
    np.random.seed(1)
    more = {"cap": kind["cap"]} if "cap" in kind else {}
    p = Prophet(**kind.get("options", {})).fit(past.assign(**more)).predict(ahead[["ds"]].assign(**more))
    return p.yhat.values, p.yhat_lower.values, p.yhat_upper.values, ""


def ours(program, folder, past, ahead, kind):
    past.to_csv(f"{folder}/y.csv", index=False)
    freq = {"D": "day", "h": "hour", "W-SUN": "week", "MS": "month"}[kind["freq"]]
    options = [f"{k}={v}" for k, v in kind.get("options", {}).items()]
    options += [f'cap="{kind["cap"]}"'] if "cap" in kind else []

    def run(*arguments):
        done = subprocess.run([program, *arguments], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    run("fit", "--data", f'csv("{folder}/y.csv", time=ds, target=y, freq={freq})', "--model",
        f"prophet({', '.join(options)})", "--save", f"{folder}/y.wsf", "--quiet")
    rows = run("predict", "--load", f"{folder}/y.wsf", "--horizon", str(len(ahead)), "--levels", "80",
               "--negative", "--format", "csv")
    reason = run("describe", "--load", f"{folder}/y.wsf", "--what", "series", "--format", "csv")[0]["reason"]
    return (*(np.array([float(x[c]) for x in rows]) for c in ("forecast", "lo-80", "hi-80")), reason)


def judge(forecast, low, high, past, ahead):
    spread = past.y.std() if len(past) > 1 and past.y.std() > 0 else 1
    kept = ahead.kept.values
    error = np.abs(forecast - ahead["mean"].values)[kept].mean() / spread
    inside = ((low <= ahead.y.values + 1e-12) & (ahead.y.values <= high + 1e-12))[kept].mean()
    most = max(np.abs(forecast).max(), np.abs(low).max(), np.abs(high).max()) / (np.abs(past.y).max() or 1)
    return error, 100 * inside, most


def main():
    program = sys.argv[1]
    print("| series | error | Prophet's | in 80 % | Prophet's | most | Prophet's | reason |\n"
          "|---|--:|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, kind in KINDS.items():
            past, ahead = make(name, kind)
            *mine, reason = ours(program, folder, past, ahead, kind)
            *other, _ = theirs(past, ahead, kind)
            (e, i, m), (f, j, n) = judge(*mine, past, ahead), judge(*other, past, ahead)
            print(f"| {name} | {e:.2f} | {f:.2f} | {i:.0f} | {j:.0f} | {m:.2f} | {n:.2f} | {reason} |", flush=True)


if __name__ == "__main__":
    main()
