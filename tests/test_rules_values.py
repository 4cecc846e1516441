"""The rules at special points: zeros that stay zero, ties, kinks, NaNs, infinities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rows import ROWS, Row, call
from test_rules import full, vjp

from srcdiff.ir.ops import OPS


@pytest.mark.parametrize(("name", "args"), [
    ("np.log", (0.0,)), ("np.log1p", (-1.0,)), ("np.log2", (0.0,)), ("np.log10", (0.0,)), ("np.sqrt", (0.0,)),
    ("np.divide", (1.0, 0.0)), ("np.divide", (0.0, 0.0)), ("np.power", (0.0, 0.5)), ("np.power", (0.0, -1.0)),
    ("np.power", (-1.0, 2.0)), ("np.arcsin", (1.0,)), ("np.arccos", (1.0,)), ("np.arccosh", (1.0,)), ("np.arctanh", (1.0,)),
    ("np.exp", (1e4,)), ("np.cosh", (1e4,)), ("np.cbrt", (0.0,)), ("np.reciprocal", (0.0,)),
    ("np.arctan2", (0.0, 0.0)), ("np.hypot", (0.0, 0.0)), ("np.expm1", (1e4,)), ("np.logaddexp", (-np.inf, -np.inf)),
    ("np.logaddexp2", (-np.inf, 0.0)), ("np.logaddexp.reduce", (-np.inf,)), ("scipy.special.logit", (1.0,)),
    ("scipy.special.xlogy", (0.0, 0.0)), ("scipy.special.entr", (0.0,)), ("scipy.special.rel_entr", (0.0, 0.0)),
    ("scipy.special.erfinv", (1.0,)), ("scipy.special.ndtri", (0.0,)), ("scipy.special.gammaln", (0.0,)),
    ("scipy.special.k0", (0.0,)), ("scipy.special.exp1", (0.0,)), ("np.angle", (0j,)),
])
def test_zero_stays_zero(name: str, args: tuple[float, ...]) -> None:
    """Where a partial is infinite or undefined, a zero adjoint stays zero, without a warning."""
    row, arrays = Row(name, ()), tuple(np.array([a, a]) for a in args)
    with np.errstate(all="ignore"):
        y = call(name, arrays)
    for bar in vjp(row, full(row, arrays), y, np.array([0.0, 0.0])):
        np.testing.assert_array_equal(bar, [0.0, 0.0])


def gradient(name: str, *args: Any, g: Any = 1.0) -> list[np.ndarray]:
    row = Row(name, ())
    return vjp(row, full(row, args), call(name, full(row, args)), g)


def test_power_at_zero_and_below() -> None:
    zero = np.array([0.0, 0.0, 0.0])
    by_base, by_exponent = gradient("np.power", zero, np.array([2.0, 1.0, 0.0]), g=np.ones(3))
    np.testing.assert_array_equal(by_base, [0.0, 1.0, 0.0])
    np.testing.assert_array_equal(by_exponent[:2], [0.0, 0.0])
    assert np.isnan(gradient("np.power", np.array([-2.0]), np.array([2.0]), g=np.ones(1))[1])


def test_ties() -> None:
    for name in ("np.maximum", "np.minimum"):
        assert [float(b) for b in gradient(name, np.float64(1.0), np.float64(1.0))] == [0.5, 0.5]
    for name in ("np.max", "np.min"):
        np.testing.assert_array_equal(gradient(name, np.array([1.0, 1.0]))[0], [0.5, 0.5])
    assert [float(b) for b in gradient("max", 1.0, 1.0)] == [1.0, 0.0]
    assert float(gradient("np.clip", np.float64(1.0), np.float64(0.0), np.float64(1.0))[0]) == 1.0
    rows = np.array([[1.0, 1.0], [0.0, 2.0]])
    np.testing.assert_array_equal(gradient("np.max", rows, 1, g=np.ones(2))[0], [[0.5, 0.5], [0.0, 1.0]])


def test_ties_of_order_statistics() -> None:
    """Elements with the value of an order statistic share its part equally."""
    a = np.array([2.0, 1.0, 2.0, 2.0, 5.0])
    np.testing.assert_allclose(gradient("np.median", a)[0], [1 / 3, 0.0, 1 / 3, 1 / 3, 0.0])
    np.testing.assert_allclose(gradient("np.median", np.array([1.0, 1.0, 3.0, 3.0]))[0], [0.25] * 4)
    np.testing.assert_allclose(gradient("np.quantile", a, 0.75)[0], gradient("np.median", a)[0])
    np.testing.assert_allclose(gradient("np.quantile", a, 0.9, None, "lower")[0], gradient("np.median", a)[0])
    np.testing.assert_allclose(gradient("np.nanmax", np.array([np.nan, 2.0, 2.0]))[0], [0.0, 0.5, 0.5])
    by_a, start = gradient("np.max~where", np.array([1.0, 2.0]), None, False, 2.0)
    assert by_a.tolist() == [0.0, 0.5] and start == 0.5
    running = gradient("np.maximum.accumulate", np.array([1.0, 1.0, 0.0]), g=np.array([0.0, 1.0, 0.0]))[0]
    np.testing.assert_array_equal(running, [0.5, 0.5, 0.0])
    assert [b.tolist() for b in gradient("np.fmax", np.array([np.nan, 1.0]), np.array([2.0, 1.0]), g=np.ones(2))] == [
        [0.0, 0.5], [1.0, 0.5]]


def test_all_of_a_slice_is_nan() -> None:
    """Its mean is NaN, and its elements have no part in it."""
    a = np.array([[np.nan, np.nan], [1.0, 3.0]])
    with pytest.warns(RuntimeWarning):
        np.testing.assert_array_equal(gradient("np.nanmean", a, 1, g=np.ones(2))[0], [[0.0, 0.0], [0.5, 0.5]])
    with pytest.warns(RuntimeWarning):
        np.testing.assert_array_equal(gradient("np.nanmax", a, 1, g=np.ones(2))[0], [[0.0, 0.0], [0.0, 1.0]])


def test_a_sum_of_exponentials_of_nothing() -> None:
    np.testing.assert_array_equal(gradient("scipy.special.logsumexp", np.array([-np.inf, -np.inf]))[0], [0.0, 0.0])
    np.testing.assert_array_equal(gradient("scipy.special.logsumexp", np.array([-np.inf, 1.0]))[0], [0.0, 1.0])


def test_interpolation_on_a_knot() -> None:
    """The slope of the cell to the right, on the last knot of that to the left; 0 outside."""
    x, xp, fp = np.array([-1.0, 0.0, 1.0, 3.0, 4.0]), np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 3.0])
    np.testing.assert_array_equal(gradient("np.interp", x, xp, fp, g=np.ones(5))[0], [0.0, 2.0, 0.5, 0.5, 0.0])


def test_kinks_at_zero() -> None:
    zeros = np.zeros(3)
    for name in ("np.absolute", "np.linalg.norm", "np.std"):
        g = np.ones(3) if name == "np.absolute" else 1.0
        np.testing.assert_array_equal(gradient(name, zeros, g=g)[0], zeros)
    np.testing.assert_array_equal(gradient("np.prod", np.array([0.0, 2.0, 3.0]))[0], [6.0, 0.0, 0.0])
    np.testing.assert_array_equal(gradient("np.prod", np.array([0.0, 0.0, 3.0]))[0], zeros)


def test_constants_have_no_formula() -> None:
    for row in (r for r in ROWS if OPS[r.name].rule.kind == "constant"):
        assert not OPS[row.name].rule.vjp
