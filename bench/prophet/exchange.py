"""Models from here to the Prophet package and back, as JSON (`wsf prophet`).

    exchange.py WSF

Ours that the package loads must forecast what we forecast, theirs that we read must be forecast
within half a per cent of the mean; both fail the run otherwise. Daily, weekly and monthly series, both
modes of seasons, growth that is flat, scaling=minmax, change points by date, a weekday that was never
observed, regressors, caps by columns, seasons under conditions.
"""

import csv
import io
import logging
import math
import random
import re
import statistics
import subprocess
import sys
import tempfile

logging.disable(logging.CRITICAL)
STEPS = {"D": 60, "W-FRI": 30, "MS": 24}


def as_package(model):
    """Intervals count what the package's do."""
    bare = model == "prophet"
    return "prophet(intervals=model)" if bare else model.replace("(", "(intervals=model, ", 1)


def series(freq, n, closed=None):
    import pandas as pd
    r = random.Random(freq)
    rows = []
    for i, day in enumerate(pd.date_range("2015-01-02", periods=n, freq=freq)):
        if day.weekday() == closed:
            continue
        week = [0, 1, 2, 5, 15, 30, -20][day.weekday()] if freq == "D" else 0
        year = 20 * math.sin(2 * math.pi * day.day_of_year / 365.25)
        rows.append((day, 200 + 0.05 * i * (n / 800 if i > n / 2 else 1) + week + year + r.gauss(0, 4)))
    return pd.DataFrame(rows, columns=["ds", "y"])


def wsf(*arguments):
    run = subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return run.stdout


def forecasts(saved, steps):
    text = wsf("predict", "--load", saved, "--horizon", str(steps), "--levels", "80")
    return {row["ds"]: row for row in csv.DictReader(io.StringIO(text))}


def distance(ours, theirs):
    """Of forecasts over their mean, and the ratio of the widths of intervals in the middle: of a day
    that was never observed ours alone are wider."""
    pairs = [(ours[str(r.ds.date())], r) for r in theirs.itertuples() if str(r.ds.date()) in ours]
    assert pairs
    mean = sum(abs(float(o["forecast"])) for o, _ in pairs) / len(pairs)
    off = max(abs(float(o["forecast"]) - r.yhat) for o, r in pairs) / mean
    width = statistics.median((float(o["hi-80"]) - float(o["lo-80"])) / (r.yhat_upper - r.yhat_lower)
                              for o, r in pairs)
    return off, width


def to_theirs(folder, freq, n, model, closed=None, extra=lambda frame: frame):
    from prophet.serialize import model_from_json
    frame, steps = extra(series(freq, n, closed)), STEPS[freq]
    known = list(frame.columns[2:])
    if known:  # the end is what is known ahead
        frame.loc[frame.index[n - steps:], "y"] = math.nan
    frame.to_csv(f"{folder}/s.csv", index=False)
    data = f'csv("{folder}/s.csv", time=ds, target=y{", known=[" + ",".join(known) + "]" if known else ""})'
    wsf("fit", *([] if known else ["--fitted"]), "--data", data, "--model", as_package(model), "--save",
        f"{folder}/m.wsf")
    wsf("prophet", "--load", f"{folder}/m.wsf", "--out", f"{folder}/m.json",
        *(["--data", data] if known else []))
    loaded = model_from_json(open(f"{folder}/m.json").read())
    ahead = (frame.iloc[n - steps:] if known
             else loaded.make_future_dataframe(steps, freq=freq, include_history=False))
    return distance(forecasts(f"{folder}/m.wsf", steps), loaded.predict(ahead))


def to_ours(folder, freq, n, how, extra=lambda frame: frame, regressors=(), seasons=()):
    from prophet import Prophet
    from prophet.serialize import model_to_json
    frame = extra(series(freq, n))
    model = Prophet(interval_width=0.8, **how)
    for regressor in regressors:
        model.add_regressor(**regressor)
    for season in seasons:
        model.add_seasonality(**season)
    steps = STEPS[freq]
    model.fit(frame.iloc[:n - steps])
    open(f"{folder}/p.json", "w").write(model_to_json(model))
    command = wsf("prophet", f"{folder}/p.json", "--out", f"{folder}/h.csv")
    ahead = frame.iloc[n - steps:]
    with open(f"{folder}/h.csv", "a") as file:  # what is known ahead, without the target
        names = open(f"{folder}/h.csv").readline().strip().split(",")
        ahead.assign(y="")[names].to_csv(file, index=False, header=False)
    data, call = re.findall(r"'(.*)'", command)
    wsf("fit", "--data", data, "--model", as_package(call), "--save", f"{folder}/m.wsf")
    return distance(forecasts(f"{folder}/m.wsf", steps), model.predict(ahead))


