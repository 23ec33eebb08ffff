"""wsf.prophet as the users of the Prophet package write it, against figures of Prophet 1.5.0."""

import copy
import json
import math
import pickle

import matplotlib
import numpy as np
import pandas as pd
import pytest

from wsf.prophet import Prophet
from wsf.prophet.diagnostics import cross_validation, performance_metrics
from wsf.prophet.plot import (
    add_changepoints_to_plot,
    plot_cross_validation_metric,
    plot_forecast_component,
    plot_weekly,
    plot_yearly,
)
from wsf.prophet.serialize import model_from_json, model_to_json
from wsf.prophet.utilities import regressor_coefficients

matplotlib.use("Agg")


def made(n=800, freq="D", start="2020-01-01"):
    """Growth that changes, a week, a year, and noise that is the same everywhere."""
    ds = pd.date_range(start, periods=n, freq=freq)
    t = np.arange(n)
    noise = 3 * np.sin(t * t * 0.7)
    y = 100 + 0.05 * t + 0.1 * np.maximum(t - 400, 0) + 8 * np.sin(2 * np.pi * ds.day_of_year / 365.25)
    return pd.DataFrame({"ds": ds, "y": y + np.where(ds.day_of_week > 4, 12, 0) + noise})


@pytest.fixture(scope="module")
def fitted():
    return Prophet().fit(made())


def largest(a, b):
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def test_the_quick_start():
    df = made()
    m = Prophet()
    m.fit(df)
    future = m.make_future_dataframe(periods=365)
    assert len(future) == 800 + 365 and future["ds"].iloc[-1] == df["ds"].iloc[-1] + pd.Timedelta(days=365)
    forecast = m.predict(future)
    parts = ["additive_terms", "multiplicative_terms", "weekly", "yearly"]
    assert list(forecast.columns) == [
        "ds", "trend", "yhat_lower", "yhat_upper", "trend_lower", "trend_upper",
        *(f"{name}{end}" for name in parts for end in ("", "_lower", "_upper")), "yhat",
    ]  # fmt: skip
    assert largest(forecast["trend"] + forecast["weekly"] + forecast["yearly"], forecast["yhat"]) < 1e-9
    inside = (df["y"] >= forecast["yhat_lower"][:800]) & (df["y"] <= forecast["yhat_upper"][:800])
    assert 0.7 < inside.mean() < 0.9
    assert (forecast["trend_lower"][:800] == forecast["trend"][:800]).all()
    later = forecast.iloc[800:]
    assert (later["trend_upper"] - later["trend_lower"]).is_monotonic_increasing
    assert (later["yhat_lower"] < later["yhat"]).all() and (later["yhat"] < later["yhat_upper"]).all()
    only = m.make_future_dataframe(periods=3, include_history=False)
    assert len(only) == 3 and largest(m.predict(only)["yhat"], forecast["yhat"][800:803]) < 1e-9
    assert largest(m.predict()["yhat"], forecast["yhat"][:800]) < 1e-9


# Prophet 1.5.0 after Stan's Newton search: yhat of five days, and the mean width of 100 days' intervals.
FIGURES = [
    ({}, [100.338, 124.906, 187.633, 187.987, 208.188], 5.30),
    ({"seasonality_mode": "multiplicative", "changepoint_prior_scale": 0.5}, [100.912, 125.101, 187.033, 187.389, 206.734], 6.15),
    ({"scaling": "minmax", "n_changepoints": 10, "seasonality_prior_scale": 0.1}, [100.438, 125.174, 187.526, 187.885, 208.151], 5.41),
    ({"growth": "flat", "weekly_seasonality": 5}, [134.984, 136.411, 135.26, 133.943, 137.881], 58.02),
]  # fmt: skip


@pytest.mark.parametrize(("options", "yhat", "width"), FIGURES)
def test_figures_of_the_package(options, yhat, width):
    m = Prophet(**options).fit(made())
    forecast = m.predict(m.make_future_dataframe(100))
    assert largest(forecast["yhat"][[0, 400, 799, 800, 899]], yhat) < 0.1
    ahead = forecast[800:]
    assert (ahead["yhat_upper"] - ahead["yhat_lower"]).mean() == pytest.approx(width, rel=0.03)


