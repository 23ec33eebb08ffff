"""What users write is typed: checked by mypy --strict, never run."""

import wsf
from wsf.pmdarima import ARIMA, auto_arima
from wsf.prophet import Prophet
from wsf.sklearn import ForecastRegressor
from wsf.statsforecast import StatsForecast
from wsf.statsforecast.models import AutoETS, Model, Naive


def use(frame: object) -> list[float]:
    f: wsf.Forecaster = wsf.fit(frame, "ets", keys=["a"], time="t", target="y", freq="week", season=52)
    t: wsf.Table = f.predict(3, levels=[80, 95.0], series=["1", "2"], ahead=None)
    b: wsf.Backtest = wsf.backtest(frame, ["ets"], horizon=3, progress=lambda stage, done, total: done < total)
    rows: int = len(b.summary) + len(t)
    again: wsf.Forecaster = wsf.load(bytes(f))
    return [float(rows), *t.values("forecast"), float(len(again.model))]


def drop_in(frame: object) -> object:
    models: list[Model] = [AutoETS(season_length=12, damped=None, intervals="adjusted"), Naive(alias="Last")]
    sf: StatsForecast = StatsForecast(models=models, freq="MS", n_jobs=-1).fit(frame)
    return sf.predict(h=3, level=[80, 95])


def estimator(X: object, y: object) -> str:
    f: ForecastRegressor = ForecastRegressor("ets", season=7).fit(X, y)
    return f.forecaster_.model


def charts(history: wsf.Dataset, result: wsf.Backtest) -> None:
    wsf.plot.fan(wsf.fit(history).predict(3), history, series=["1,1"], recent=20).savefig("fan.png")
    wsf.plot.backtest(result, models=["ets"]).savefig("backtest.png")


def prophet(frame: object) -> object:
    m: Prophet = Prophet(seasonality_mode="multiplicative", n_changepoints=5).add_regressor("price").fit(frame)
    return m.predict(m.make_future_dataframe(periods=3))


def arima(y: object) -> float:
    m: ARIMA = auto_arima(y, m=12, seasonal=True, error_action="ignore")
    return m.update(y).aic()
