"""The search for an order."""

from __future__ import annotations

import re
from typing import Any

from ..._api import fit
from ..._options import text
from .._series import columns_of, dataset_of, numbers_of
from ._model import ARIMA, check_held

_FORM = re.compile(r"ARIMA\((\d+),(\d+),(\d+)\)(?:\((\d+),(\d+),(\d+)\)\[(\d+)\])?( with (?:mean|drift))?")


def _one_of(name: str, given: Any, words: tuple[str, ...]) -> None:
    if given not in words:
        raise ValueError(f"{name} is {given!r}, expected {' or '.join(repr(word) for word in words)}")


def _refused(name: str, given: Any, why: str) -> None:
    if given:
        raise ValueError(f"{name} is {given!r}, which has no counterpart here: {why}")


def auto_arima(
    y: Any,
    X: Any = None,
    start_p: int = 2,
    d: int | None = None,
    start_q: int = 2,
    max_p: int | None = 5,
    max_d: int | None = 2,
    max_q: int | None = 5,
    start_P: int = 1,
    D: int | None = None,
    start_Q: int = 1,
    max_P: int | None = 2,
    max_D: int | None = 1,
    max_Q: int | None = 2,
    max_order: int | None = 5,
    m: int = 1,
    seasonal: bool = True,
    stationary: bool = False,
    information_criterion: str = "aic",
    alpha: float = 0.05,
    test: str = "kpss",
    seasonal_test: str = "ocsb",
    stepwise: bool = True,
    n_jobs: int | None = 1,
    start_params: Any = None,
    trend: str | None = None,
    method: str = "lbfgs",
    maxiter: int = 50,
    offset_test_args: dict[str, Any] | None = None,
    seasonal_test_args: dict[str, Any] | None = None,
    suppress_warnings: bool = True,
    error_action: str = "trace",
    trace: bool | int = False,
    random: bool = False,
    random_state: Any = None,
    n_fits: int | None = 10,
    return_valid_fits: bool = False,
    out_of_sample_size: int = 0,
    scoring: Any = "mse",
    scoring_args: dict[str, Any] | None = None,
    with_intercept: bool | str = "auto",
    sarimax_kwargs: dict[str, Any] | None = None,
    **fit_args: Any,
) -> ARIMA:
    """The ARIMA whose order has the least criterion, fitted.

    m: periods in a season
    d, D: differences; absent: by ``test`` and ``seasonal_test``
    information_criterion: ``aic``, ``aicc`` or ``bic``
    stepwise: search the neighbours of the best order so far, else all up to ``max_order`` lags
    trace: print what was chosen
    n_jobs, start_params, method, maxiter, suppress_warnings, error_action, random_state, n_fits, scoring: taken and
        not needed
    """
    _one_of("information_criterion", information_criterion, ("aic", "aicc", "bic"))
    _one_of("test", test, ("kpss", "adf", "pp"))
    _one_of("seasonal_test", seasonal_test, ("ocsb", "strength"))
    _refused("random", random, "the search is the same every time")
    _refused("return_valid_fits", return_valid_fits, "the search keeps the best fit")
    _refused("out_of_sample_size", out_of_sample_size, "orders are compared by a criterion of the whole series")
    _refused("offset_test_args", offset_test_args, "lags are those of ndiffs")
    _refused("seasonal_test_args", seasonal_test_args, "lags are those of nsdiffs")
    if alpha != 0.05:
        raise ValueError(f"alpha is {alpha}, expected 0.05: the tests decide at 5 %")
    if trend not in (None, "n", "c"):
        raise ValueError(f"trend is {trend!r}, expected 'n', 'c' or None")
    check_held({**(sarimax_kwargs or {}), **fit_args})
    m = m if seasonal else 1
    intercept = {"n": False, "c": True}.get(trend or "", with_intercept)

    def most(given: int | None, bound: int) -> int:
        return bound if given is None else min(given, bound)

    bounds = {"max_p": most(max_p, 12), "max_q": most(max_q, 12), "max_P": most(max_P, 4), "max_Q": most(max_Q, 4)}
    starts = {"start_p": start_p, "start_q": start_q, "start_P": start_P, "start_Q": start_Q}
    options: dict[str, Any] = {
        **bounds,
        **{name: min(given, bounds[name.replace("start", "max")]) for name, given in starts.items()},
        "max_d": 0 if stationary else most(max_d, 2), "max_D": 0 if stationary else most(max_D, 1),
        "max_order": most(max_order, 32), "stepwise": bool(stepwise), "ic": information_criterion, "test": test,
        "seasonal_test": seasonal_test, "season": max(m, 1), "d": d, "D": D if m > 1 else None,
    }  # fmt: skip
    if intercept != "auto":
        options.update(mean=bool(intercept), drift=bool(intercept))
    values = numbers_of(y)
    columns = columns_of(X, len(values), None)
    x = "" if columns is None else f", x=[{', '.join(f'x{i + 1}' for i in range(columns.shape[1]))}]"
    found = fit(dataset_of(values, columns, m), f"arima({text(options)}{x})").describe("series")
    form = _FORM.match(found.values("form")[0] or "")
    if form is None:
        raise ValueError(f"no order can be fitted to this series: {found.values('reason')[0]}")
    p, d_, q, P, D_, Q, _ = (int(number or 0) for number in form.groups()[:7])
    model = ARIMA((p, d_, q), (P, D_, Q, m if m > 1 else 0), with_intercept=form[8] is not None).fit(y, X)
    if trace:
        print(f"Best model:  {model}          : {information_criterion.upper()}={getattr(model, information_criterion)():.3f}")
    return model


class AutoARIMA:
    """:func:`auto_arima` as an estimator: its options first, the series by fit. ``model_`` is what was chosen."""

    def __init__(self, **options: Any) -> None:
        self._options = options
        self.model_: ARIMA | None = None

    def fit(self, y: Any, X: Any = None, **fit_args: Any) -> AutoARIMA:
        """Searches the order and fits it."""
        self.model_ = auto_arima(y, X, **self._options, **fit_args)
        return self

    def _chosen(self) -> ARIMA:
        if self.model_ is None:
            raise ValueError("the model is not fitted, expected fit(y) before")
        return self.model_

    def predict(self, n_periods: int = 10, X: Any = None, return_conf_int: bool = False, alpha: float = 0.05) -> Any:
        """See :meth:`ARIMA.predict`."""
        return self._chosen().predict(n_periods, X, return_conf_int, alpha)

    def predict_in_sample(self, X: Any = None, **options: Any) -> Any:
        """See :meth:`ARIMA.predict_in_sample`."""
        return self._chosen().predict_in_sample(X, **options)

    def update(self, y: Any, X: Any = None) -> AutoARIMA:
        """See :meth:`ARIMA.update`."""
        self._chosen().update(y, X)
        return self

    def summary(self) -> Any:
        """See :meth:`ARIMA.summary`."""
        return self._chosen().summary()

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The options, as scikit-learn asks for them."""
        return dict(self._options)
