"""The orders that R's auto.arima chooses and ours, on a seeded sample of the M3 series.

    orders.py FIT_PANEL [--count N] [--seed S] [--model ARIMA] [--list]

The sample keeps the shares of yearly, quarterly, monthly and other series. R's answers are kept in
build/bench/m3: those of the M3 table if they are there, else computed for the sample (minutes).
Two AICc can be compared only where both series were differenced alike. --list prints every series
that differs.
"""

import argparse
import hashlib
import random
import re
import subprocess
import sys

import pandas as pd

import panels
from m3_peers import CACHE

FORM = re.compile(r"ARIMA\((\d+),(\d+),(\d+)\)(?:\((\d+),(\d+),(\d+)\)\[\d+\])?( with (?:mean|drift))?")
NEAR = 0.01  # of AICc: no worse


def draw(count, seed):
    """unique_id by group."""
    groups = {g: list(panels.m3(g)[0].unique_id.unique()) for g in panels.M3}
    total = sum(map(len, groups.values()))
    chance = random.Random(seed)
    return {g: chance.sample(ids, round(count * len(ids) / total)) for g, ids in groups.items()}


def ours(program, group, ids, model):
    season, horizon = panels.M3[group]
    train = panels.m3(group)[0]
    path, out, fits = (panels.WORK / f"orders_{name}.csv" for name in ("series", "forecasts", "fits"))
    train[train.unique_id.isin(ids)].to_csv(path, index=False)
    subprocess.run([program, path, str(season), str(horizon), "2", model, out, fits], check=True,
                   stdout=subprocess.DEVNULL)
    answer = {}
    for row in pd.read_csv(fits, sep="\t").itertuples():
        found = FORM.fullmatch(str(row.form))
        p, d, q, P, D, Q = (int(x or 0) for x in found.groups()[:6])
        answer[row.unique_id] = (p, d, q, P, D, Q, int(bool(found.group(7)))), row.criterion
    return answer


def theirs(group, ids):
    season, horizon = panels.M3[group]
    path = CACHE / f"R-auto.arima-{group}-fits.csv"
    if not path.is_file():
        name = hashlib.sha1(" ".join(ids).encode()).hexdigest()[:12]
        path = CACHE / f"R-auto.arima-{group}-{name}-fits.csv"
    if not path.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        train = panels.m3(group)[0]
        series, out, part = (CACHE / f"orders-{group}.{word}" for word in ("csv", "out", "part"))
        train[train.unique_id.isin(ids)].to_csv(series, index=False)
        print(f"R auto.arima: {len(ids)} {group} series ...", file=sys.stderr, flush=True)
        subprocess.run(["Rscript", panels.ROOT / "bench" / "peers" / "fit_r.R", "auto.arima", series,
                        str(season), str(horizon), out, part], check=True, stderr=subprocess.DEVNULL)
        part.rename(path)
    fits = pd.read_csv(path, dtype={"unique_id": str})
    answer = {}
    for row in fits[fits.unique_id.isin(ids)].itertuples():
        order = tuple(int(x) for x in row.order.split())
        answer[row.unique_id] = order + (row.drift,), row.aicc
    return answer


def text(order):
    return "({},{},{})({},{},{})".format(*order[:6]) + (" +c" if order[6] else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", metavar="FIT_PANEL")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--model", default="arima")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    print("| series | n | same orders | the constant too | other differences | ours better | alike "
          "| R's better |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    total, lines = [0] * 7, []
    for group, ids in draw(options.count, options.seed).items():
        mine, other = ours(options.program, group, ids, options.model), theirs(group, ids)
        count = [len(ids), 0, 0, 0, 0, 0, 0]
        for name in ids:
            (order, criterion), (r_order, r_criterion) = mine[name], other[name]
            count[1] += order[:6] == r_order[:6]
            count[2] += order == r_order
            if order == r_order:
                continue
            alike = (order[1], order[4]) == (r_order[1], r_order[4])
            gap = criterion - r_criterion
            if not alike:
                count[3] += 1
            else:
                count[4 if gap < -NEAR else 5 if gap <= NEAR else 6] += 1
            lines.append(f"{name}\t{group}\tours {text(order)} {criterion:.3f}\tR {text(r_order)} "
                         f"{r_criterion:.3f}\t" + (f"{gap:+.3f}" if alike else "differenced otherwise"))
        total = [a + b for a, b in zip(total, count)]
        print(f"| {group} | " + " | ".join(map(str, count)) + " |", flush=True)
    print("| all | " + " | ".join(map(str, total)) + " |")
    n, differ = total[0], total[0] - total[2]
    print(f"\nSame orders: {100 * total[1] / n:.1f} %, with the constant {100 * total[2] / n:.1f} %. "
          f"Of {differ} that differ, ours has the better AICc in {total[4]}, the same in {total[5]}, "
          f"the worse in {total[6]}; {total[3]} are differenced otherwise.")
    if options.list:
        print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
