"""Public holidays by rule beside the Python package `holidays`, every day of 2010 to 2030.

    check.py WSF

Ours are the columns of `holidays(COUNTRY, public)` on a made-up daily series, on their own day and,
where it is told, on the day that is taken off. Differences that are meant stand in MEANT; any other
one fails.
"""

import csv
import datetime
import subprocess
import sys
import tempfile
from pathlib import Path

import holidays

YEARS = range(2010, 2031)
COUNTRIES = "us gb de fr es it nl ca mx br au".split()
OBSERVED = ["us", "gb"]  # the package adds the day off to the holiday, or follows single provinces
MEANT = {
    "it": ["National Unity Day"],  # always a Sunday
    "nl": ["Good Friday", "Liberation Day"],  # retail here
}


def theirs(country, observed):
    options = {"subdiv": "ENG"} if country == "gb" else {}
    if country == "ca":
        options["categories"] = ("public", "government", "optional")
    found = holidays.country_holidays(country.upper(), years=YEARS, observed=observed,
                                      language="en_US", **options)
    meant = set(MEANT.get(country, []))
    days = {day for day, names in found.items() if set(names.split("; ")) - meant}
    if country == "nl":  # the King's day of a Sunday is the Saturday before, by the same decree
        sundays = {d for d in days if "King" in found[d] and d.weekday() == 6}
        days = days - sundays | {d - datetime.timedelta(1) for d in sundays}
    return days


def ours(wsf, country, observed, folder):
    out = folder / "features.csv"
    recipe = f"holidays({country}, public, as=one, observed={str(observed).lower()})"
    data = f'csv("{folder / "days.csv"}", time=date, target=y)'
    subprocess.run([wsf, "features", "--data", data, "--recipe", recipe, "--quiet", "--out", out],
                   check=True)
    with open(out, encoding="utf-8") as rows:
        return {datetime.date.fromisoformat(row["date"]) for row in csv.DictReader(rows)
                if float(row["holiday"]) > 0}


def main():
    wsf, failed = sys.argv[1], False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open(folder / "days.csv", "w", encoding="utf-8") as out:
            out.write("date,y\n")
            day = datetime.date(YEARS[0], 1, 1)
            while day.year <= YEARS[-1]:
                out.write(f"{day},1\n")
                day += datetime.timedelta(1)
        for country in COUNTRIES:
            for observed in [False] + [True] * (country in OBSERVED):
                mine, other = ours(wsf, country, observed, folder), theirs(country, observed)
                if observed:  # theirs keeps the holiday beside the day off
                    other -= theirs(country, False) - mine
                    mine = {d for d in mine if d.year <= YEARS[-1]}
                extra, lacking = sorted(mine - other), sorted(other - mine)
                failed = failed or bool(extra or lacking)
                print(f"{country}{' observed' if observed else ''}: {len(mine)} days, "
                      f"{len(extra)} only here, {len(lacking)} only there",
                      *(str(d) for d in extra + lacking))
    return failed


sys.exit(main())
