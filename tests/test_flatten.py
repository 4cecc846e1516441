"""Nests as vectors and back, also in programs that are differentiated."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
import scipy.optimize

import srcdiff
from srcdiff import SignatureError, UnsupportedError
from srcdiff.testing import check_grads

rng = np.random.default_rng(0)


@dataclass
class Layer:
    W: np.ndarray
    b: float


class Pair(NamedTuple):
    a: object
    c: object


def nest():
    return {"l": Layer(rng.normal(size=(2, 3)), 0.5), "n": Pair(np.float64(2.0), rng.normal(size=2)), "s": "text",
            "t": (rng.normal(size=(1, 1, 2)), [1.0, None], np.zeros((0, 3)), np.array(3.0))}


def test_there_and_back():
    p = nest()
    vector, unravel = srcdiff.ravel(p)
    assert vector.shape == (6 + 1 + 1 + 2 + 2 + 1 + 0 + 1,)
    again = unravel(vector)
    assert list(again) == list(p)
    np.testing.assert_array_equal(again["l"].W, p["l"].W)
    assert (again["l"].b, type(again["l"].b)) == (0.5, float)
    assert type(again["n"]) is Pair
    assert type(again["n"].a) is np.float64
    assert again["s"] == "text"
    assert again["t"][1] == [1.0, None]
    assert (again["t"][2].shape, again["t"][3].shape) == ((0, 3), ())
    np.testing.assert_array_equal(srcdiff.ravel(again)[0], vector)
    again["l"].W[0, 0] = 100.0
    assert vector[0] != 100.0


def test_dtypes():
    vector, unravel = srcdiff.ravel((np.ones(2, np.float32), np.float32(3.0)))
    assert vector.dtype == np.float32
    vector, unravel = srcdiff.ravel((np.ones(2, np.float32), 3.0))
    assert vector.dtype == np.float64
    assert unravel(vector)[0].dtype == np.float32
    assert srcdiff.ravel(())[0].shape == (0,)
    assert srcdiff.ravel(2.0)[1](np.array([3.0])) == 3.0


def loss(p):
    return np.sum(np.sin(p["l"].W) @ np.ones(3)) * p["l"].b + p["n"].a * np.sum(p["n"].c) * np.sum(p["t"][0]) * p["t"][1][0]


def test_in_a_program():
    p = nest()
    vector, unravel = srcdiff.ravel(p)
    f = lambda v: loss(unravel(v))  # noqa: E731
    np.testing.assert_allclose(srcdiff.grad(f)(vector), srcdiff.ravel(srcdiff.grad(loss)(p))[0])
    check_grads(f, (vector,), order=2)


def test_parts_are_copies_in_a_program():
    vector, unravel = srcdiff.ravel({"a": np.ones(2), "b": np.ones((2, 2))})

    def f(v):
        p = unravel(v)
        p["a"][0] = 5.0
        p["b"] *= 2.0
        return np.sum(v * v) + np.sum(p["a"]) + np.sum(p["b"] ** 2)

    check_grads(f, (vector,))
    v = vector.copy()
    f(v)
    np.testing.assert_array_equal(v, vector)


def test_an_optimiser_that_wants_a_vector():
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)

    def fit(p):
        return np.mean((X @ p["w"] + p["b"] - y) ** 2)

    start, unravel = srcdiff.ravel({"w": np.zeros(3), "b": 0.0})
    found = scipy.optimize.minimize(srcdiff.value_and_grad(lambda v: fit(unravel(v))), start, jac=True, method="BFGS")
    p = unravel(found.x)
    exact = np.linalg.lstsq(np.column_stack([X, np.ones(20)]), y, rcond=None)[0]
    np.testing.assert_allclose([*p["w"], p["b"]], exact, atol=1e-5)


def test_refusals():
    for wrong in ((1, 2.0), np.arange(3), {"z": 1j}, [True]):
        with pytest.raises(SignatureError, match="floats"):
            srcdiff.ravel(wrong)
    vector, unravel = srcdiff.ravel(np.ones(3))
    for wrong in (np.ones(4), np.ones((3, 1)), 1.0):
        with pytest.raises(SignatureError, match="length 3"):
            unravel(wrong)
    with pytest.raises(UnsupportedError, match="made for 3"):
        srcdiff.grad(lambda v: np.sum(unravel(v)))(np.ones(4))
    with pytest.raises(UnsupportedError, match="not a vector"):
        srcdiff.grad(lambda v: np.sum(unravel(v)))(np.ones((3, 1)))
    with pytest.raises(UnsupportedError, match="ravel inside"):
        srcdiff.grad(lambda v: np.sum(srcdiff.ravel({"v": v})[0]))(np.ones(3))
    with pytest.raises(AssertionError, match="length 3"):
        srcdiff.grad(lambda v: np.sum(unravel(v[v > 0.0])))(np.ones(4))
    found = srcdiff.grad(lambda v: np.sum(unravel(v[v > 0.0])))(np.array([1.0, 1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(found, [1.0, 1.0, 0.0, 1.0])
