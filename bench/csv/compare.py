"""Reads one CSV file with libwsf (as a panel), polars and DuckDB (as a table, and grouped to a
panel), in turns, on the same number of threads. Prints seconds and the ratio to libwsf."""
import os
import subprocess
import sys
import time

program, path, threads, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
os.environ["POLARS_MAX_THREADS"] = str(threads)

import duckdb  # noqa: E402
import polars  # noqa: E402
from record import record  # noqa: E402

wsf = subprocess.Popen([program, path, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                       text=True)
con = duckdb.connect(config={"threads": threads})
READ = f"create or replace table t as select * from read_csv('{path}')"
GROUP = ("create or replace table p as select Store, Dept, list(Date order by Date), "
         "list(Weekly_Sales order by Date) from t group by Store, Dept")


def by_polars():
    return polars.read_csv(path, try_parse_dates=True)


def by_polars_panel():
    keys = ["Store", "Dept"]
    return by_polars().sort(keys + ["Date"]).group_by(keys, maintain_order=True).agg(
        polars.col("Date"), polars.col("Weekly_Sales"))


def by_duckdb():
    con.execute(READ)


def by_duckdb_panel():
    con.execute(READ)
    con.execute(GROUP)


def by_wsf():
    wsf.stdin.write("go\n")
    wsf.stdin.flush()
    return wsf.stdout.readline().split()


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


first = by_wsf()
frame = by_polars()
assert int(first[2]) == frame.height, "rows differ"
assert abs(float(first[3]) - frame["Weekly_Sales"].sum()) < 1e-3, "totals differ"

names = ["libwsf, panel", "polars, table", "polars, panel", "duckdb, table", "duckdb, panel"]
peers = [by_polars, by_polars_panel, by_duckdb, by_duckdb_panel]
results = {name: [] for name in names}
for turn in range(rounds + 1):
    answer = by_wsf()
    row = [(float(answer[0]), float(answer[1]))] + [timed(peer) for peer in peers]
    if turn:  # the first warms up
        for name, pair in zip(names, row):
            results[name].append(pair)
wsf.stdin.close()
wsf.wait()


def spread(values):
    ordered = sorted(values)
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]


def shown(values, scale):
    return "%7.1f %7.1f %7.1f" % tuple(scale * v for v in spread(values))


print(f"{os.path.basename(path)}: {frame.height} rows, {os.path.getsize(path) / 1e6:.1f} MB, "
      f"{threads} threads, {rounds} rounds; polars {polars.__version__}, duckdb {duckdb.__version__}")
print(f"{'':14s}  {'wall ms: min  median    max':>23s}   {'cpu ms: min  median    max':>23s}"
      f"   {'ratio: min  median    max':>23s}")
ours = [wall for wall, _ in results[names[0]]]
for name in names:
    wall = [w for w, _ in results[name]]
    cpu = [c for _, c in results[name]]
    ratio = [w / o for w, o in zip(wall, ours)]
    ratio_text = "%7.2f %7.2f %7.2f" % spread(ratio)
    print(f"{name:14s}  {shown(wall, 1e3)}       {shown(cpu, 1e3)}      {ratio_text}")
for name in names[1:]:
    for k, measure in enumerate(("ms", "CPU ms")):
        record(f"Walmart's train.csv to a panel; the peer: {name.split()[1]}", measure,
               [1e3 * r[k] for r in results[names[0]]], name.split(",")[0], [1e3 * r[k] for r in results[name]])
rate = frame.height / spread(ours)[1]
print(f"libwsf: {rate / 1e6:.1f} million rows a second")