def capped(frame):
    return frame.assign(cap=600.0)


def between(frame):
    return frame.assign(cap=[600 + 0.1 * i for i in range(len(frame))], floor=20.0)


def priced(frame):
    r = random.Random(2)
    price = [r.uniform(1, 5) for _ in range(len(frame))]
    return frame.assign(y=frame.y - [9 * p for p in price], price=price)


def promoted(frame):
    r = random.Random(3)
    promo = [int(r.random() < 0.2) for _ in range(len(frame))]
    return priced(frame).assign(y=priced(frame).y + [15 * p for p in promo], promo=promo)


def halves(frame):
    """Weeks are flat in winter, and steep in summer."""
    summer = frame.ds.dt.month.isin([4, 5, 6, 7, 8, 9])
    more = frame.ds.dt.day_of_week * summer * 4.0
    return frame.assign(y=frame.y + more, summer=summer.astype(int), winter=(~summer).astype(int))


OURS = [("D", 900, "prophet"), ("D", 900, "prophet(seasonality_mode=multiplicative)"),
        ("D", 900, "prophet", 6), ("D", 900, "prophet(seasonality_mode=multiplicative)", 6),
        ("W-FRI", 200, "prophet(scaling=minmax)"), ("MS", 80, "prophet(growth=flat)"),
        ("MS", 80, 'prophet(changepoints=["2017-01-01","2019-01-01"])'),
        ("MS", 80, "prophet(n_changepoints=0, yearly_seasonality=false)"),
        ("D", 900, "prophet(x=[price])", None, priced),
        ("D", 900, "prophet(seasonality_mode=multiplicative, x=[promo,price], x_mode=[additive,multiplicative],"
         " x_prior_scale=[0.5,2])", None, promoted),
        ("W-FRI", 200, "prophet(x=[promo,price], x_standardize=[true,false])", None, promoted),
        ("D", 900, "prophet(weekly_seasonality=false, x=[fourier(7, 3, condition_name=summer),"
         " fourier(7, 3, condition_name=winter)])", None, halves),
        ("W-FRI", 200, "prophet(x=[fourier(13, 2), fourier(6.5, 1, condition_name=summer)])", None, halves),
        ("D", 900, 'prophet(growth=logistic, cap="600")', None, capped),
        ("D", 900, "prophet(growth=logistic, cap=cap, floor=floor)", None, between)]
HALF_WEEKS = [{"name": f"week_{when}", "period": 7, "fourier_order": 3, "condition_name": when}
              for when in ("summer", "winter")]
THEIRS = [("D", 900, {}), ("D", 900, {"seasonality_mode": "multiplicative"}),
          ("W-FRI", 200, {"scaling": "minmax", "changepoint_prior_scale": 0.2}),
          ("MS", 104, {"changepoints": ["2017-01-01", "2019-01-01"]}),
          ("MS", 104, {"growth": "flat", "yearly_seasonality": 4, "seasonality_prior_scale": 1}),
          ("D", 900, {"growth": "logistic"}, capped),
          ("D", 900, {"growth": "logistic"}, between),
          ("D", 900, {}, priced, [{"name": "price", "prior_scale": 0.5, "mode": "multiplicative"}]),
          ("D", 900, {"weekly_seasonality": False}, halves, [], HALF_WEEKS),
          ("D", 900, {"weekly_seasonality": False}, lambda frame: promoted(halves(frame)), [{"name": "promo"}],
           [*HALF_WEEKS, {"name": "quarter", "period": 91.3125, "fourier_order": 2, "prior_scale": 1}]),
          ("W-FRI", 200, {"yearly_seasonality": False}, lambda frame: frame, [],
           [{"name": "year", "period": 365.25, "fourier_order": 6, "mode": "multiplicative"}])]


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, run, cases, most in (("to the package", to_theirs, OURS, 1e-6),
                                        ("from the package", to_ours, THEIRS, 5e-3)):
            print(f"{title}: largest distance of forecasts over their mean, ratio of widths")
            for case in cases:
                off, width = run(folder, *case)
                good = off <= most and 0.9 < width < 1.1
                bad += not good
                print(f"  {off:8.1e}  {width:.3f}  {'' if good else 'BAD '}"
                      f"{' '.join(getattr(c, '__name__', str(c)) for c in case)}", flush=True)
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