@pytest.mark.parametrize("start", ["2020-01-05", "1950-01-08"])
@pytest.mark.parametrize("freq", ["D", "W-SUN", "h", "MS"])
def test_the_rows_are_those_of_the_library(freq, start):
    """What is evaluated here is what the library forecasts, where its calendar has the time."""
    df = made(300, freq, start)
    m = Prophet(weekly_seasonality=False, changepoint_prior_scale=0.5)
    if freq != "MS":
        m.add_seasonality("own", 30.5, 2)
    m.fit(df)
    forecast = m.predict(m.make_future_dataframe(20, freq=freq, include_history=False))
    ours = m._engine._fitted("model").predict(20, levels=[80], negative=True).to_pandas()
    assert (ours["ds"] == forecast["ds"]).all()
    for theirs, name in (("yhat", "forecast"), ("yhat_lower", "lo-80"), ("yhat_upper", "hi-80")):
        assert largest(forecast[theirs], ours[name]) < 1e-5  # waves of x= are of single precision


def test_times_that_no_calendar_has(fitted):
    """Any time is forecast; bounds lie between those of its neighbours."""
    last = fitted.history["ds"].iloc[-1]
    three = pd.DataFrame({"ds": [last + pd.Timedelta(hours=24 * 30 + h) for h in (0, 7, 24)]})
    width = fitted.predict(three).pipe(lambda f: f["yhat_upper"] - f["yhat_lower"])
    assert width.is_monotonic_increasing
    uneven = made(400).drop(index=[3, 77, 78, 301]).sample(frac=1, random_state=1)
    assert len(Prophet().fit(uneven).predict()) == 396
    twice_a_month = made(48, "SMS")
    assert np.isfinite(Prophet().fit(twice_a_month).predict(twice_a_month)["yhat"]).all()


def test_holidays_and_their_windows():
    df = made()
    near = df["ds"].dt.strftime("%m-%d")
    df.loc[near == "12-25", "y"] += 40
    df.loc[near == "12-26", "y"] += 20
    table = pd.DataFrame({"holiday": "xmas", "ds": pd.to_datetime(["2020-12-25", "2021-12-25", "2022-12-25"]), "lower_window": 0, "upper_window": 1})
    m = Prophet(holidays=table).fit(df)
    forecast = m.predict(m.make_future_dataframe(400)).set_index("ds")
    assert forecast["xmas"]["2022-12-25"] == pytest.approx(40, abs=4)
    assert forecast["xmas"]["2022-12-26"] == pytest.approx(20, abs=4)
    assert (forecast["xmas"] != 0).sum() == 6 and list(m.train_holiday_names) == ["xmas"]
    assert largest(forecast["xmas"], forecast["holidays"]) == 0
    with pytest.raises(ValueError, match="one of lower_window and upper_window"):
        Prophet(holidays=table.drop(columns="upper_window"))


def test_holidays_of_a_country():
    df = made()
    df.loc[df["ds"].dt.strftime("%m-%d") == "12-25", "y"] += 40
    m = Prophet()
    m.add_country_holidays(country_name="US")
    m.fit(df)
    assert {"Christmas Day", "Thanksgiving Day", "Independence Day (observed)"} <= set(m.train_holiday_names)
    forecast = m.predict(m.make_future_dataframe(365)).set_index("ds")
    assert forecast["Christmas Day"]["2022-12-25"] == pytest.approx(40, abs=6)
    far = m.predict(pd.DataFrame({"ds": pd.to_datetime(["2041-12-25"])}))  # its rules hold in any year
    assert far["Christmas Day"][0] == pytest.approx(40, abs=6)
    again = model_from_json(model_to_json(m)).predict(forecast.reset_index()[["ds"]])
    assert largest(again["yhat"], forecast["yhat"]) < 1e-6
    with pytest.raises(ValueError, match="'Atlantis' are not known here, expected those of US, GB"):
        Prophet().add_country_holidays("Atlantis")


