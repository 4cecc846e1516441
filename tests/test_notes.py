"""Notes in objects outside of the function are taken once for each call, in the forward half."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pytest

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


class Step(NamedTuple):
    rate: float
    value: object


def test_named_tuples_are_handed_out_as_such():
    steps: list[Step] = []

    def loss(x):
        steps.append(Step(0.5, x))
        return np.sum(x ** 2)

    srcdiff.grad(loss)(X)
    assert type(steps[0]) is Step
    np.testing.assert_array_equal(steps[0].value, X)


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


def test_lists_in_a_dict_and_in_a_defaultdict():
    log = {"loss": [], "steps": 0}
    later: defaultdict[str, list[float]] = defaultdict(list)

    def loss(x):
        value = np.sum(x ** 2)
        for name in ("loss", "value"):
            later[name].append(float(value))
        log["loss"].append(float(value))
        log["steps"] += 1
        return value

    derivative = srcdiff.grad(loss)
    assert "log['loss'].append(" in derivative.source(X)
    assert not later  # compiling takes no notes
    for _ in range(3):
        np.testing.assert_allclose(derivative(X), 2.0 * X)
    log["loss"] = []
    np.testing.assert_allclose(derivative(X), 2.0 * X)
    assert log == {"loss": [5.25], "steps": 4}
    assert later == {"loss": [5.25] * 4, "value": [5.25] * 4}


def test_a_list_in_a_dict_that_is_read_back_is_refused():
    log: dict[str, list[float]] = {"loss": [1.0]}
    same = log["loss"]

    def read_before(x):
        scale = len(same)
        log["loss"].append(float(x))
        return scale * x

    def read_after(x):
        log["loss"].append(float(x))
        return log["loss"][-1] * x

    for fun in (read_before, read_after):
        with pytest.raises(srcdiff.UnsupportedError, match="outside of the function"):
            srcdiff.grad(fun)(2.0)
