"""wsf.statsforecast: the names, shapes and types of statsforecast, the values of this library's own verbs."""

import datetime
import pickle
import warnings

import numpy
import pandas
import polars
import pytest

import wsf
from wsf._freq import frequency
from wsf.statsforecast import StatsForecast, models
from wsf.statsforecast.models import (
    ARIMA,
    MSTL,
    AutoARIMA,
    AutoCES,
    AutoETS,
    AutoRegressive,
    AutoTheta,
    CrostonClassic,
    Expression,
    HistoricAverage,
    Holt,
    Naive,
    SeasonalNaive,
    WindowAverage,
)
from wsf.statsforecast.utils import AirPassengers, AirPassengersDF, ConformalIntervals, generate_series


def panel(freq="D", n=(60, 50), ids=("b", "a")):
    """Series of a weekly pattern, the second one shorter, not in the order of their names."""
    parts = [
        pandas.DataFrame({"unique_id": name, "ds": pandas.date_range("2024-01-01", periods=k, freq=freq), "y": numpy.arange(k) % 7 + 10.0 * i})
        for i, (name, k) in enumerate(zip(ids, n))
    ]
    return pandas.concat(parts, ignore_index=True)


def own(frame, model, h, **options):
    """The same by this library's verbs."""
    data = wsf.Dataset(frame, keys="unique_id", time="ds", target="y", freq="day", end="own")
    return wsf.fit(data, model).predict(h, negative=True, **options)


# ---- forecasts


def test_columns_and_values_are_those_of_the_verbs():
    df = panel()
    out = StatsForecast([AutoETS(season_length=7), SeasonalNaive(7, alias="Season")], freq="D", n_jobs=-1).forecast(df=df, h=5, level=[95, 80])
    bounds = ["lo-95", "lo-80", "hi-80", "hi-95"]
    assert list(out.columns) == ["unique_id", "ds", *(m + s for m in ("AutoETS", "Season") for s in ("", *("-" + b for b in bounds)))]
    assert out.index.tolist() == list(range(10)) and out["unique_id"].tolist() == ["a"] * 5 + ["b"] * 5
    assert out.dtypes["ds"] == df.dtypes["ds"] and out.dtypes["unique_id"] == df.dtypes["unique_id"]
    assert out["ds"][0] == pandas.Timestamp("2024-02-20") and out["ds"][5] == pandas.Timestamp("2024-03-01")
    want = own(df, 'ets(season=7, criterion="likelihood", intervals="model")', 5, levels=[80, 95])
    for name, column in (("AutoETS", "forecast"), ("AutoETS-lo-95", "lo-95"), ("AutoETS-hi-80", "hi-80")):
        assert out[name].tolist() == want.values(column)


@pytest.mark.parametrize("name", [n for n in models.__all__ if n not in ("Model", "Expression")])
def test_every_model_forecasts_under_its_name(name):
    needs = {
        "SeasonalNaive": [7], "SeasonalWindowAverage": [7, 2], "WindowAverage": [3], "MSTL": [7], "AutoTBATS": [7], "TBATS": [7],
        "SimpleExponentialSmoothing": [0.3], "AutoRegressive": [2], "TSB": [0.2, 0.1], "ConstantModel": [3.0],
    }  # fmt: skip
    model = getattr(models, name)(*needs.get(name, []))
    df = panel(n=(40, 36)).assign(y=lambda d: d["y"] + 1 + numpy.sin(numpy.arange(len(d))))
    sf = StatsForecast([model], "D")
    out = sf.fit(df).predict(h=3, level=[90])
    column = {"AutoCES": "CES", "RandomWalkWithDrift": "RWD", "SimpleExponentialSmoothing": "SES",
              "SimpleExponentialSmoothingOptimized": "SESOpt", "SeasonalWindowAverage": "SeasWA"}.get(name, name)  # fmt: skip
    assert list(out.columns) == ["unique_id", "ds", column, f"{column}-lo-90", f"{column}-hi-90"]
    assert numpy.isfinite(out.iloc[:, 2:].to_numpy()).all()
    assert ((out.iloc[:, 3] <= out.iloc[:, 2]) & (out.iloc[:, 2] <= out.iloc[:, 4])).all()
    assert wsf.canonical(model.expression()) == sf._forecasters[0].model


