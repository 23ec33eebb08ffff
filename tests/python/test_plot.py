"""Charts: what stands in them, read back from the figure."""

import subprocess
import sys

import matplotlib
import pandas
import polars
import pytest

import wsf
from wsf.statsforecast import StatsForecast
from wsf.statsforecast.models import Naive, SeasonalNaive

matplotlib.use("Agg")
SALES = "simulate(stores=2, depts=5, weeks=120, seed=1)"


@pytest.fixture(scope="module")
def data():
    return wsf.Dataset(SALES)


@pytest.fixture(scope="module")
def forecast(data):
    return wsf.fit(data, "snaive").predict(13, levels=[80, 95], quantiles=[0.1])


@pytest.fixture(autouse=True)
def close():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def lines(ax):
    return {line.get_label(): line for line in ax.get_lines()}


def shown(figure):
    return [ax for ax in figure.axes if ax.get_visible()]


def test_a_fan_shows_history_forecast_and_intervals(data, forecast):
    figure = wsf.plot.fan(forecast, data, series="1,2", recent=30)
    (ax,) = shown(figure)
    rows = [i for i, (s, d) in enumerate(zip(forecast.values("Store"), forecast.values("Dept"))) if (s, d) == (1, 2)]
    assert ax.get_title() == "1,2" and figure.get_suptitle() == ""
    assert list(lines(ax)["forecast"].get_ydata()) == [forecast["forecast"][i] for i in rows]
    assert len(lines(ax)["observed"].get_ydata()) == 30
    assert [band.get_label() for band in ax.collections] == ["forecast 95 %", "forecast 80 %"]  # the widest behind
    assert len(ax.get_lines()) == 3  # and the quantile
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"forecast", "observed", "forecast 80 %", "forecast 95 %"}


def test_series_that_are_left_out_are_told(data, forecast):
    figure = wsf.plot.fan(forecast, data)
    assert len(shown(figure)) == 8 and figure.get_suptitle() == "8 of 10 series"
    assert len(shown(wsf.plot.fan(forecast, series=["1,1", "2,3", "2,4"]))) == 3
    with pytest.raises(ValueError, match="no series '9,9'; there are 1,1, 1,2, .*, \\.\\."):
        wsf.plot.fan(forecast, series="9,9")


def test_axes_of_the_caller(data, forecast):
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2)
    assert wsf.plot.fan(forecast, data, series="1,1", ax=left) is figure
    assert left.get_title() == "1,1" and not right.get_lines()
    with pytest.raises(ValueError, match="8 series for one ax"):
        wsf.plot.fan(forecast, data, ax=right)


def test_components_add_up(data):
    parts = wsf.fit(data, "tslm").explain(20)
    figure = wsf.plot.components(parts, series="1,3")
    names = [ax.get_ylabel() for ax in figure.axes]
    assert names == list(parts.columns[3:]) and names[0] == "forecast"
    total, *rest = [ax.get_lines()[0].get_ydata() for ax in figure.axes]
    assert [sum(step) for step in zip(*rest)] == pytest.approx(list(total))


def test_a_backtest_beside_what_happened(data):
    result = wsf.backtest(data, ["snaive", "naive"], horizon=8, windows=3, metrics=["wape"], levels=[80], forecasts=True)
    figure = wsf.plot.backtest(result, data, series="1,1")
    (ax,) = shown(figure)
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert [text.split(" (wape")[0] for text in texts] == ["snaive", "naive", "observed"]
    assert len(ax.get_lines()) == 2 * 3 + 1 + 3 and not ax.collections  # forecasts, history, origins
    (ax,) = shown(wsf.plot.backtest(result, series="1,1", models=["naive"]))
    assert len(ax.collections) == 3 and len(lines(ax)["observed"].get_ydata()) == 24
    assert len(shown(wsf.plot.backtest(result.forecasts))) == 4
    with pytest.raises(ValueError, match="no model 'ets'; there are snaive, naive"):
        wsf.plot.backtest(result, models=["ets"])
    with pytest.raises(ValueError, match="expected the result of wsf.backtest\\(.., forecasts=True\\)"):
        wsf.plot.backtest(wsf.backtest(data, "naive", horizon=8))


def test_one_series_and_times_that_are_numbers():
    rows = wsf.Dataset({"t": range(40), "y": [float(i % 7) for i in range(40)]}, time="t", target="y", season=7)
    (ax,) = shown(wsf.plot.fan(wsf.fit(rows, "snaive").predict(7), rows))
    assert list(lines(ax)["forecast"].get_xdata()) == list(range(40, 47))
    with pytest.raises(ValueError, match="no column 'forecast', expected a table of forecasts"):
        wsf.plot.fan(wsf.catalog())


@pytest.mark.parametrize("kind", [lambda frame: frame, polars.from_pandas])
def test_the_plot_of_statsforecast(kind):
    days = pandas.date_range("2024-01-01", periods=40)
    df = kind(pandas.concat([pandas.DataFrame({"unique_id": f"s{i}", "ds": days, "y": [float(d % 7 + i) for d in range(40)]}) for i in range(9)]))
    sf = StatsForecast([SeasonalNaive(7), Naive()], "D")
    out = sf.forecast(df=df, h=7, level=[80])
    assert len(shown(StatsForecast.plot(df))) == 8
    assert [ax.get_title() for ax in shown(StatsForecast.plot(df, plot_random=False))] == [f"s{i}" for i in range(8)]
    (ax,) = shown(sf.plot(df, out, unique_ids=["s3"], models=["SeasonalNaive"], level=[80], max_insample_length=14))
    assert list(lines(ax)["SeasonalNaive"].get_ydata()) == [float(d % 7 + 3) for d in range(40, 47)]
    assert len(lines(ax)["y"].get_ydata()) == 14 and [band.get_label() for band in ax.collections] == ["SeasonalNaive 80 %"]
    with pytest.raises(ValueError, match="plot_anomalies=True without"):
        StatsForecast.plot(df, out, plot_anomalies=True)
    with pytest.raises(ValueError, match="no column 'ETS' of forecasts; there are SeasonalNaive, Naive"):
        StatsForecast.plot(df, out, models=["ETS"])
    with pytest.raises(ValueError, match="no series 'x' in df"):
        StatsForecast.plot(df, unique_ids=["x"])
    with pytest.raises(ValueError, match="engine='plotly' has no counterpart"):
        StatsForecast.plot(df, engine="plotly")


def test_anomalies_lie_outside_the_interval():
    days = pandas.date_range("2024-01-01", periods=40)
    df = pandas.DataFrame({"unique_id": "a", "ds": days, "y": [float(d % 7) + 9 * (d == 30) for d in range(40)]})
    sf = StatsForecast([SeasonalNaive(7)], "D")
    sf.forecast(df=df, h=1, level=[99], fitted=True)
    (ax,) = shown(StatsForecast.plot(df, sf.forecast_fitted_values(), level=[99], plot_anomalies=True))
    marked = lines(ax)["anomaly"]
    assert [str(t)[:10] for t in marked.get_xdata()] == ["2024-01-31", "2024-02-07"]  # the value, and where it is forecast again


def test_matplotlib_is_asked_for_when_it_is_needed():
    code = "import sys; sys.modules['matplotlib'] = None\nimport wsf\ntry:\n wsf.plot.fan(wsf.forecast('simulate(stores=1, depts=1)', 'naive', horizon=2))\nexcept ImportError as e: print(e)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.startswith("plots need matplotlib (pip install matplotlib)")
