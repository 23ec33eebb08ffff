"""The series of most tutorials."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..statsforecast.utils import AirPassengers


def load_airpassengers(as_series: bool = False, dtype: Any = float) -> Any:
    """Passengers of airlines in thousands, 1949 to 1960 (Box and Jenkins, 1970), a value for each month: an array, or
    a series whose index is the month."""
    values = AirPassengers.astype(dtype)
    return pd.Series(values, index=pd.period_range("1949-01", periods=len(values), freq="M")) if as_series else values