def test_polars_gives_polars():
    df = panel()
    frame = polars.from_pandas(df).with_columns(polars.col("ds").cast(polars.Date))
    sf = StatsForecast([Naive()], freq="1d")
    out = sf.forecast(df=frame, h=2, level=[80], fitted=True)
    assert isinstance(out, polars.DataFrame) and out.schema["ds"] == polars.Date
    want = StatsForecast([Naive()], freq="D").forecast(df=df, h=2, level=[80])
    assert out.columns == list(want.columns) and out["Naive-lo-80"].to_list() == want["Naive-lo-80"].tolist()
    assert sf.forecast_fitted_values().columns == ["unique_id", "ds", "y", "Naive", "Naive-lo-80", "Naive-hi-80"]
    cv = sf.cross_validation(df=frame, h=2, n_windows=2)
    assert cv.schema["cutoff"] == polars.Date and cv.height == 8


@pytest.mark.parametrize("ids", [("b", "a"), (2, 1), (2.0, 1.0)])
def test_names_of_series_keep_their_type(ids):
    df = panel(ids=ids)
    out = StatsForecast([Naive()], freq="D").forecast(df=df, h=1)
    assert out["unique_id"].tolist() == sorted(ids) and out.dtypes["unique_id"] == df.dtypes["unique_id"]
    text = df.assign(unique_id=df["unique_id"].astype(str).astype(object))
    assert StatsForecast([Naive()], freq="D").forecast(df=text, h=1)["unique_id"].tolist() == sorted(map(str, ids))
    text = df.assign(unique_id=pandas.Categorical(df["unique_id"].astype(str)))
    out = StatsForecast([Naive()], freq="D").forecast(df=text, h=1)
    assert out.dtypes["unique_id"] == text.dtypes["unique_id"] and out["unique_id"].tolist() == sorted(map(str, ids))
    for kind in (polars.String, polars.Categorical):
        frame = polars.from_pandas(df).with_columns(polars.col("unique_id").cast(polars.String).cast(kind))
        assert StatsForecast([Naive()], freq="D").forecast(df=frame, h=1).schema["unique_id"] == kind


def test_times_keep_their_type():
    df = panel("h")
    zoned = df.assign(ds=df["ds"].dt.tz_localize("UTC"))
    out = StatsForecast([Naive()], "h").forecast(df=zoned, h=1)
    assert out.dtypes["ds"] == zoned.dtypes["ds"] and out["ds"].max() == pandas.Timestamp("2024-01-03 12:00", tz="UTC")
    berlin = panel("D").assign(ds=lambda d: d["ds"].dt.tz_localize("Europe/Berlin"))
    out = StatsForecast([Naive()], "D").forecast(df=berlin, h=40)
    assert out["ds"].max() == pandas.Timestamp("2024-04-09", tz="Europe/Berlin") and out.dtypes["ds"] == berlin.dtypes["ds"]
    whole = df.assign(ds=df.groupby("unique_id").cumcount() * 2 + 1)
    out = StatsForecast([SeasonalNaive(7)], 2).forecast(df=whole, h=2)
    assert out["ds"].tolist() == [101, 103, 121, 123]
    cv = StatsForecast([SeasonalNaive(7)], 2).cross_validation(df=whole, h=2)
    assert cv["cutoff"].tolist() == [95, 95, 115, 115]
    text = df.assign(ds=df["ds"].astype(str))
    assert StatsForecast([Naive()], "h").forecast(df=text, h=1)["ds"].dtype.kind == "M"


def test_other_names_of_columns():
    df = panel().rename(columns={"unique_id": "shop", "ds": "day", "y": "sold"})
    out = StatsForecast([Naive()], "D").fit_predict(h=1, df=df, id_col="shop", time_col="day", target_col="sold")
    assert list(out.columns) == ["shop", "day", "Naive"]
    with pytest.raises(ValueError, match="no column 'unique_id'; there are shop, day, sold"):
        StatsForecast([Naive()], "D").fit(df)


def test_forecasts_may_fall_below_zero():
    df = panel(n=(30,), ids=("a",)).assign(y=numpy.arange(30.0)[::-1])
    assert StatsForecast([models.RandomWalkWithDrift()], "D").forecast(df=df, h=3)["RWD"].tolist() == pytest.approx([-1, -2, -3])


