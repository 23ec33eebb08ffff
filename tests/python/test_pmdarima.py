"""wsf.pmdarima as the users of pmdarima write it, against figures of pmdarima 2.1.1 (statsmodels 0.15)."""

import math

import numpy as np
import pandas as pd
import pytest

import wsf.pmdarima as pm
from wsf.pmdarima.arima import ARIMA, ndiffs, nsdiffs
from wsf.pmdarima.model_selection import RollingForecastCV, SlidingWindowForecastCV, cross_val_score, train_test_split


def made(n=160):
    """Growth, a season of 12, and errors that follow each other."""
    t = np.arange(n)
    error = np.sin(t * t * 0.7) * 2
    level = np.zeros(n)
    for i in range(1, n):
        level[i] = 0.6 * level[i - 1] + error[i]
    return 50 + 0.1 * t + 4 * np.sin(2 * np.pi * t / 12) + level


def walk(n=200):
    """What is differenced once; its differences are white."""
    return np.cumsum(np.random.default_rng(3).normal(size=n)) + 0.5 * np.arange(n)


FIGURES = [
    # order, season, options; parameters without sigma2; forecasts of steps 1, 6, 12; width of the last; AIC, BIC
    ((1, 0, 0), (0, 0, 0, 0), {}, [3.3631, 0.9427], [70.959, 67.827, 65.105], 21.538, 700.65, 709.88),
    ((0, 1, 1), (0, 1, 1, 12), {}, [-0.3382, -0.9985], [71.991, 64.963, 73.461], 14.418, 567.63, 576.6),
    ((2, 1, 0), (0, 0, 0, 0), {}, [0.0936, 0.2475, 0.1274], [71.886, 72.438, 73.331], 41.278, 683.27, 695.55),
    ((1, 0, 0), (0, 1, 0, 12), {}, [0.572, 0.5688], [72.505, 62.7, 73.032], 9.52, 631.19, 640.18),
]  # fmt: skip


@pytest.mark.parametrize(("order", "season", "options", "params", "forecast", "width", "aic", "bic"), FIGURES)
def test_figures_of_the_package(order, season, options, params, forecast, width, aic, bic):
    m = pm.ARIMA(order, seasonal_order=season, **options).fit(made())
    assert m.params()[:-1] == pytest.approx(params, abs=0.003)
    mean, bounds = m.predict(n_periods=12, return_conf_int=True)
    assert mean[[0, 5, 11]] == pytest.approx(forecast, abs=0.01)
    assert bounds.shape == (12, 2) and bounds[11, 1] - bounds[11, 0] == pytest.approx(width, rel=0.05)
    assert m.aic() == pytest.approx(aic, abs=0.02) and m.bic() == pytest.approx(bic, abs=0.02)
    assert m.aicc() > m.aic() and m.df_model() == len(m.params())
    assert len(m.arparams()) == order[0] and len(m.maparams()) == order[2]


def test_the_quick_start():
    y = pm.datasets.load_airpassengers()
    train, test = train_test_split(y, train_size=134)
    model = pm.auto_arima(train, seasonal=True, m=12)
    forecasts = model.predict(test.shape[0])
    assert isinstance(forecasts, np.ndarray) and forecasts.shape == (10,) and np.isfinite(forecasts).all()
    assert len(model.order) == 3 and len(model.seasonal_order) == 4 and model.seasonal_order[3] == 12
    assert "AIC" in str(model.summary()) and "sigma2" in model.summary().as_text()


def test_the_airpassengers():
    """Orders and figures of pmdarima: AIC 1017.85, parameters to 0.01."""
    y = pm.datasets.load_airpassengers(as_series=True)
    m = pm.auto_arima(y, m=12)
    assert (m.order, m.seasonal_order) == ((2, 1, 1), (0, 1, 0, 12)) and not m.with_intercept
    assert m.aic() == pytest.approx(1017.85, abs=0.01)
    assert m.params()[["ar.L1", "ar.L2", "ma.L1"]].tolist() == pytest.approx([0.596, 0.2143, -0.9819], abs=0.01)
    assert str(m.predict(1).index[0]) == "1961-01"


