"""wsf.sklearn: the contract of scikit-learn's estimators, and forecasts behind it."""

import pickle
import subprocess
import sys

import numpy
import pandas
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import wsf
from wsf.sklearn import ForecastRegressor

# Both reorder or cut the rows to predict: here they are periods, each the one after the last.
ORDER = {
    "check_methods_sample_order_invariance": "rows are consecutive periods",
    "check_methods_subset_invariance": "rows are consecutive periods",
}


@parametrize_with_checks([ForecastRegressor("arima(x=[known])"), ForecastRegressor()], expected_failed_checks=lambda _: ORDER)
def test_the_contract(estimator, check):
    check(estimator)


def history(n=80, ahead=0):
    promo = (numpy.arange(n + ahead) % 5 == 0).astype(float)
    y = 10 + 5 * promo + 3 * (numpy.arange(n + ahead) % 7 == 0)
    return promo[:, None], y


def test_predictions_are_the_forecasts():
    X, y = history(ahead=10)
    f = ForecastRegressor("tslm(x=[known], trend=false)", season=7).fit(X[:80], y[:80])
    assert numpy.allclose(f.predict(X[80:]), y[80:]) and f.score(X[80:], y[80:]) == pytest.approx(1)
    assert f.n_features_in_ == 1 and isinstance(f.forecaster_, wsf.Forecaster)
    rows = {"t": range(80), "y": y[:80], "x0": X[:80, 0].copy()}
    want = wsf.fit(rows, "arima(x=[x0])", time="t", target="y", known="x0", season=7)
    want = want.predict(10, ahead={"t": range(80, 90), "x0": X[80:, 0].copy()}, levels=[90])
    f = ForecastRegressor("arima(x=[x0])", season=7).fit(X[:80], y[:80])
    assert f.predict(X[80:]).tolist() == want.values("forecast")
    bounds = f.predict_interval(X[80:], level=90)
    assert bounds.shape == (10, 2) and bounds[:, 0].tolist() == want.values("lo-90") and bounds[:, 1].tolist() == want.values("hi-90")


def test_parameters_clone_and_pickle():
    f = ForecastRegressor("ets", season=7, n_jobs=2)
    assert f.get_params() == {"model": "ets", "season": 7, "n_jobs": 2}
    assert clone(f).set_params(model="naive").get_params()["model"] == "naive" and f.model == "ets"
    X, y = history()
    f.fit(X, y)
    assert pickle.loads(pickle.dumps(f)).predict(X).tolist() == f.predict(X).tolist()
    assert ForecastRegressor("ets", season=7).fit(X, y).predict(X).tolist() == f.predict(X).tolist()


def test_searches_and_pipelines():
    X, y = history(100)
    search = GridSearchCV(ForecastRegressor(season=7), {"model": ["average", "tslm(x=[known], trend=false)"]}, cv=TimeSeriesSplit(3))
    assert search.fit(X, y).best_params_ == {"model": "tslm(x=[known], trend=false)"}
    scaled = make_pipeline(StandardScaler(), ForecastRegressor("tslm(x=[known], trend=false)", season=7))
    assert cross_val_score(scaled, X, y, cv=TimeSeriesSplit(3)).min() > 0.99


def test_a_frame_tells_names_and_calendar():
    X, y = history(ahead=14)
    days = pandas.date_range("2024-01-01", periods=94)
    frame = pandas.DataFrame({"promo": X[:, 0]}, index=days)
    for index in (days, days.tz_localize("Europe/Berlin"), days.to_period("D")):
        dated = frame.set_axis(index)
        f = ForecastRegressor("tslm(x=[promo], trend=false)").fit(dated[:80], y[:80])  # whose season is the week
        assert numpy.allclose(f.predict(dated[80:]), y[80:])
        assert f.feature_names_in_.tolist() == ["promo"]
    f = ForecastRegressor("tslm(x=[promo], trend=false)").fit(frame[:80], y[:80])
    with pytest.raises(wsf.DataError, match="no value at 2024-03-21"):
        f.predict(frame[81:])
    for model in ("naive", "tslm(x=[promo])"):
        f = ForecastRegressor(model).fit(frame[:80], y[:80])
        with pytest.raises(ValueError, match="row 0 of X is of 2024-03-22T00:00:00, expected 2024-03-21T00:00:00"):
            f.predict(frame.iloc[[81, 80]])
    with pytest.raises(ValueError, match="called 'target', which is taken"):
        ForecastRegressor().fit(frame.rename(columns={"promo": "target"}), y)


def test_no_features():
    _, y = history()
    f = ForecastRegressor("snaive", season=7).fit(None, y)
    assert f.predict(7).tolist() == y[-7:].tolist()


def test_errors_are_of_the_library():
    X, y = history()
    with pytest.raises(wsf.ArgumentError, match="arimaa"):
        ForecastRegressor("arimaa").fit(X, y)
    code = "import sys; sys.modules['sklearn.base'] = None\nimport wsf\ntry:\n import wsf.sklearn\nexcept ImportError as e: print(e)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.startswith("wsf.sklearn needs scikit-learn 1.6 or later")
