"""The package as its users have it: installed, from data frames and arrays to forecasts and back."""

import array
import datetime
import importlib.metadata
import pickle
import signal
import subprocess
import sys
import threading
import time

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest

import wsf

SALES = "simulate(stores=2, depts=3, weeks=120, seed=1)"
COLUMNS = {"keys": ["Store", "Dept"], "time": "Date", "target": "Weekly_Sales"}


@pytest.fixture(scope="module")
def sales():
    """The panel in long form, as a table of this package."""
    return wsf.Dataset(SALES).describe("values")


def plain(table):
    return table.to_dict()


# ---- in


@pytest.mark.parametrize("to", ["to_pandas", "to_polars", "to_arrow"])
def test_a_data_frame_gives_what_the_expression_gives(sales, to):
    frame = getattr(sales, to)()
    want = plain(wsf.forecast(SALES, "snaive", horizon=4, levels=[80]))
    got = plain(wsf.forecast(frame, "snaive", horizon=4, levels=[80], freq="week", **COLUMNS))
    if to == "to_pandas":  # whose days are times
        got["Date"] = [t.date() for t in got["Date"]]
    assert got == want


def test_a_query_is_data():
    query = duckdb.sql("""select 'a' as shop, d::date as day, isodow(d)::double as sold
                          from generate_series(date '2024-01-01', date '2024-02-25', interval 1 day) t(d) order by random()""")
    t = wsf.forecast(query, "snaive", horizon=7, keys="shop", time="day", target="sold")
    assert t.values("forecast") == [1, 2, 3, 4, 5, 6, 7]
    assert duckdb.sql("select sum(forecast) from t").fetchall() == [(28,)]


def test_a_mapping_of_columns_is_data():
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in range(28)]
    by_list = wsf.forecast(
        {"shop": ["ä"] * 28, "day": days, "sold": [float(i % 7) for i in range(28)]},
        "snaive", horizon=7, keys="shop", time="day", target="sold",
    )  # fmt: skip
    by_array = wsf.forecast(
        {"shop": numpy.array(["ä"] * 28), "day": numpy.array(days, dtype="datetime64[D]"), "sold": numpy.arange(28) % 7},
        "snaive", horizon=7, keys="shop", time="day", target="sold",
    )  # fmt: skip
    assert by_list.values("forecast") == [0, 1, 2, 3, 4, 5, 6]
    assert by_list.values("shop") == ["ä"] * 7
    assert by_list.values("day")[0] == datetime.date(2024, 1, 29)
    assert plain(by_list) == plain(by_array)


@pytest.mark.parametrize("kind", ["float64", "float32", "int64", "int32", "int16", "uint8"])
def test_an_array_is_a_series_and_a_matrix_many(kind):
    one = numpy.array([1, 2, 3, 4] * 5, dtype=kind)
    t = wsf.forecast(one, "snaive", horizon=4, season=4)
    assert t.values("forecast") == [1, 2, 3, 4] and t.values("period") == [20, 21, 22, 23]
    two = numpy.stack([one, one[::-1]])
    t = wsf.forecast(two, "snaive", horizon=2, season=4)
    assert t.values("series") == [0, 0, 1, 1] and t.values("forecast") == [1, 2, 4, 3]


def test_arrays_need_no_numpy_and_missing_is_nan():
    t = wsf.forecast(array.array("d", [1, 2, 3, float("nan")] * 5), "average", horizon=1)
    assert t.values("forecast") == [pytest.approx(2)]


def test_what_is_no_data_is_told():
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        wsf.fit(3.5)
    with pytest.raises(ValueError, match="3 dimensions"):
        wsf.fit(numpy.zeros((2, 2, 2)))
    with pytest.raises(TypeError, match="complex|format"):
        wsf.fit(numpy.zeros(4, dtype=complex))
    with pytest.raises(ValueError, match="has 2 values"):
        wsf.Dataset({"t": [1, 2, 3], "y": [1.0, 2.0]}, time="t", target="y")
    with pytest.raises(TypeError, match="names its columns itself"):
        wsf.Dataset(SALES, time="Date")


