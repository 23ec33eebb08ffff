"""What users write is typed: checked by mypy --strict, never run."""

import wsf


def use(frame: object) -> list[float]:
    f: wsf.Forecaster = wsf.fit(frame, "ets", keys=["a"], time="t", target="y", freq="week", season=52)
    t: wsf.Table = f.predict(3, levels=[80, 95.0], series=["1", "2"], ahead=None)
    b: wsf.Backtest = wsf.backtest(frame, ["ets"], horizon=3, progress=lambda stage, done, total: done < total)
    rows: int = len(b.summary) + len(t)
    again: wsf.Forecaster = wsf.load(bytes(f))
    return [float(rows), *t.values("forecast"), float(len(again.model))]
