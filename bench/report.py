"""Everything that is promised beside a peer, in one place: runs the benches and writes docs/benchmarks.md of what
they measured, with a picture for each question, and the rows themselves as CSV.

    report.py [--quick] [--only BENCH ...] [--rows FILE] [--to FOLDER]

--quick takes fewer series and rounds (some five minutes). The page is written to docs/, with --only or --rows to
build/bench, where the rows are, or to FOLDER. --rows FILE makes the page of rows measured before. A bench that fails,
or whose peer is not installed, is named on the page.
"""

import argparse
import csv
import datetime
import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "wsf"}
import matplotlib.pyplot as plt  # noqa: E402
from record import FIELDS  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "bench"
# bench, the question, arguments of the whole run, of the quick one
QUESTIONS = [
    ("peers", "How fast, how large and how accurate is each model?", ["--rounds", "3"],
     ["--rounds", "2", "--scale", "0.2", "--no-r"]),
    ("auto_peers", "Is the default more accurate than their automatic models?", [],
     ["--only", "m3-yearly", "--series", "50"]),
    ("start", "How soon is the first forecast there?", [], ["--runs", "5"]),
    ("csv", "How fast is a file read?", ["2", "9"], ["2", "3"]),
    ("features", "How fast are features?", ["--series", "300"], ["--series", "60", "--rounds", "2"]),
    ("prophet", "How fast is prophet?", [], ["--rounds", "1"]),
    ("dropin", "How fast is a program of Prophet's with another import?", [], None),
    ("pmdarima", "How fast is a program of pmdarima's with another import?", [], None),
    ("networks", "How fast are the networks?", [], ["--steps", "5", "--rounds", "2"]),
    ("reconcile", "How fast is reconciliation?", [], ["--only", "Walmart"]),
]  # fmt: skip
PACKAGES = ["statsforecast", "mlforecast", "hierarchicalforecast", "prophet", "pmdarima", "polars", "duckdb", "torch"]


def run(bench, arguments, rows):
    """What the bench printed, its last words where it failed, and its seconds."""
    print(f"== {bench} {' '.join(arguments)}", flush=True)
    begin = time.perf_counter()
    environment = os.environ | {"WSF_BENCH_ROWS": str(rows), "WSF_BENCH": bench}
    with subprocess.Popen([ROOT / "bench" / "run.sh", bench, *arguments], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as child:  # fmt: skip
        lines = []
        for line in child.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return "".join(lines[-1:]).strip() if child.returncode else "", time.perf_counter() - begin


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.machine())  # fmt: skip
    return f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}"


def versions():
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            pass
    return f"Python {platform.python_version()}, " + ", ".join(found)


def number(text):
    value = float(text)
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def spread(row):
    names = ["least", "median", "most"] if row["least"] != row["most"] else ["median"]
    return " / ".join(number(row[name]) for name in names)


def table(rows):
    yield "| case | measure | wsf | peer | | times |"
    yield "|---|---|--:|---|--:|--:|"
    for row in rows:
        case = row["case"].replace("|", "\\|")
        yield f"| {case} | {row['measure']} | {number(row['ours'])} | {row['peer']} | {number(row['theirs'])} | {spread(row)} |"


def picture(question, rows, path):
    """A line for each ratio, on a scale of powers: right of 1 is ahead."""
    figure, axes = plt.subplots(figsize=(9, 1 + 0.19 * len(rows)), layout="constrained")
    for at, row in enumerate(reversed(rows)):
        least, median, most = (float(row[name]) for name in ("least", "median", "most"))
        colour = "#b3261e" if median < 1 else "#1f5f8b"
        axes.plot([least, most], [at, at], color=colour, linewidth=1)
        axes.plot(median, at, "o", color=colour, markersize=4)
    axes.set_yticks(range(len(rows)), [f"{r['case'].replace('`', '')}, {r['measure']} ({r['peer']})" for r in reversed(rows)],
                    fontsize=6.5)  # fmt: skip
    axes.set_ylim(-1, len(rows))
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlabel("times as good as the peer (right of the line: wsf is ahead)", fontsize=8)
    axes.set_title(question, fontsize=10, loc="left")
    axes.grid(axis="x", linewidth=0.3)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def page(rows, trouble, how, folder):
    behind = sorted((r for r in rows if float(r["median"]) < 1), key=lambda r: float(r["median"]))
    pictures = folder / "benchmarks"
    pictures.mkdir(parents=True, exist_ok=True)
    out = [
        "# Benchmarks", "",
        "Written by `./dev bench all`; the same work, by wsf and by a peer, in turns in one run. *times* is the peer's figure "
        "over that of wsf, least / median / most over the rounds: seconds, processor time, memory or error, of which less is "
        "better, so above 1 wsf is ahead. `bench/run.sh help` says what each bench does; its page in docs/ says what the "
        "figures mean.", "",
        "```sh", f"./dev bench all{' --quick' if how['quick'] else ''}", "```", "",
        f"{how['date']}, {machine()}; {versions()}.", "",
        "## Where wsf is behind", "",
    ]  # fmt: skip
    out += table(behind) if behind else ["Nowhere in this run."]
    if trouble:
        out += ["", "Not measured:", ""] + [f"- `{bench}`: {why}" for bench, why in trouble]
    for bench, question, *_ in QUESTIONS:
        of = [r for r in rows if r["bench"] == bench]
        if of:
            picture(question, of, pictures / f"{bench}.svg")
            ahead = sum(float(r["median"]) >= 1 for r in of)
            out += ["", f"## {question}", "", f"`./dev bench {bench}`: ahead in {ahead} of {len(of)} rows.", "",
                    f"![{question}](benchmarks/{bench}.svg)", "", *table(of)]  # fmt: skip
    path = folder / "benchmarks.md"
    path.write_text("\n".join(out) + "\n")
    print(f"{path}: {len(rows)} rows, behind in {len(behind)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=[q[0] for q in QUESTIONS], default=[])
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--to", type=Path)
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    trouble, rows_file = [], options.rows or WORK / "benchmarks.csv"
    if not options.rows:
        rows_file.unlink(missing_ok=True)
        for bench, _, whole, quick in QUESTIONS:
            arguments = quick if options.quick else whole
            if options.only and bench not in options.only:
                continue
            if arguments is None:
                trouble.append((bench, "only in the whole run"))
                continue
            failed, seconds = run(bench, arguments, rows_file)
            print(f"== {bench}: {seconds:.0f} s", flush=True)
            if failed:
                trouble.append((bench, failed))
    if not rows_file.exists():
        sys.exit("report.py: nothing was measured")
    with open(rows_file, newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and list(rows[0]) == FIELDS, f"{rows_file}: not rows of a bench"
    folder = options.to or (WORK if options.only or options.rows else ROOT / "docs")
    page(rows, trouble, {"quick": options.quick, "date": datetime.date.today().isoformat()}, folder)
    return 1 if trouble and not options.quick else 0


if __name__ == "__main__":
    sys.exit(main())