def test_a_search_with_its_options(capsys):
    y = walk()
    m = pm.auto_arima(
        y, start_p=1, start_q=1, test="adf", max_p=3, max_q=3, m=1, d=None, seasonal=False, start_P=0, D=0, trace=True,
        error_action="ignore", suppress_warnings=True, stepwise=True, max_d=10, n_jobs=-1,
    )  # fmt: skip
    assert m.order[1] == 1 and "Best model:  ARIMA(" in capsys.readouterr().out
    assert pm.auto_arima(y, d=0, seasonal=False).order[1] == 0
    assert pm.auto_arima(y, stationary=True).order[1] == 0
    assert pm.auto_arima(made(), m=12, D=1, d=1).seasonal_order[1] == 1
    assert not pm.auto_arima(y, with_intercept=False).with_intercept
    assert pm.auto_arima(y, with_intercept=True).with_intercept
    best = pm.auto_arima(y, information_criterion="bic", stepwise=False, max_order=3)
    assert best.bic() <= m.bic() + 1e-9
    same = pm.AutoARIMA(information_criterion="bic", stepwise=False, max_order=3).fit(y)
    assert same.model_.order == best.order and (same.predict(3) == best.predict(3)).all()


def test_regressors():
    y, x = made(), 3 * np.cos(np.arange(163) * 1.3)
    m = pm.ARIMA((1, 0, 0)).fit(y + 2 * x[:160], X=x[:160, None])
    assert m.params()[:3] == pytest.approx([3.3301, 1.9272, 0.9433], abs=0.003)  # pmdarima's
    assert m.predict(3, X=x[160:, None]) == pytest.approx([75.719, 68.264, 64.023], abs=0.01)
    with pytest.raises(ValueError, match="fitted with 1 regressors"):
        m.predict(3)
    with pytest.raises(ValueError, match="expected 3 rows and 1 columns"):
        m.predict(3, X=x[:4, None])
    with pytest.raises(ValueError, match="without regressors"):
        pm.ARIMA((1, 0, 0)).fit(y).predict(3, X=x[:3, None])
    frame = pd.DataFrame({"price": x[:160]}, index=pd.RangeIndex(160))
    named = pm.ARIMA((1, 0, 0)).fit(pd.Series(y + 2 * x[:160]), frame)
    assert list(named.params().index) == ["intercept", "price", "ar.L1", "sigma2"]


def test_a_series_of_pandas_keeps_its_index():
    y = pd.Series(made(), index=pd.date_range("2010-01-01", periods=160, freq="MS"))
    m = pm.ARIMA((0, 1, 1), (0, 1, 1, 12)).fit(y)
    forecast = m.predict(3)
    assert list(forecast.index.strftime("%Y-%m")) == ["2023-05", "2023-06", "2023-07"]
    assert (m.resid().index == y.index).all() and list(m.params().index) == ["ma.L1", "ma.S.L12", "sigma2"]
    more = m.update(pd.Series([70.0, 71.0], index=forecast.index[:2]))
    assert more.predict(1).index[0] == forecast.index[2]
    assert pm.ARIMA((0, 1, 0)).fit(y.reset_index(drop=True)).predict(2).index.tolist() == [160, 161]


def test_the_history_and_an_update():
    y = made()
    m = pm.ARIMA((1, 1, 0)).fit(y[:150])
    fitted, bounds = m.predict_in_sample(return_conf_int=True)
    assert len(fitted) == 150 and np.isnan(fitted[0]) and np.isfinite(fitted[1:]).all()
    assert (m.resid()[1:] + fitted[1:]) == pytest.approx(y[1:150])
    assert np.mean((y[1:150] > bounds[1:, 0]) & (y[1:150] < bounds[1:, 1])) > 0.9
    assert len(m.predict_in_sample(start=10, end=20)) == 11
    whole = pm.ARIMA((1, 1, 0)).fit(y)
    assert (m.update(y[150:]).params() == whole.params()).all()
    assert (m.predict(4) == whole.predict(4)).all() and m.nobs_ == 160
    assert set(m.to_dict()) >= {"pvalues", "resid", "aic", "aicc", "bic", "bse", "params", "order", "seasonal_order"}
    assert m.conf_int().shape == (3, 2) and len(m.pvalues()) == 3
    with_gap = y.copy()
    with_gap[40] = math.nan
    assert pm.ARIMA((1, 0, 0)).fit(with_gap).nobs_ == 159


