"""Sums, products, extremes and statistics over axes."""

from __future__ import annotations

from .shapes import accumulated, reduced
from .table import constant, general, linear

# The adjoint of a reduction's result, with the reduced axes put back.
_G = "(g if axis is None or keepdims else np.expand_dims(g, axis))"
_N = "(np.size(a, axis) - ddof)"
_CENTRED = "rt.conjugated(a - np.mean(a, axis, keepdims=True))"
_OPTIONS = {"shape": reduced, "dtype": "evaluated"}

linear("np.sum(a, axis=None, *, keepdims=False, dtype=None)", a=f"np.broadcast_to({_G}, np.shape(a))", **_OPTIONS)
linear("np.mean(a, axis=None, *, keepdims=False, dtype=None)", **_OPTIONS,
       a=f"np.broadcast_to({_G} / np.size(a, axis), np.shape(a))")
general("np.prod(a, axis=None, *, keepdims=False, dtype=None)", **_OPTIONS,
        a="rt.prod_vjp(g, a, axis, keepdims)", jvp={"a": "rt.prod_jvp(g, a, axis, keepdims)"})
general("np.var(a, axis=None, *, ddof=0, keepdims=False, dtype=None)", **_OPTIONS,
        a=f"2.0 * {_G} / {_N} * {_CENTRED}",
        jvp={"a": f"2.0 * np.sum(g * {_CENTRED}, axis, keepdims=keepdims) / {_N}"})

# 0 where the deviation is 0: there the square root has no derivative, and every element is at the mean.
_Y = "(y if axis is None or keepdims else np.expand_dims(y, axis))"
general("np.std(a, axis=None, *, ddof=0, keepdims=False, dtype=None)", **_OPTIONS,
        a=f"rt.smul({_G} / {_N}, rt.ratio({_CENTRED}, {_Y}))",
        jvp={"a": f"np.sum(rt.smul(g, rt.ratio({_CENTRED}, {_Y})), axis, keepdims=keepdims) / {_N}"})

# Ties share equally.
for _name in ("max", "min"):
    general(f"np.{_name}(a, axis=None, *, keepdims=False)", **_OPTIONS,
            a="rt.max_vjp(g, y, a, axis, keepdims)", jvp={"a": "rt.max_jvp(g, y, a, axis, keepdims)"}, real=True)

linear("np.cumsum(a, axis=None, dtype=None)", shape=accumulated, dtype="evaluated", rank0="array",
       a="np.reshape(np.flip(np.cumsum(np.flip(g))), np.shape(a)) if axis is None else "
         "np.flip(np.cumsum(np.flip(g, axis), axis), axis)")

general("np.cumprod(a, axis=None, dtype=None)", shape=accumulated, dtype="evaluated", rank0="array",
        a="rt.cumprod_vjp(g, y, a, axis)", jvp={"a": "rt.cumprod_jvp(g, y, a, axis)"})

for _name in ("any", "all", "count_nonzero"):
    constant(f"np.{_name}(a, axis=None, *, keepdims=False)", **_OPTIONS)
for _name in ("argmax", "argmin"):
    constant(f"np.{_name}(a, axis=None, *, keepdims=False)", **_OPTIONS)
