"""What programs import beside the models: conformal intervals and the tutorials' series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

__all__ = ["AirPassengers", "AirPassengersDF", "ConformalIntervals", "generate_series"]

AirPassengers: Any
"""Passengers of airlines in thousands, by the month, 1949 to 1960 (Box and Jenkins, 1970): an array of numpy."""
AirPassengersDF: pandas.DataFrame
"""The same in long form: unique_id, ds (the last day of the month), y."""

# fmt: off
_AIR_PASSENGERS = (
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
    145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
    196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
    315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
    360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
)
# fmt: on


def __getattr__(name: str) -> Any:
    if name not in ("AirPassengers", "AirPassengersDF"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import numpy

    values = numpy.array(_AIR_PASSENGERS, dtype=float)
    if name == "AirPassengers":
        return values
    import pandas

    first = numpy.datetime64("1949-02", "M")
    ends = (first + numpy.arange(len(values))).astype("datetime64[D]") - 1
    return pandas.DataFrame({"unique_id": 1.0, "ds": ends.astype("datetime64[ns]"), "y": values})


class ConformalIntervals:
    """Intervals from back-test errors, for any model.

    n_windows: windows of the back-test, at least 2
    h: periods in a window: no fewer than will be forecast
    method: as in statsforecast, whose two methods are one here: symmetric intervals
    """

    def __init__(self, n_windows: int = 2, h: int = 1, method: str = "conformal_distribution") -> None:
        if n_windows < 2:
            raise ValueError(f"n_windows={n_windows}, conformal intervals need at least 2")
        if method not in ("conformal_distribution", "conformal_error"):
            raise ValueError(f"method={method!r}, expected 'conformal_distribution' or 'conformal_error'")
        self.n_windows, self.h, self.method = n_windows, h, method


def generate_series(
    n_series: int,
    freq: str = "D",
    min_length: int = 50,
    max_length: int = 500,
    equal_ends: bool = False,
    engine: str = "pandas",
    seed: int = 0,
) -> Any:
    """Invented series of a season of seven periods and noise, in long form: unique_id, ds, y.

    min_length, max_length: fewest and most periods of a series
    freq: an alias of pandas
    equal_ends: whether all end together; else they begin together
    engine: ``"pandas"`` or ``"polars"``
    seed: another one gives other series
    """
    import numpy
    import pandas

    if engine not in ("pandas", "polars"):
        raise ValueError(f"engine={engine!r}, expected 'pandas' or 'polars'")
    random = numpy.random.default_rng(seed)
    lengths = random.integers(min_length, max_length + 1, n_series)
    calendar = pandas.date_range("2000-01-01", periods=max_length, freq=freq)
    parts = [calendar[-n:] if equal_ends else calendar[:n] for n in lengths]
    frame = pandas.DataFrame(
        {
            "unique_id": numpy.repeat(numpy.arange(n_series), lengths),
            "ds": numpy.concatenate(parts),
            "y": numpy.concatenate([numpy.arange(n) % 7 + random.random(n) * 0.5 for n in lengths]),
        }
    )
    if engine == "pandas":
        return frame
    import polars

    return polars.DataFrame({name: frame[name].to_numpy() for name in frame.columns})
