"""ARIMA of a given order, as pmdarima has it: statsmodels' names and order of parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from ..._api import Forecaster, fit
from ..._options import text
from .._series import ahead_of, columns_of, dataset_of, index_after, names_of, numbers_of

# Of statsmodels' search, which has no counterpart here, or what holds here anyhow.
_HELD = {"enforce_stationarity": True, "enforce_invertibility": True, "disp": 0, "low_memory": None}


def check_held(options: dict[str, Any]) -> None:
    """Options of statsmodels are taken where they change nothing."""
    for name, given in options.items():
        if name not in _HELD:
            raise TypeError(f"there is no option {name}")
        if _HELD[name] is True and given is False:
            raise ValueError(f"{name} is False, expected True: estimates are stationary and invertible here")


class ARIMA:
    """Seasonal ARIMA by exact maximum likelihood, with regressors.

    order: p, d, q
    seasonal_order: P, D, Q and the periods m of a season
    with_intercept: a mean, or a drift of a series differenced once; absent: with, where there can be one
    method, maxiter, start_params, suppress_warnings: taken and not needed
    """

    def __init__(
        self,
        order: Iterable[int],
        seasonal_order: Iterable[int] = (0, 0, 0, 0),
        start_params: Any = None,
        method: str = "lbfgs",
        maxiter: int = 50,
        suppress_warnings: bool = False,
        out_of_sample_size: int = 0,
        scoring: Any = "mse",
        scoring_args: dict[str, Any] | None = None,
        trend: str | None = None,
        with_intercept: bool | None = None,
        **sarimax_kwargs: Any,
    ) -> None:
        self.order = tuple(int(i) for i in order)
        self.seasonal_order = tuple(int(i) for i in seasonal_order)
        if len(self.order) != 3 or len(self.seasonal_order) != 4:
            raise ValueError("order has the numbers p, d, q, and seasonal_order P, D, Q, m")
        if any(self.seasonal_order[:3]) and self.seasonal_order[3] < 2:
            raise ValueError(f"a season has {self.seasonal_order[3]} periods, expected 2 or more")
        if out_of_sample_size:
            raise ValueError("out_of_sample_size is for a choice by held out values, expected 0: model_selection has windows")
        if trend not in (None, "n", "c"):
            raise ValueError(f"trend is {trend!r}, expected 'n', 'c' or None; a line is the drift of a differenced series")
        check_held(sarimax_kwargs)
        differences = self.order[1] + self.seasonal_order[1]
        asked = {"n": False, "c": True}.get(trend or "", with_intercept)
        if asked and differences > 1:
            raise ValueError(f"a series differenced {differences} times has no intercept here: it would be a trend of the second power")
        self.method, self.maxiter, self.scoring = method, maxiter, scoring
        self.with_intercept = differences < 2 if asked is None else asked
        self._forecaster: Forecaster | None = None

    # ---- fit

    def _expression(self) -> str:
        p, d, q = self.order
        P, D, Q, m = self.seasonal_order
        options: dict[str, Any] = {"order": [p, d, q], "ic": "aic", "intervals": "model"}
        if P or D or Q:
            options["seasonal"] = [P, D, Q]
        options["season"] = m if P or D or Q else 1
        options["mean" if d + D == 0 else "drift"] = self.with_intercept
        x = "" if self._X is None else f", x=[{', '.join(f'x{i + 1}' for i in range(self._X.shape[1]))}]"
        return f"arima({text(options)}{x})"

    def fit(self, y: Any, X: Any = None, **fit_args: Any) -> ARIMA:
        """Estimates the parameters. Missing values are taken."""
        check_held({name: given for name, given in fit_args.items() if name not in ("maxiter", "start_params", "method")})
        self._y = numbers_of(y)
        self._index = y.index if isinstance(y, (pd.Series, pd.DataFrame)) else None
        self._X = columns_of(X, len(self._y), None)
        self._names = [] if self._X is None else names_of(X, self._X.shape[1])
        data = dataset_of(self._y, self._X, self.seasonal_order[3])
        self._forecaster = fit(data, self._expression(), fitted=True)
        series = self._forecaster.describe("series")
        if series.values("form")[0] is None or series.values("criterion")[0] is None:
            raise ValueError(f"the model cannot be fitted to this series: {series.values('reason')[0]}")
        self._aic = float(series.values("criterion")[0])
        self._read(self._forecaster)
        return self

    def _read(self, forecaster: Forecaster) -> None:
        table = forecaster.describe("coefficients")
        found = dict(zip(table.values("coefficient"), zip(table.values("estimate"), table.values("std_error"))))
        p, _, q = self.order
        P, D, Q, m = self.seasonal_order
        lags = [("ar", "ar.L", p, 1), ("ma", "ma.L", q, 1), ("sar", "ar.S.L", P, m), ("sma", "ma.S.L", Q, m)]
        named = {
            f"{theirs}{i * step}": found.get(f"{ours}{i}", (math.nan, math.nan))
            for ours, theirs, count, step in lags
            for i in range(1, count + 1)
        }
        ar = 1 - sum(estimate for name, (estimate, _) in named.items() if name.startswith("ar.L"))
        sar = 1 - sum(estimate for name, (estimate, _) in named.items() if name.startswith("ar.S"))
        constant: dict[str, tuple[float, float]] = {}
        level = found.get("intercept") or found.get("drift")
        if level is not None:  # the mean, or growth of a period, as what is added to the equation
            times = ar * sar * (m if D and "drift" in found else 1)
            constant["intercept"] = (level[0] * times, (level[1] or math.nan) * abs(times))
        regressors = {name: found[f"x:x{i + 1}"] for i, name in enumerate(self._names) if f"x:x{i + 1}" in found}
        every = {**constant, **regressors, **named, "sigma2": found["sigma2"]}
        self._params = pd.Series({name: estimate for name, (estimate, _) in every.items()}, dtype=float)
        self._bse = pd.Series({name: math.nan if error is None else error for name, (_, error) in every.items()}, dtype=float)
        fitted = forecaster.describe("fitted")
        as_float = [[math.nan if v is None else v for v in fitted.values(name)] for name in ("fitted", "residual")]
        self._fitted_values, self._resid = (np.array(values) for values in as_float)

    def _done(self) -> Forecaster:
        if self._forecaster is None:
            raise ValueError("the model is not fitted, expected fit(y) before")
        return self._forecaster

    def _as_given(self, values: Any, index: Any) -> Any:
        """An array, or a series where y was one."""
        return values if self._index is None or index is None else pd.Series(values, index=index)

    # ---- forecasts

    def predict(self, n_periods: int = 10, X: Any = None, return_conf_int: bool = False, alpha: float = 0.05) -> Any:
        """Forecasts of the next periods; with return_conf_int also the bounds of 1 - alpha, a row for each."""
        forecaster = self._done()
        given = columns_of(X, n_periods, 0 if self._X is None else self._X.shape[1])
        level = 100 * (1 - alpha)
        table = forecaster.predict(n_periods, levels=[level], negative=True, ahead=ahead_of(given, len(self._y)))
        index = None if self._index is None else index_after(self._index, n_periods)
        mean = self._as_given(np.array(table["forecast"]), index)
        if not return_conf_int:
            return mean
        low, high = (name for name in table.columns if name.startswith(("lo-", "hi-")))
        return mean, np.stack([np.array(table[low]), np.array(table[high])], axis=1)

    def predict_in_sample(
        self,
        X: Any = None,
        start: int | None = None,
        end: int | None = None,
        dynamic: bool = False,
        return_conf_int: bool = False,
        alpha: float = 0.05,
    ) -> Any:
        """What was forecast of each value from those before it; NaN of those that differences use up. X is
        that of the fit and not looked at."""
        self._done()
        if dynamic:
            raise ValueError("dynamic forecasts of the history are not there, expected dynamic=False; model_selection has windows")
        last = len(self._y) - 1 if end is None else end
        if not 0 <= (start or 0) <= last < len(self._y):
            raise ValueError(f"start and end are {start} and {end}, expected rows of the history, 0 to {len(self._y) - 1}")
        rows = slice(start or 0, last + 1)
        mean = self._as_given(self._fitted_values[rows], None if self._index is None else self._index[rows])
        if not return_conf_int:
            return mean
        half = NormalDist().inv_cdf(1 - alpha / 2) * math.sqrt(self._params["sigma2"])
        values = self._fitted_values[rows]
        return mean, np.stack([values - half, values + half], axis=1)

    def fittedvalues(self) -> Any:
        """See :meth:`predict_in_sample`."""
        return self.predict_in_sample()

    def fit_predict(self, y: Any, X: Any = None, n_periods: int = 10, **fit_args: Any) -> Any:
        """fit and predict; the last n_periods rows of X are those ahead."""
        ahead = None if X is None else X[-n_periods:]
        return self.fit(y, None if X is None else X[:-n_periods], **fit_args).predict(n_periods, ahead)

    def update(self, y: Any, X: Any = None, maxiter: int | None = None) -> ARIMA:
        """New observations join the history, and the same orders are fitted to all of it."""
        self._done()
        new = numbers_of(y)
        given = columns_of(X, len(new), 0 if self._X is None else self._X.shape[1])
        values: Any = np.concatenate([self._y, new])
        if self._index is not None:
            index = y.index if isinstance(y, pd.Series) else index_after(self._index, len(new))
            values = values if index is None else pd.Series(values, index=self._index.append(index))
        columns: Any = None if given is None else np.concatenate([self._X, given])
        if columns is not None:
            columns = pd.DataFrame(columns, columns=self._names)
        return self.fit(values, columns)

    # ---- what was estimated

    @property
    def nobs_(self) -> int:
        """Observations, missing ones left out."""
        return int(np.isfinite(self._y).sum())

    def _effective(self) -> int:
        return self.nobs_ - self.order[1] - self.seasonal_order[1] * self.seasonal_order[3]

    def params(self) -> Any:
        """intercept, regressors, ar.L, ma.L, ar.S.L, ma.S.L and sigma2, in this order."""
        self._done()
        return self._params.copy() if self._index is not None else self._params.to_numpy(copy=True)

    def bse(self) -> Any:
        """Standard errors of :meth:`params`; NaN of sigma2."""
        self._done()
        return self._bse.copy() if self._index is not None else self._bse.to_numpy(copy=True)

    def pvalues(self) -> Any:
        """Of z tests that parameters are 0."""
        self._done()
        z = (self._params / self._bse).abs()
        p = z.map(lambda at: 2 * (1 - NormalDist().cdf(at)) if math.isfinite(at) else math.nan)
        return p if self._index is not None else p.to_numpy()

    def conf_int(self, alpha: float = 0.05) -> Any:
        """Bounds of parameters, a row for each."""
        self._done()
        half = NormalDist().inv_cdf(1 - alpha / 2) * self._bse
        return np.stack([self._params - half, self._params + half], axis=1)

    def _lags(self, stem: str) -> Any:
        self._done()
        return np.array([value for name, value in self._params.items() if name.startswith(stem)])

    def arparams(self) -> Any:
        """Autoregressive parameters, without the season's."""
        return self._lags("ar.L")

    def maparams(self) -> Any:
        """Moving-average parameters, without the season's."""
        return self._lags("ma.L")

    def df_model(self) -> int:
        """Number of parameters."""
        self._done()
        return len(self._params)

    def df_resid(self) -> int:
        """Observations that the likelihood counts, less the parameters."""
        return self._effective() - self.df_model()

    def resid(self) -> Any:
        """Values less what was forecast of them; NaN of those that differences use up."""
        self._done()
        return self._as_given(self._resid.copy(), self._index)

    def aic(self) -> float:
        """Akaike's criterion."""
        self._done()
        return self._aic

    def _of_likelihood(self, penalty: float) -> float:
        return self.aic() - 2 * self.df_model() + penalty

    def aicc(self) -> float:
        """Akaike's criterion, corrected for few observations, of which differences use some up."""
        k, n = self.df_model(), self._effective()
        return self._of_likelihood(2 * k + 2 * k * (k + 1) / (n - k - 1))

    def bic(self) -> float:
        """Bayes' criterion."""
        return self._of_likelihood(self.df_model() * math.log(self._effective()))

    def hqic(self) -> float:
        """Hannan and Quinn's criterion."""
        return self._of_likelihood(2 * self.df_model() * math.log(math.log(self._effective())))

    def oob(self) -> float:
        """NaN: no values are held out."""
        return math.nan

    def to_dict(self) -> dict[str, Any]:
        """Estimates, criteria and residuals by name."""
        named = {name: getattr(self, name)() for name in ("pvalues", "resid", "oob", "aic", "aicc", "bic", "bse", "params")}
        return {**named, "order": self.order, "seasonal_order": self.seasonal_order}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The options that matter, as scikit-learn asks for them."""
        return {"order": self.order, "seasonal_order": self.seasonal_order, "with_intercept": self.with_intercept}

    # ---- shown

    def _form(self) -> str:
        p, d, q = self.order
        P, D, Q, m = self.seasonal_order
        return f"ARIMA({p},{d},{q})({P},{D},{Q})[{m}]{' intercept' if self.with_intercept else ''}"

    def summary(self) -> Summary:
        """A table of the parameters, to print."""
        self._done()
        return Summary(self._form(), self)

    def __str__(self) -> str:
        return self._form()

    def __repr__(self) -> str:
        return f"ARIMA(order={self.order}, seasonal_order={self.seasonal_order})"


class Summary:
    """What was estimated, as text."""

    def __init__(self, form: str, model: ARIMA) -> None:
        bounds = model.conf_int()
        self.tables = [
            pd.DataFrame({
                "coef": model._params, "std err": model._bse, "z": model._params / model._bse,
                "P>|z|": np.asarray(model.pvalues()), "[0.025": bounds[:, 0], "0.975]": bounds[:, 1],
            })
        ]  # fmt: skip
        k = model.df_model()
        self._head = (
            f"{form}\nobservations {model.nobs_}, log likelihood {k - model.aic() / 2:.3f}\n"
            f"AIC {model.aic():.3f}, AICc {model.aicc():.3f}, BIC {model.bic():.3f}, HQIC {model.hqic():.3f}\n"
        )

    def as_text(self) -> str:
        """The text."""
        table: str = self.tables[0].to_string(float_format=lambda x: f"{x:.4g}")
        return self._head + table

    def __str__(self) -> str:
        return self.as_text()

    __repr__ = __str__
