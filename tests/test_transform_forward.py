"""Forward mode on the IR: against reverse mode, over it and under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ir_eval import evaluate
from lowered import differences, float_positions, lowered, optimized, planned, squared
from test_transform_reverse import NAMES, PROGRAMS, X, close

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
