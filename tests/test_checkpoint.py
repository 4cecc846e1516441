"""Checkpoints: the same derivatives, with less kept: in loops, nested, recursive, of every kind of function."""

import functools
import pickle
import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest

import srcdiff
from srcdiff.testing import check_grads

X = np.array([0.3, -1.0, 2.0])
W = np.arange(9.0).reshape(3, 3) / 10.0


@srcdiff.checkpoint
def layer(x, W):
    h = np.sin(x)
    return np.tanh(W @ h) * h


def plain_layer(x, W):
    h = np.sin(x)
    return np.tanh(W @ h) * h


def network(layer):
    def f(x, W):
        for k in range(4):
            x = layer(x, W) + 0.1 * k
        return np.sum(x * x)
    return f


def test_the_same_derivatives():
    check_grads(network(layer), (X, W), order=2)
    got, expected = (srcdiff.grad(network(f), (0, 1))(X, W) for f in (layer, plain_layer))
    for a, b in zip(got, expected):
        np.testing.assert_allclose(a, b, rtol=1e-14)
    np.testing.assert_array_equal(layer(X, W), plain_layer(X, W))


def test_only_the_arguments_are_kept():
    @srcdiff.checkpoint
    def step(x):
        return np.tanh(np.sin(x) * x)

    def f(x):
        for k in range(4):
            x = step(x) * k
        return np.sum(x)

    forward, backward = srcdiff.grad(f).source(X).split("def f_grad")[1].split("for k in reversed")
    assert "step_fwd" not in forward
    assert "step_fwd" in backward
    assert forward.count("append") == 1


def test_memory():
    def f(step):
        def g(x):
            for _ in range(50):
                x = step(x)
            return np.sum(x)
        return g

    def step(x):
        for _ in range(20):
            x = np.sin(x)
        return x

    x = np.ones(20_000)
    peaks = []
    for g in (srcdiff.grad(f(step)), srcdiff.grad(f(srcdiff.checkpoint(step)))):
        g(x)
        tracemalloc.start()
        g(x)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] / 8


def test_nested():
    @srcdiff.checkpoint
    def inner(x):
        return np.sin(x) * x

    @srcdiff.checkpoint
    def outer(x, n):
        for _ in range(n):
            x = inner(x) + inner(x * 0.5)
        return x

    check_grads(lambda x: np.sum(outer(outer(x, 2), 3)), (X,), order=2)


def test_made_inside_of_the_program():
    def f(x, scale):
        @srcdiff.checkpoint
        def g(y):
            return np.sin(y) * scale

        for _ in range(3):
            x = g(x) + srcdiff.checkpoint(lambda y: np.cos(y) * x[0])(x)
        return np.sum(x)

    check_grads(f, (X, 0.7), order=2)


def test_whole_functions_methods_and_partials():
    class Model:
        def __init__(self, c):
            self.c = c

        def value(self, x):
            return np.sum(np.sin(x) * self.c)

    model = Model(2.0)
    for f in (srcdiff.checkpoint(lambda x: np.sum(np.sin(x) * 2.0)), srcdiff.checkpoint(model.value),
              srcdiff.checkpoint(functools.partial(Model.value, model)),
              lambda x: srcdiff.checkpoint(model.value)(x)):
        check_grads(f, (X,))
        np.testing.assert_allclose(srcdiff.grad(f)(X), 2.0 * np.cos(X))
    assert srcdiff.value_and_grad(srcdiff.checkpoint(np.sin))(0.0) == (0.0, 1.0)


def test_nests_keywords_and_several_results():
    @srcdiff.checkpoint
    def cell(state, p, *, gain=1.0):
        h, c = state
        c = np.tanh(p["W"] @ h) * gain + c
        return np.sin(c), c

    def f(p, x):
        state = (x, x * 0.0)
        out = []
        for k in range(3):
            state = cell(state, p, gain=0.5 + k)
            out.append(state[0])
        return np.sum(np.stack(out) ** 2)

    check_grads(f, ({"W": W}, X), order=2)


def test_results_in_lists_dicts_and_dataclasses():
    @dataclass
    class State:
        h: object
        c: object

    @srcdiff.checkpoint
    def cell(state, p):
        h = np.tanh(p["W"] @ state.h)
        return {"state": State(h, [state.c + h, 1.0]), "norm": np.sum(h * h)}

    def f(p, x):
        state, total = State(x, x * 0.0), 0.0
        for _ in range(2):
            out = cell(state, p)
            state = State(out["state"].h, out["state"].c[0] * out["state"].c[1])
            total = total + out["norm"]
        return total + np.sum(state.c)

    check_grads(f, ({"W": W}, X), order=2)


def test_functions_that_write_to_their_arguments():
    @srcdiff.checkpoint
    def relax(u, k):
        u[1:-1] = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2]) * u[1:-1]
        return np.sum(u)

    def f(u, k):
        u = u.copy()
        total = 0.0
        for _ in range(3):
            total += relax(u, k) ** 2
        return total + np.sum(u)

    check_grads(f, (np.linspace(0.5, 1.5, 5) ** 2, 0.1), order=2)


def test_recursion():
    @srcdiff.checkpoint
    def halves(x):
        if x.shape[0] < 2:
            return x * x
        m = x.shape[0] // 2
        return np.concatenate([np.sin(halves(x[:m])), halves(x[m:])])

    check_grads(lambda x: np.sum(halves(x) * np.arange(4.0)), (np.array([0.5, 1.0, 1.5, 2.0]),))


def test_other_derivatives():
    f = network(layer)
    np.testing.assert_allclose(srcdiff.hessian(f)(X, W), srcdiff.hessian(network(plain_layer))(X, W), rtol=1e-12)
    J = srcdiff.jacobian(layer)(X, W)
    np.testing.assert_allclose(J, srcdiff.jacfwd(plain_layer)(X, W), rtol=1e-12)
    out, pullback = srcdiff.vjp(layer, X, W)
    for _ in range(2):
        np.testing.assert_allclose(pullback(np.ones(3))[0], J.sum(0), rtol=1e-12)


def test_types_are_kept():
    x = X.astype(np.float32)
    assert srcdiff.grad(network(layer))(x, W.astype(np.float32)).dtype == np.float32
    assert type(srcdiff.grad(srcdiff.checkpoint(lambda x: x * x))(2.0)) is float


def test_what_is_printed_is_printed_again(capsys):
    @srcdiff.checkpoint
    def f(x):
        print("here")
        return x * x

    assert srcdiff.grad(lambda x: f(x) * x)(2.0) == 12.0
    assert capsys.readouterr().out == "here\nhere\n"


def test_pickles():
    assert pickle.loads(pickle.dumps(layer)) is layer
    again = pickle.loads(pickle.dumps(srcdiff.grad(srcdiff.checkpoint(total))))
    np.testing.assert_array_equal(again(X), 2.0 * X)


def total(x):
    return np.sum(x * x)


def test_what_is_not_a_function():
    with pytest.raises(srcdiff.SignatureError, match="not a function"):
        srcdiff.checkpoint(3.0)


def test_integers_that_must_be_known():
    @srcdiff.checkpoint
    def reduced(x, axis, power=2):
        return np.sum(np.sin(x) ** power, axis=axis)

    A = np.arange(6.0).reshape(2, 3)
    for axis in (0, 1):
        check_grads(lambda x, axis: np.sum(reduced(x, axis) * reduced(x, 1 - axis, 3)[0]), (A, axis))
    check_grads(lambda x: np.sum(reduced(x, len(x.shape) - 1)), (A,))
