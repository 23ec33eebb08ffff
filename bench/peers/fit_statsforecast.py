"""statsforecast's models on every series of a long table (unique_id, ds, y), warm: worker processes
that have imported everything and fitted the first series with every model before the clock starts.

    fit_statsforecast.py MODELS SERIES.csv SEASON HORIZON OUT.csv [WORKERS]

fits once and writes the forecasts (unique_id, ds, forecast). MODELS: classes of
statsforecast.models joined by +; more than one: the mean of their forecasts. compare.py uses the
class below.
"""

import multiprocessing
import sys
import time
import warnings

import numpy as np
import pandas as pd
import statsforecast.models as sf

warnings.filterwarnings("ignore")


class Panel:
    """The series of a table and what is to be fitted to each."""

    def __init__(self, models, table, season, horizon):
        self.models, self.season, self.horizon = models.split("+"), season, horizon
        self.series = [(i, int(s.ds.max()), s.y.to_numpy(float))
                       for i, s in table.groupby("unique_id", sort=False)]

    def forecast(self, y):
        made = [getattr(sf, name)(season_length=self.season) for name in self.models]
        return np.mean([model.forecast(y=y, h=self.horizon)["mean"] for model in made], axis=0)


panel = None  # set before the workers are forked


def peak_memory():
    """Of this process, in MiB. Not ru_maxrss: that remembers the process that forked it."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def work(at):
    start = time.process_time()
    answer = panel.forecast(panel.series[at][2])
    return at, answer, time.process_time() - start, peak_memory()


def warm(_):
    panel.forecast(panel.series[0][2])
    time.sleep(0.2)  # so that no worker takes the others' turn


class Warm:
    """Warm workers; each call of run is one round over all series."""

    def __init__(self, models, table, season, horizon, workers):
        global panel
        panel = self.panel = Panel(models, table, season, horizon)
        self.pool = multiprocessing.get_context("fork").Pool(workers)
        self.pool.map(warm, range(workers), chunksize=1)

    def run(self):
        """Forecasts, wall seconds, CPU seconds, peak memory of the largest worker in MiB."""
        series = self.panel.series
        answers, used, peak = [None] * len(series), 0.0, 0.0
        start = time.perf_counter()
        for at, answer, cpu, memory in self.pool.imap_unordered(work, range(len(series))):
            answers[at] = answer
            used += cpu
            peak = max(peak, memory)
        wall = time.perf_counter() - start
        steps = np.arange(1, self.panel.horizon + 1)
        rows = [pd.DataFrame({"unique_id": name, "ds": last + steps, "forecast": answer})
                for (name, last, _), answer in zip(series, answers)]
        return pd.concat(rows), wall, used, peak

    def close(self):
        self.pool.close()
        self.pool.join()


if __name__ == "__main__":
    models, path, season, horizon, out = sys.argv[1:6]
    workers = int(sys.argv[6]) if len(sys.argv) > 6 else 1
    warm_ones = Warm(models, pd.read_csv(path), int(season), int(horizon), workers)
    forecasts, _, used, _ = warm_ones.run()
    warm_ones.close()
    forecasts.to_csv(out, index=False)
    print(f"{models}: {forecasts.unique_id.nunique()} series, {used:.1f} CPU seconds")
