"""Notes in objects outside of the function are taken once for each call, in the forward half."""

from __future__ import annotations

import numpy as np

import srcdiff

X = np.array([0.5, -1.0, 2.0])


def test_a_history_grows_by_one_for_each_call():
    history: list[float] = []
    counts = {"calls": 0}

    def loss(x):
        value = np.sum(x ** 2)
        history.append(float(value))
        counts["calls"] += 1
        return value

    derivative = srcdiff.grad(loss)
    for _ in range(3):
        np.testing.assert_allclose(derivative(X), 2.0 * X)
    assert history == [5.25] * 3
    assert counts == {"calls": 3}


def test_arrays_are_handed_out_as_copies():
    snapshots: list[np.ndarray] = []

    def march(x):
        for _ in range(3):
            snapshots.append(x)
            x = np.sin(x)
        return np.sum(x)

    srcdiff.grad(march)(X)
    assert len(snapshots) == 3
    np.testing.assert_array_equal(snapshots[0], X)
    np.testing.assert_array_equal(snapshots[2], np.sin(np.sin(X)))


def test_attributes_of_the_receiver():
    class Model:
        def __init__(self):
            self.calls = 0
            self.values = []
            self.last = None

        def loss(self, x):
            self.calls += 1
            self.values.append(float(x[0]))
            self.last = "loss"
            return np.sum(x ** 3)

    model = Model()
    np.testing.assert_allclose(srcdiff.grad(model.loss)(X), 3.0 * X ** 2)
    assert (model.calls, model.values, model.last) == (1, [0.5], "loss")
