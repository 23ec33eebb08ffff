"""wsf.prophet beside the Prophet package: the same program with another import line.

    dropin.py

Each case makes a model, fits it to the same frame and forecasts history and future. Columns: the largest
distance of yhat over the mean of |y|, in percent, over the history and the horizon, from theirs as fit
leaves it; then from theirs after Stan's Newton search from there (compare.py says why), of yhat, of
the trend and of any component; the mean width of intervals of 80 % over the horizon as a ratio, ours to theirs,
of yhat and of the trend (theirs of 1,000 samples are off by some percent); seconds of fit and predict.
"""

import logging
import os
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import prophet
import wsf.prophet
from record import record

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
RESTARTS = 3
DATA = Path(os.environ.get("WSF_DATA", "../shared/data"))


def air():
    y = pd.read_csv(DATA / "classic/AirPassengers.csv").iloc[:, -1].astype(float)
    return pd.DataFrame({"ds": pd.date_range("1949-01-01", periods=len(y), freq="MS"), "y": y})


def walmart():
    rows = pd.read_csv(DATA / "walmart/train.csv", parse_dates=["Date"])
    total = rows.groupby("Date")["Weekly_Sales"].sum().reset_index()
    return total.rename(columns={"Date": "ds", "Weekly_Sales": "y"})


def days(n=1100, seed=1):
    rng = np.random.default_rng(seed)
    ds = pd.date_range("2019-01-01", periods=n)
    t = np.arange(n)
    y = 100 + 0.03 * t + 0.05 * np.maximum(t - 500, 0) + 8 * np.sin(2 * np.pi * t / 365.25) + 5 * (ds.weekday > 4)
    y = y + 30 * ((ds.month == 12) & (ds.day == 25)) + 20 * ((ds.month == 7) & (ds.day == 4)) + rng.normal(0, 3, n)
    price = 10 + rng.normal(size=n).cumsum() / 10
    summer = (ds.month > 4) & (ds.month < 10)
    y = y - 2 * price + 4 * summer * (ds.weekday == 2)
    return pd.DataFrame({"ds": ds, "y": y, "price": price, "promo": (t % 30 == 0) * 1.0, "summer": summer, "winter": ~summer})


def hours():
    ds = pd.date_range("2024-01-01", periods=24 * 60, freq="h")
    rng = np.random.default_rng(2)
    y = 50 + 10 * np.sin(2 * np.pi * ds.hour / 24) + 6 * (ds.weekday > 4) + rng.normal(0, 2, len(ds))
    return pd.DataFrame({"ds": ds, "y": y})


def growing():
    frame = days(900, 3)
    frame["y"] = 400 / (1 + np.exp(-(np.arange(900) - 300) / 150)) + frame["y"] - 100 + 20
    return frame.assign(cap=450.0, floor=10.0)


def holidays_of(frame):
    years = range(frame["ds"].dt.year.min(), frame["ds"].dt.year.max() + 3)
    return pd.DataFrame({
        "holiday": ["xmas"] * len(years) + ["fourth"] * len(years),
        "ds": pd.to_datetime([f"{y}-12-25" for y in years] + [f"{y}-07-04" for y in years]),
        "lower_window": -1, "upper_window": 1,
    })  # fmt: skip


CASES = [
    ("AirPassengers", air, {}, "MS", 24, None),
    ("AirPassengers, multiplicative", air, {"seasonality_mode": "multiplicative"}, "MS", 24, None),
    ("Walmart, weeks", walmart, {}, "W-FRI", 39, None),
    ("days", days, {}, "D", 120, None),
    ("days, minmax, free changes", days, {"scaling": "minmax", "changepoint_prior_scale": 0.5}, "D", 120, None),
    ("days, flat", days, {"growth": "flat"}, "D", 120, None),
    ("days, own change points", days, {"changepoints": ["2020-01-01", "2021-01-01"]}, "D", 120, None),
    ("days, holidays", days, {"holidays": holidays_of}, "D", 365, None),
    ("days, holidays of the US", days, {}, "D", 365, lambda m: m.add_country_holidays("US")),
    ("days, regressors", days, {}, "D", 0, lambda m: m.add_regressor("price").add_regressor("promo", mode="multiplicative", prior_scale=1)),
    ("days, a month", days, {"weekly_seasonality": False}, "D", 120, lambda m: m.add_seasonality("monthly", 30.5, 5)),
    ("days, seasons under conditions", days, {"weekly_seasonality": False}, "D", 0, lambda m: m.add_seasonality(
        "weekly_summer", 7, 3, condition_name="summer").add_seasonality("weekly_winter", 7, 3, condition_name="winter")),
    ("days under a cap", growing, {"growth": "logistic"}, "D", 200, None),
    ("hours", hours, {}, "h", 240, None),
]  # fmt: skip


def run(package, frame, options, freq, horizon, add, **search):
    options = {name: option(frame) if callable(option) else option for name, option in options.items()}
    np.random.seed(1)
    begin = time.perf_counter()
    model = package.Prophet(**options)
    if add:
        add(model)
    model.fit(frame, **search)
    future = model.make_future_dataframe(horizon, freq=freq) if horizon else frame
    if "cap" in frame:
        future = future.assign(cap=frame["cap"][0], floor=frame["floor"][0])
    return model, model.predict(future), time.perf_counter() - begin


def at_the_mode(model, *case):
    """Theirs, searched on from where L-BFGS stopped."""
    for _ in range(RESTARTS):
        begin = {name: model.params[name].ravel() if name in ("delta", "beta") else model.params[name].item()
                 for name in ("k", "m", "delta", "beta", "sigma_obs")}  # fmt: skip
        model, forecast, _ = run(prophet, *case, init=begin, algorithm="Newton", iter=10000)
    return forecast


def main():
    print("| case | yhat as left % | yhat % | trend % | component % | width | of trend | seconds | Prophet's |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, make, *case in CASES:
        frame = make()
        horizon = case[2]
        their_model, left, their_time = run(prophet, frame, *case)
        theirs = at_the_mode(their_model, frame, *case)
        model, ours, our_time = run(wsf.prophet, frame, *case)
        record(f"fit and predict, {name}", "seconds", [our_time], "Prophet", [their_time])
        unit = frame["y"].abs().mean() / 100
        later = (ours["ds"] > frame["ds"].max()).to_numpy() if horizon else np.ones(len(ours), bool)
        added = {*model.component_modes["additive"], "yhat", "trend"}
        far = {c: (ours[c] - theirs[c]).abs().max() / (unit if c in added else 0.01)
               for c in ours if c in theirs and c not in ("ds", "cap", "floor") and not c.endswith(("_lower", "_upper"))}  # fmt: skip
        parts = max([far[c] for c in far if c not in ("yhat", "trend")], default=0)

        def width(column):
            of = [(f[f"{column}_upper"] - f[f"{column}_lower"])[later].mean() for f in (ours, theirs)]
            return f"{of[0] / of[1]:.3f}" if horizon and of[1] > 1e-3 * unit else ""

        other = sorted(set(theirs) ^ set(ours))
        print(f"| {name} | {(ours['yhat'] - left['yhat']).abs().max() / unit:.2f} | {far['yhat']:.2f} | {far['trend']:.2f} "
              f"| {parts:.2f} | {width('yhat')} | {width('trend')} | {our_time:.2f} | {their_time:.2f} |")  # fmt: skip
        if other:
            print(f"{name}: not in both: {', '.join(other)}")


if __name__ == "__main__":
    main()