def test_gaps_are_missing_and_an_index_is_no_column():
    df = panel().set_index(numpy.arange(110) * 3).drop([9, 12])
    out = StatsForecast([SeasonalNaive(7)], "D").forecast(df=df, h=7)
    assert out["SeasonalNaive"].tolist()[7:] == [4, 5, 6, 0, 1, 2, 3]


# ---- regressors


def regressed(kind=lambda frame: frame):
    df = panel().assign(promo=lambda d: (numpy.arange(len(d)) % 5 == 0).astype(int)).assign(y=lambda d: 20 + 5.0 * d["promo"] + numpy.sin(numpy.arange(len(d)) ** 2))
    ends = df.groupby("unique_id")["ds"].max()
    ahead = pandas.DataFrame({"unique_id": ["a", "a", "b", "b"], "promo": [1, 0, 0, 1]})
    ahead["ds"] = [ends[u] + pandas.Timedelta(days=d) for u, d in zip(ahead["unique_id"], [1, 2, 1, 2])]
    return kind(df), kind(ahead)


@pytest.mark.parametrize("kind", [lambda frame: frame, polars.from_pandas])
def test_other_columns_are_regressors(kind):
    df, ahead = regressed(kind)
    sf = StatsForecast([ARIMA(order=(0, 0, 0)), Naive(), Expression("tslm(x=[promo], trend=false, season=1)", "Regression")], "D")
    out = sf.fit(df).predict(h=2, X_df=ahead)
    assert numpy.allclose(out["ARIMA"], [25, 20, 20, 25], atol=0.5) and numpy.allclose(out["Regression"], out["ARIMA"], atol=0.1)
    with pytest.raises(ValueError, match="X_df is None, expected the columns promo"):
        sf.predict(h=2)
    with pytest.raises(ValueError, match="no column 'promo'"):
        sf.predict(h=2, X_df=ahead[["unique_id", "ds"]])
    assert len(sf.cross_validation(df=df, h=2)) == 4
    assert len(StatsForecast([Naive()], "D").forecast(df=df, h=2)) == 4  # which looks at no regressor


# ---- history


def test_cross_validation_tells_what_was_known():
    df = panel()
    sf = StatsForecast([SeasonalNaive(7), HistoricAverage()], "D")
    cv = sf.cross_validation(df=df, h=3, n_windows=2, step_size=2, level=[80])
    assert list(cv.columns)[:5] == ["unique_id", "ds", "cutoff", "y", "SeasonalNaive"] and "HistoricAverage-hi-80" in cv
    assert cv.dtypes["cutoff"] == df.dtypes["ds"]
    assert cv["unique_id"].tolist() == ["a"] * 6 + ["b"] * 6
    last = {"a": pandas.Timestamp("2024-02-19"), "b": pandas.Timestamp("2024-02-29")}
    days = (cv["ds"] - cv["unique_id"].map(last)).dt.days.tolist()
    assert days == [-4, -3, -2, -2, -1, 0] * 2
    assert (cv["unique_id"].map(last) - cv["cutoff"]).dt.days.tolist() == [5] * 3 + [3] * 3 + [5] * 3 + [3] * 3
    assert cv["y"].tolist() == df.merge(cv[["unique_id", "ds"]], "right")["y"].tolist()
    for (name, cutoff), part in cv.groupby(["unique_id", "cutoff"]):
        past = df[(df["unique_id"] == name) & (df["ds"] <= cutoff)]["y"]
        assert part["HistoricAverage"].tolist() == pytest.approx([past.mean()] * 3)
    by_size = sf.cross_validation(df=df, h=3, test_size=5, step_size=2, level=[80], n_windows=None)
    assert by_size.equals(cv)


