"""Reductions that skip NaNs or what a mask leaves out, running extremes, and order statistics."""

from __future__ import annotations

from .shapes import accumulated, around, like_first, pieces, quantiles, reduced
from .table import constant, general, linear

_G = "(g if axis is None or keepdims else np.expand_dims(g, axis))"
_Y = "(y if axis is None or keepdims else np.expand_dims(y, axis))"
_REDUCED = {"shape": reduced, "dtype": "evaluated"}

# -- without NaNs ------------------------------------------------------------------------------------------------------

_NUMBERS = "np.where(np.isnan(a), 0.0, g)"
_COUNT = "np.sum(~np.isnan(a), axis=axis, keepdims={})"
_CENTRED = "np.where(np.isnan(a), 0.0, a - np.nanmean(a, axis, keepdims=True))"

general("np.nansum(a, axis=None, *, dtype=None, keepdims=False)", **_REDUCED,
        a=f"np.where(np.isnan(a), 0.0, {_G})", jvp={"a": f"np.sum({_NUMBERS}, axis, keepdims=keepdims)"})
general("np.nanmean(a, axis=None, *, dtype=None, keepdims=False)", **_REDUCED,
        a=f"np.where(np.isnan(a), 0.0, {_G} / np.maximum({_COUNT.format(True)}, 1))",
        jvp={"a": f"np.sum({_NUMBERS}, axis, keepdims=keepdims) / np.maximum({_COUNT.format('keepdims')}, 1)"})
general("np.nanvar(a, axis=None, *, dtype=None, ddof=0, keepdims=False)", **_REDUCED, real=True,
        a=f"2.0 * rt.sdiv({_G}, {_COUNT.format(True)} - ddof) * {_CENTRED}",
        jvp={"a": f"2.0 * rt.sdiv(np.sum({_NUMBERS} * {_CENTRED}, axis, keepdims=keepdims), "
                  f"{_COUNT.format('keepdims')} - ddof)"})
general("np.nanstd(a, axis=None, *, dtype=None, ddof=0, keepdims=False)", **_REDUCED, real=True,
        a=f"rt.smul(rt.sdiv({_G}, {_COUNT.format(True)} - ddof), rt.ratio({_CENTRED}, {_Y}))",
        jvp={"a": f"rt.sdiv(np.sum(rt.smul({_NUMBERS}, rt.ratio({_CENTRED}, {_Y})), axis, keepdims=keepdims), "
                  f"{_COUNT.format('keepdims')} - ddof)"})
general("np.nanprod(a, axis=None, *, dtype=None, keepdims=False)", **_REDUCED,
        a="np.where(np.isnan(a), 0.0, rt.prod_vjp(g, np.where(np.isnan(a), 1.0, a), axis, keepdims))",
        jvp={"a": f"rt.prod_jvp({_NUMBERS}, np.where(np.isnan(a), 1.0, a), axis, keepdims)"})
for _name in ("max", "min"):
    general(f"np.nan{_name}(a, axis=None, *, keepdims=False)", **_REDUCED, real=True,
            a=f"{_G} * rt.extreme_shares(y, a, axis, keepdims, True, None)",
            jvp={"a": f"rt.extreme_jvp({_NUMBERS}, y, a, axis, keepdims, True, None)"})
    constant(f"np.nanarg{_name}(a, axis=None, *, keepdims=False)", **_REDUCED)

_RUNNING = {"shape": accumulated, "dtype": "evaluated", "rank0": "array"}
_BACKWARDS = "np.flip(np.cumsum(np.flip(g{0}){1}){0})"
general("np.nancumsum(a, axis=None, dtype=None)", **_RUNNING, jvp={"a": f"np.cumsum({_NUMBERS}, axis)"},
        a=f"np.where(np.isnan(a), 0.0, np.reshape({_BACKWARDS.format('', '')}, np.shape(a)) if axis is None else "
          f"{_BACKWARDS.format(', axis', ', axis')})")
general("np.nancumprod(a, axis=None, dtype=None)", **_RUNNING,
        a="np.where(np.isnan(a), 0.0, rt.cumprod_vjp(g, y, np.where(np.isnan(a), 1.0, a), axis))",
        jvp={"a": f"rt.cumprod_jvp({_NUMBERS}, y, np.where(np.isnan(a), 1.0, a), axis)"})

# -- under a mask, from an initial value -------------------------------------------------------------------------------

