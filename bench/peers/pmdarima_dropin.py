"""wsf.pmdarima beside pmdarima: the same program with another import line.

    pmdarima_dropin.py

Given orders: the largest distance of parameters over their standard errors (of statsmodels), of twelve forecasts over
the mean of |y| in percent, the ratio of the widths of intervals of 95 % and the difference of AIC; theirs end where
L-BFGS stops after 50 steps, so that AIC says who is nearer the most likely one. Chosen orders: both, the AIC of each
as the likelihood of statsmodels has it, forecasts as above, seconds.
"""

import time
import warnings

import numpy as np
import pmdarima
import wsf.pmdarima
from record import record

warnings.simplefilter("ignore")
HORIZON = 12
GIVEN = [
    ("lynx", (2, 0, 0), (0, 0, 0, 0), {}),
    ("lynx", (2, 0, 1), (0, 0, 0, 0), {"with_intercept": False}),
    ("airpassengers", (2, 1, 1), (0, 1, 0, 12), {"with_intercept": False}),
    ("airpassengers", (0, 1, 1), (0, 1, 1, 12), {"with_intercept": False}),
    ("airpassengers", (1, 0, 0), (0, 1, 1, 12), {}),
    ("wineind", (1, 1, 1), (0, 1, 1, 12), {"with_intercept": False}),
    ("wineind", (2, 1, 0), (0, 0, 0, 0), {}),
    ("woolyrnq", (1, 1, 1), (1, 0, 0, 4), {}),
    ("austres", (1, 2, 1), (0, 0, 0, 0), {"with_intercept": False}),
]
CHOSEN = [
    ("lynx", {"seasonal": False}),
    ("airpassengers", {"m": 12}),
    ("airpassengers", {"m": 12, "D": 1, "start_p": 1, "start_q": 1, "start_P": 0, "max_p": 3, "max_q": 3, "test": "adf"}),
    ("woolyrnq", {"m": 4}),
    ("wineind", {"seasonal": False}),
    ("austres", {"seasonal": False}),
]


def series(name):
    return getattr(pmdarima.datasets, f"load_{name}")()


def beside(ours, theirs, y):
    (a, b), (c, d) = (m.predict(HORIZON, return_conf_int=True) for m in (ours, theirs))
    far = np.abs(np.asarray(a) - np.asarray(c)).max() / np.abs(y).mean() * 100
    return f"{far:.2f} | {((b[:, 1] - b[:, 0]) / (d[:, 1] - d[:, 0])).mean():.3f}"


def main():
    print("| given order | parameters | forecast % | width | AIC less theirs |\n|---|--:|--:|--:|--:|")
    for name, order, cycle, options in GIVEN:
        y = series(name)
        ours, theirs = (p.ARIMA(order, cycle, suppress_warnings=True, **options).fit(y) for p in (wsf.pmdarima, pmdarima))
        a, b, error = (np.asarray(v) for v in (ours.params(), theirs.params(), theirs.bse()))
        far = np.abs((a - b) / error)[:-1].max()
        print(f"| {name} {theirs} | {far:.3f} | {beside(ours, theirs, y)} | {ours.aic() - theirs.aic():+.3f} |", flush=True)
    print("\n| chosen order | ours | AIC | theirs | AIC | forecast % | width | seconds | theirs |\n|---|---|--:|---|--:|--:|--:|--:|--:|")
    for name, options in CHOSEN:
        y = series(name)
        found = []
        for package in (wsf.pmdarima, pmdarima):
            begin = time.perf_counter()
            found.append((package.auto_arima(y, suppress_warnings=True, error_action="ignore", **options), time.perf_counter() - begin))
        (ours, quick), (theirs, slow) = found
        record(f"auto_arima of {name} {options}", "seconds", [quick], "pmdarima", [slow])
        print(f"| {name} {options} | {str(ours).strip()} | {ours.aic():.2f} | {str(theirs).strip()} | {theirs.aic():.2f} "
              f"| {beside(ours, theirs, y)} | {quick:.2f} | {slow:.1f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
