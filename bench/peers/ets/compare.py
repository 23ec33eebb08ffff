"""Times libwsf, statsforecast and R on the same series and prints one table.

compare.py FIT_ETS DATA EVERY
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from statsforecast.models import AutoETS

fit_ets, data, every = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
work = Path("build/bench/ets")
work.mkdir(parents=True, exist_ok=True)

R_SCRIPT = """
suppressMessages(library(forecast))
a <- commandArgs(TRUE)
d <- read.csv(a[1])
h <- as.integer(a[3])
out <- NULL
used <- 0
for (s in split(d, d$unique_id)) {
  t0 <- sum(proc.time()[1:2])
  fit <- ets(ts(s$y, frequency = as.integer(a[2])))
  used <- used + sum(proc.time()[1:2]) - t0
  out <- rbind(out, data.frame(unique_id = s$unique_id[1], ds = max(s$ds) + 1:h,
                               forecast = as.numeric(forecast(fit, h, PI = FALSE)$mean)))
}
cat(used, "\n")
write.csv(out, row.names = FALSE, quote = FALSE)
"""


def smape(forecast, test):
    both = test.merge(forecast, on=["unique_id", "ds"])
    assert len(both) == len(test), "a forecast is missing"
    return (200 * (both.y - both.forecast).abs() / (both.y.abs() + both.forecast.abs())).mean()


def run_wsf(train, season, horizon, model="ets"):
    path = work / "series.csv"
    train.to_csv(path, index=False)
    lines = subprocess.run([fit_ets, str(path), str(season), str(horizon), model],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [line.rsplit(",", 2) for line in lines[1:]]
    forecast = pd.DataFrame(rows, columns=["unique_id", "ds", "forecast"])
    forecast["ds"] = forecast.ds.astype(int)
    forecast["forecast"] = forecast.forecast.astype(float)
    return float(lines[0]), forecast


def run_statsforecast(train, season, horizon):
    groups = [(i, s.ds.max(), s.y.to_numpy(float)) for i, s in train.groupby("unique_id")]
    AutoETS(season_length=season).fit(groups[0][2])  # warm
    used, parts = 0.0, []
    for name, last, y in groups:
        start = time.process_time()
        model = AutoETS(season_length=season).fit(y)
        used += time.process_time() - start
        parts.append(pd.DataFrame({"unique_id": name, "ds": last + np.arange(1, horizon + 1),
                                   "forecast": model.predict(horizon)["mean"]}))
    return used, pd.concat(parts)


def run_r(train, season, horizon):
    path = work / "series.csv"
    train.to_csv(path, index=False)
    out = subprocess.run(["Rscript", "-e", R_SCRIPT, str(path), str(season), str(horizon)],
                         check=True, capture_output=True, text=True).stdout
    head, rest = out.split("\n", 1)
    (work / "r.csv").write_text(rest)
    return float(head), pd.read_csv(work / "r.csv")


def cases():
    for name, season in (("yearly", 1), ("quarterly", 4), ("monthly", 12), ("other", 1)):
        yield (f"M3 {name}", season, pd.read_csv(data / "m3" / f"{name}_train.csv"),
               pd.read_csv(data / "m3" / f"{name}_test.csv"))
    d = pd.read_csv(data / "walmart" / "train.csv", parse_dates=["Date"])
    d["unique_id"] = d.Store.astype(str) + "-" + d.Dept.astype(str)
    d["ds"] = (d.Date - d.Date.min()).dt.days // 7
    d = d.rename(columns={"Weekly_Sales": "y"}).sort_values(["unique_id", "ds"])
    d = d[["unique_id", "ds", "y"]]
    # the peers know no gaps: whole histories only
    d = d[d.groupby("unique_id").y.transform("size") == d.ds.max() + 1]
    yield "Walmart", 52, d, None


def line(name, who, n, used, score):
    score = "" if score is None else f"{score:.4f}"
    print(f"{name:<13} {who:<14} {n:>6} {1000 * used / n:>12.3f} {score:>10}", flush=True)


print(f"{'data':<13} {'program':<14} {'series':>6} {'ms a series':>12} {'sMAPE':>10}")
for name, season, train, test in cases():
    horizon = 39 if test is None else int(test.groupby("unique_id").size().max())
    ids = train.unique_id.unique()
    used, forecast = run_wsf(train, season, horizon)
    line(name, "wsf, all", len(ids), used, None if test is None else smape(forecast, test))
    some = train[train.unique_id.isin(ids[::every])]
    score = None if test is None else test[test.unique_id.isin(ids[::every])]
    n = some.unique_id.nunique()
    programs = [("wsf", run_wsf), ("statsforecast", run_statsforecast)]
    if shutil.which("Rscript"):
        programs.append(("R forecast", run_r))
    programs.append(("wsf newton",
                     lambda t, s, h: run_wsf(t, s, h, "ets(search=newton)")))
    for who, program in programs:
        # libwsf and R do not look for seasons above 24 by themselves; spare the third the work
        its_season = season if season <= 24 or program is run_wsf else 1
        used, forecast = program(some, its_season, horizon)
        line(name, who, n, used, None if score is None else smape(forecast, score))
