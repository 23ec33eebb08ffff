"""From exec to the first forecast of a fresh process, a series of 100 observations.

    run.py WSF START [START_STATIC] [--runs N]

START is the driver start.c with OpenBLAS as a shared library, START_STATIC the same with it linked
in; WSF the command, which also reads the series from a CSV file. Milliseconds from the start of the
process to the first byte of the forecast, programs in turns. `nothing` is a program that
only writes a line: what the machine takes for any process. statsforecast is Python that imports it (its
compiled code lies ready after the first run) and forecasts the same values.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import panels
from record import record

# ours, statsforecast's
MODELS = {"naive": "Naive()", "theta(method=dotm)": "DynamicOptimizedTheta(7)", "ces": "AutoCES(7)", "ets": "AutoETS(7)",
          "arima": "AutoARIMA(season_length=7)"}
PEER = "statsforecast, Python"
PEER_RUNS = 4  # of seconds each
WEEK = [80, 75, 78, 90, 120, 160, 110]


def first_byte(command):
    """Seconds until the first byte of output, and CPU seconds of the whole process."""
    read, write = os.pipe()
    quiet = os.open(os.devnull, os.O_WRONLY)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, quiet, 2),
        (os.POSIX_SPAWN_CLOSE, read), (os.POSIX_SPAWN_CLOSE, write)])
    os.close(write)
    assert os.read(read, 1), f"{command}: no output"
    took = time.perf_counter() - start
    while os.read(read, 65536):
        pass
    os.close(read)
    os.close(quiet)
    os.waitpid(pid, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("wsf")
    parser.add_argument("start", nargs="+")
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    data = panels.WORK / "start.csv"
    rows = [f"{t},{WEEK[t % 7] * (1 + 0.002 * t) + 20 * (t * 7919 % 101 / 101 - 0.5)}" for t in range(100)]
    data.write_text("day,sold\n" + "\n".join(rows) + "\n")
    nothing = panels.WORK / "nothing"
    subprocess.run(["cc", "-O2", "-x", "c", "-", "-o", nothing], check=True, text=True,
                   input='#include <stdio.h>\nint main(void) { return puts("0") < 0; }\n')
    expression = f'csv("{data}", time=day, target=sold, freq=integer, season=7)'
    programs = {("nothing", ""): [str(nothing)]}
    for model in MODELS:
        for program, how in zip(options.start, ("library, OpenBLAS shared", "library, OpenBLAS linked in")):
            programs[how, model] = [program, model]
        programs["wsf forecast, CSV file", model] = [
            options.wsf, "forecast", "--data", expression, "--model", model, "--horizon", "7", "--format", "csv"]
        programs[PEER, model] = [sys.executable, str(Path(__file__).with_name("peer.py")), MODELS[model], str(data)]
    times = {name: [] for name in programs}
    for turn in range(options.runs):
        for name, command in programs.items():
            if name[0] != PEER or turn < PEER_RUNS:
                times[name].append(first_byte(command))
    print("| program | model | least ms | median | most | CPU ms |\n|---|---|--:|--:|--:|--:|")
    for (how, model), runs in times.items():
        wall = sorted(1000 * r[0] for r in runs)
        cpu = 1000 * statistics.median(r[1] for r in runs)
        print(f"| {how} | {model} | {wall[0]:.2f} | {statistics.median(wall):.2f} | {wall[-1]:.2f} | {cpu:.2f} |")
        if model and how != PEER:
            record(f"a fresh process to its first forecast, `{model}`: {how}", "ms", [1000 * r[0] for r in runs], PEER,
                   [1000 * r[0] for r in times[PEER, model]])


if __name__ == "__main__":
    main()
