"""Programs whose stash is planned, and the planning of it: what the tests of the stash share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ir_eval import evaluate
from lowered import lowered, optimized

from srcdiff.ir.core import Function, Module, Op, blocks_of
from srcdiff.ir.verify import verify
from srcdiff.transform.reverse import reverse
from srcdiff.transform.stash import StashEntry, plan_stash

POLICIES = [None, True, False]


def joint(fun: Callable[..., Any], *args: Any, wrt: tuple[int, ...] = (0,)) -> Module:
    """The joint function of ``fun`` before its stash is planned."""
    return optimized(reverse(lowered(fun, *args), wrt, keep_value=True)[0])


def planned(fun: Callable[..., Any], *args: Any, rewind: bool | None = None,
            wrt: tuple[int, ...] = (0,)) -> tuple[Module, list[StashEntry]]:
    """Plan, and check that the plan is well scoped and computes what the unplanned function does."""
    before = joint(fun, *args, wrt=wrt)
    after, entries = plan_stash(before, rewind=rewind)
    verify(after)
    same(evaluate(before, *args), evaluate(after, *args))
    assert not list(ops(after.main, "mark", "slot"))
    return after, list(entries)


def same(want: tuple[Any, ...], got: tuple[Any, ...]) -> None:
    for a, b in zip(want, got, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-14)


def ops(fn: Function, *names: str) -> list[Op]:
    found: list[Op] = []

    def block(b: Any) -> None:
        for stmt in b.stmts:
            if isinstance(stmt, Op) and stmt.name in names:
                found.append(stmt)
            for inner in blocks_of(stmt):
                block(inner)

    block(fn.body)
    return found


def vector(n: int = 6) -> np.ndarray:
    return np.sin(np.arange(n) * 1.7 + 0.3) * 0.6


# -- programs ----------------------------------------------------------------------------------------------------------


def wave(u, c, n):
    for t in range(n):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def rnn(h, w, n):
    for t in range(n):
        h = np.tanh(w @ h)
    return np.sum(h * h)


def scan(x, n):
    for i in range(1, n):
        x[i] = np.sin(x[i - 1]) * x[i]
    return np.sum(x)


def branch_in_loop(x, n):
    s = 0.0
    for i in range(n):
        if x[i] > 0.0:
            t = np.sin(x[i])
            x[i] = t * t
        else:
            s = s + x[i] * s + 1.0
    return s + np.sum(x * x)


def nested_writes(a, n):
    for k in range(n):
        for i in range(1, 5):
            a[i, 1:] = a[i, 1:] * a[i - 1, :-1] + a[k, 1:]
        a[:, 0] = np.sin(a[:, 1])
    return np.sum(a * a)


def swapped(a, b, n):
    for k in range(n):
        b[1:-1] = a[2:] * a[:-2]
        a, b = b, a
    return np.sum(a) + np.sum(b * b)


def until(x, limit):
    s = x[0]
    k = 1
    while s < limit and k < 6:
        s = s + np.exp(s) * x[k]
        x[k] = s * x[k - 1]
        k += 1
    return s * s + np.sum(x)


def leaves_early(x, limit):
    t = 1.0
    for i in range(3):
        s = 1.0
        for j in range(6):
            s = s * x[j] + x[j] ** 2
            if s > limit:
                break
            s = s * 1.1
        t = t * s
    return t


def born_in_a_branch(x, n):
    t = 0.0
    for i in range(n):
        if i > 1:
            t = t + np.sin(y) * y  # noqa: F821 - assigned in an earlier trip
        if x[i] < 9.0:
            y = x[i] * x[i]
    return t


def collected(x, n):
    items = []
    for i in range(n):
        items.append(np.sin(x[i]))
    s = 0.0
    while len(items) > 1:
        v = items.pop()
        s = s + v * v
    return s * items[0]


def nested_sines(x, n):
    if n <= 1:
        return np.sin(x)
    return x * nested_sines(x * 0.5, n - 1)


def recursive(x, n):
    s = 0.0
    for i in range(n):
        s += nested_sines(x[i], 3) * x[i]
    return s


PROGRAMS = [
    (wave, (vector(), 0.3, 3)), (rnn, (vector(3), np.outer(vector(3), vector(3)), 4)), (scan, (vector(), 6)),
    (branch_in_loop, (vector(), 6)), (nested_writes, (np.outer(vector(5), vector(5)) + 0.2, 2)),
    (swapped, (vector(), vector() * 2, 3)), (until, (abs(vector()), 2.0)), (leaves_early, (vector(), 1.2)),
    (born_in_a_branch, (vector(), 5)), (collected, (vector(), 5)), (recursive, (vector(), 4)),
]
CASES = [pytest.param(fun, args, id=fun.__name__) for fun, args in PROGRAMS]
