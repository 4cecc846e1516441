"""What a first derivative stashes, a second one reads again; it is stashed once."""

from __future__ import annotations

import numpy as np

import srcdiff
from srcdiff.testing import check_grads

X = np.linspace(0.2, 0.9, 4)


def powers(x, n):
    for _ in range(n):
        x = np.sin(x) * x
    return np.sum(x)


def stencil(x, n):
    for _ in range(n):
        x[1:-1] = x[1:-1] * (x[2:] - x[:-2])
        for k in range(2):
            x[k] = x[k] * x[3]
    return np.sum(x * x)


def first(x, n):
    return np.sum(srcdiff.grad(powers)(x, n) ** 2)


def of_stencil(x, n):
    return np.sum(srcdiff.grad(stencil)(x, n) ** 2)


def test_one_list_for_both() -> None:
    """The loop of the function itself fills as many lists as for the first derivative."""
    forward = srcdiff.grad(first).source(X, 3).partition("reversed(")[0]
    assert forward.count(".append(") == srcdiff.grad(powers).source(X, 3).count(".append(") == 2


def test_numbers() -> None:
    check_grads(first, (X, 3), order=2)
    check_grads(of_stencil, (X, 3), order=1)


def lists_of_the_users(x, n):
    a, b = [], []
    for _ in range(n):
        x = np.sin(x)
        a.append(x)
        b.append(x)
    a[0] = a[0] * 2.0
    return sum(np.sum(u * v) for u, v in zip(a, b, strict=True))


def test_lists_of_the_users_stay() -> None:
    check_grads(lists_of_the_users, (X, 9), order=2)