_N = "np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims={})"
_ONES = "np.where(where, a, 1.0)"
_AROUND = "np.where(where, a - (np.mean(a, axis, keepdims=True, where=where) if mean is None else mean), 0.0)"
_SPREAD = {"shape": around, "dtype": "evaluated", "real": True}

linear("np.sum~where(a, axis=None, *, keepdims=False, dtype=None, initial=0, where=True)", **_REDUCED,
       a=f"np.broadcast_to(np.where(where, {_G}, 0.0), np.shape(a))", initial="g")
linear("np.mean~where(a, axis=None, *, keepdims=False, dtype=None, where=True)", **_REDUCED,
       a=f"np.where(where, {_G} / {_N.format(True)}, 0.0)")
general("np.prod~where(a, axis=None, *, keepdims=False, dtype=None, initial=1, where=True)", **_REDUCED,
        a=f"np.where(where, rt.prod_vjp(g * initial, {_ONES}, axis, keepdims), 0.0)",
        initial=f"g * np.prod({_ONES}, axis, keepdims=keepdims)",
        jvp={"a": f"initial * rt.prod_jvp(np.where(where, g, 0.0), {_ONES}, axis, keepdims)",
             "initial": f"g * np.prod({_ONES}, axis, keepdims=keepdims)"})


def _both(formula: str) -> dict[str, str]:
    """For the elements, and for their mean: the opposite."""
    return {"a": formula, "mean": f"-{formula}"}


general("np.var~where(a, axis=None, *, ddof=0, keepdims=False, dtype=None, where=True, mean=None)", **_SPREAD,
        **_both(f"2.0 * {_G} / ({_N.format(True)} - ddof) * {_AROUND}"),
        jvp=_both(f"2.0 * np.sum(g * {_AROUND}, axis, keepdims=keepdims) / ({_N.format('keepdims')} - ddof)"))
general("np.std~where(a, axis=None, *, ddof=0, keepdims=False, dtype=None, where=True, mean=None)", **_SPREAD,
        **_both(f"rt.smul({_G} / ({_N.format(True)} - ddof), rt.ratio({_AROUND}, {_Y}))"),
        jvp=_both(f"np.sum(rt.smul(g, rt.ratio({_AROUND}, {_Y})), axis, keepdims=keepdims) / ({_N.format('keepdims')} - ddof)"))

_THERE = "(where & ~np.isnan(a))"
_HERE = f"np.where({_THERE}, g, 0.0)"
_MANY = f"np.sum({_THERE}, axis=axis, keepdims={{}})"
_CENTRE = f"np.where({_THERE}, a - (np.nanmean(a, axis, keepdims=True, where=where) if mean is None else mean), 0.0)"
_FACTORS = f"np.where({_THERE}, a, 1.0)"

general("np.nansum~where(a, axis=None, *, dtype=None, keepdims=False, initial=0, where=True)", **_REDUCED,
        a=f"np.where({_THERE}, {_G}, 0.0)", initial="g",
        jvp={"a": f"np.sum({_HERE}, axis, keepdims=keepdims)", "initial": "g * np.ones_like(y)"})
general("np.nanmean~where(a, axis=None, *, dtype=None, keepdims=False, where=True)", **_REDUCED,
        a=f"np.where({_THERE}, {_G} / np.maximum({_MANY.format(True)}, 1), 0.0)",
        jvp={"a": f"np.sum({_HERE}, axis, keepdims=keepdims) / np.maximum({_MANY.format('keepdims')}, 1)"})
general("np.nanprod~where(a, axis=None, *, dtype=None, keepdims=False, initial=1, where=True)", **_REDUCED,
        a=f"np.where({_THERE}, rt.prod_vjp(g * initial, {_FACTORS}, axis, keepdims), 0.0)",
        initial=f"g * np.prod({_FACTORS}, axis, keepdims=keepdims)",
        jvp={"a": f"initial * rt.prod_jvp({_HERE}, {_FACTORS}, axis, keepdims)",
             "initial": f"g * np.prod({_FACTORS}, axis, keepdims=keepdims)"})
for _name, _mask, _tangent in (("max", "where", "g"), ("min", "where", "g"), ("nanmax", _THERE, _HERE),
                               ("nanmin", _THERE, _HERE)):
    _CHOSEN = f"y, a, axis, keepdims, {_mask}, initial"
    _START = f"g * (1.0 - np.sum(rt.extreme_shares({_CHOSEN}), axis=axis, keepdims=keepdims))"
    general(f"np.{_name}~where(a, axis=None, *, keepdims=False, initial=None, where=True)", **_REDUCED, real=True,
            a=f"{_G} * rt.extreme_shares({_CHOSEN})", initial=_START,
            jvp={"a": f"rt.extreme_jvp({_tangent}, {_CHOSEN})", "initial": _START})
