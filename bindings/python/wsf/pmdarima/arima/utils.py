"""How often a series is differenced, by tests."""

from __future__ import annotations

from typing import Any

from .._series import dataset_of


def _differences(x: Any, test: str, around: str, season: int) -> int:
    table = dataset_of(x, season=season).analyze("tests")
    for name, about, says in zip(table.values("test"), table.values("around"), table.values("differences")):
        if name == test and about == around:
            return int(says or 0)
    return 0


def _check_alpha(alpha: float) -> None:
    if alpha != 0.05:
        raise ValueError(f"alpha is {alpha}, expected 0.05: the tests decide at 5 %")


def ndiffs(x: Any, alpha: float = 0.05, test: str = "kpss", max_d: int = 2) -> int:
    """Differences until a unit root test, ``kpss``, ``adf`` or ``pp``, asks for no more."""
    _check_alpha(alpha)
    if test not in ("kpss", "adf", "pp"):
        raise ValueError(f"test is {test!r}, expected 'kpss', 'adf' or 'pp'")
    return min(_differences(x, test, "level", 1), max_d)


def nsdiffs(x: Any, m: int, max_D: int = 2, test: str = "ocsb") -> int:
    """Seasonal differences, 0 or 1, by ``ocsb`` or the ``strength`` of the season."""
    if test not in ("ocsb", "strength"):
        raise ValueError(f"test is {test!r}, expected 'ocsb' or 'strength'")
    return min(_differences(x, test, "season", m), max_D) if m > 1 else 0