@pytest.mark.parametrize("kind", [lambda frame: frame, polars.from_pandas])
def test_cross_validation_may_update_in_between(kind):
    df = kind(panel().drop([9]))
    options = {"df": df, "h": 3, "n_windows": 4, "step_size": 2, "level": [80]}
    sf = StatsForecast([SeasonalNaive(7), WindowAverage(5)], "D")  # whose parameters are none
    fitted = sf.cross_validation(**options)
    for refit in (False, 2):
        updated = sf.cross_validation(**options, refit=refit)
        assert list(updated.columns) == list(fitted.columns) and list(updated.dtypes) == list(fitted.dtypes)
        for name in ("unique_id", "ds", "cutoff", "y", "SeasonalNaive", "WindowAverage"):
            assert updated[name].to_list() == fitted[name].to_list()
    promo, _ = regressed(kind)
    sf = StatsForecast([ARIMA(order=(1, 0, 0)), AutoETS(7)], "D")
    updated, fitted = (sf.cross_validation(df=promo, h=3, n_windows=3, refit=refit) for refit in (False, True))
    assert updated["ARIMA"].to_list()[:3] == pytest.approx(fitted["ARIMA"].to_list()[:3])
    assert updated["ARIMA"].to_list() == pytest.approx(fitted["ARIMA"].to_list(), abs=0.5)


def test_windows_that_cannot_be_are_told():
    sf = StatsForecast([Naive()], "D")
    with pytest.raises(ValueError, match="1 series are too short for 20 windows of 3"):
        sf.cross_validation(df=panel(n=(60, 20)), h=3, n_windows=20)
    with pytest.raises(ValueError, match="test_size=6, expected h=3 and a multiple of step_size=2 more"):
        sf.cross_validation(df=panel(), h=3, test_size=6, step_size=2)
    with pytest.raises(ValueError, match="1 series are too short for 20 windows of 3"):
        sf.cross_validation(df=panel(n=(60, 20)), h=3, n_windows=20, refit=False)
    with pytest.raises(ValueError, match="neither n_windows nor test_size"):
        sf.cross_validation(df=panel(), h=3, n_windows=None)
    for name, given in (("input_size", 30), ("fitted", True)):
        with pytest.raises(ValueError, match=f"{name}={given} has no counterpart"):
            sf.cross_validation(df=panel(), h=3, **{name: given})


def test_fitted_values():
    df = panel()
    sf = StatsForecast([Naive()], "D")
    with pytest.raises(RuntimeError, match="expected forecast"):
        sf.forecast_fitted_values()
    sf.forecast(df=df, h=1, fitted=True, level=[95])
    out = sf.forecast_fitted_values()
    assert list(out.columns) == ["unique_id", "ds", "y", "Naive", "Naive-lo-95", "Naive-hi-95"] and len(out) == len(df)
    for name, part in out.groupby("unique_id"):
        assert part["y"].tolist() == df[df["unique_id"] == name]["y"].tolist()
        assert numpy.isnan(part["Naive"].iloc[0]) and part["Naive"].tolist()[1:] == part["y"].tolist()[:-1]
        error = numpy.sqrt(numpy.nanmean((part["y"] - part["Naive"]) ** 2))
        assert numpy.allclose((part["Naive-hi-95"] - part["Naive"]).dropna(), 1.959964 * error)


@pytest.mark.parametrize("kind", [lambda frame: frame, polars.from_pandas])
def test_simulated_paths(kind):
    df = panel().assign(y=lambda d: d["y"] + numpy.sin(numpy.arange(len(d)) ** 2))
    sf = StatsForecast([Naive(), AutoETS(7)], "D", n_jobs=2)
    out = sf.simulate(df=kind(df), h=4, n_paths=50, seed=3)
    assert list(out.columns) == ["unique_id", "ds", "sample_id", "Naive", "AutoETS"] and len(out) == 2 * 50 * 4
    assert out["sample_id"].to_list()[:8] == [0] * 4 + [1] * 4 and out["unique_id"].to_list()[::200] == ["a", "b"]
    assert out["ds"].to_list()[:4] == out["ds"].to_list()[4:8] == sf.forecast(df=kind(df), h=4)["ds"].to_list()[:4]
    assert sf.simulate(df=kind(df), h=4, n_paths=50, seed=3).equals(out) and not sf.simulate(df=kind(df), h=4, n_paths=50, seed=4).equals(out)
    data = wsf.Dataset(df, keys="unique_id", time="ds", target="y", freq="day", end="own", context=wsf.Context(seed=3))
    want = wsf.fit(data, "naive", horizon=4).predict(4, paths=50, negative=True)
    assert out["Naive"].to_list()[196:200] == want.values("path-50")[:4] and out["Naive"].to_list()[200:204] == want.values("path-1")[4:]


