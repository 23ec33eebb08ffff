"""lstm and esrnn beside neuralforecast's LSTM and DeepAR with their defaults: accuracy and time of a
fresh process from a CSV file to forecasts, one thread each, one after the other.

    forecasters.py WSF PEERS_PYTHON [--only walmart|m3] [--series N] [--steps N] [--models A,B]

PEERS_PYTHON: of a venv into which neuralforecast was installed. Walmart: whole weekly histories, the
last 13 weeks held out; M3 monthly: its test part. Forecasts are medians where the package gives
them. --series: every k-th series, so that at most N are left."""

import argparse
import os
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

import panels

THEIRS = """
import sys, warnings, logging, time
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import torch
torch.set_num_threads(1)
import pandas as pd
from neuralforecast import NeuralForecast
from neuralforecast.models import LSTM, DeepAR
name, train, out, h, steps = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
more = {"max_steps": steps} if steps else {}
word, _, scaler = name.partition("+")
if scaler: more["scaler_type"] = scaler
model = {"LSTM": LSTM, "DeepAR": DeepAR}[word](
    h=h, accelerator="cpu", enable_progress_bar=False, logger=False, enable_checkpointing=False,
    enable_model_summary=False, start_padding_enabled=True, **more)
table = pd.read_csv(train)
nf = NeuralForecast(models=[model], freq=1)
nf.fit(table)
said = nf.predict()
column = word + "-median" if word + "-median" in said else word
said.rename(columns={column: "forecast"})[["unique_id", "ds", "forecast"]].to_csv(out, index=False)
"""


def timed(command):
    """Wall and processor seconds of a process, its start included."""
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""})
    if done.returncode:
        sys.exit(f"{command[:2]}: {done.stderr[-2000:]}")
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(wsf, model, train, out, season, h):
    data = f'csv("{train}", keys=[unique_id], time=ds, target=y, freq=integer, season={season}, end=own)'
    spent = timed([wsf, "forecast", "--data", data, "--model", model, "--horizon", str(h),
                   "--threads", "1", "--quiet", "--negative", "--format", "csv", "--out", str(out)])
    said = pd.read_csv(out)
    return said.rename(columns={"mean": "forecast"})[["unique_id", "ds", "forecast"]], *spent


def theirs(python, model, train, out, h, steps):
    spent = timed([python, "-c", THEIRS, model, str(train), str(out), str(h), str(steps)])
    return pd.read_csv(out), *spent


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("wsf")
    asked.add_argument("python")
    asked.add_argument("--only")
    asked.add_argument("--series", type=int, default=0)
    asked.add_argument("--steps", type=int, default=0)
    asked.add_argument("--models", default="lstm,esrnn,LSTM,DeepAR")
    o = asked.parse_args()
    panels.WORK.mkdir(parents=True, exist_ok=True)
    made = {"walmart": (panels.walmart, *panels.WALMART),
            "m3": (lambda: panels.m3("monthly"), *panels.M3["monthly"])}
    print("set series model wape smape mase wall_s cpu_s", flush=True)
    for name, (make, season, h) in made.items():
        if o.only not in (None, name):
            continue
        train, test = panels.sample(*make(), o.series)
        path, out = panels.WORK / f"networks_{name}.csv", panels.WORK / f"networks_{name}_said.csv"
        train.to_csv(path, index=False)
        for model in o.models.split(","):
            if model[0].isupper():
                said, wall, cpu = theirs(o.python, model, path, out, h, o.steps)
            else:
                said, wall, cpu = ours(o.wsf, model, path, out, season, h)
            smape, mase = panels.scores(train, test, said, season)
            both = test.merge(said, on=["unique_id", "ds"])
            wape = np.abs(both.forecast - both.y).sum() / np.abs(both.y).sum()
            print(name, train.unique_id.nunique(), model, f"{wape:.4f} {smape.mean():.2f} {mase.mean():.3f} "
                  f"{wall:.1f} {cpu:.1f}", flush=True)


main()
