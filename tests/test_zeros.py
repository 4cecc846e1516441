"""Zero stays zero: adjoints that the program made zero are not spoilt by factors that are infinite or NaN, at any order."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff
from srcdiff.testing import check_grads


def entropy(x):
    return np.sum(np.where(x > 0, x * np.log(x), 0.0))


def square_of_log(x):
    return np.sum(np.where(x > 0, np.log(x) ** 2, 0.0))


def oscillation(x):
    return np.sum(np.where(x > 0, x * np.sin(1.0 / x), 0.0))


def three_halves(x):
    return np.sum(np.where(x > 0, x * np.sqrt(x), 0.0))


def own_power(x):
    return np.sum(np.where(x > 0, x ** x, 0.0))


def columns(x):
    m = np.stack([x, x * 2.0])
    return np.sum((m * np.log(m))[:, 1:3] ** 2)


def through_a_helper(x):
    return np.sum(np.where(x > 0, product(x, x), 0.0))


def product(a, b):
    return a * np.log(b)


def item_by_item(x):
    out = np.zeros(4)
    for i in range(4):
        y = x * np.log(x)
        out[i] = y[i] if x[i] > 0 else 0.0
    return np.sum(out * out)


FUNCTIONS = [entropy, square_of_log, oscillation, three_halves, own_power, columns, through_a_helper, item_by_item]
X = np.array([0.0, 1.3, 2.0, -1.0])
INSIDE = (slice(1, 3),)


def by_differences(fun: Callable[[Any], Any], x: np.ndarray) -> np.ndarray:
    """The derivative of the rows, where the function is smooth."""
    h = 1e-6
    ends = [[fun(x + s * h * e) for s in (1, -1)] for e in np.eye(x.size)[INSIDE]]
    return np.array([(a - b) / (2 * h) for a, b in ends])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("fun", FUNCTIONS, ids=lambda f: f.__name__)
def test_first_and_second_order(fun: Callable[[Any], Any]) -> None:
    """At 0 and below, where a branch is not taken, all derivatives are 0; elsewhere they are what differences say."""
    gradient = srcdiff.grad(fun)
    found = gradient(X.copy())
    np.testing.assert_array_equal(found[[0, 3]], 0.0)
    np.testing.assert_allclose(found[INSIDE], by_differences(fun, X), rtol=1e-6)

    def directional(x: Any, v: Any) -> Any:
        return np.sum(srcdiff.grad(fun)(x) * v)

    for k, e in enumerate(np.eye(4)):
        for row in (srcdiff.hvp(fun)(X.copy(), e), srcdiff.grad(directional)(X.copy(), e)):
            np.testing.assert_array_equal(row[[0, 3]], 0.0)
            if k in (1, 2):
                np.testing.assert_allclose(row[INSIDE], by_differences(lambda x, k=k: gradient(x)[k], X), rtol=1e-5, atol=1e-8)
            else:
                np.testing.assert_array_equal(row, 0.0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_other_rows_of_a_jacobian() -> None:
    """A Jacobian's row is the adjoint for a single element: what does not belong to it is 0 even where a slope is infinite."""
    def roots(x: Any) -> Any:
        return np.sqrt(x)

    for jacobian in (srcdiff.jacrev, srcdiff.jacfwd):
        found = jacobian(roots)(np.array([0.0, 4.0]))
        np.testing.assert_array_equal(found, [[np.inf, 0.0], [0.0, 0.25]])


def test_ordinary_products_have_no_guards() -> None:
    def program(x: Any, w: Any, n: Any) -> Any:
        h = np.zeros(len(x))
        for i in range(n):
            h[1:] = np.tanh(h[1:] * w + x[:-1] * h[:-1]) / (1.0 + w * w)
            h[i] = x[i] * h[i] / 3.0
        return np.sum(np.where(h > 0, h * x, np.sqrt(x * x + 1.0)))

    assert "rt." not in srcdiff.source(program, X, 0.5, 3, argnums=(0, 1), form="joint")


def norm_squared(x):
    return np.linalg.norm(x) ** 2


def norms_of_rows(x):
    return np.sum(np.linalg.norm(x.reshape(2, 2), axis=1) ** 2)


def root_squared(x):
    return np.sqrt(np.sum(x * x)) ** 2


@pytest.mark.parametrize("fun", [norm_squared, norms_of_rows, root_squared], ids=lambda f: f.__name__)
def test_the_square_of_a_norm_is_smooth(fun: Callable[[Any], Any]) -> None:
    zero = np.zeros(4)
    np.testing.assert_array_equal(srcdiff.grad(fun)(zero), zero)
    np.testing.assert_array_equal([srcdiff.hvp(fun)(zero, e) for e in np.eye(4)], 2.0 * np.eye(4))


def test_the_square_of_a_deviation_is_smooth() -> None:
    def deviation(x: Any) -> Any:
        return np.std(x) ** 2

    ones = np.ones(4)
    np.testing.assert_allclose([srcdiff.hvp(deviation)(ones, e) for e in np.eye(4)], np.eye(4) / 2 - 1 / 8)


def energy(x):
    dx = x.T - x
    r = np.sqrt(dx**2)
    r[r > 0] = 1.0 / r[r > 0]
    return np.sum(np.triu(r, 1) * np.cos(x))


def diagonals(x):
    r = np.sqrt(x**2)
    return np.sum(np.diagonal(r, 1) ** 2) + np.sum(np.tril(r, -1) ** 2)


@pytest.mark.parametrize(("fun", "x"), [(energy, np.array([[0.3], [1.2], [-0.7]])), (diagonals, np.ones((3, 3)) - np.eye(3))])
def test_masks_and_triangles_leave_out(fun: Callable[[Any], Any], x: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_grads(fun, (x,), order=2)


def square_by_roots(x):
    s = 0.0
    for i in range(len(x)):
        s += (x[i] ** 0.25) ** 8
    return s


def powers_of_roots(x):
    s = 0.3
    for i in range(len(x)):
        y = x[i] ** 0.25
        s += y ** 8 * np.sin(s) + y ** 12
    return s


@pytest.mark.parametrize("fun", [square_by_roots, powers_of_roots])
def test_factors_that_vanish_together_do_so_from_a_stash(fun: Callable[[Any], Any]) -> None:
    x = np.array([0.5, 0.0, 0.7])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(srcdiff.grad(fun)(x), srcdiff.grad(fun)(x + np.array([0.0, 1e-12, 0.0])), atol=1e-9)