def test_regressors_and_seasons_under_conditions():
    df = made()
    df["price"] = 10 + np.sin(np.arange(800) * 0.37) * 2
    df["promo"] = (np.arange(800) % 20 == 0).astype(float)
    df["summer"] = df["ds"].dt.month.isin([6, 7, 8])
    df["y"] += -3 * df["price"] + 15 * df["promo"] + np.where(df["summer"] & (df["ds"].dt.day_of_week == 2), 10, 0)
    m = Prophet()
    m.add_regressor("price").add_regressor("promo", prior_scale=5, mode="multiplicative")
    m.add_seasonality("in_summer", 7, 3, condition_name="summer", prior_scale=5)
    m.fit(df)
    forecast = m.predict(df)
    assert np.polyfit(df["price"], forecast["price"], 1)[0] == pytest.approx(-3, abs=0.2)
    assert forecast["promo"].max() == pytest.approx(0.14, abs=0.03) and forecast["promo"].min() == 0
    assert (forecast["in_summer"][~df["summer"]] == 0).all() and forecast["in_summer"].max() > 3
    assert largest(forecast["extra_regressors_additive"], forecast["price"]) == 0
    assert m.extra_regressors["price"]["mu"] == pytest.approx(df["price"].mean())
    assert m.extra_regressors["promo"]["std"] == 1
    assert regressor_coefficients(m)["coef"].tolist() == pytest.approx([-3, forecast["promo"].max()], abs=0.2)
    ahead = df.tail(10).assign(ds=lambda d: d["ds"] + pd.Timedelta(days=10))
    assert (m.predict(ahead).pipe(lambda f: f["yhat_upper"] - f["yhat_lower"]) > 0).all()
    with pytest.raises(ValueError, match="no column 'price'"):
        m.predict(m.make_future_dataframe(3))
    with pytest.raises(ValueError, match="'price' has a missing"):
        m.predict(ahead.assign(price=math.nan))
    with pytest.raises(ValueError, match="condition, expected True or False"):
        m.predict(ahead.assign(summer=0.5))


def test_growth_below_a_cap():
    t = np.arange(600)
    df = made(600).assign(y=20 + 300 / (1 + np.exp(-(t - 200) / 80)), cap=330.0, floor=15.0)
    m = Prophet(growth="logistic").fit(df)
    future = m.make_future_dataframe(300).assign(cap=330.0, floor=15.0)
    forecast = m.predict(future)
    assert {"cap", "floor"} <= set(forecast.columns)
    assert largest(forecast["yhat"][:600], df["y"]) < 12 and forecast["trend"].max() < 330
    with pytest.raises(ValueError, match="no column 'cap'"):
        Prophet(growth="logistic").fit(df.drop(columns="cap"))


def test_change_points():
    df = made()
    m = Prophet(changepoints=["2020-06-01", "2021-02-04"]).fit(df)
    assert list(m.changepoints.dt.strftime("%Y-%m-%d")) == ["2020-06-01", "2021-02-04"]
    assert len(Prophet(n_changepoints=7).fit(df).changepoints) == 7
    assert len(Prophet(changepoints=[]).fit(df).changepoints) == 0
    with pytest.raises(ValueError, match="within training data"):
        Prophet(changepoints=["2029-01-01"]).fit(df)


def test_without_intervals(fitted):
    m = Prophet(uncertainty_samples=0).fit(made())
    forecast = m.predict()
    assert not [name for name in forecast.columns if name.endswith(("_lower", "_upper"))]
    wide, narrow = Prophet(interval_width=0.95).fit(made()).predict(), fitted.predict()
    assert (wide["yhat_upper"] > narrow["yhat_upper"]).all()


def test_what_cannot_be_is_told():
    with pytest.raises(ValueError, match="mcmc_samples is 300, expected 0"):
        Prophet(mcmc_samples=300)
    with pytest.raises(ValueError, match="growth is 'cubic', expected 'linear' or 'logistic' or 'flat'"):
        Prophet(growth="cubic")
    with pytest.raises(Exception, match="has not been fit"):
        Prophet().predict()
    with pytest.raises(ValueError, match="no column 'ds'"):
        Prophet().fit(pd.DataFrame({"y": [1.0, 2.0]}))
    with pytest.raises(ValueError, match="timezone"):
        Prophet().fit(made().assign(ds=lambda d: d["ds"].dt.tz_localize("UTC")))
    with pytest.raises(ValueError, match="fewer than 2 rows"):
        Prophet().fit(made(3).assign(y=[1, None, None]))
    with pytest.raises(ValueError, match="expected one for each time"):
        Prophet().fit(pd.concat([made(50), made(1)]))
    with pytest.raises(TypeError, match="no option chains"):
        Prophet().fit(made(50), chains=4)
    with pytest.raises(ValueError, match="columns that a forecast has"):
        Prophet().add_regressor("trend")
    m = Prophet().fit(made(50), algorithm="LBFGS", show_progress=False)
    with pytest.raises(Exception, match="only be fit once"):
        m.fit(made(50))
    with pytest.raises(Exception, match="prior to model fitting"):
        m.add_seasonality("own", 30.5, 3)


