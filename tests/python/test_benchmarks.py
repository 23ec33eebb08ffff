"""The page that `./dev bench all` writes, from rows that a bench would have recorded."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"

MEASURE = """
from record import record
record("`ets`, M3 yearly", "CPU ms a series", [0.2, 0.25, 0.2], "AutoETS", [4.0, 5.0, 6.0])
record("`ets`, M3 yearly", "sMAPE", [17.0], "AutoETS", [16.0])
"""


def measured(tmp_path: Path) -> Path:
    rows = tmp_path / "rows.csv"
    environment = os.environ | {"WSF_BENCH_ROWS": str(rows), "WSF_BENCH": "peers", "PYTHONPATH": str(BENCH)}
    subprocess.run([sys.executable, "-c", MEASURE], env=environment, check=True)
    return rows


def test_a_row_holds_the_spread_of_the_ratios(tmp_path: Path) -> None:
    lines = measured(tmp_path).read_text().splitlines()
    assert lines[0] == "bench,case,measure,ours,peer,theirs,least,median,most"
    assert lines[1] == 'peers,"`ets`, M3 yearly",CPU ms a series,0.2,AutoETS,5,20,20,30'
    assert len(lines) == 3


def test_the_page_begins_with_what_is_lost(tmp_path: Path) -> None:
    out = tmp_path / "page"
    subprocess.run([sys.executable, BENCH / "report.py", "--rows", measured(tmp_path), "--to", out], check=True)
    page = (out / "benchmarks.md").read_text()
    behind, rest = page.split("## Where wsf is behind")[1].split("## How fast, how large", 1)
    assert "| `ets`, M3 yearly | sMAPE | 17 | AutoETS | 16 | 0.941 |" in behind and "CPU" not in behind
    assert "ahead in 1 of 2 rows" in rest and "| 20 / 20 / 30 |" in rest
    assert (out / "benchmarks" / "peers.svg").read_text().count("AutoETS") == 2


def test_no_rows_is_an_error(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, BENCH / "report.py", "--rows", tmp_path / "none.csv"], capture_output=True, text=True)
    assert done.returncode == 1 and "nothing was measured" in done.stderr
