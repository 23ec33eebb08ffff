"""What a bench measured beside a peer, a row for each case: `./dev bench all` makes docs/benchmarks.md of them.

Without WSF_BENCH_ROWS, the file to append to, nothing is written, and a bench prints what it always does.
"""

import csv
import os
import statistics

FIELDS = ["bench", "case", "measure", "ours", "peer", "theirs", "least", "median", "most"]


def record(case, measure, ours, peer, theirs):
    """`ours` and `theirs`: values of the measure by round, in turn, of which less is better; ratios are theirs
    over ours, so above 1 where ours is ahead."""
    path = os.environ.get("WSF_BENCH_ROWS")
    if not path:
        return
    ratios = sorted(t / o for t, o in zip(theirs, ours))
    row = [os.environ.get("WSF_BENCH", ""), case, measure, statistics.median(ours), peer, statistics.median(theirs),
           ratios[0], statistics.median(ratios), ratios[-1]]  # fmt: skip
    new = not os.path.exists(path)
    with open(path, "a", newline="") as file:
        out = csv.writer(file)
        if new:
            out.writerow(FIELDS)
        out.writerow([f"{v:.6g}" if isinstance(v, float) else v for v in row])