def test_sources_by_name(sales):
    ctx = wsf.Context(threads=1)
    ctx.add("bytes", b"day,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n")
    ctx.add("frame", sales.to_polars())
    assert len(wsf.Dataset('csv("bytes", time=day, target=y)', context=ctx).describe("values")) == 3
    rows = 'csv("frame", keys=[Store, Dept], time=Date, target=Weekly_Sales, freq=week)'
    for _ in range(2):  # read from its beginning every time
        assert len(wsf.Dataset(rows, context=ctx)) == 6
    ctx.remove("bytes")
    with pytest.raises(wsf.FileError):
        wsf.Dataset('csv("bytes", time=day, target=y)', context=ctx)
    with pytest.raises(wsf.ArgumentError):
        ctx.remove("bytes")


def test_options_are_quoted():
    assert wsf.quote('a"b\\c') == '"a\\"b\\\\c"'
    assert wsf.quote([1, 2.5, True, datetime.date(2024, 1, 2)]) == '[1, 2.5, true, "2024-01-02"]'
    t = wsf.forecast({'a "b" \\': [1, 2, 3, 4], "t": [1, 2, 3, 4]}, "naive", horizon=1, time="t", target='a "b" \\')
    assert t.values("forecast") == [4]


# ---- out


def test_a_table_is_read_without_a_copy():
    t = wsf.forecast(SALES, "snaive", horizon=4)
    view = t["forecast"]
    a, b = numpy.asarray(view), numpy.asarray(t["forecast"])
    assert a.dtype == "float64" and a.shape == (24,) and not a.flags.writeable
    assert a.__array_interface__["data"] == b.__array_interface__["data"]
    del t, view
    assert a[0] == b[0]  # the memory outlives the table


def test_frames_of_every_library_agree():
    t = wsf.Dataset(SALES).analyze("seasons")
    assert set(t.types) >= {"i64", "f64"}
    p, q, r = t.to_pandas(), t.to_polars(), t.to_arrow()
    assert list(p.columns) == q.columns == r.column_names == list(t.columns)
    for name in t.columns:
        assert q[name].to_list() == r[name].to_pylist() == t.values(name)
        assert [None if pandas.isna(v) else v for v in p[name].tolist()] == t.values(name)


def test_dates_stay_dates():
    t = wsf.forecast(SALES, "snaive", horizon=2)
    assert t.to_polars().schema["Date"] == polars.Date
    assert t.to_arrow().schema.field("Date").type == pyarrow.date32()
    assert t.to_pandas()["Date"][0] == pandas.Timestamp(t.values("Date")[0])


def test_a_table_is_shown():
    t = wsf.catalog()
    assert "(" + str(len(t)) + " rows" in repr(t)
    shown = t._repr_html_()
    assert shown.count("<tr>") == 11 and f"{len(t)} rows" in shown
    assert next(iter(t)) == tuple(t.values(c)[0] for c in t.columns)
    with pytest.raises(KeyError, match="no column 'forcast'"):
        t["forcast"]
    rows = {"<b>": ["<i>"] * 2, "t": [1, 2], "y": [1, 2]}
    shown = wsf.forecast(rows, "naive", horizon=1, keys="<b>", time="t", target="y")._repr_html_()
    assert "<th>&lt;b&gt;</th>" in shown and "<td>&lt;i&gt;</td>" in shown


# ---- the verbs


def test_fit_predict_update_explain(sales):
    frame = sales.to_pandas()
    early = frame[frame["Date"] < "2012-03-23"]
    f = wsf.fit(early, "ets", freq="week", **COLUMNS)
    t = f.predict(5, levels=[80, 95], quantiles=[0.1], series="1,1")
    assert t.columns == ("Store", "Dept", "Date", "forecast", "lo-80", "hi-80", "lo-95", "hi-95", "q-0.1")
    assert len(t) == 5
    g = f.update(frame)
    assert g.predict(1).values("Date")[0] > f.predict(1).values("Date")[0]
    assert set(g.describe("news").values("status")) == {"added"}
    parts = f.explain(3)
    sums = numpy.sum([numpy.asarray(parts[c]) for c in parts.columns[4:]], axis=0)
    assert numpy.allclose(sums, parts["forecast"])
    assert f.model == "ets" and repr(f) == "<wsf.Forecaster ets>"