def test_how_often_a_series_is_differenced():
    assert [ndiffs(walk(), test=test) for test in ("kpss", "adf", "pp")] == [1, 1, 1]
    assert ndiffs(np.random.default_rng(1).normal(size=100)) == 0
    assert ndiffs(np.cumsum(walk()), max_d=1) == 1
    assert nsdiffs(made(), m=12) == 1 or nsdiffs(made(), m=12, test="strength") == 1
    assert nsdiffs(walk(), m=1) == 0
    assert pm.acf(made(), nlags=3) == pytest.approx([1, 0.90345, 0.76932, 0.61648], abs=1e-5)  # pmdarima's
    assert pm.pacf(made(), nlags=2)[:2] == pytest.approx([1, 0.90345], abs=1e-5)
    assert pm.utils.diff([1, 4, 9, 16], differences=2).tolist() == [2, 2]


def test_splits_and_scores():
    y = made()
    sizes = [[len(part) for part in train_test_split(y, **how)] for how in ({}, {"test_size": 0.2}, {"train_size": 0.7}, {"test_size": 10})]
    assert sizes == [[120, 40], [128, 32], [112, 48], [150, 10]]  # pmdarima's, and below
    frame = pd.DataFrame({"y": y})
    assert train_test_split(frame, y)[1].index[0] == 120
    rolling = list(RollingForecastCV(h=5, step=10, initial=100).split(y))
    assert len(rolling) == 6 and rolling[-1][0][-1] == 149 and rolling[-1][1].tolist() == [150, 151, 152, 153, 154]
    sliding = list(SlidingWindowForecastCV(h=5, step=20, window_size=60).split(y))
    assert len(sliding) == 5 and sliding[-1][0][[0, -1]].tolist() == [80, 139]
    assert len(list(RollingForecastCV().split(y))) == 107 and len(list(SlidingWindowForecastCV().split(y))) == 128
    scores = cross_val_score(ARIMA((1, 0, 0)), y, scoring="smape", cv=RollingForecastCV(h=5, step=20, initial=100))
    assert scores == pytest.approx([2.79626, 13.11488, 5.36172], abs=0.01)


def test_what_cannot_be_is_told():
    y = made()
    for options, sentence in [
        ({"information_criterion": "hqic"}, "expected 'aic' or 'aicc' or 'bic'"),
        ({"seasonal_test": "ch"}, "expected 'ocsb' or 'strength'"),
        ({"random": True}, "the search is the same every time"),
        ({"out_of_sample_size": 10}, "compared by a criterion"),
        ({"alpha": 0.1}, "the tests decide at 5 %"),
        ({"trend": "ct"}, "expected 'n', 'c' or None"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            pm.auto_arima(y, **options)
    with pytest.raises(TypeError, match="no option frobnicate"):
        pm.auto_arima(y, frobnicate=1)
    with pytest.raises(ValueError, match="has no intercept here"):
        pm.ARIMA((1, 1, 0), (0, 1, 0, 12), with_intercept=True)
    with pytest.raises(ValueError, match="is not fitted"):
        pm.ARIMA((1, 0, 0)).predict(3)
    with pytest.raises(ValueError, match="numbers p, d, q"):
        pm.ARIMA((1, 0))
    with pytest.raises(ValueError, match="expected 2 or more"):
        pm.ARIMA((1, 0, 0), (1, 0, 0, 0))
    with pytest.raises(ValueError, match="dynamic=False"):
        pm.ARIMA((1, 0, 0)).fit(y).predict_in_sample(dynamic=True)
    with pytest.raises(ValueError, match="expected True: estimates are stationary"):
        pm.ARIMA((1, 0, 0), enforce_stationarity=False)