# ---- intervals


def test_conformal_intervals():
    df = panel()
    intervals = ConformalIntervals(n_windows=3, h=4)
    of_model = StatsForecast([CrostonClassic(prediction_intervals=intervals)], "D").forecast(df=df, h=4, level=[80])
    of_call = StatsForecast([CrostonClassic()], "D").forecast(df=df, h=4, level=[80], prediction_intervals=intervals)
    assert of_model.equals(of_call)
    want = own(df, "croston | conformal(windows=3, horizon=4, symmetric=true)", 4, levels=[80])
    assert of_call["CrostonClassic-hi-80"].tolist() == want.values("hi-80")
    with pytest.raises(ValueError, match="n_windows=1"):
        ConformalIntervals(n_windows=1)


def test_further_keywords_are_options_of_the_library():
    df = panel()
    out = StatsForecast([AutoETS(season_length=7, criterion="posterior", intervals="adjusted")], "D").forecast(df=df, h=2, level=[80])
    want = own(df, "ets(season=7, criterion=posterior)", 2, levels=[80])
    assert out["AutoETS-lo-80"].tolist() == want.values("lo-80")


# ---- arguments


@pytest.mark.parametrize(
    ("given", "want"),
    [
        ("D", ("day", 1)), ("1d", ("day", 1)), ("W", ("week", 1)), ("W-FRI", ("week", 1)), ("1w", ("week", 1)), ("2W-MON", ("week", 2)),
        ("M", ("month", 1)), ("ME", ("month", 1)), ("MS", ("month", 1)), ("1mo", ("month", 1)), ("Q", ("quarter", 1)), ("QS-FEB", ("quarter", 1)),
        ("QE-DEC", ("quarter", 1)), ("1q", ("quarter", 1)), ("YE", ("year", 1)), ("AS", ("year", 1)), ("1y", ("year", 1)), ("B", ("business", 1)),
        ("H", ("hour", 1)), ("h", ("hour", 1)), ("15min", ("minute", 15)), ("15m", ("minute", 15)), ("30T", ("minute", 30)), ("2h", ("hour", 2)),
        (1, ("integer", 1)), (pandas.offsets.MonthBegin(2), ("month", 2)), (pandas.offsets.Week(weekday=4), ("week", 1)),
    ],
)  # fmt: skip
def test_frequencies(given, want):
    assert frequency(given)[:2] == want


def test_a_frequency_that_is_none_or_another_is_told():
    for wrong in ("S", "fortnight", "W-FEB", "D-MON", "0D", 0, True, None):
        with pytest.raises(ValueError, match="freq="):
            StatsForecast([Naive()], wrong)
    with pytest.raises(ValueError, match="freq='ME': .* 2024-03-01, as those of MS, QS or YS do"):
        StatsForecast([Naive()], "ME").forecast(df=panel("MS", n=(2, 2)), h=1)
    with pytest.raises(ValueError, match="freq='W': .* as those of W-FRI do"):
        StatsForecast([Naive()], "W").forecast(df=panel("W-FRI"), h=1)
    frequency("ME").check(datetime.date(2024, 2, 29))


@pytest.mark.parametrize("alias", ["D", "W", "W-FRI", "MS", "ME", "QS", "QE", "YS", "h", "15min", "B"])
def test_forecasts_go_on_as_pandas_would(alias):
    df = panel(alias)
    out = StatsForecast([Naive()], alias).forecast(df=df, h=3)
    want = pandas.date_range("2024-01-01", periods=53, freq=alias)[-3:]
    assert out["ds"][:3].tolist() == want.tolist()


