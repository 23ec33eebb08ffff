"""The series that the benches measure on, and the two measures of the M3 competition."""

import os
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("WSF_DATA", ROOT.parent / "shared" / "data"))
WORK = ROOT / "build" / "bench"

# M3 group: season, horizon of the competition
M3 = {"yearly": (1, 6), "quarterly": (4, 8), "monthly": (12, 18), "other": (1, 8)}
WALMART = (52, 13)


def need(folder):
    if not (DATA / folder).is_dir():
        sys.exit(f"bench: {DATA / folder} not found; set WSF_DATA")


def m3(group):
    """Training part and held-out part: unique_id, ds, y."""
    need("m3")
    return tuple(pd.read_csv(DATA / "m3" / f"{group}_{part}.csv") for part in ("train", "test"))


def walmart():
    """Whole weekly histories without a gap (the peers know none); the last 13 weeks held out."""
    need("walmart")
    d = pd.read_csv(DATA / "walmart" / "train.csv", parse_dates=["Date"])
    d["unique_id"] = d.Store.astype(str) + "-" + d.Dept.astype(str)
    d["ds"] = (d.Date - d.Date.min()).dt.days // 7
    d = d.rename(columns={"Weekly_Sales": "y"}).sort_values(["unique_id", "ds"])
    d = d.loc[d.groupby("unique_id").y.transform("size") == d.ds.max() + 1, ["unique_id", "ds", "y"]]
    cut = d.ds.max() - WALMART[1]
    return d[d.ds <= cut], d[d.ds > cut]


def sample(train, test, count):
    """Every k-th series, so that at most `count` are left."""
    ids = train.unique_id.unique()
    step = max(1, -(-len(ids) // count)) if count else 1
    ids = ids[::step]
    return train[train.unique_id.isin(ids)], test[test.unique_id.isin(ids)]


def scores(train, test, forecast, season):
    """sMAPE and MASE of each series: mean of 200|e| / (|y| + |f|), and mean |e| over the in-sample
    mean |y[t] - y[t-m]| (left out where that is zero)."""
    both = test.merge(forecast, on=["unique_id", "ds"])
    assert len(both) == len(test), "a forecast is missing"
    error = (both.forecast - both.y).abs()
    size = (both.forecast.abs() + both.y.abs()).where(error > 0, 1)
    smape = (200 * error / size).groupby(both.unique_id).mean()
    change = train.groupby("unique_id").y.diff(season).abs().groupby(train.unique_id).mean()
    scale = change[change > 0]
    mase = error.groupby(both.unique_id).mean().reindex(scale.index).dropna() / scale
    return smape, mase.dropna()


def read_forecasts(path):
    """Forecasts as fit_panel (tabs) and the peers (commas) write them; names stay text."""
    return pd.read_csv(path, sep=None, engine="python", dtype={"unique_id": str})
