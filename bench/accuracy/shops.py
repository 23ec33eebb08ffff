"""Made-up daily sales of shops that close, with promotions and school holidays known ahead.

    shops.py FILE [--shops N] [--seed S] [--ahead DAYS]

Writes a row for each shop and day, without sales on the last DAYS of them (0):
Store, Date, Sales, Open, Closed, Promo, SchoolHoliday, StateHoliday. Effects multiply: level of the shop, weekday, a
yearly season with a rise before Christmas, promotions in every second week from Monday to Friday, each
shop with its own answer, school holidays, the day before and after a closing, a slow random walk and noise
that lasts for days. Most shops close on Sundays, all on holidays, some for weeks to be rebuilt; they sell
nothing then.
"""
import argparse
import csv
import datetime
import math
import random

FIRST, DAYS = datetime.date(2013, 1, 1), 942
WEEKDAY = [1.13, 0.98, 0.94, 0.95, 1.03, 0.88, 0.85]
HOLIDAYS = {(1, 1): "a", (5, 1): "a", (10, 3): "a", (12, 25): "c", (12, 26): "c"}
EASTER = {2013: (3, 31), 2014: (4, 20), 2015: (4, 5)}


def state_holiday(day):
    easter = datetime.date(day.year, *EASTER[day.year])
    if (day - easter).days in (-2, 1):
        return "b"
    return "a" if (day - easter).days in (39, 50) else HOLIDAYS.get((day.month, day.day), "")


def school_holiday(day, state):
    """Ten days from Good Friday on, six weeks of summer that begin by the state, a fortnight in October
    and one around the new year."""
    easter = datetime.date(day.year, *EASTER[day.year])
    summer = datetime.date(day.year, 6, 22) + datetime.timedelta(days=7 * state)
    return int(-2 <= (day - easter).days <= 8 or 0 <= (day - summer).days < 42
               or (day.month == 10 and 5 <= day.day <= 18) or (day.month, day.day) >= (12, 23) or
               (day.month, day.day) <= (1, 4))


def season(day):
    turn = 2 * math.pi * (day.timetuple().tm_yday - 1) / 365.25
    rise = 0.35 * math.exp(-((day - datetime.date(day.year, 12, 20)).days / 9) ** 2)
    return 0.05 * math.sin(turn) - 0.04 * math.cos(2 * turn) + rise


def shop(number, draw, ahead):
    state, level = draw.randrange(5), 8.6 + 0.4 * draw.gauss(0, 1)
    promotion, school = 0.25 + 0.12 * draw.gauss(0, 1), 0.04 + 0.03 * draw.gauss(0, 1)
    strength, sundays = max(0, 1 + 0.3 * draw.gauss(0, 1)), draw.random() < 0.08
    week = [math.log(w) + 0.04 * draw.gauss(0, 1) for w in WEEKDAY]
    rebuilt = draw.randrange(100, DAYS - 200) if draw.random() < 0.15 else DAYS
    days = [FIRST + datetime.timedelta(days=t) for t in range(DAYS)]
    is_open = [int((d.weekday() < 6 or sundays) and not state_holiday(d) and not rebuilt <= t < rebuilt + 60)
               for t, d in enumerate(days)]
    walk, noise = 0.0, 0.0
    for t, day in enumerate(days):
        walk += 0.004 * draw.gauss(0, 1)
        noise = 0.35 * noise + 0.09 * draw.gauss(0, 1)
        promo = int(day.weekday() < 5 and day.toordinal() // 7 % 2 == 0)
        beside = [is_open[k] == 0 and days[k].weekday() < 6 for k in (t - 1, t + 1) if 0 <= k < DAYS]
        mean = level + week[day.weekday()] + strength * season(day) + promotion * promo \
            + school * school_holiday(day, state) + 0.12 * any(beside) + walk + noise
        sales = round(math.exp(mean)) if is_open[t] else 0
        yield [number, day.isoformat(), sales if t < DAYS - ahead else "", is_open[t], 1 - is_open[t], promo,
               school_holiday(day, state), state_holiday(day)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--shops", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ahead", type=int, default=0)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with open(options.file, "w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["Store", "Date", "Sales", "Open", "Closed", "Promo", "SchoolHoliday", "StateHoliday"])
        for number in range(1, options.shops + 1):
            write.writerows(shop(number, draw, options.ahead))


if __name__ == "__main__":
    main()