def test_arguments_that_nobody_has_are_told():
    with pytest.raises(wsf.ArgumentError, match="ets has no option 'seasonlength'"):
        AutoETS(seasonlength=12)
    with pytest.raises(wsf.ArgumentError, match="QQQ"):
        StatsForecast([AutoETS(model="QQQ")], "D").fit(panel())
    with pytest.raises(ValueError, match="model='X', expected one of 'Z', 'N'"):
        AutoCES(model="X")
    with pytest.raises(ValueError, match="nmodels=10 has no counterpart in libwsf, expected 94"):
        AutoARIMA(nmodels=10)
    with pytest.raises(ValueError, match="distribution='laplace'"):
        AutoETS(distribution="laplace")
    with pytest.raises(ValueError, match="leaves some out"):
        AutoRegressive([1, 3])
    with pytest.raises(ValueError, match="season_length=7, expected 1"):
        MSTL([7, 30], trend_forecaster=AutoTheta(season_length=7))
    with pytest.raises(ImportError, match="GARCH of statsforecast has no counterpart"):
        from wsf.statsforecast.models import GARCH  # noqa: F401
    with pytest.raises(ValueError, match="several models are called Naive"):
        StatsForecast([Naive(), Naive()], "D")
    with pytest.raises(TypeError, match="not str"):
        StatsForecast(["naive"], "D")
    with pytest.raises(TypeError, match="pandas or polars, not list"):
        StatsForecast([Naive()], "D").fit([1, 2, 3])
    with pytest.raises(RuntimeError, match="expected fit before"):
        StatsForecast([Naive()], "D").predict(3)


def test_translations():
    air = {"season": 12, "intervals": "model"}
    assert wsf.canonical(AutoARIMA(season_length=12, stationary=True, max_p=1).expression()) == (
        "arima(season=12,max_p=1,max_d=0,max_D=0,start_p=1,approximation=false,intervals=model)"
    )
    assert wsf.canonical(ARIMA((0, 1, 1), 12, (0, 1, 1), blambda=0, biasadj=True).expression()) == (
        "boxcox(arima(order=[0,1,1],seasonal=[0,1,1],season=12,intervals=model),lambda=0,bias=r)"
    )
    assert wsf.canonical(MSTL([168, 24], AutoARIMA(), {"robust": True}).expression()) == (
        "mstl(arima(season=1,approximation=false,intervals=model),seasons=[24,168],robust=true,intervals=model)"
    )
    assert Holt(error_type="M").model == "MAN" and air["season"] == AutoETS(12).season_length


def test_a_series_that_cannot_be_fitted_is_told():
    df = panel().assign(y=lambda d: d["y"] - 5)
    logs = Expression("log(drift)", "Logs")
    with pytest.warns(UserWarning, match="Logs could not be fitted to some series \\(1 not_positive\\): fallback"):
        StatsForecast([logs], "D").forecast(df=df, h=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = StatsForecast([logs], "D", fallback_model=WindowAverage(2)).forecast(df=df, h=1)
    assert out["Logs"][1] == df["y"][58:60].mean()


def test_a_fitted_one_is_saved(tmp_path):
    df = panel()
    sf = StatsForecast([AutoETS(7), Naive()], "D", n_jobs=2).fit(df)
    sf.save(tmp_path / "sf.pkl")
    assert StatsForecast.load(tmp_path / "sf.pkl").predict(3).equals(sf.predict(3))
    (tmp_path / "other.pkl").write_bytes(pickle.dumps([1]))
    with pytest.raises(ValueError, match="holds a list"):
        StatsForecast.load(tmp_path / "other.pkl")


def test_verbose_shows_a_bar(capsys):
    StatsForecast([AutoETS(7)], "D", verbose=True).cross_validation(df=panel(), h=2)
    assert "backtest" in capsys.readouterr().err


def test_the_tutorials_series():
    assert AirPassengersDF.shape == (144, 3) and AirPassengers.sum() == 40363
    assert AirPassengersDF["ds"].iloc[-1] == pandas.Timestamp("1960-12-31")


@pytest.mark.parametrize("engine", ["pandas", "polars"])
def test_invented_series(engine):
    df = generate_series(4, min_length=30, max_length=60, equal_ends=True, engine=engine)
    out = StatsForecast([SeasonalNaive(7)], "D").forecast(df=df, h=7)
    assert out["unique_id"].to_list()[::7] == [0, 1, 2, 3] and len(set(out["ds"].to_list())) == 7
    assert df.equals(generate_series(4, min_length=30, max_length=60, equal_ends=True, engine=engine))
    with pytest.raises(ValueError, match="engine='dask'"):
        generate_series(1, engine="dask")