general("np.nanvar~where(a, axis=None, *, dtype=None, ddof=0, keepdims=False, where=True, mean=None)", **_SPREAD,
        **_both(f"2.0 * rt.sdiv({_G}, {_MANY.format(True)} - ddof) * {_CENTRE}"),
        jvp=_both(f"2.0 * rt.sdiv(np.sum({_HERE} * {_CENTRE}, axis, keepdims=keepdims), {_MANY.format('keepdims')} - ddof)"))
general("np.nanstd~where(a, axis=None, *, dtype=None, ddof=0, keepdims=False, where=True, mean=None)", **_SPREAD,
        **_both(f"rt.smul(rt.sdiv({_G}, {_MANY.format(True)} - ddof), rt.ratio({_CENTRE}, {_Y}))"),
        jvp=_both(f"rt.sdiv(np.sum(rt.smul({_HERE}, rt.ratio({_CENTRE}, {_Y})), axis, keepdims=keepdims), "
                  f"{_MANY.format('keepdims')} - ddof)"))
for _name in ("any", "all"):
    constant(f"np.{_name}~where(a, axis=None, *, keepdims=False, where=True)", **_REDUCED)

# -- reductions and running values of ufuncs ---------------------------------------------------------------------------

for _name, _below in (("logaddexp", "exp_below"), ("logaddexp2", "exp2_below")):
    general(f"np.{_name}.reduce(a, axis=0, dtype=None, *, keepdims=False)", **_REDUCED,
            a=f"rt.smul({_G}, rt.{_below}(a, {_Y}))",
            jvp={"a": f"np.sum(rt.smul(g, rt.{_below}(a, {_Y})), axis, keepdims=keepdims)"})
linear("np.subtract.reduce(a, axis=0, dtype=None, *, keepdims=False)", **_REDUCED,
       a="rt.subtract_reduce_vjp(g, a, axis, keepdims)")
linear("np.add.reduceat(a, indices, axis=0)", shape=pieces, dtype="summed", a="rt.reduceat_vjp(g, a, indices, axis)")
general("np.hypot.reduce(a, axis=0, dtype=None, *, keepdims=False)", **_REDUCED,
        a=f"rt.smul({_G}, rt.ratio(a, {_Y}))", jvp={"a": f"np.sum(rt.smul(g, rt.ratio(a, {_Y})), axis, keepdims=keepdims)"})
for _name in ("maximum", "minimum"):
    general(f"np.{_name}.accumulate(a, axis=0)", shape=like_first, dtype="same", rank0="array", real=True,
            a="rt.accumulate_max_vjp(g, y, a, axis)", jvp={"a": "rt.accumulate_max_jvp(g, y, a, axis)"})

# -- order statistics --------------------------------------------------------------------------------------------------

for _skip, _prefix in ((False, ""), (True, "nan")):
    general(f"np.{_prefix}median(a, axis=None, *, keepdims=False)", **_REDUCED, real=True,
            a=f"rt.quantile_vjp(g, y, a, 0.5, axis, 'linear', {_skip})",
            jvp={"a": f"rt.quantile_jvp(g, y, a, 0.5, axis, 'linear', {_skip})"})
    for _name, _q in (("quantile", "q"), ("percentile", "q / 100.0")):
        _slope = f"rt.quantile_slope(y, a, {_q}, axis, method, {_skip}){_q[1:]}"
        general(f"np.{_prefix}{_name}(a, q, axis=None, *, method='linear', keepdims=False, weights=None)", shape=quantiles,
                static="method", real=True, weights="np.zeros_like(weights)",
                q=f"np.sum(g * {_slope}, axis=tuple(range(np.ndim(q), np.ndim(y))))",
                a=f"rt.quantile_vjp(g, y, a, {_q}, axis, method, {_skip})",
                jvp={"weights": "np.zeros_like(y)", "a": f"rt.quantile_jvp(g, y, a, {_q}, axis, method, {_skip})",
                     "q": f"np.reshape(g, np.shape(q) + (1,) * (np.ndim(y) - np.ndim(q))) * {_slope}"})
