"""Reverse mode on the IR: every program before planning, after it, with and without optimisation, and once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ir_eval import evaluate
from lowered import differences, float_positions, lowered, optimized, planned, squared

from srcdiff.analysis.effects import ops_of
from srcdiff.errors import DerivativeTypeError, NoRuleError
from srcdiff.ir.ops import OPS, OpSpec, register
from srcdiff.ir.types import Array
from srcdiff.ir.verify import verify
from srcdiff.testing import check_grads
from srcdiff.transform.mirrors import mirrors_of
from srcdiff.transform.reverse import reverse

R = np.random.default_rng(0)
X = R.uniform(0.5, 1.5, 5)
M = R.normal(size=(3, 4))


def straight(x, y):
    return np.sum(np.sin(x) * x / y)


def broadcast(m, v, c):
    z = (m[:, :1] * v / c) ** 2
    return np.sum(np.where(z > 0.1, z, c))


def repeated_write(x, v):
    x[[1, 1]] = v * v
    x[np.array([0, 0])] += v
    return np.sum(x * x)


def repeated_add(x, v):
    np.add.at(x, [1, 1, 3], v)
    return np.sum(x * x)


def overwritten(x):
    x *= 0.9
    x *= np.sin(x)
    return np.sum(np.sin(x))


def transposed(m):
    m.T[1:3] *= m.T[:2]
    b = m.reshape(-1)
    b[0] = b[5] * b[7]
    return np.sum(m ** 2)


def stencil(u, c):
    for _ in range(3):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def backwards(x):
    for i in range(len(x) - 1, 0, -1):
        x[i - 1] += np.sin(x[i])
    return np.sum(x)


def branches(x, c):
    s = 1.0
    for i in range(len(x)):
        if x[i] > c:
            s = s * x[i]
        elif i > 1:
            s = s + c
            x[i] = s
    return s * np.sum(x)


def outer_in_both_arms(x, c):
    s = x[1]
    for i in range(3):
        if x[i] > c:
            s = s * x[0]
    return s


def unassigned(x, c):
    if c > 1.0:
        t = np.sin(x)
    s = np.sum(x)
    if c > 1.0:
        s = s + np.sum(t * t)
    return s


def assigned_in_one_arm(x, c):
    if c > 1.0:
        pass
    else:
        t = x
    return 0.5 * np.sum(t ** 2)


def search(x, c):
    s = 0.0
    k = 0
    while k < len(x):
        s += x[k] * c
        if s > 2.0:
            break
        k += 1
    return s * c


def reversed_search(x):
    s = 1.0
    for i in reversed(range(1, len(x))):
        s = s * x[i]
        if s < 1.0:
            break
        x[i] = s
    return s + np.sum(x)


def listed(x, n):
    hs = []
    h = x
    for _ in range(n):
        h = np.sin(h) * x
        hs.append(h)
    last = hs.pop()
    return np.sum(hs[1] * hs[0]) + np.sum(last) + np.sum(np.stack(hs))


def swapped(a, b):
    for _ in range(3):
        a[1:] *= b[:-1]
        a, b = b, a
    return np.sum(a) + np.sum(b * b)


def scalar_to_array(m, v):
    s = 0.0
    for i in range(3):
        s = s + m[i] * v[i]
    return np.sum(s * s)


def recursive(x, n):
    def product(x, n):
        if n == 0:
            return x[0]
        return product(x, n - 1) * np.sin(x[n])
    return product(x * x, n) * x[0]


def unused(x, y):
    return np.sum(x) * 2.0


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (straight, (X, X + 1.0)), (broadcast, (M, X[:4], 0.7)), (repeated_write, (X, X[:2] + 1.0)), (repeated_add, (X, X[:3])),
    (overwritten, (X,)), (transposed, (M,)), (stencil, (X, 0.1)), (backwards, (X,)), (branches, (X, 0.9)),
    (outer_in_both_arms, (X, 0.9)), (unassigned, (X, 1.5)), (unassigned, (X, 0.5)),
    (assigned_in_one_arm, (X, 0.5)), (search, (X, 0.7)), (reversed_search, (X,)),
    (listed, (X, 4)), (swapped, (X, X + 0.3)), (scalar_to_array, (M, X)), (recursive, (X, 3)), (unused, (X, X)),
]
NAMES = [f"{f.__name__}{k}" for k, (f, _) in enumerate(PROGRAMS)]


def close(found: Any, expected: Any) -> None:
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("fun", "args"), PROGRAMS, ids=NAMES)
def test_before_planning(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    primal, wrt = lowered(fun, *args), float_positions(args)
    joint = verify(reverse(primal, wrt, keep_value=True)[0])
    value, *gradients = evaluate(joint, *args)
    assert value == evaluate(primal, *args)[0]
    close(gradients, differences(primal, args, wrt))
    close(evaluate(optimized(joint), *args)[1:], gradients)


@pytest.mark.parametrize("skip", ["", "fold", "identities", "cse", "plain_products", "dce"])
@pytest.mark.parametrize(("fun", "args"), PROGRAMS, ids=NAMES)
def test_each_pass_may_be_left_out(fun: Callable[..., Any], args: tuple[Any, ...], skip: str) -> None:
    primal, wrt = lowered(fun, *args), float_positions(args)
    expected = evaluate(reverse(primal, wrt, keep_value=False)[0], *args)
    close(evaluate(planned(primal, wrt, skip=frozenset([skip])), *args), expected)


@pytest.mark.parametrize(("fun", "args"), PROGRAMS, ids=NAMES)
def test_twice(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    wrt = float_positions(args)
    once = squared(planned(lowered(fun, *args), wrt))
    close(evaluate(planned(once, wrt), *args), differences(once, args, wrt))


# -- the layout of the result ------------------------------------------------------------------------------------------


def test_gradients_have_the_type_of_their_argument() -> None:
    args = (X.astype("float32"), 0.5, np.float32(2.0))

    def f(x, c, d):
        return np.sum(x * c * d)

    gradients = evaluate(planned(lowered(f, *args), (0, 1, 2)), *args)
    assert [type(g) for g in gradients] == [np.ndarray, float, np.float32]
    assert gradients[0].dtype == "float32"


def test_a_structural_zero_is_zeros() -> None:
    gradient = evaluate(planned(lowered(unused, X, X), (1,)), X, X)[0]
    assert np.array_equal(gradient, np.zeros(5))


def test_seeds_are_parameters() -> None:
    def f(x):
        return np.sin(x), np.sum(x)

    made, _ = reverse(lowered(f, X), (0,), keep_value=True, seed=True)
    assert len(made.main.params) == 3
    assert made.main.halves is not None
    assert (made.main.halves.params, made.main.halves.results) == (1, 2)
    bar = np.arange(5.0)
    close(evaluate(made, X, bar, 2.0)[2:], [bar * np.cos(X) + 2.0])


def test_aux_is_not_differentiated() -> None:
    def f(x):
        return np.sum(x * x), np.sum(np.sin(x))

    made, _ = reverse(lowered(f, X), (0,), keep_value=False, has_aux=True)
    close(evaluate(made, X), [2.0 * X])


def test_the_result_must_be_one_number() -> None:
    with pytest.raises(DerivativeTypeError, match="one real number"):
        reverse(lowered(lambda x: np.sin(x), X), (0,), keep_value=False)


def test_a_missing_rule_is_an_error_with_a_place() -> None:
    register(OpSpec("test.unknown", ("x",), lambda args, facts: args[0].type))
    try:
        module = lowered(straight, X, X)
        body = module.main.body
        from dataclasses import replace
        op = next(s for s in body.stmts if s.name == "np.sin")
        broken = replace(body, stmts=tuple(replace(s, name="test.unknown") if s is op else s for s in body.stmts))
        with pytest.raises(NoRuleError, match="test.unknown has no derivative rule") as caught:
            reverse(replace(module, main=replace(module.main, body=broken)), (0,), keep_value=False)
        assert caught.value.loc is op.loc
    finally:
        del OPS["test.unknown"]


# -- mirrors and marks -------------------------------------------------------------------------------------------------


def test_every_write_is_marked_in_its_mirror() -> None:
    def f(x, n):
        k = np.zeros(3)
        for i in range(n):
            if i > 1:
                k[i - 2] = i
            x[i] *= 2.0
        return np.sum(x)

    joint, mirrors = reverse(lowered(f, X, 3), (0,), keep_value=False)
    marks = [op for op in ops_of(joint.main.body) if op.name == "mark"]
    writes = [op for op in ops_of(joint.main.body) if op.name in ("setview", "addview") and op.role == "primal"]
    assert {op.args[0] for op in marks} == {op.outs[0] for op in writes}
    assert mirrors == mirrors_of(joint.main)
    assert {type(m).__name__ for m in mirrors} == {"If", "Loop"}
    assert all(m.loc == p.loc for m, p in mirrors.items())


def test_accumulators_are_carried_once_for_each_outer_value() -> None:
    def f(m, v, n):
        h = v
        for _ in range(n):
            for _ in range(2):
                h = np.tanh(m @ h)
        return np.sum(h)

    args = (R.normal(size=(3, 3)), X[:3], 2)
    joint, mirrors = reverse(lowered(f, *args), (0, 1), keep_value=False)
    outer, inner = mirrors
    assert [p.hint for p in outer.params] == ["h_bar", "m_bar"]
    assert [p.hint for p in inner.params] == ["h_bar", "m_bar"]
    assert all(isinstance(p.type, Array) for p in outer.params)


def test_a_carried_array_whose_length_changes_has_zeros_of_its_own() -> None:
    def grows(x):
        last = np.zeros(1)
        total = 0.0
        for i in range(1, len(x)):
            current = np.sin(x[:i])
            if i == 2:
                total = total + np.sum(last * current)  # of length 1 and 2
            last = current
        return total

    check_grads(grows, (np.array([0.3, 0.5, 0.7, 0.9]),), order=2)
