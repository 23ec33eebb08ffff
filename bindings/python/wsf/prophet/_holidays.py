"""Holidays as the package has them: tables of a name, a day and the days around it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .._api import Dataset

_COUNTRIES = {
    "us": ("US", "USA"), "gb": ("GB", "GBR", "UK"), "de": ("DE", "DEU"), "fr": ("FR", "FRA"), "es": ("ES", "ESP"),
    "it": ("IT", "ITA"), "nl": ("NL", "NLD"), "ca": ("CA", "CAN"), "mx": ("MX", "MEX"), "br": ("BR", "BRA"),
    "au": ("AU", "AUS"),
}  # fmt: skip
# As the package calls those of the United States; elsewhere they bear the library's names.
_NAMES = {
    "new_year": "New Year's Day", "martin_luther_king": "Martin Luther King Jr. Day",
    "presidents_day": "Washington's Birthday", "memorial_day": "Memorial Day",
    "juneteenth": "Juneteenth National Independence Day", "independence_day": "Independence Day",
    "labor_day": "Labor Day", "columbus_day": "Columbus Day", "veterans_day": "Veterans Day",
    "thanksgiving": "Thanksgiving Day", "christmas": "Christmas Day",
}  # fmt: skip
_OBSERVED = ("us", "gb", "ca", "au")  # whose holidays move from a weekend to a weekday


class Day(NamedTuple):
    """A flag of one holiday: the days that lie this far from it."""

    name: str
    offset: int
    prior_scale: float
    dates: frozenset[Any]

    @property
    def column(self) -> str:
        """Its name among the columns of the package."""
        return f"{self.name}_delim_{'+' if self.offset >= 0 else '-'}{abs(self.offset)}"

    def flags(self, ds: Any) -> Any:
        """1 where a time falls on one of the days."""
        return ds.dt.normalize().isin(self.dates).to_numpy(dtype=float)


def country_word(country: str) -> str:
    """The library's word for a country."""
    for word, codes in _COUNTRIES.items():
        if country.upper() in codes:
            return word
    known = ", ".join(codes[0] for codes in _COUNTRIES.values())
    raise ValueError(f"holidays of {country!r} are not known here, expected those of {known}; give others as holidays=")


def _flags(recipe: str, days: Any) -> dict[str, Any]:
    data = Dataset({"t": days.to_numpy(), "y": np.zeros(len(days))}, time="t", target="y", freq="day")
    columns = data.features(recipe).to_arrow().to_pydict()
    return {name: np.asarray(flag) > 0 for name, flag in columns.items() if name.startswith("holiday_")}


def of_country(country: str, first: int, last: int) -> Any:
    """A table of a country's public holidays from one year to another, with the days that are taken off in
    place of those on a weekend."""
    word = country_word(country)
    days = pd.date_range(f"{first}-01-01", f"{last}-12-31")

    def name(column: str) -> str:
        short = column.removeprefix("holiday_" if word == "us" else f"holiday_{word}_")
        return _NAMES.get(short, short) if word == "us" else short

    found: list[tuple[str, Any]] = []
    own = _flags(f"holidays({word}, events=public)", days)
    for column, flag in own.items():
        found += [(name(column), day) for day in days[flag]]
    moved = _flags(f"holidays({word}, events=public, observed=true)", days) if word in _OBSERVED else {}
    for column, flag in moved.items():
        found += [(f"{name(column)} (observed)", day) for day in days[flag & ~own[column]]]
    return pd.DataFrame(found, columns=["holiday", "ds"])


def check_table(table: Any) -> Any:
    """A table of the user's: a copy with times, or what is wrong with it."""
    if not (isinstance(table, pd.DataFrame) and {"ds", "holiday"} <= set(table.columns)):
        raise ValueError("holidays is a data frame with the columns 'ds' and 'holiday'")
    table = table.copy()
    table["ds"] = pd.to_datetime(table["ds"])
    if table["ds"].isnull().any() or table["holiday"].isnull().any():
        raise ValueError("a holiday has no name or no day")
    if ("lower_window" in table) != ("upper_window" in table):
        raise ValueError("holidays has one of lower_window and upper_window, expected both or none")
    if "lower_window" in table and ((table["lower_window"] > 0).any() or (table["upper_window"] < 0).any()):
        raise ValueError("lower_window of a holiday is 0 or below it, upper_window 0 or above it")
    return table


def days_of(table: Any, prior_scale: float) -> list[Day]:
    """The flags of a table, in the order of their columns."""
    dates: dict[tuple[str, int], set[Any]] = {}
    priors: dict[str, float] = {}
    for row in table.to_dict("records"):
        name, day = str(row["holiday"]), row["ds"].normalize()
        prior = row.get("prior_scale")
        prior = prior_scale if prior is None or pd.isna(prior) else float(prior)
        if prior <= 0:
            raise ValueError(f"prior_scale of holiday {name!r} is {prior:g}, expected a number above 0")
        if priors.setdefault(name, prior) != prior:
            raise ValueError(f"holiday {name!r} has several values of prior_scale, expected one")
        low, high = row.get("lower_window", 0), row.get("upper_window", 0)
        window = range(0 if pd.isna(low) else int(low), (0 if pd.isna(high) else int(high)) + 1)
        for offset in window:
            dates.setdefault((name, offset), set()).add(day + pd.Timedelta(days=offset))
    days = [Day(name, offset, priors[name], frozenset(at)) for (name, offset), at in dates.items()]
    return sorted(days, key=lambda day: day.column)