def test_columns_known_ahead():
    n = 60
    promo = [float(i % 5 == 0) for i in range(n + 5)]
    history = {"t": list(range(n)), "promo": promo[:n], "sold": [10 + 5 * p for p in promo[:n]]}
    f = wsf.fit(history, "tslm(x=[promo], trend=false, season=0)", time="t", target="sold", known="promo")
    ahead = {"t": list(range(n, n + 5)), "promo": promo[n:]}
    assert numpy.allclose(f.predict(5, ahead=ahead)["forecast"], [15, 10, 10, 10, 10])


def test_backtest_evaluate_features_analyze(sales):
    b = wsf.backtest(SALES, ["ets", "snaive"], horizon=4, windows=2, metrics=["wape", "mase"], forecasts=True)
    assert [len(t) for t in b] == [2, 4, 12, 96]
    sums = wsf.Dataset(SALES + " | aggregate(levels=[[]], missing=skip)")
    t = wsf.backtest(sums, "snaive", horizon=4, metrics=["wape"], by="level").summary
    assert list(t["series"]) == [7, 1, 6] and list(t["level"])[:2] == [None, "total"]
    history, actual = wsf.Dataset(SALES + ' | until("2012-03-23")'), wsf.Dataset(SALES)
    f = wsf.fit(history, "snaive")
    assert len(wsf.evaluate(f.predict(8), history, actual, metrics=["wape"])) == 1
    x = wsf.features(sales.to_arrow(), "lags([1, 2]), calendar(week)", horizon=2, freq="week", **COLUMNS)
    assert x.to_polars().equals(x.to_polars())  # computed anew each time
    assert len(x.to_arrow()) == len(sales) + 12 and x.to_pandas().shape[1] == 7
    with pytest.raises(wsf.ArgumentError):
        wsf.features(SALES, "lag([1])")
    assert len(wsf.analyze(SALES, "summary")) == 6


def test_auto_is_the_default_model():
    assert wsf.fit(SALES, horizon=4).model.startswith("auto")


def test_bytes_files_and_pickles(tmp_path):
    f = wsf.fit(SALES, "mean(ets, snaive)")
    want = plain(f.predict(3))
    f.save(tmp_path / "f.wsf")
    for g in (wsf.load(tmp_path / "f.wsf"), wsf.load(bytes(f)), pickle.loads(pickle.dumps(f))):
        assert plain(g.predict(3)) == want and bytes(g) == bytes(f)
    with pytest.raises(wsf.FormatError):
        wsf.load(bytes(f)[:100])
    with pytest.raises(wsf.FileError) as e:
        wsf.load(tmp_path / "none.wsf")
    assert isinstance(e.value, OSError) and e.value.file.endswith("none.wsf")


# ---- errors


def test_errors_say_where():
    with pytest.raises(wsf.ArgumentError) as e:
        wsf.fit(SALES, "mean(ets, arimaa)")
    assert (e.value.status, e.value.byte, e.value.row) == ("E_NAME", 10, None)
    assert isinstance(e.value, ValueError) and "arimaa" in e.value.message
    ctx = wsf.Context()
    ctx.add("rows", b"day,y\n2024-01-01,oops\n2024-01-02,oops\n")
    with pytest.raises(wsf.DataError) as e:
        wsf.Dataset('csv("rows", time=day, target=y)', context=ctx)
    assert (e.value.row, e.value.field, e.value.file) == (2, "y", "source rows")
    assert pickle.loads(pickle.dumps(e.value)).row == 2
    with pytest.raises(wsf.LimitError):
        wsf.forecast(SALES, "naive", horizon=10, context=wsf.Context(max_horizon=9))
    with pytest.raises(wsf.DataError):
        wsf.Dataset({"t": [1, 2], "y": [1.0, 2.0]}, time="tt", target="y")


