"""Sums of products become inner products where nothing but the order of additions changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff
from srcdiff.testing import check_grads

X = np.linspace(0.5, 1.5, 4)
M = np.linspace(0.5, 1.5, 12).reshape(3, 4)


def vectors(x, k):
    return np.sum(np.sin(np.exp(x) * k))


def matrices(x, k):
    return np.sum(np.sin(np.exp(x[1:, :-1]) * k))


def columns(x, k):
    """The adjoint of a number for each column is a sum over rows only: that is no inner product."""
    return np.sum(np.sin(x) * (k * np.ones(4)) ** 2)


@pytest.mark.parametrize(("fun", "x", "text"), [(vectors, X, " @ "), (matrices, M, "np.vdot("), (columns, M, "axis=0")])
def test_text_and_numbers(fun: Callable[..., Any], x: np.ndarray, text: str) -> None:
    assert text in srcdiff.grad(fun, argnums=1).source(x, 0.3)
    check_grads(fun, (x, 0.3), order=2)


def test_single_precision_stays() -> None:
    """NumPy adds pairwise, a library for linear algebra need not."""
    backward = srcdiff.grad(vectors, argnums=1).source(X.astype(np.float32), 2.0)
    assert " @ " not in backward


def test_the_value_is_the_functions_own() -> None:
    x = np.random.default_rng(0).standard_normal(1001)
    assert srcdiff.value_and_grad(vectors, argnums=1)(x, 0.3)[0] == vectors(x, 0.3)
