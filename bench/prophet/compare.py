"""libwsf's prophet beside Prophet: log posterior, forecasts, intervals and time on the same series.

    compare.py WSF [--rounds N]

Series: AirPassengers, the daily units of the largest M5 store and department, the weekly sales of
one Walmart store. Both fit the same model; the log posterior of both is computed by one function
from their parameters, in units of Prophet's scaled data. Theirs is fit as Prophet does, by L-BFGS,
which is timed, and from there by Stan's Newton search until a restart gains less than 1e-6 (L-BFGS with
tolerances of 1e-12 stays at the kinks of the Laplace prior where it ended): posterior, forecasts and
intervals of that are compared, and the posterior of the first beside it. Times are the least
processor time of N rounds: theirs of the calls fit and predict in a warm process (predict
draws 1,000 samples), ours of `wsf fit` and `wsf predict` as processes on one thread, over a panel of
50 copies of the series that differ by a factor and a level, divided by 50.
"""

import argparse
import csv
import io
import logging
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from record import record

logging.disable(logging.CRITICAL)
COPIES = 50
RESTARTS = 4


def data_folder():
    return Path(os.environ.get("WSF_DATA", "../shared/data"))


def air():
    rows = list(csv.reader(open(data_folder() / "classic/AirPassengers.csv")))[1:]
    return [(f"{1949 + i // 12}-{i % 12 + 1:02d}-01", float(v)) for i, (_, v) in enumerate(rows)]


def m5():
    rows = csv.DictReader(open(data_folder() / "m5/sales.csv"))
    return [(r["date"], float(r["units"])) for r in rows
            if (r["store_id"], r["dept_id"]) == ("CA_1", "FOODS_3")]


def walmart():
    total = {}
    for r in csv.DictReader(open(data_folder() / "walmart/train.csv")):
        if r["Store"] == "1":
            total[r["Date"]] = total.get(r["Date"], 0) + float(r["Weekly_Sales"])
    return sorted(total.items())


SERIES = [("AirPassengers", air, "MS", 24), ("M5 CA_1 FOODS_3", m5, "D", 90),
          ("Walmart store 1", walmart, "W-FRI", 39)]


class Posterior:
    """The log posterior of Prophet's model, up to a constant."""

    def __init__(self, model):
        self.model = model
        self.x = model.make_all_seasonality_features(model.history)[0].values

    def of(self, model):
        p = model.params
        return self(p["k"].item(), p["m"].item(), p["delta"].ravel(), p["beta"].ravel(),
                    p["sigma_obs"].item())

    def __call__(self, k, m, delta, beta, sigma):
        import numpy as np
        kept, model = self.model.params, self.model
        model.params = {"k": np.array([[k]]), "m": np.array([[m]]), "delta": delta[None],
                        "beta": beta[None], "sigma_obs": np.array([[sigma]])}
        trend = model.predict_trend(model.history) / model.y_scale
        model.params = kept
        effect = self.x @ beta
        mean = trend * (1 + effect) if model.seasonality_mode == "multiplicative" else trend + effect
        error = model.history["y_scaled"].values - mean
        return -(len(error) * np.log(sigma) + (error**2).sum() / 2 / sigma**2 + 2 * sigma**2
                 + (k * k + m * m) / 50 + abs(delta).sum() / model.changepoint_prior_scale
                 + (beta**2).sum() / 200)