def test_an_error_in_the_data_is_the_callers():
    class Broken:
        def __arrow_c_stream__(self, requested_schema=None):
            raise RuntimeError("the safe is closed")

    with pytest.raises(RuntimeError, match="the safe is closed"):
        wsf.Dataset(Broken())
    ctx = wsf.Context()
    ctx.add("broken", Broken())
    with pytest.raises(wsf.FileError, match="the safe is closed"):
        wsf.Dataset('csv("broken", time=t, target=y)', context=ctx)


# ---- long calls

LONG = "simulate(stores=45, depts=40, weeks=143, seed=1)"
SLOW = "best(arima, ets, theta, windows=3)"


def test_progress_is_told_and_stops():
    calls = []
    wsf.fit(SALES, "best(ets, snaive)", progress=lambda *c: calls.append(c))
    assert calls and all(isinstance(s, str) and 0 <= d <= n for s, d, n in calls)
    with pytest.raises(wsf.Cancelled):
        wsf.fit(LONG, SLOW, progress=lambda stage, done, total: False)
    with pytest.raises(ZeroDivisionError):
        wsf.fit(LONG, SLOW, progress=lambda stage, done, total: 1 // 0)
    with pytest.raises(TypeError):
        wsf.fit(SALES, "ets", progress=3)
    assert wsf.fit(SALES, "ets").model == "ets"  # the context goes on


def test_a_bar_of_tqdm(capsys):
    wsf.backtest(SALES, ["ets"], horizon=4, windows=3, progress=True)
    assert "backtest" in capsys.readouterr().err


def test_an_interrupt_cancels():
    data = wsf.Dataset(LONG)
    main = threading.main_thread().ident
    sent = []

    def interrupt():
        time.sleep(0.3)
        sent.append(time.perf_counter())
        signal.pthread_kill(main, signal.SIGINT)

    # What a shell starts in the background is told to leave the signal alone.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        wsf.fit(data, SLOW)
    signal.signal(signal.SIGINT, before)
    assert time.perf_counter() - sent[0] < 1  # 50 ms, and room for a busy machine
    assert len(wsf.forecast(SALES, "naive", horizon=1)) == 6


def test_other_threads_run_meanwhile():
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    wsf.fit(LONG, "ets")
    stop.set()
    thread.join()
    assert counted[0] > 5


def test_threads_share_handles_and_bits_do_not_change():
    f = wsf.fit(SALES, "ets")
    want, got = plain(f.predict(6)), []
    threads = [threading.Thread(target=lambda: got.append(plain(f.predict(6)))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert got == [want] * 4
    assert bytes(wsf.fit(SALES, "ets", context=wsf.Context(threads=1))) == bytes(wsf.fit(SALES, "ets", context=wsf.Context(threads=3)))


# ---- the package


def test_nothing_leaks():
    data = {"t": list(range(200)), "y": [float(i % 7) for i in range(200)]}

    def once():
        f = wsf.fit(data, "snaive", time="t", target="y", season=7)
        pickle.loads(pickle.dumps(f)).predict(3).to_arrow()
        with pytest.raises(wsf.Error):
            wsf.fit(data, "snaiv", time="t", target="y")

    def memory():
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * 4096

    for _ in range(200):
        once()
    before = memory()
    for _ in range(1000):
        once()
    assert memory() - before < 4 << 20


def test_the_import_needs_nothing_and_is_short():
    code = "import sys; before = set(sys.modules); import wsf; print(*sorted(set(sys.modules) - before))"
    new = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "polars", "pyarrow", "tqdm"} & set(new)
    assert not importlib.metadata.requires("wsf")
    code = "import time; t = time.process_time(); import wsf; print(time.process_time() - t)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    assert min(times) < 0.020 * 1.5  # 20 ms, and room for a busy machine


def test_the_extension_takes_the_limited_api_and_no_blas():
    import wsf._native as native

    assert native.__file__.endswith(".abi3.so")
    needed = subprocess.run(["ldd", native.__file__], capture_output=True, text=True, check=True).stdout
    assert "blas" not in needed and "lapack" not in needed and "libwsf" not in needed and "zstd" not in needed
