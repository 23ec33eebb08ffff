"""The M3 ensemble, chosen without the test part: one expression for every frequency.

    choose.py FIT_PANEL [--windows N] [--deepest K] [--final]

Every component forecasts the last periods of the *training* part (the competition's horizon, in
windows one after the other, where eight observations and a bit stay in front); its forecasts are kept
in build/bench/m3/choose-* (remove them after a change to a model). Means and medians of up to K
components are then ranked by the sMAPE over all series and windows. --final measures the first of each kind on the test part: once, when
everything is decided.
"""

import argparse
import hashlib
import itertools

import numpy as np
import pandas as pd

import panels
from m3_peers import CACHE, fit_ours, row

COMPONENTS = [
    "ets", "ets(search=newton)", "ets(damped=true)", "ces", "arima",
    "theta", "theta(method=otm)", "theta(method=dotm)", "theta(decompose=additive)",
    "fallback(log(theta), theta)", "fallback(log(ets), ets)", "fallback(log(theta(method=dotm)), theta(method=dotm))",
    "drift", "fallback(stl(drift), drift)", "fallback(stl(ets), ets)", "fallback(stl(theta), theta)",
    "snaive", "ucm",
]
LEAST = 8  # observations in front of a window


def cut(group, window):
    """The training part without its last (window + 1) horizons, and the horizon that follows."""
    season, horizon = panels.M3[group]
    table = panels.m3(group)[0]
    left = table.groupby("unique_id").ds.transform("max") - table.ds  # periods before the last
    length = table.groupby("unique_id").ds.transform("size")
    fits = length - (window + 1) * horizon >= max(LEAST, 2 * season + 1)
    front = left >= (window + 1) * horizon
    ahead = ~front & (left >= window * horizon)
    return table[fits & front], table[fits & ahead]


def forecast(program, model, group, window):
    name = hashlib.sha1(model.encode()).hexdigest()[:12]
    path = CACHE / f"choose-{name}-{group}-{window}.csv"
    if not path.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        fit_ours(program, model, group, cut(group, window)[0])[0].to_csv(path, index=False)
    return panels.read_forecasts(path)


def collect(program, windows):
    """Forecasts [component, row], actual [row], number of the series-window [row]."""
    actual, answers, member, at = [], [[] for _ in COMPONENTS], [], 0
    for group in panels.M3:
        for window in range(windows):
            test = cut(group, window)[1]
            if test.empty:
                continue
            code, names = pd.factorize(test.unique_id)
            member.append(code + at)
            at += len(names)
            actual.append(test.y.to_numpy(float))
            for k, model in enumerate(COMPONENTS):
                both = test.merge(forecast(program, model, group, window), on=["unique_id", "ds"], how="left")
                assert both.forecast.notna().all(), f"{model}: a forecast is missing"
                answers[k].append(both.forecast.to_numpy(float))
    return np.array([np.concatenate(a) for a in answers]), np.concatenate(actual), np.concatenate(member)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", metavar="FIT_PANEL")
    parser.add_argument("--windows", type=int, default=2)
    parser.add_argument("--deepest", type=int, default=4)
    parser.add_argument("--final", action="store_true")
    options = parser.parse_args()
    made, actual, member = collect(options.program, options.windows)
    sizes = np.bincount(member)

    def smape(answer):
        each = 200 * np.abs(answer - actual) / np.maximum(np.abs(answer) + np.abs(actual), 1e-300)
        return (np.bincount(member, each) / sizes).mean()

    print(f"{len(sizes)} series-windows of the training part\n\n| component | sMAPE |\n|---|--:|")
    for k, model in enumerate(COMPONENTS):
        print(f"| `{model}` | {smape(made[k]):.3f} |")
    first = {}
    for word, combine in (("mean", np.mean), ("median", np.median)):
        ranked = sorted((smape(combine(made[list(chosen)], axis=0)), chosen)
                        for n in range(2, options.deepest + 1)
                        for chosen in itertools.combinations(range(len(COMPONENTS)), n))
        print(f"\n| {word} of | sMAPE |\n|---|--:|")
        for value, chosen in ranked[:12]:
            print(f"| {', '.join(COMPONENTS[k] for k in chosen)} | {value:.3f} |")
        first[word] = f"{word}({', '.join(COMPONENTS[k] for k in ranked[0][1])})"
    print()
    for expression in first.values():
        print(expression)
    if options.final:
        groups = " | ".join(panels.M3)
        print(f"\n| test part | sMAPE {groups} | all | MASE {groups} | all | CPU s |")
        print("|---|" + "--:|" * (2 * len(panels.M3) + 3))
        for expression in first.values():
            answers = {g: fit_ours(options.program, expression, g) for g in panels.M3}
            row(f"`{expression}`", {g: a[0] for g, a in answers.items()},
                f"{sum(a[1] for a in answers.values()):.1f}")


if __name__ == "__main__":
    main()
