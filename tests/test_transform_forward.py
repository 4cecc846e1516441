"""Forward mode on the IR: against reverse mode, over it and under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ir_eval import evaluate
from lowered import differences, float_positions, lowered, optimized, planned, squared
from test_transform_reverse import NAMES, PROGRAMS, X, close

import srcdiff
from srcdiff.ir.verify import verify
from srcdiff.transform.forward import forward


def directions(args: tuple[Any, ...], wrt: tuple[int, ...]) -> list[Any]:
    rng = np.random.default_rng(1)
    return [rng.normal(size=np.shape(args[k])) if np.shape(args[k]) else float(rng.normal()) for k in wrt]


def dot(gradients: Any, dots: Any) -> float:
    return float(sum(np.sum(g * d) for g, d in zip(gradients, dots, strict=True)))


@pytest.mark.parametrize(("fun", "args"), PROGRAMS, ids=NAMES)
def test_agrees_with_reverse_mode(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    primal, wrt = lowered(fun, *args), float_positions(args)
    dots = directions(args, wrt)
    made = verify(forward(primal, wrt))
    value, tangent = evaluate(made, *args, *dots)
    assert value == evaluate(primal, *args)[0]
    close([tangent], [dot(evaluate(planned(primal, wrt), *args), dots)])
    close(evaluate(optimized(made), *args, *dots), [value, tangent])


@pytest.mark.parametrize(("fun", "args"), PROGRAMS, ids=NAMES)
def test_over_reverse_mode(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    wrt = float_positions(args)
    dots = directions(args, wrt)
    once = squared(planned(lowered(fun, *args), wrt))
    made = optimized(verify(forward(once, wrt, keep_value=False)))
    close(evaluate(made, *args, *dots), [dot(differences(once, args, wrt), dots)])


@pytest.mark.parametrize(("fun", "args"), PROGRAMS, ids=NAMES)
def test_under_reverse_mode(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    wrt = float_positions(args)
    dots = directions(args, wrt)
    once = squared(forward(lowered(fun, *args), wrt, keep_value=False))
    given = (*args, *dots)
    close(evaluate(planned(once, wrt), *given), differences(once, given, wrt))


def test_results_without_a_derivative_have_zero_tangents() -> None:
    def f(x, n):
        return np.sum(x), n + 1, n * 1.0

    made = verify(forward(lowered(f, X, 3), (0,)))
    assert evaluate(made, X, 3, np.ones(5))[3:] == (5.0, 0.0, 0.0)


def maybe_constant(x, first, second):
    total = x[0]
    if first > 0.0:
        y = np.ones(3)
    if second > 0.0:
        y = x * x
    if first > 0.0 or second > 0.0:
        total = total + np.sum(y * x)
    return total


def maybe_written(x, first, second):
    total = x[0]
    if first > 0.0:
        y = np.ones(3)
    else:
        z = np.ones(3) * 2.0
    if second > 0.0:
        if first > 0.0:
            y[0] = x[1]
        else:
            z[1] = x[2]
    return total + np.sum(y * x) if first > 0.0 else total


@pytest.mark.parametrize("fun", [maybe_constant, maybe_written])
@pytest.mark.parametrize("first", [-1.0, 1.0])
@pytest.mark.parametrize("second", [-1.0, 1.0])
def test_an_unassigned_array_has_no_zeros_made_like_it(fun, first, second) -> None:
    x, v = np.array([1.0, 2.0, 3.0]), np.array([0.3, 0.2, -0.7])
    slope = (fun(x + 1e-6 * v, first, second) - fun(x - 1e-6 * v, first, second)) / 2e-6
    np.testing.assert_allclose(srcdiff.jvp(fun, (x, first, second), (v, None, None))[1], slope, rtol=1e-7)
    gradient = srcdiff.grad(fun)
    np.testing.assert_allclose(gradient(x, first, second) @ v, slope, rtol=1e-7)
    slopes = (gradient(x + 1e-6 * v, first, second) - gradient(x - 1e-6 * v, first, second)) / 2e-6
    np.testing.assert_allclose(srcdiff.hvp(fun)(x, first, second, v), slopes, atol=1e-7)
