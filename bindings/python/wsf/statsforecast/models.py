"""The models of statsforecast as expressions of libwsf: each class is a name, a signature and a translation.

>>> AutoETS(season_length=12).expression()
'ets(model="ZZZ", season=12, criterion="likelihood", intervals="model")'

Keywords beyond statsforecast's own are options of the call in the expression language, such as
``AutoETS(season_length=12, intervals="adjusted")`` for intervals that count what the formula leaves out.
An option that the call does not have raises ``wsf.ArgumentError``, which lists those that it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._api import canonical
from .._options import text
from .utils import ConformalIntervals

__all__ = [
    "ADIDA", "ARIMA", "AutoARIMA", "AutoCES", "AutoETS", "AutoRegressive", "AutoTBATS", "AutoTheta", "ConstantModel",
    "CrostonClassic", "CrostonOptimized", "CrostonSBA", "DynamicOptimizedTheta", "DynamicTheta", "Expression",
    "HistoricAverage", "Holt", "HoltWinters", "IMAPA", "MSTL", "Model", "Naive", "OptimizedTheta", "RandomWalkWithDrift",
    "SeasonalNaive", "SeasonalWindowAverage", "SimpleExponentialSmoothing", "SimpleExponentialSmoothingOptimized",
    "TBATS", "TSB", "Theta", "WindowAverage", "ZeroModel",
]  # fmt: skip

_ABSENT = {
    "ARCH", "AutoMFLES", "ConformalSeasonalPool", "GARCH", "MFLES", "NaNModel", "SeasonalExponentialSmoothing",
    "SeasonalExponentialSmoothingOptimized", "SklearnModel", "UCM",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _ABSENT:
        raise ImportError(f"{name} of statsforecast has no counterpart here; Expression(..) takes any model that wsf.catalog() lists")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _only(expected: object, **given: object) -> None:
    """Arguments that the library has nothing for are taken at their default alone."""
    for name, value in given.items():
        if value != expected:
            raise ValueError(f"{name}={value!r} has no counterpart in libwsf, expected {expected!r}")


def _word(name: str, value: Any, words: dict[Any, Any]) -> Any:
    if value not in words:
        raise ValueError(f"{name}={value!r}, expected one of {', '.join(map(repr, words))}")
    return words[value]


_SWITCH = {None: "auto", True: True, False: False}


class Model:
    """A model with the column name ``alias``; ``expression()`` is its text in the library's language.

    alias: name of its column of forecasts
    season_length: periods in a season, 1: none
    prediction_intervals: conformal intervals in place of the model's own
    """

    uses_exog = False
    """Whether columns beyond id, time and target are regressors of this model."""

    def __init__(
        self,
        call: str,
        translated: dict[str, Any],
        options: dict[str, Any],
        *,
        alias: str,
        prediction_intervals: ConformalIntervals | None = None,
        inner: str = "",
        power: dict[str, Any] | None = None,
    ) -> None:
        options = dict(options)
        _only("normal", distribution=options.pop("distribution", "normal"))
        self.alias = alias
        self.prediction_intervals = prediction_intervals
        self._call, self._inner, self._power = call, inner, power
        self._options = {**translated, **options}
        self.season_length = self._options.get("season", 1)
        canonical(self.expression())  # an option that is wrong is told here

    def expression(self, exogenous: Sequence[str] = (), prediction_intervals: ConformalIntervals | None = None) -> str:
        """The expression, with these columns as regressors and conformal intervals if asked for."""
        model = self._core(exogenous)
        conformal = self.prediction_intervals or prediction_intervals
        if conformal is not None:
            model = f"conformal({model}, {text({'windows': conformal.n_windows, 'horizon': conformal.h, 'symmetric': True})})"
        return model

    def _core(self, exogenous: Sequence[str]) -> str:
        options = {**self._options, "x": list(exogenous)} if self.uses_exog and exogenous else self._options
        model = f"{self._call}({', '.join(part for part in (self._inner, text(options)) if part)})"
        return model if self._power is None else f"boxcox({model}, {text(self._power)})"

    def __repr__(self) -> str:
        return self.alias


class Expression(Model):
    """Any model expression of the library: ``Expression("mean(ets, arima)", alias="Mean")``.

    model: the expression; it names its regressors itself, ``x=[promo]``
    alias: name of its column of forecasts; absent: the expression
    """

    def __init__(self, model: str, alias: str | None = None, prediction_intervals: ConformalIntervals | None = None) -> None:
        super().__init__(model, {}, {}, alias=alias or model, prediction_intervals=prediction_intervals)

    def _core(self, exogenous: Sequence[str]) -> str:
        return self._call


# ---- exponential smoothing


def _ets(model: str, season: int, damped: bool | None = None, phi: float | None = None) -> dict[str, Any]:
    return {
        "model": model, "damped": damped, "phi": phi, "season": season, "criterion": "likelihood", "intervals": "model",
    }  # fmt: skip


class AutoETS(Model):
    """``ets``: exponential smoothing, its form chosen by AICc. model: letters of error, trend and season."""

    def __init__(
        self,
        season_length: int = 1,
        model: str = "ZZZ",
        damped: bool | None = None,
        phi: float | None = None,
        alias: str = "AutoETS",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        self.model = model
        super().__init__("ets", _ets(model, season_length, damped, phi), options, alias=alias, prediction_intervals=prediction_intervals)


class Holt(AutoETS):
    """``ets(AAN, search=newton)``: level and trend, damped if the criterion says so. error_type: A or M."""

    def __init__(
        self,
        season_length: int = 1,
        error_type: str = "A",
        alias: str = "Holt",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        options = {"search": "newton", **options}
        super().__init__(season_length, error_type + "AN", alias=alias, prediction_intervals=prediction_intervals, **options)


class HoltWinters(AutoETS):
    """``ets(AAA, search=newton)`` or ``ets(MAM, ..)``: level, trend and season. error_type: A or M."""

    def __init__(
        self,
        season_length: int = 1,
        error_type: str = "A",
        alias: str = "HoltWinters",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        model, options = error_type + "A" + error_type, {"search": "newton", **options}
        super().__init__(season_length, model, alias=alias, prediction_intervals=prediction_intervals, **options)


class SimpleExponentialSmoothing(Model):
    """``ets(ANN)`` with this weight of the newest observation; the first level is estimated."""

    def __init__(
        self, alpha: float, alias: str = "SES", prediction_intervals: ConformalIntervals | None = None, **options: Any
    ) -> None:
        translated = {**_ets("ANN", 1), "alpha": alpha}
        super().__init__("ets", translated, options, alias=alias, prediction_intervals=prediction_intervals)


class SimpleExponentialSmoothingOptimized(Model):
    """``ets(ANN)``: the weight of the newest observation is estimated."""

    def __init__(
        self, alias: str = "SESOpt", prediction_intervals: ConformalIntervals | None = None, **options: Any
    ) -> None:
        super().__init__("ets", _ets("ANN", 1), options, alias=alias, prediction_intervals=prediction_intervals)


class AutoCES(Model):
    """``ces``: complex exponential smoothing. model: N none, S simple, P partial, F full season, Z chosen."""

    def __init__(
        self,
        season_length: int = 1,
        model: str = "Z",
        alias: str = "CES",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        season = _word("model", model, {"Z": "auto", "N": "none", "S": "simple", "P": "partial", "F": "full"})
        translated = {"season": season, "length": season_length, "intervals": "model"}
        super().__init__("ces", translated, options, alias=alias, prediction_intervals=prediction_intervals)
        self.season_length = season_length


# ---- theta


class AutoTheta(Model):
    """``theta``: the best of four theta methods, or the one named: STM, OTM, DSTM, DOTM.

    decomposition_type: of the season, ``multiplicative`` (where the data are positive and show one, else
        additive) or ``additive``
    """

    def __init__(
        self,
        season_length: int = 1,
        decomposition_type: str = "multiplicative",
        model: str | None = None,
        alias: str = "AutoTheta",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        methods = {None: "auto", "STM": "stm", "OTM": "otm", "DSTM": "dstm", "DOTM": "dotm"}
        translated = {
            "method": _word("model", model, methods),
            "season": season_length,
            "decompose": _word("decomposition_type", decomposition_type, {"multiplicative": "auto", "additive": "additive"}),
            "intervals": "model",
        }
        super().__init__("theta", translated, options, alias=alias, prediction_intervals=prediction_intervals)


class Theta(AutoTheta):
    """``theta(method=stm)``: the standard theta method."""

    def __init__(
        self,
        season_length: int = 1,
        decomposition_type: str = "multiplicative",
        alias: str = "Theta",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        super().__init__(season_length, decomposition_type, "STM", alias, prediction_intervals, **options)


class OptimizedTheta(AutoTheta):
    """``theta(method=otm)``: theta estimated."""

    def __init__(
        self,
        season_length: int = 1,
        decomposition_type: str = "multiplicative",
        alias: str = "OptimizedTheta",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        super().__init__(season_length, decomposition_type, "OTM", alias, prediction_intervals, **options)


class DynamicTheta(AutoTheta):
    """``theta(method=dstm)``: the line moves with the data."""

    def __init__(
        self,
        season_length: int = 1,
        decomposition_type: str = "multiplicative",
        alias: str = "DynamicTheta",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        super().__init__(season_length, decomposition_type, "DSTM", alias, prediction_intervals, **options)


class DynamicOptimizedTheta(AutoTheta):
    """``theta(method=dotm)``: theta estimated, and the line moves with the data."""

    def __init__(
        self,
        season_length: int = 1,
        decomposition_type: str = "multiplicative",
        alias: str = "DynamicOptimizedTheta",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        super().__init__(season_length, decomposition_type, "DOTM", alias, prediction_intervals, **options)


# ---- ARIMA

_METHODS = {None: "css_ml", "CSS-ML": "css_ml", "ML": "ml", "CSS": "css"}


def _power(blambda: float | None, biasadj: bool) -> dict[str, Any] | None:
    return None if blambda is None else {"lambda": blambda, "bias": "r" if biasadj else "false"}


class AutoARIMA(Model):
    """``arima``: seasonal ARIMA, its order chosen by an information criterion; other columns are regressors.

    d, D: differences, None: chosen, or 0
    blambda: power of a Box-Cox transform around the model
    """

    uses_exog = True

    def __init__(
        self,
        d: int | None = None,
        D: int | None = None,
        max_p: int = 5,
        max_q: int = 5,
        max_P: int = 2,
        max_Q: int = 2,
        max_order: int = 5,
        max_d: int = 2,
        max_D: int = 1,
        start_p: int = 2,
        start_q: int = 2,
        start_P: int = 1,
        start_Q: int = 1,
        stationary: bool = False,
        seasonal: bool = True,
        ic: str = "aicc",
        stepwise: bool = True,
        nmodels: int = 94,
        trace: bool = False,
        approximation: bool | None = False,
        method: str | None = None,
        truncate: bool | None = None,
        test: str = "kpss",
        test_kwargs: str | None = None,
        seasonal_test: str = "seas",
        seasonal_test_kwargs: dict[str, Any] | None = None,
        allowdrift: bool = True,
        allowmean: bool = True,
        blambda: float | None = None,
        biasadj: bool = False,
        season_length: int = 1,
        distribution: str = "normal",
        alias: str = "AutoARIMA",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        _only(94, nmodels=nmodels)
        _only(False, trace=trace)
        _only(None, truncate=truncate, test_kwargs=test_kwargs, seasonal_test_kwargs=seasonal_test_kwargs)
        _only("normal", distribution=distribution)
        translated = {
            "season": season_length if seasonal else 1,
            "max_p": max_p, "max_q": max_q, "max_P": max_P, "max_Q": max_Q, "max_order": max_order,
            "max_d": 0 if stationary else max_d if d is None else _word("d", d, {0: 0}),
            "max_D": 0 if stationary else max_D if D is None else _word("D", D, {0: 0}),
            "start_p": min(start_p, max_p), "start_q": min(start_q, max_q),
            "start_P": min(start_P, max_P), "start_Q": min(start_Q, max_Q),
            "ic": ic, "stepwise": stepwise, "approximation": _SWITCH[approximation],
            "method": _word("method", method, _METHODS), "test": test,
            "seasonal_test": _word("seasonal_test", seasonal_test, {"seas": "strength", "ocsb": "ocsb"}),
            "drift": "auto" if allowdrift else "false", "mean": "auto" if allowmean else "false",
            "intervals": "model",
        }  # fmt: skip
        super().__init__(
            "arima", translated, options, alias=alias, prediction_intervals=prediction_intervals, power=_power(blambda, biasadj)
        )


class ARIMA(Model):
    """``arima(order=[p,d,q], seasonal=[P,D,Q])``: ARIMA of a given order; other columns are regressors."""

    uses_exog = True

    def __init__(
        self,
        order: tuple[int, int, int] = (0, 0, 0),
        season_length: int = 1,
        seasonal_order: tuple[int, int, int] = (0, 0, 0),
        include_mean: bool = True,
        include_drift: bool = False,
        include_constant: bool | None = None,
        blambda: float | None = None,
        biasadj: bool = False,
        method: str = "CSS-ML",
        fixed: dict[str, float] | None = None,
        distribution: str = "normal",
        alias: str = "ARIMA",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        _only(None, fixed=fixed)
        _only("normal", distribution=distribution)
        differences = order[1] + seasonal_order[1]
        if include_constant is not None:
            include_mean, include_drift = include_constant, include_constant and differences == 1
        translated = {
            "order": order, "seasonal": seasonal_order if season_length > 1 else None, "season": season_length,
            "mean": include_mean if differences == 0 else None, "drift": include_drift or None,
            "method": _word("method", method, _METHODS), "intervals": "model",
        }  # fmt: skip
        super().__init__(
            "arima", translated, options, alias=alias, prediction_intervals=prediction_intervals, power=_power(blambda, biasadj)
        )


class AutoRegressive(ARIMA):
    """``arima(order=[lags,0,0])``: the last values, every lag up to the largest."""

    def __init__(
        self,
        lags: int | list[int],
        include_mean: bool = True,
        include_drift: bool = False,
        blambda: float | None = None,
        biasadj: bool = False,
        method: str = "CSS-ML",
        fixed: dict[str, float] | None = None,
        alias: str = "AutoRegressive",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        most = lags if isinstance(lags, int) else max(lags)
        if not isinstance(lags, int) and sorted(lags) != list(range(1, most + 1)):
            raise ValueError(f"lags={lags!r} leaves some out, expected a number or every lag from 1 on")
        super().__init__(
            (most, 0, 0), 1, (0, 0, 0), include_mean, include_drift, None, blambda, biasadj, method, fixed,
            alias=alias, prediction_intervals=prediction_intervals, **options,
        )  # fmt: skip


# ---- several seasons


class MSTL(Model):
    """``mstl``: seasons taken off by STL, another model for the rest.

    season_length: periods in each season
    trend_forecaster: model of the rest, without a season; None: ``AutoETS(model="ZZN")``
    stl_kwargs: ``robust``
    """

    def __init__(
        self,
        season_length: int | list[int],
        trend_forecaster: Model | None = None,
        stl_kwargs: dict[str, Any] | None = None,
        alias: str = "MSTL",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        inner = trend_forecaster or AutoETS(model="ZZN")
        if inner.season_length != 1:
            raise ValueError(f"trend_forecaster has season_length={inner.season_length}, expected 1: MSTL takes the seasons off")
        seasons = [season_length] if isinstance(season_length, int) else sorted(season_length)
        translated = {"seasons": seasons, "intervals": "model"}
        super().__init__(
            "mstl", translated, {**(stl_kwargs or {}), **options}, alias=alias,
            prediction_intervals=prediction_intervals, inner=inner.expression(),
        )  # fmt: skip
        self.season_length = season_length
        self.trend_forecaster = inner


class AutoTBATS(Model):
    """``tbats``: seasons of any length by harmonics; None: chosen by the AIC."""

    def __init__(
        self,
        season_length: int | float | list[int] | list[float],
        use_boxcox: bool | None = None,
        bc_lower_bound: float = 0.0,
        bc_upper_bound: float = 1.0,
        use_trend: bool | None = None,
        use_damped_trend: bool | None = None,
        use_arma_errors: bool = True,
        alias: str = "AutoTBATS",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        _only(0, bc_lower_bound=bc_lower_bound)
        _only(1, bc_upper_bound=bc_upper_bound)
        translated = {
            "seasons": season_length if isinstance(season_length, list) else [season_length],
            "boxcox": _SWITCH[use_boxcox], "trend": _SWITCH[use_trend], "damped": _SWITCH[use_damped_trend],
            "arma": use_arma_errors, "ic": "aic",
        }  # fmt: skip
        super().__init__("tbats", translated, options, alias=alias, prediction_intervals=prediction_intervals)
        self.season_length = season_length


class TBATS(AutoTBATS):
    """``tbats`` of a given form."""

    def __init__(
        self,
        season_length: int | float | list[int] | list[float],
        use_boxcox: bool | None = True,
        bc_lower_bound: float = 0.0,
        bc_upper_bound: float = 1.0,
        use_trend: bool | None = True,
        use_damped_trend: bool | None = False,
        use_arma_errors: bool = False,
        alias: str = "TBATS",
        prediction_intervals: ConformalIntervals | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            season_length, use_boxcox, bc_lower_bound, bc_upper_bound, use_trend, use_damped_trend, use_arma_errors,
            alias, prediction_intervals, **options,
        )  # fmt: skip


# ---- simple models


class _Simple(Model):
    """A model of at most a few options of its own."""

    def __init__(
        self, call: str, translated: dict[str, Any], alias: str, prediction_intervals: ConformalIntervals | None, **options: Any
    ) -> None:
        super().__init__(call, translated, options, alias=alias, prediction_intervals=prediction_intervals)


class Naive(_Simple):
    """``naive``: the last observation again."""

    def __init__(self, alias: str = "Naive", prediction_intervals: ConformalIntervals | None = None) -> None:
        super().__init__("naive", {}, alias, prediction_intervals)


class SeasonalNaive(_Simple):
    """``snaive``: the last observation of the same season again."""

    def __init__(
        self, season_length: int, alias: str = "SeasonalNaive", prediction_intervals: ConformalIntervals | None = None
    ) -> None:
        super().__init__("snaive", {"season": season_length}, alias, prediction_intervals)


class HistoricAverage(_Simple):
    """``average``: the mean of all observations."""

    def __init__(self, alias: str = "HistoricAverage", prediction_intervals: ConformalIntervals | None = None) -> None:
        super().__init__("average", {}, alias, prediction_intervals)


class RandomWalkWithDrift(_Simple):
    """``drift``: the line through the first and the last observation."""

    def __init__(self, alias: str = "RWD", prediction_intervals: ConformalIntervals | None = None) -> None:
        super().__init__("drift", {}, alias, prediction_intervals)


class WindowAverage(_Simple):
    """``window(k)``: the mean of the last observations."""

    def __init__(
        self, window_size: int, alias: str = "WindowAverage", prediction_intervals: ConformalIntervals | None = None
    ) -> None:
        super().__init__("window", {"k": window_size}, alias, prediction_intervals)


class SeasonalWindowAverage(_Simple):
    """``swindow(k)``: the mean of the last observations of the same season."""

    def __init__(
        self,
        season_length: int,
        window_size: int,
        alias: str = "SeasWA",
        prediction_intervals: ConformalIntervals | None = None,
    ) -> None:
        super().__init__("swindow", {"k": window_size, "season": season_length}, alias, prediction_intervals)


class ConstantModel(Model):
    """The same number always."""

    def __init__(self, constant: float, alias: str = "ConstantModel") -> None:
        super().__init__("clamp", {"lo": constant, "hi": constant}, {}, alias=alias, inner="naive")


class ZeroModel(ConstantModel):
    """Nought always."""

    def __init__(self, alias: str = "ZeroModel") -> None:
        super().__init__(0.0, alias)


# ---- intermittent demand


class CrostonClassic(_Simple):
    """``croston``: smoothed sizes over smoothed intervals, both with weight 0.1."""

    def __init__(
        self, alias: str = "CrostonClassic", prediction_intervals: ConformalIntervals | None = None, **options: Any
    ) -> None:
        super().__init__("croston", {"variant": "classic"}, alias, prediction_intervals, **options)


class CrostonOptimized(_Simple):
    """``croston(optimised)``: the weights with the least squared errors."""

    def __init__(self, alias: str = "CrostonOptimized", prediction_intervals: ConformalIntervals | None = None) -> None:
        super().__init__("croston", {"variant": "optimised"}, alias, prediction_intervals)


class CrostonSBA(_Simple):
    """``croston(sba)``: Croston's method without most of its bias."""

    def __init__(
        self, alias: str = "CrostonSBA", prediction_intervals: ConformalIntervals | None = None, **options: Any
    ) -> None:
        super().__init__("croston", {"variant": "sba"}, alias, prediction_intervals, **options)


class TSB(_Simple):
    """``tsb``: smoothed probability times smoothed size. alpha_d: of the size, alpha_p: of the probability."""

    def __init__(
        self, alpha_d: float, alpha_p: float, alias: str = "TSB", prediction_intervals: ConformalIntervals | None = None
    ) -> None:
        super().__init__("tsb", {"alpha": alpha_d, "beta": alpha_p}, alias, prediction_intervals)


class ADIDA(_Simple):
    """``adida``: sums over blocks of periods, smoothed and spread."""

    def __init__(
        self, alias: str = "ADIDA", prediction_intervals: ConformalIntervals | None = None, **options: Any
    ) -> None:
        super().__init__("adida", {}, alias, prediction_intervals, **options)


class IMAPA(_Simple):
    """``imapa``: the mean of forecasts at several scales."""

    def __init__(
        self, alias: str = "IMAPA", prediction_intervals: ConformalIntervals | None = None, **options: Any
    ) -> None:
        super().__init__("imapa", {}, alias, prediction_intervals, **options)
