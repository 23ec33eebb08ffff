#!/usr/bin/env python3
"""Searches of `ets` on hours: MASE over 48 steps after histories of some lengths, and CPU seconds.

usage: hourly.py WSF [--data DIR] [--file NAME=CSV:COLUMN ...] [--model EXPRESSION ...]

Taylor's demand of electricity (half hours added up to hours), made-up hours with a season of a day, of a
week for half of them, and errors that last, and the hours in any other files. Each series gives 16 windows
for each length, evenly spread over its history."""
import argparse
import csv
import math
import os
import pathlib
import random
import resource
import subprocess
import tempfile

SEASON, AHEAD, WINDOWS, LENGTHS = 24, 48, 16, (336, 700, 960)


def column(path, name):
    with open(path, newline="") as file:
        return [float(row[name]) for row in csv.DictReader(file)]


def made(kind, rng, length=5000):
    day, at = [], 0.0
    for _ in range(SEASON):
        at += rng.gauss(0, 1)
        day.append(at)
    day = [d - k * (day[-1] - day[0]) / (SEASON - 1) for k, d in enumerate(day)]
    mean = sum(day) / SEASON
    size = math.sqrt(sum((d - mean) ** 2 for d in day) / SEASON)
    week = [rng.gauss(0, 1) for _ in range(7)]
    keep, error, level, out = (0.3, 0.7, 0.9)[kind % 3], 0.0, 0.0, []
    for t in range(length):
        error = keep * error + math.sqrt(1 - keep * keep) * rng.gauss(0, 1)
        level += rng.gauss(0, 0.02)
        x = (day[t % SEASON] - mean) / size + (0.5 * week[t // SEASON % 7] if kind > 2 else 0) + level
        out.append(1000 * math.exp(0.15 * (x + 0.25 * error)))
    return out


def windows(y, length):
    """[(history, what came)]"""
    last = len(y) - AHEAD
    origins = [length + k * (last - length) // (WINDOWS - 1) for k in range(WINDOWS)]
    return [(y[o - length:o], y[o:o + AHEAD]) for o in origins]


def forecasts(wsf, path, model):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    data = f'csv("{path}", keys=[id], time=t, target=y, freq=integer, season={SEASON})'
    done = subprocess.run([wsf, "forecast", "--quiet", "--data", data, "--model", model, "--horizon", str(AHEAD),
                           "--format", "csv"], capture_output=True, text=True, check=True)
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    out = {}
    for row in csv.DictReader(done.stdout.splitlines()):
        out.setdefault(int(row["id"]), []).append(float(row["forecast"]))
    return out, seconds


def mase(history, actual, forecast):
    scale = sum(abs(a - b) for a, b in zip(history[SEASON:], history)) / (len(history) - SEASON)
    return sum(abs(a - f) for a, f in zip(actual, forecast)) / len(actual) / scale


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wsf")
    parser.add_argument("--data", default=os.environ.get("WSF_DATA") or
                        str(pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "data"))
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--model", action="append")
    options = parser.parse_args()
    models = options.model or ["snaive", "ets", "ets(search=newton)", "ets(ANA)"]
    half = column(f"{options.data}/classic/taylor.csv", "value")
    sets = {"taylor": [[a + b for a, b in zip(half[::2], half[1::2])]]}
    rng = random.Random(7)
    sets["made up"] = [made(kind, rng) for kind in range(6)]
    for text in options.file:
        name, where = text.split("=", 1)
        sets[name] = [column(*where.rsplit(":", 1))]
    print("| hours | history | " + " | ".join(f"`{m}`" for m in models) + " |\n|---|--:|" + "--:|" * len(models))
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "windows.csv")
        for name, many in sets.items():
            for length in LENGTHS:
                all_of = [w for y in many for w in windows(y, length)]
                with open(path, "w") as file:
                    file.write("id,t,y\n")
                    for k, (history, _) in enumerate(all_of):
                        file.writelines(f"{k},{t + 1},{y}\n" for t, y in enumerate(history))
                cells = []
                for model in models:
                    found, seconds = forecasts(options.wsf, path, model)
                    error = sum(mase(h, a, found[k]) for k, (h, a) in enumerate(all_of)) / len(all_of)
                    cells.append(f"{error:.3f} ({seconds:.1f} s)")
                print(f"| {name} | {length} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
