#!/usr/bin/env python3
"""`auto` beside seasonal naive on made-up weekly panels, most of them shorter than two years.

    weekly.py WSF [--seeds 1,2,3,4] [--model EXPR]

Prints a Markdown table: a row per horizon, weeks in all and seed, WAPE of both over the last weeks of 24
series and what the one is of the other. The histories are those weeks less the horizon."""
import argparse
import csv
import io
import subprocess

PARSER = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
PARSER.add_argument("wsf")
PARSER.add_argument("--seeds", default="1,2,3,4")
PARSER.add_argument("--model", default="auto")
OPTIONS = PARSER.parse_args()

print("| horizon | weeks | seed | auto | snaive | ratio |\n|--:|--:|--:|--:|--:|--:|")
RATIOS = []
for horizon in (13, 26):
    for weeks in (78, 104, 156):
        for seed in OPTIONS.seeds.split(","):
            done = subprocess.run([OPTIONS.wsf, "backtest", "--data",
                                   f"simulate(stores=4, depts=6, weeks={weeks}, seed={seed})", "--model", OPTIONS.model,
                                   "--model", "snaive", "--horizon", str(horizon), "--metrics", "wape", "--what", "folds",
                                   "--format", "csv", "--quiet"], stdout=subprocess.PIPE, text=True, check=True)
            auto, last = (float(row["wape"]) for row in csv.DictReader(io.StringIO(done.stdout)))
            RATIOS.append(auto / last)
            print(f"| {horizon} | {weeks} | {seed} | {auto:.4f} | {last:.4f} | {auto / last:.3f} |", flush=True)
print(f"\nworst {max(RATIOS):.3f}, mean {sum(RATIOS) / len(RATIOS):.3f}, above 1.01: "
      f"{sum(r > 1.01 for r in RATIOS)} of {len(RATIOS)}")