def test_cross_validation_and_its_metrics(fitted):
    table = cross_validation(fitted, initial="500 days", period="60 days", horizon="90 days")
    assert list(table.columns) == ["ds", "yhat", "yhat_lower", "yhat_upper", "y", "cutoff"]
    assert table["cutoff"].nunique() == 4 and len(table) == 4 * 90
    assert table["cutoff"].max() == made()["ds"].max() - pd.Timedelta(days=90)
    metrics = performance_metrics(table)
    assert list(metrics.columns) == ["horizon", "mse", "rmse", "mae", "mape", "mdape", "smape", "coverage"]
    assert metrics["horizon"].iloc[-1] == pd.Timedelta(days=90) and len(metrics) == 90 - 9 + 1
    of_all = performance_metrics(table, rolling_window=1)
    assert of_all["mae"].iloc[0] == pytest.approx((table["y"] - table["yhat"]).abs().mean())
    assert performance_metrics(table, ["rmse"], rolling_window=0)["rmse"].iloc[0] == pytest.approx(
        math.sqrt(((table["y"] - table["yhat"])[table["ds"] - table["cutoff"] == pd.Timedelta(days=1)] ** 2).mean())
    )
    given = cross_validation(fitted, horizon="30 days", cutoffs=pd.to_datetime(["2021-06-01"]), extra_output_columns="trend")
    assert len(given) == 30 and "trend" in given
    with pytest.raises(ValueError, match="Less data than horizon"):
        cross_validation(fitted, horizon="900 days")
    with pytest.raises(ValueError, match="each once, not mean"):
        performance_metrics(table, ["mean"])


def test_metrics_of_windows_are_those_of_the_package():
    """Three cutoffs of horizons 1 to 3, windows of 4: the oldest horizon stands for a part by its mean."""
    at = pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01"])
    table = pd.DataFrame(
        [(c + pd.Timedelta(days=h), c, 10.0, 10.0 + h * (i + 1)) for i, c in enumerate(at) for h in (1, 2, 3)],
        columns=["ds", "cutoff", "y", "yhat"],
    )
    metrics = performance_metrics(table, ["mae", "mdape"], rolling_window=0.45)
    assert metrics["mae"].tolist() == pytest.approx([(2 + 2 + 4 + 6) / 4, (4 + 3 + 6 + 9) / 4])


def test_models_as_json(fitted):
    text = model_to_json(fitted)
    plain = json.loads(text)
    assert plain["params"]["k"] == fitted.params["k"].tolist() and plain["seasonalities"][0] == ["yearly", "weekly"]
    future = fitted.make_future_dataframe(30)
    assert largest(model_from_json(text).predict(future)["yhat"], fitted.predict(future)["yhat"]) < 1e-6
    df = made().assign(price=lambda d: np.sin(np.arange(len(d)) * 0.37) * 2, summer=lambda d: d["ds"].dt.month == 7)
    m = Prophet(holidays=pd.DataFrame({"holiday": "day", "ds": ["2020-05-01", "2021-05-01"], "lower_window": -1, "upper_window": 0}))
    m.add_regressor("price").add_seasonality("week", 7, 2, condition_name="summer", mode="multiplicative").fit(df)
    again = model_from_json(model_to_json(m))
    assert largest(again.predict(df)["yhat"], m.predict(df)["yhat"]) < 1e-6
    with pytest.raises(ValueError, match="already been fit"):
        model_to_json(Prophet())


def test_models_are_pickled_and_copied(fitted):
    future = fitted.make_future_dataframe(20)
    want = fitted.predict(future)
    for again in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        assert again.predict(future).equals(want)


def test_pictures(fitted):
    forecast = fitted.predict(fitted.make_future_dataframe(60))
    figure = fitted.plot(forecast, include_legend=True)
    assert len(add_changepoints_to_plot(figure.gca(), fitted, forecast)) >= 2
    assert len(fitted.plot_components(forecast).axes) == 3
    assert len(plot_weekly(fitted, weekly_start=1)[0].get_ydata()) == 7
    assert len(plot_yearly(fitted)[0].get_ydata()) == 365
    assert len(plot_forecast_component(fitted, forecast, "weekly")) == 2
    table = cross_validation(fitted, initial="600 days", period="60 days", horizon="60 days")
    assert plot_cross_validation_metric(table, metric="mape").axes[0].get_xlabel() == "Horizon (days)"
    matplotlib.pyplot.close("all")
