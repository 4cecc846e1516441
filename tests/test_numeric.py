"""``numeric``: differences for one call, in a program that is differentiated otherwise."""

import math
import pickle

import numpy as np
import pytest
import scipy.special
from hidden import hidden

import srcdiff
from srcdiff import UnsupportedError
from srcdiff.testing import check_grads

X = np.array([0.3, -1.0, 2.0])


@hidden
def quadrature(a, b):
    """The integral of exp(-a t**2) from 0 to b, by a rule that is nobody's business."""
    t, w = np.polynomial.legendre.leggauss(30)
    t = 0.5 * b * (t + 1.0)
    return float(0.5 * b * np.sum(w * np.exp(-a * t ** 2)))


integral = srcdiff.numeric(quadrature)


def test_numbers():
    assert integral(1.0, 1.0) == quadrature(1.0, 1.0)
    assert srcdiff.grad(integral, argnums=1)(0.5, 1.5) == pytest.approx(math.exp(-0.5 * 1.5 ** 2), rel=1e-9)
    check_grads(lambda a, b: integral(a * b, b) * a, (0.5, 1.5))


def test_arrays():
    f = srcdiff.numeric(hidden(lambda x, A: np.linalg.solve(A, np.sin(x))))
    A = np.eye(3) * 3.0 + 0.1 * np.arange(9.0).reshape(3, 3)

    def program(x, A):
        y = f(x * x, A)
        return np.sum(y * x) + y[0]

    def right(x, A):
        y = np.linalg.solve(A, np.sin(x * x))
        return np.sum(y * x) + y[0]

    for got, expected in zip(srcdiff.grad(program, (0, 1))(X, A), srcdiff.grad(right, (0, 1))(X, A)):
        np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-9)
    check_grads(program, (X, A))


def test_functions_of_c_and_ufuncs():
    bessel = srcdiff.numeric(scipy.special.jv)
    np.testing.assert_allclose(srcdiff.grad(lambda x: np.sum(bessel(1.0, x)))(X), scipy.special.jvp(1, X), rtol=1e-9)
    check_grads(lambda v, x: np.sum(bessel(v, x ** 2)), (0.3, X))
    check_grads(srcdiff.numeric(math.erf), (0.4,))


def test_made_inside_and_in_loops():
    def f(x):
        for _ in range(3):
            x = srcdiff.numeric(wave)(x) + 0.5 * x
        return np.sum(x)

    check_grads(f, (X,))


wave = hidden(np.sin)


def test_nests_and_other_arguments():
    def model(p, mode, n):
        if mode != "sum":
            raise ValueError(mode)
        return {"y": p["a"] * np.cos(p["b"]) * n, "k": 3}, p["b"]

    f = srcdiff.numeric(hidden(model))

    def program(a, b):
        out, same = f({"a": a, "b": b, "note": None}, "sum", 2)
        return np.sum(out["y"] * X) * same + out["k"]

    check_grads(program, (X, 0.7))


def test_precision():
    f = srcdiff.numeric(hidden(lambda x: np.exp(x)))
    x = np.array([-3.0, 0.0, 1.0, 4.0])
    np.testing.assert_allclose(srcdiff.grad(lambda x: np.sum(f(x)))(x), np.exp(x), rtol=1e-8)
    single = srcdiff.grad(lambda x: np.sum(f(x)))(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, np.exp(x), rtol=1e-3)
    coarse = srcdiff.grad(srcdiff.numeric(hidden(lambda x: x ** 3), step=0.5))(0.0)
    assert coarse == pytest.approx(0.25)
    assert type(coarse) is float


def test_zero_adjoints_stay_zero():
    f = srcdiff.numeric(hidden(lambda x: np.where(x > 1.0, np.inf, x)))
    g = srcdiff.grad(lambda x: np.sum(np.where(x > 0.5, 0.0, f(x))))(np.array([0.0, 1.0]))
    np.testing.assert_allclose(g, [1.0, 0.0])


def test_it_is_called_as_often_as_it_says():
    calls = []

    def f(x):
        calls.append(x.copy())
        return np.sum(x ** 2)

    g = srcdiff.grad(srcdiff.numeric(hidden(f)))
    g(X)
    calls.clear()
    g(X)
    assert len(calls) == 1 + 2 * 3


def test_inside_and_outside_of_compiled_derivatives():
    f = srcdiff.numeric(hidden(lambda x: np.array([x[0] * x[1], x[2]])))
    np.testing.assert_allclose(srcdiff.jacobian(f)(X), [[-1.0, 0.3, 0.0], [0.0, 0.0, 1.0]], atol=1e-9)
    np.testing.assert_allclose(srcdiff.jacfwd(f)(X), [[-1.0, 0.3, 0.0], [0.0, 0.0, 1.0]], atol=1e-9)
    out, pullback = srcdiff.vjp(f, X)
    np.testing.assert_allclose(pullback(np.array([1.0, 0.0]))[0], [-1.0, 0.3, 0.0], atol=1e-9)


def test_refusals():
    f = srcdiff.numeric(hidden(lambda x: x ** 2))
    for second in (srcdiff.hessian(f), srcdiff.grad(srcdiff.grad(f))):
        with pytest.raises(UnsupportedError, match="cannot be differentiated again"):
            second(2.0)

    def writes(x):
        x[0] = 1.0
        return np.sum(x)

    with pytest.raises(UnsupportedError, match="writes writes to its argument"):
        srcdiff.grad(srcdiff.numeric(hidden(writes)))(X)

    def changes(x):
        return float(x) if x > 0.0 else np.float32(x)

    g = srcdiff.grad(srcdiff.numeric(hidden(changes)))
    assert g(1.0) == pytest.approx(1.0)
    with pytest.raises(UnsupportedError, match="was a float when the program was compiled"):
        g(-1.0)

    def inside(x):
        scale = x * 2.0
        return srcdiff.numeric(lambda y: y * scale)(x)

    with pytest.raises(UnsupportedError, match="defined inside"):
        srcdiff.grad(inside)(1.0)
    with pytest.raises(srcdiff.SrcdiffError, match="known"):
        srcdiff.source(integral_of, "a: float")


def integral_of(a):
    return integral(a, 1.0)


def test_pickles():
    assert pickle.loads(pickle.dumps(integral))(1.0, 1.0) == integral(1.0, 1.0)
    assert pickle.loads(pickle.dumps(srcdiff.numeric(quadrature, step=0.1))).step == 0.1
    assert pickle.loads(pickle.dumps(srcdiff.grad(integral_of)))(1.0) == srcdiff.grad(integral_of)(1.0)
