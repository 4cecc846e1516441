"""Guarded products: where structural zeros are, and what becomes of the guards elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from handmade import VEC, Program
from ir_eval import evaluate
from lowered import float_positions, lowered, optimized, planned

from srcdiff.analysis.effects import ops_of
from srcdiff.ir.types import FLOAT, Scalar
from srcdiff.ir.verify import verify
from srcdiff.optimize import plain_products, scalar_guards
from srcdiff.transform.reverse import reverse

X = np.linspace(0.5, 1.5, 6)
M = np.arange(12.0).reshape(4, 3) + 1.0
K = np.array([0, 2, 1, 1])


def guarded(fun: Callable[..., Any], *args: Any) -> bool:
    """Whether a guard is left in the gradient."""
    joint = optimized(reverse(lowered(fun, *args), float_positions(args), keep_value=False)[0])
    return any(op.name in ("smul", "sdiv") for op in ops_of(joint.main.body))


def plain(x):
    return np.sum(np.log(x) / x)


def mean_of_logs(x):
    return -np.mean(np.log(x[1:] ** 2) * 2.0)


def log_likelihood(m, k):
    e = np.exp(m - np.max(m, axis=1, keepdims=True))
    return np.mean(np.log(np.sum(e, axis=1)) - m[np.arange(len(k)), k])


def loop_state(x, n):
    h = x
    for _ in range(n):
        h = np.sqrt(h + 1.0)
    return np.sum(h)


def chosen(x):
    return np.sum(np.where(x > 1.0, np.log(x), 0.0))


def masked(x):
    return np.sum(((x > 1.0) * np.sqrt(x))[1:])


def part(x):
    return np.sum(np.log(x)[1:3])


def gathered(x, k):
    return np.sum(np.sqrt(x)[k])


def cleared(x):
    y = 1.0 / x
    y[0] = 0.0
    return np.sum(y)


def one_arm(x, c):
    y = np.sqrt(x)
    s = 0.0
    if c > 1.0:
        s = np.sum(y)
    return s


def norms(m):
    n = np.sqrt(np.sum(m * m, axis=1, keepdims=True))
    return np.sum(np.where(n > 1.0, m / n, m))


@pytest.mark.parametrize(("fun", "args"), [(plain, (X,)), (mean_of_logs, (X,)), (log_likelihood, (M, K)), (loop_state, (X, 3))])
def test_no_guard(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert not guarded(fun, *args)


@pytest.mark.parametrize(("fun", "args"), [(chosen, (X,)), (masked, (X,)), (part, (X,)), (gathered, (X, K)), (cleared, (X,)),
                                           (one_arm, (X, 0.5)), (norms, (M,))])
def test_guard(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert guarded(fun, *args)


@pytest.mark.parametrize(("fun", "zero"), [(chosen, 0), (cleared, 0), (part, 0)])
def test_zero_stays_zero(fun: Callable[..., Any], zero: int) -> None:
    x = X.copy()
    x[zero] = 0.0
    with np.errstate(all="ignore"):
        gradient = evaluate(planned(lowered(fun, x), (0,)), x)[0]
    assert gradient[zero] == 0.0
    assert np.all(np.isfinite(gradient))


def test_norm_of_a_zero_row() -> None:
    m = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])

    def f(m):
        norm = np.sqrt(np.sum(m * m, axis=1))
        return np.sum(np.where(norm > 0.5, norm, 1.0))

    gradient = evaluate(planned(lowered(f, m), (0,)), m)[0]
    np.testing.assert_allclose(gradient, [[0.4472135955, 0.894427191], [0.6, 0.8], [0.0, 0.0]])


def test_second_derivative_through_a_guard() -> None:
    x = np.array([0.2, 1.0])

    def f(x):
        return np.sum(np.where(x > 0.5, np.log(x) ** 2 / 2.0, 0.0))

    gradient = planned(lowered(f, x), (0,))
    joint, _ = reverse(gradient, (0,), keep_value=False, seed=True)
    assert np.allclose(evaluate(joint, x, np.ones(2))[0], [0.0, 1.0])


# -- guards of numbers -------------------------------------------------------------------------------------------------


def test_guards_of_numbers_are_spelled_out() -> None:
    p = Program()
    x, g, c = p.param("x", VEC), p.param("g", Scalar("float64")), p.param("c", FLOAT)
    module = p.module(p.smul(g, c), p.sdiv(g, c), p.smul(x, c))
    made = verify(scalar_guards.run(module))
    assert [op.name for op in ops_of(made.main.body)] == ["np.not_equal", "np.multiply", "np.not_equal", "np.divide", "smul"]
    for given in ((X, 2.0, 3.0), (X, 0.0, 3.0)):
        for a, b in zip(evaluate(module, *given), evaluate(made, *given), strict=True):
            assert np.array_equal(a, b)


def test_a_quotient_of_python_floats_may_be_infinite() -> None:
    p = Program()
    g, c = p.param("g", FLOAT), p.param("c", FLOAT)
    made = scalar_guards.run(p.module(p.sdiv(g, c)))
    assert [op.name for op in ops_of(made.main.body)] == ["sdiv"]


def test_levels_reach_a_fixed_point() -> None:
    def f(x, n):
        y = np.zeros(6)
        for i in range(n):
            y[i] = x[i]
        return np.sum(np.log(y + 1.0) * 2.0)

    fn = lowered(f, X, 3)
    level = plain_products.zeros_in(fn.main, fn.facts, ())
    assert {v.hint for v, k in level.items() if k and v.hint} == {"y"}


def test_choices_between_numbers_are_spelled_out() -> None:
    def f(x):
        s = x[0]
        for i in range(1, 6):
            s = np.maximum(s, x[i] * 0.9)
        return s

    made = verify(scalar_guards.run(planned(lowered(f, X), (0,))))
    assert not [op for op in ops_of(made.main.body) if op.name == "np.where"]
    np.testing.assert_allclose(evaluate(made, X)[0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.9])
