"""Derivatives with respect to the attributes of a user's object: instances of the same class."""

from __future__ import annotations

import numpy as np
import pytest

import srcdiff


class Layer:
    def __init__(self, w, b):
        self.w, self.b = w, b
        self.name, self.calls = "layer", 0

    def __call__(self, x):
        return np.tanh(self.w * x + self.b)


class Model:
    def __init__(self):
        self.first = Layer(np.array([0.5, -0.3, 0.2]), 0.1)
        self.rest = [Layer(np.array([1.0, 2.0, -1.0]), -0.4)]
        self.scale = 2.0

    def __call__(self, x):
        x = self.first(x)
        for layer in self.rest:
            x = layer(x)
        return self.scale * x


X = np.array([0.3, -0.7, 1.2])


def loss(model, x):
    return np.sum(model(x) ** 2)


def numbers(model):
    return np.array([*model.first.w, model.first.b, *model.rest[0].w, model.rest[0].b, model.scale])


def moved(step, k):
    model = Model()
    places = [(model.first.w, 0), (model.first.w, 1), (model.first.w, 2), (model.first, "b"), (model.rest[0].w, 0),
              (model.rest[0].w, 1), (model.rest[0].w, 2), (model.rest[0], "b"), (model, "scale")]
    place, key = places[k]
    if isinstance(key, int):
        place[key] += step
    else:
        setattr(place, key, getattr(place, key) + step)
    return model


def differences():
    return np.array([(loss(moved(1e-6, k), X) - loss(moved(-1e-6, k), X)) / 2e-6 for k in range(9)])


def test_the_gradient_is_an_object_of_the_same_class():
    model = Model()
    value, bar = srcdiff.value_and_grad(loss)(model, X)
    assert value == loss(model, X)
    assert type(bar) is Model
    assert type(bar.rest[0]) is Layer
    assert (bar.first.name, bar.first.calls) == (None, None)
    np.testing.assert_allclose(numbers(bar), differences(), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(numbers(model), numbers(Model()))


def test_pullback_and_pushforward_agree():
    model = Model()
    value, pullback = srcdiff.vjp(loss, model, X)
    model.first.w[:] = 0.0  # what the pullback needs is its own
    bar = pullback(1.0)[0]
    np.testing.assert_allclose(numbers(bar), differences(), rtol=1e-7, atol=1e-9)
    dot = Model()
    value_again, pushed = srcdiff.jvp(loss, (Model(), X), (dot, None))
    assert value_again == value
    np.testing.assert_allclose(pushed, np.sum(numbers(bar) * numbers(dot)), rtol=1e-12)


def test_an_object_without_numbers():
    class Empty:
        def __init__(self):
            self.name = "empty"

    with pytest.raises(TypeError, match="nothing to differentiate"):
        srcdiff.grad(lambda model, x: np.sum(x))(Empty(), X)
