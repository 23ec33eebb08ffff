"""What regressors do, in units of the data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .forecaster import Prophet


def regressor_coefficients(m: Prophet) -> Any:
    """What a step of 1 of each regressor adds to y, or the share of the trend that it is: a row for each, with the
    value that counts as none of it. Bounds are the estimate, as in the package without samples."""
    rows = []
    for term in m._terms:
        if term.group != "extra_regressors":
            continue
        coef = float(term.beta[0]) / term.std * (m.y_scale if term.mode == "additive" else 1)
        rows.append({
            "regressor": term.name, "regressor_mode": term.mode, "center": term.mu,
            "coef_lower": coef, "coef": coef, "coef_upper": coef,
        })  # fmt: skip
    if not rows:
        raise ValueError("the model has no regressors")
    return pd.DataFrame(rows)
