"""Frequencies as pandas and polars write them, in the library's words: ``"MS"``, ``"15min"``, ``"1mo"``, 1."""

from __future__ import annotations

import datetime
import re
from typing import Any, NamedTuple

# Aliases of pandas, old and new, and of polars: the unit, its multiple, and which day of it stands for it.
_UNITS: dict[str, tuple[str, int, str | None]] = {
    "min": ("minute", 1, None), "T": ("minute", 1, None), "m": ("minute", 1, None),
    "h": ("hour", 1, None), "H": ("hour", 1, None),
    "D": ("day", 1, None), "d": ("day", 1, None), "B": ("business", 1, None), "C": ("business", 1, None),
    "W": ("week", 1, "SUN"), "w": ("week", 1, None),
    "M": ("month", 1, "end"), "ME": ("month", 1, "end"), "MS": ("month", 1, "start"), "mo": ("month", 1, None),
    "BM": ("month", 1, None), "BME": ("month", 1, None), "BMS": ("month", 1, None),
    "Q": ("quarter", 1, "end"), "QE": ("quarter", 1, "end"), "QS": ("quarter", 1, "start"), "q": ("quarter", 1, None),
    "A": ("year", 1, "end"), "Y": ("year", 1, "end"), "YE": ("year", 1, "end"),
    "AS": ("year", 1, "start"), "YS": ("year", 1, "start"), "y": ("year", 1, None),
}  # fmt: skip
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class Frequency(NamedTuple):
    """A regular calendar: options of ``rows``, and the day that the alias says times fall on."""

    freq: str
    """unit of the library: minute, hour, day, business, week, month, quarter, year, integer"""
    step: int
    """units in a period"""
    anchor: str | None
    """``"start"`` or ``"end"`` of a month, a weekday such as ``"SUN"``, or None: any"""
    text: str
    """as it was given"""

    def check(self, time: Any) -> None:
        """ValueError if a date does not fall on the day that the alias says."""
        if self.anchor is None or not isinstance(time, datetime.date):
            return
        next_day = time + datetime.timedelta(days=1)
        found = _DAYS[time.weekday()] if self.anchor in _DAYS else "start" if time.day == 1 else "end" if next_day.day == 1 else "inside"
        if found == self.anchor:
            return
        expected = f"ends on {self.anchor}" if self.anchor in _DAYS else f"is named by the {self.anchor} of a month"
        right = {"start": "MS, QS or YS", "end": "ME, QE or YE", "inside": "polars' 1mo, 1q or 1y"}.get(found, f"W-{found}")
        raise ValueError(
            f"freq={self.text!r}: a period {expected}, the data's times fall on {time.isoformat()[:10]}, as those of {right} do"
        )


def frequency(freq: Any) -> Frequency:
    """The frequency of an alias, an offset of pandas (``freqstr``) or a whole number.

    >>> frequency("15min")[:3]
    ('minute', 15, None)
    """
    if isinstance(freq, int) and not isinstance(freq, bool):
        if freq < 1:
            raise ValueError(f"freq={freq}, expected a step of at least 1")
        return Frequency("integer", freq, None, str(freq))
    given = str(getattr(freq, "freqstr", freq))
    match = re.fullmatch(r"(\d*)([A-Za-z]+)(?:-([A-Z]{3}))?", given)
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        raise ValueError(
            f"freq={given!r} is no regular calendar: expected a whole number or an alias of pandas or polars from "
            "minutes to years, such as 'D', 'W-FRI', 'MS', '15min', '1mo'"
        )
    name, step, anchor = unit[0], unit[1] * int(match[1] or 1), unit[2]
    if step < 1:
        raise ValueError(f"freq={given!r}, expected a step of at least 1")
    if match[3]:
        known = _DAYS if name == "week" else _MONTHS if name in ("quarter", "year") else ()
        if match[3] not in known:
            raise ValueError(f"freq={given!r}: {match[3]} is no anchor of {match[2]}")
        anchor = match[3] if name == "week" else anchor
    return Frequency(name, step, anchor, given)
