"""Folding, identities and common subexpressions: each with the IR before and after."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest
from handmade import INNER, LEFT, MAT, VEC, Program, at
from ir_eval import evaluate

from srcdiff.ir.build import const
from srcdiff.ir.core import Atom, Const, Path, Var
from srcdiff.ir.printer import print_function
from srcdiff.ir.types import BOOL, FLOAT, INT, Array, Object, Scalar
from srcdiff.ir.verify import verify
from srcdiff.optimize import dce, simplify


def adjoint(*names: str) -> tuple[Program, list[Var]]:
    """A program of adjoint operations with vectors for parameters."""
    p = Program()
    params = [p.param(name, VEC) for name in names]
    p.b.role = "adjoint"
    return p, params


def check(p: Program, *results: Atom, expected: str) -> None:
    """The simplified body without dead code as text, and the same numbers as before."""
    module = verify(p.module(*results))
    made = verify(dce.run(simplify.run(module)))
    text = print_function(made.main).split("\n", 1)[1]
    assert textwrap.dedent(text) == textwrap.dedent(expected).strip()
    args = [_example(v.type, k) for k, v in enumerate(p.params)]
    for a, b in zip(evaluate(module, *args), evaluate(made, *args), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)


def _example(t: object, k: int) -> object:
    if isinstance(t, Array):
        return np.random.default_rng(k).normal(size=(7,) * len(t.shape))
    assert isinstance(t, Scalar)
    return {"float64": 0.5 + k, "int64": 2, "bool": True}[t.dtype]


# -- folding -----------------------------------------------------------------------------------------------------------


def test_python_numbers_are_folded() -> None:
    p = Program()
    x = p.param("x", VEC)
    n = p.subtract(const(3), const(1))
    check(p, p.view(x, at(n)), p.divide(const(1.0), p.add(n, const(2))), expected="""
        t.1 = view(x, [2])
        return t.1, 0.25
        """)


def test_what_would_raise_is_not_folded() -> None:
    p = Program()
    p.param("x", FLOAT)
    made = simplify.run(p.module(p.divide(const(1.0), const(0.0))))
    assert "np.divide(1.0, 0.0)" in print_function(made.main)


def test_numpy_numbers_are_not_folded() -> None:
    p = Program()
    p.param("x", FLOAT)
    made = simplify.run(p.module(p.sin(const(1.0))))
    assert "np.sin(1.0)" in print_function(made.main)


@pytest.mark.parametrize(("value", "kept"), [(True, "np.sin"), (False, "np.cos")])
def test_branches_on_constants_are_pruned(value: bool, kept: str) -> None:
    p = Program()
    x = p.param("x", VEC)
    (y,) = p.branch(const(value), lambda: [p.sin(x)], lambda: [p.cos(x)], [("y", VEC)])
    check(p, y, expected=f"""
        t.1 = {kept}(x)
        return t.1
        """)


def test_arms_that_agree_hand_on_nothing() -> None:
    p = Program()
    x, c = p.param("x", VEC), p.param("c", BOOL)
    y, z = p.branch(c, lambda: [x, p.sin(x)], lambda: [x, p.cos(x)], [("y", VEC), ("z", VEC)])
    check(p, y, z, expected="""
        if c:
            t.2 = np.sin(x)
            yield t.2
        else:
            t.3 = np.cos(x)
            yield t.3
        -> z
        return x, z
        """)


def test_what_a_loop_hands_on_unchanged_is_not_carried() -> None:
    p = Program()
    x, s, n = p.param("x", VEC), p.param("s", FLOAT), p.param("n", INT)
    y, t = p.loop([("y", VEC, x), ("t", FLOAT, s)], lambda i, y, t: [y, p.multiply(t, p.view(y, at(i)))], n=n)
    check(p, y, t, expected="""
        for i in range(0, n, 1), t = s:
            t.5 = view(x, [i])
            t.6 = np.multiply(t, t.5)
            yield t.6
        -> t.7
        return x, t.7
        """)


def test_conversions_that_change_nothing() -> None:
    p, (x,) = adjoint("x")
    y = p.cast(x, Const("float64", Object("static")))
    check(p, p.power(y, const(1)), expected="return x")


def test_primal_conversions_stay() -> None:
    p = Program()
    x = p.param("x", VEC)
    check(p, p.power(x, const(1)), expected="""
        t.1 = np.power(x, 1)
        return t.1
        """)


# -- identities --------------------------------------------------------------------------------------------------------


def test_factors_of_one() -> None:
    p, (x, y) = adjoint("x", "y")
    t = p.divide(p.multiply(const(1.0), x), const(1.0))
    check(p, p.add(p.negative(p.negative(t)), p.multiply(y, const(-1.0))), expected="""
        t.2 = np.subtract(x, y)
        return t.2
        """)


def test_the_value_is_left_alone() -> None:
    p = Program()
    x = p.param("x", VEC)
    check(p, p.multiply(x, const(1.0)), expected="""
        t.1 = np.multiply(x, 1.0)
        return t.1
        """)


def test_broadcast_factors() -> None:
    p, (x,) = adjoint("x")
    g = p.broadcast_to(const(1.0), (p.dim(x, const(0)),), type=VEC)
    t = p.multiply(g, x)
    check(p, p.add(t, t), expected="""
        t.1 = np.multiply(2.0, x)
        return t.1
        """)


def test_products_of_broadcast_numbers_are_broadcast_once() -> None:
    p, (x,) = adjoint("x")
    s = p.param("s", FLOAT)
    g = p.broadcast_to(s, (p.dim(x, const(0)),), type=VEC)
    check(p, p.sum(p.negative(p.multiply(g, const(2)))), expected="""
        t.2 = np.multiply(s, 2)
        t.3 = np.negative(t.2)
        t.4 = size(x)
        t.5 = np.multiply(t.3, t.4)
        return t.5
        """)


def test_negated_products_are_subtracted() -> None:
    p, (x, y, z) = adjoint("x", "y", "z")
    check(p, p.add(z, p.multiply(p.negative(x), y)), expected="""
        t.3 = np.multiply(x, y)
        t.4 = np.subtract(z, t.3)
        return t.4
        """)


def test_cleared_and_added_is_assigned() -> None:
    p, (x, v) = adjoint("x", "v")
    cleared = p.setview(x, const(0.0), INNER)
    check(p, p.addview(cleared, p.view(v, INNER), INNER), expected="""
        t.2 = view(v, [1:-1])
        t.3 = setview(x, t.2, [1:-1])
        return t.3
        """)


def test_cleared_and_read_before_it_is_added_to() -> None:
    p, (x, v) = adjoint("x", "v")
    cleared = p.setview(x, const(0.0), INNER)
    s = p.cos(cleared)
    check(p, p.addview(cleared, p.view(v, INNER), INNER), s, expected="""
        t.2 = setview(x, 0.0, [1:-1])
        t.3 = np.cos(t.2)
        t.4 = view(v, [1:-1])
        t.5 = addview(t.2, t.4, [1:-1])
        return t.5, t.3
        """)


def test_written_back_unchanged() -> None:
    p, (x,) = adjoint("x")
    check(p, p.setview(x, p.view(x, INNER), INNER), expected="""
        return x
        """)


def test_added_to_zeros() -> None:
    p, (x, v) = adjoint("x", "v")
    whole = p.addview(p.zeros_like(x), v, Path())
    part = p.addview(p.zeros_like(x), p.negative(p.view(v, LEFT)), LEFT)
    check(p, whole, part, expected="""
        t.2 = np.zeros_like(x, None)
        t.3 = view(v, [:-2])
        t.4 = subview(t.2, t.3, [:-2])
        return v, t.4
        """)


def test_repeated_places_are_added_up() -> None:
    p, (x, v) = adjoint("x", "v")
    k = p.param("k", Array("int64", VEC.shape, "C"))
    made = simplify.run(p.module(p.addview(p.zeros_like(x), v, at(k))))
    assert "addview" in print_function(made.main)


def test_one_place_in_each_row_is_assigned() -> None:
    p, (v,) = adjoint("v")
    m, k = p.param("m", MAT), p.param("k", Array("int64", VEC.shape, "C"))
    rows = p.op("np.arange", p.dim(v, const(0)))
    made = simplify.run(p.module(p.addview(p.zeros_like(m), v, at(rows, k))))
    assert "setview" in print_function(made.main)


def test_a_square_root_cancels() -> None:
    p, (x,) = adjoint("x")
    root = p.sqrt(p.multiply(x, x))
    check(p, p.sdiv(p.multiply(const(0.5), p.multiply(x, root)), root), expected="""
        t.1 = np.multiply(0.5, x)
        return t.1
        """)


def test_guarded_products_are_not_merged() -> None:
    p, (g, x, y) = adjoint("g", "x", "y")
    t = p.smul(p.smul(g, x), y)
    made = print_function(simplify.run(p.module(p.add(t, p.smul(g, const(1.0))))).main)
    assert made.count("smul") == 3


# -- common subexpressions ---------------------------------------------------------------------------------------------


def test_shared() -> None:
    p, (x, y) = adjoint("x", "y")
    check(p, p.multiply(p.cos(x), y), p.multiply(y, p.cos(x)), expected="""
        t.2 = np.cos(x)
        t.3 = np.multiply(t.2, y)
        t.4 = np.multiply(y, t.2)
        return t.3, t.4
        """)


def test_not_shared_between_arms() -> None:
    p, (x,) = adjoint("x")
    c = p.param("c", BOOL)
    (y,) = p.branch(c, lambda: [p.sin(x)], lambda: [p.negative(p.sin(x))], [("y", VEC)])
    check(p, p.multiply(y, p.sin(x)), expected="""
        if c:
            t.2 = np.sin(x)
            yield t.2
        else:
            t.3 = np.sin(x)
            t.4 = np.negative(t.3)
            yield t.4
        -> y
        t.6 = np.sin(x)
        t.7 = np.multiply(y, t.6)
        return t.7
        """)


def test_versions_of_a_storage_differ() -> None:
    p, (x,) = adjoint("x")
    a = p.view(x, INNER)
    x1 = p.setview(x, const(2.0), INNER)
    check(p, a, p.view(x, INNER), p.view(x1, INNER), expected="""
        t.1 = view(x, [1:-1])
        t.2 = setview(x, 2.0, [1:-1])
        t.3 = view(t.2, [1:-1])
        return t.1, t.1, t.3
        """)


def test_named_values_of_the_user_stay() -> None:
    p = Program()
    x = p.param("x", VEC)
    a, b = p.sin(x, hint="a"), p.sin(x, hint="b")
    check(p, p.add(a, b), expected="""
        a = np.sin(x)
        b = np.sin(x)
        t.3 = np.add(a, b)
        return t.3
        """)


def test_fresh_memory_is_not_shared() -> None:
    p, (x,) = adjoint("x")
    made = print_function(simplify.run(p.module(p.zeros_like(x), p.zeros_like(x))).main)
    assert made.count("zeros_like") == 2


def test_literals_are_told_apart() -> None:
    p, (x,) = adjoint("x")
    made = print_function(simplify.run(p.module(*(p.multiply(x, const(c)) for c in (0.0, -0.0, 0, False)))).main)
    assert made.count("np.multiply") == 4


# -- sums of writes ----------------------------------------------------------------------------------------------------


def test_additions_to_one_place_are_merged() -> None:
    p, (x, v, w) = adjoint("x", "v", "w")
    first = p.addview(x, p.view(v, INNER), INNER)
    between = p.subview(first, p.view(v, LEFT), LEFT)
    check(p, p.addview(between, p.view(w, INNER), INNER), expected="""
        t.3 = view(v, [1:-1])
        t.4 = view(v, [:-2])
        t.5 = view(w, [1:-1])
        t.6 = np.add(t.5, t.3)
        t.7 = addview(x, t.6, [1:-1])
        t.8 = subview(t.7, t.4, [:-2])
        return t.8
        """)


def test_additions_are_not_moved_over_an_assignment() -> None:
    p, (x, v) = adjoint("x", "v")
    first = p.addview(x, p.view(v, INNER), INNER)
    between = p.setview(first, const(2.0), LEFT)
    check(p, p.addview(between, p.view(v, INNER), INNER), expected="""
        t.2 = view(v, [1:-1])
        t.3 = addview(x, t.2, [1:-1])
        t.4 = setview(t.3, 2.0, [:-2])
        t.5 = addview(t.4, t.2, [1:-1])
        return t.5
        """)


def test_powers_of_two_are_gathered() -> None:
    p, (x,) = adjoint("x")
    s = p.param("s", FLOAT)
    t = p.multiply(const(2.0), p.multiply(p.multiply(const(0.5), x), x))
    check(p, t, p.multiply(const(4), p.multiply(s, x)), expected="""
        t.2 = np.multiply(x, x)
        t.3 = np.multiply(4, s)
        t.4 = np.multiply(t.3, x)
        return t.2, t.4
        """)


def test_negations_meet_a_difference() -> None:
    p, (x, y) = adjoint("x", "y")
    check(p, p.subtract(x, p.multiply(const(-3.0), p.divide(p.negative(y), x))), expected="""
        t.2 = np.divide(y, x)
        t.3 = np.multiply(3.0, t.2)
        t.4 = np.subtract(x, t.3)
        return t.4
        """)


def test_a_literal_factor_goes_into_the_numerator_of_a_quotient_of_numbers() -> None:
    p = Program()
    x, s = p.param("x", VEC), p.param("s", FLOAT)
    p.b.role = "adjoint"
    n = p.b.emit("size", x)
    check(p, p.multiply(p.multiply(p.divide(const(1.0), n), const(2)), x), p.multiply(p.divide(s, n), const(3)), expected="""
        t.2 = size(x)
        t.3 = np.divide(2.0, t.2)
        t.4 = np.multiply(t.3, x)
        t.5 = np.multiply(3.0, s)
        t.6 = np.divide(t.5, t.2)
        return t.4, t.6
        """)
