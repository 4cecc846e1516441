"""Small networks whose derivatives were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

import srcdiff


def neuron(x: float, w: float, y: float) -> float:
    z = w * x
    a = 1.0 / (1.0 + np.exp(-z))
    return (a - y) ** 2 / 2.0


def half_square_of_sigmoid(z: float, y: float) -> float:
    a = 1.0 / (1.0 + np.exp(-z))
    return (a - y) ** 2 / 2.0


def test_one_sigmoid_neuron() -> None:
    x, w, y = 1.2, 0.7, 0.38
    a = 1.0 / (1.0 + np.exp(-w * x))
    slope = (a - y) * a * (1.0 - a)
    dx, dw = srcdiff.grad(neuron, argnums=(0, 1))(x, w, y)
    assert dx == pytest.approx(slope * w, rel=1e-13)
    assert dw == pytest.approx(slope * x, rel=1e-13)
    assert dx == pytest.approx(0.045, abs=2.5e-3)
    assert srcdiff.grad(half_square_of_sigmoid)(w * x, y) == pytest.approx(0.065, abs=2.5e-3)


def two_layers(x, W1, b1, W2, b2):
    h = np.maximum(W1 @ x + b1, 0.0)
    return (W2 @ h + b2 - 1.0) ** 2 / 2.0


def two_layers_with_a_margin(x, W1, b1, W2, b2):
    z = W1 @ x + b1
    h = np.where(z > 1e-12, z, 0.0)
    return (W2 @ h + b2 - 1.0) ** 2 / 2.0


@pytest.mark.parametrize("loss", [two_layers, two_layers_with_a_margin])
def test_two_layers_with_a_dead_unit(loss) -> None:
    x = np.array([1.0, 2.0])
    W1 = np.array([[0.5, -0.3], [0.2, 0.8], [-0.4, 0.6]])
    b1 = np.array([0.1, -0.2, 0.0])
    W2, b2 = np.array([0.3, -0.5, 0.7]), 0.1
    dW1, db1, dW2, db2 = srcdiff.grad(loss, argnums=(1, 2, 3, 4))(x, W1, b1, W2, b2)
    z = (W1 @ x + b1)[0]
    assert abs(z) < 1e-15, "the first unit sits at its kink, up to rounding"
    np.testing.assert_allclose(dW2, [0.0, -1.824, -0.912], rtol=1e-12, atol=1e-12)
    assert db2 == pytest.approx(-1.14, rel=1e-12)
    np.testing.assert_allclose(dW1[1:], [[0.57, 1.14], [-0.798, -1.596]], rtol=1e-12)
    np.testing.assert_allclose(db1[1:], [0.57, -0.798], rtol=1e-12)
    if z <= 0.0 or loss is two_layers_with_a_margin:  # otherwise rounding has put the unit on its live side
        np.testing.assert_array_equal(dW1[0], [0.0, 0.0])
        assert db1[0] == 0.0


def relu_line(w1, b1, w2, b2, x):
    h = w1 * x + b1
    if h < 0.0:
        h = 0.0
    return (w2 * h + b2 - 2.0) ** 2


def test_one_relu_unit() -> None:
    dw1, dw2 = srcdiff.grad(relu_line, argnums=(0, 2))(0.5, 0.0, 2.0, -0.5, 2.0)
    assert dw1 == -4.0
    assert dw2 == -1.0