def processor_seconds():
    """Of this process and of those that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def best_of(rounds, call):
    seconds = []
    for _ in range(rounds):
        begin = processor_seconds()
        result = call()
        seconds.append(processor_seconds() - begin)
    return min(seconds), result


def theirs(rows, freq, horizon, mode, rounds):
    import numpy as np
    import pandas as pd
    from prophet import Prophet
    frame = pd.DataFrame(rows, columns=["ds", "y"])
    frame.ds = pd.to_datetime(frame.ds)

    def fit(**how):
        return Prophet(seasonality_mode=mode, interval_width=0.8,
                       uncertainty_samples=1000).fit(frame, **how)

    fit_time, loose = best_of(rounds, fit)
    model, value = loose, Posterior(loose).of(loose)
    for _ in range(RESTARTS):
        begin = {name: model.params[name].ravel() if name in ("delta", "beta")
                 else model.params[name].item() for name in ("k", "m", "delta", "beta", "sigma_obs")}
        further = fit(init=begin, algorithm="Newton", iter=10000)
        gain = Posterior(further).of(further) - value
        if gain > 0:
            model, value = further, value + gain
        if gain < 1e-6:
            break
    future = model.make_future_dataframe(horizon, freq=freq, include_history=False)
    np.random.seed(1)
    predict_time, forecast = best_of(rounds, lambda: model.predict(future))
    return loose, model, forecast, fit_time, predict_time


def wsf(program, *arguments):
    run = subprocess.run([program, *arguments], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return run.stdout


def ours(program, rows, horizon, mode, rounds, folder):
    import pandas as pd
    one, many, saved = f"{folder}/one.csv", f"{folder}/many.csv", f"{folder}/model.wsf"
    with open(one, "w") as file:
        file.write("id,ds,y\n" + "".join(f"0,{d},{v}\n" for d, v in rows))
    with open(many, "w") as file:
        file.write("id,ds,y\n" + "".join(f"{i},{d},{v * (1 + 0.01 * i) + i}\n"
                                         for i in range(COPIES) for d, v in rows))
    model = f"prophet(seasonality_mode={mode}, intervals=model)"
    text = f'csv("{many}", keys=[id], time=ds, target=y)'
    load_time, _ = best_of(rounds, lambda: wsf(program, "fit", "--data", text, "--model", "naive",
                                               "--save", saved, "--threads", "1"))
    fit_time, _ = best_of(rounds, lambda: wsf(program, "fit", "--data", text, "--model", model,
                                              "--save", saved, "--threads", "1"))
    ahead = ["--horizon", str(horizon), "--levels", "80"]
    predict_time, _ = best_of(rounds, lambda: wsf(program, "predict", "--load", saved, *ahead,
                                                  "--threads", "1"))
    wsf(program, "fit", "--data", text.replace(many, one), "--model", model, "--save", saved)
    table = pd.read_csv(io.StringIO(wsf(program, "describe", "--load", saved, "--what",
                                        "coefficients", "--format", "csv")))
    forecast = pd.read_csv(io.StringIO(wsf(program, "predict", "--load", saved, *ahead)))
    return table, forecast, (fit_time - load_time) / COPIES, predict_time / COPIES


def of(table, *names):
    import numpy as np
    return np.concatenate([table[table.coefficient.str.match(rf"^{n}[0-9]*$")].estimate.values
                           for n in names])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wsf")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    import prophet
    print(f"Prophet {prophet.__version__}; log posterior: ours less theirs; forecast: largest distance"
          " over the mean; width: of 80 % intervals, ours over theirs; processor time in ms")
    print("| series | mode | log posterior | beside Newton | forecast % | width | fit | Prophet's |"
          " predict | Prophet's |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, read, freq, horizon in SERIES:
            for mode in ("additive", "multiplicative"):
                rows = read()
                loose, model, p, their_fit, their_predict = theirs(rows, freq, horizon, mode,
                                                                   options.rounds)
                table, q, fit, predict = ours(options.wsf, rows, horizon, mode, options.rounds, folder)
                posterior = Posterior(model)
                loose_value, their_value = posterior.of(loose), posterior.of(model)
                our_value = posterior(of(table, "k")[0], of(table, "m")[0], of(table, "delta"),
                                      of(table, "yearly", "weekly", "daily"),
                                      of(table, "sigma_obs")[0])
                off = abs(q["forecast"].values - p.yhat.values).max() / abs(p.yhat).mean()
                width = ((q["hi-80"] - q["lo-80"]).values
                         / (p.yhat_upper - p.yhat_lower).values).mean()
                for what, mine, other in (("fit", fit, their_fit), ("predict", predict, their_predict)):
                    record(f"{name}, {mode}, {what}", "CPU ms", [1e3 * mine], "Prophet", [1e3 * other])
                print(f"| {name} | {mode} | {our_value - loose_value:+.3f} |"
                      f" {our_value - their_value:+.4f} | {100 * off:.2f} |"
                      f" {width:.3f} | {1e3 * fit:.2f} | {1e3 * their_fit:.0f} | {1e3 * predict:.2f} |"
                      f" {1e3 * their_predict:.0f} |")


if __name__ == "__main__":
    main()
