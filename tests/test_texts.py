"""What a person would not have written, and so is not in the generated text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff
from srcdiff import runtime
from srcdiff.testing import check_grads

RNG = np.random.default_rng(0)
X, K, IMAGE, MASK = RNG.normal(size=7), RNG.normal(size=3), RNG.normal(size=(5, 6)), RNG.normal(size=(2, 3))


def convolved(x, k):
    n = len(x) - len(k) + 1
    y = np.zeros(n)
    for i in range(n):
        y[i] = np.sum(x[i:i + len(k)] * k)
    return np.sum(y ** 2)


def convolved_image(image, mask):
    rows, columns = mask.shape
    out = np.empty((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i + rows, j:j + columns] * mask)
    return np.sum(np.tanh(out))


def windows(x, w):
    total = 0.0
    for i in range(len(x) - w + 1):
        total += np.mean(x[i:i + w]) ** 2
    return total


def triangle(x, w):
    total = 0.0
    for i in range(len(x)):
        total += np.sum(x[:i] * w[:i]) + np.sum(x[i:] * w[i:])
    return total


@pytest.mark.parametrize(("fun", "args"), [(convolved, (X, K)), (convolved_image, (IMAGE, MASK)), (triangle, (X, X + 1.0))],
                         ids=lambda v: getattr(v, "__name__", ""))
def test_windows_that_lie_within_the_array_have_a_known_length(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert "unbroadcast" not in srcdiff.source(fun, *args, argnums=(0, 1))
    check_grads(fun, args, order=2)


def test_windows_of_any_size() -> None:
    for w in (3, 1, 7, 9, 3):
        check_grads(windows, (X, w))
    gradient = srcdiff.grad(windows)
    np.testing.assert_array_equal(gradient(X, 9), np.zeros(7))
    assert gradient(X, 2)[0] != 0.0
    for shape in ((1, 1), (1, 3), (5, 6)):
        check_grads(convolved_image, (IMAGE, RNG.normal(size=shape)))


def test_a_longer_window_than_there_is() -> None:
    def clipped(x, k):
        total = 0.0
        for i in range(len(x)):
            total += np.sum(x[i:i + 3]) * k[0]  # the last ones are shorter
        return total

    check_grads(clipped, (X, K), order=2)


def long_helper(n, u):
    p = np.zeros(u.shape)
    q = np.zeros(u.shape)
    a = 0.1 * n
    b = 1.0 + a
    c = 0.5
    d = 0.25
    for t in range(2):
        p[1:n - 1, 0] = 0.5
        q[1:n - 1, 0] = u[1:n - 1, 0]
        for j in range(1, n - 1):
            p[1:n - 1, j] = -a / (b + p[1:n - 1, j - 1])
            q[1:n - 1, j] = (c * u[j, 0:n - 2] + d * u[j, 1:n - 1] + q[1:n - 1, j - 1]) / (b + p[1:n - 1, j - 1])
        u[1:n - 1, n - 1] = 1.0
        for j in range(n - 2, 0, -1):
            u[1:n - 1, j] = p[1:n - 1, j] * u[1:n - 1, j + 1] + q[1:n - 1, j]
        for j in range(1, n - 1):
            u[j, 1:n - 1] = np.sin(u[j, 1:n - 1])
        u[0, 0] = 1.0
        u[n - 1, 0] = 1.0
        u[0, n - 1] = 1.0


def helped(u):
    u = u * 1.0
    long_helper(u.shape[0], u)
    return np.sum(u)


def test_a_kept_function_knows_the_dimensions_of_its_call() -> None:
    square = RNG.uniform(0.5, 1.5, (5, 5))
    text = srcdiff.source(helped, square)
    assert "long_helper_fwd" in text
    assert "unbroadcast" not in text
    check_grads(helped, (square,), order=2)


def grown(x, w):
    y = x @ w
    y = y + 1.0
    y = y * 0.5
    for _ in range(2):
        y = np.tanh(y)
        if np.sum(y) > 10.0:
            y = y * 0.5
        y = y + 0.1
        y = y * 1.1
        y = y - 0.1
        y = y * 0.9
    y = y + 1.0
    y = y * 0.5
    y = y + 1.0
    y = y * 0.5
    y = y + 1.0
    y = y * 0.5
    y = y + 1.0
    y = y * 0.5
    return y


def layers(x, a, b, c):
    return np.sum(grown(grown(grown(x, a), b), c))


def test_a_kept_function_of_several_sizes() -> None:
    sizes = (2, 3, 4, 5, 2)
    args = [RNG.normal(size=(m, n)) for m, n in zip(sizes, sizes[1:], strict=False)]
    text = srcdiff.source(layers, *args)
    assert "grown_fwd" in text
    assert text.count("def ") <= 6
    check_grads(layers, tuple(args), order=2)
    check_grads(layers, tuple(np.eye(3) for _ in args))


def tree(x, depth):
    if depth == 0:
        return np.sin(x)
    left = tree(x * 0.5, depth - 1)
    right = tree(x + 1.0, depth - 1)
    return left * right


def even(x, n):
    y = x * 1.5
    return y if n == 0 else odd(y, n - 1) * 2.0


def odd(x, n):
    y = x * 1.5
    return y if n == 0 else even(y, n - 1) * 3.0


def branched(x, w):
    y = x @ w
    if np.sum(y) > 0:
        h = np.tanh(y)
        z = h * h
    else:
        z = np.exp(y)
    return np.sum(z)


def overwritten(x, w):
    y = x * w
    if np.sum(y) > 100.0:
        h = np.tanh(y)
        h[0] = h[1] * h[2]
        h[1] = h[0] * h[0]
        y = h
    return np.sum(y * y)


@pytest.mark.parametrize(("fun", "args"), [
    (tree, (0.7, 3)), (even, (0.7, 4)), (branched, (IMAGE, IMAGE[0])), (branched, (-np.abs(IMAGE), np.ones(6)))])
def test_what_is_saved_once_needs_no_list(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert "append" not in srcdiff.source(fun, *args)
    check_grads(fun, args, order=2)


def test_what_is_not_there_is_not_copied() -> None:
    for scale in (1.0, 100.0):
        pullback = srcdiff.vjp(overwritten, scale * np.ones(3), np.ones(3))[1]
        np.testing.assert_array_equal(pullback(1.0)[0], pullback(1.0)[0])
        check_grads(overwritten, (scale * np.array([1.0, 1.01, 1.02]), np.array([0.4, 0.5, 0.6])), order=2)


def weights(x):
    w = np.exp(x)
    w /= w.sum()
    return np.sum(w * w)


def test_what_is_overwritten_is_not_copied_first() -> None:
    text = srcdiff.source(weights, X, form="joint")
    assert "copy" not in text
    assert "[...]" not in text
    check_grads(weights, (X,), order=2)


def test_a_flag_says_what_it_is() -> None:
    def best_product(x, w):
        best = None
        for i in range(len(x)):
            s = x[i] * w[i]
            if best is None or s > best:
                best = s
        return 0.0 if best is None else best * best

    text = srcdiff.source(best_product, X, X + 1.0, form="joint")
    assert "best_is_none = True" in text
    assert "best = s\n" in text
    check_grads(best_product, (X, X + 1.0))


@pytest.mark.parametrize("p", [0.0, -0.0, 2.0, np.inf, -np.inf, np.nan, np.float64(3.0), np.float32(0.5)])
@pytest.mark.parametrize("g", [0.0, 1.5, np.float64(0.0), np.float64(2.0), np.array([0.0, 2.0]), np.array([1.0, 2.0])])
def test_guarded_products(g: Any, p: Any) -> None:
    for factor in (p, np.array([p, 1.0])):
        with np.errstate(all="ignore"):
            product = np.where(np.equal(g, 0), g, np.multiply(g, factor))
            quotient = np.where(np.equal(g, 0), g, np.divide(g, factor))
        np.testing.assert_array_equal(runtime.smul(g, factor), product)
        np.testing.assert_array_equal(runtime.sdiv(g, factor), quotient)
