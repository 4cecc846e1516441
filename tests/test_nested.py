"""Gradients that a differentiated function takes itself."""

import numpy as np
import pytest

import srcdiff
from srcdiff import UnsupportedError
from srcdiff.testing import check_grads


def cube(x):
    return x * x * x


slope = srcdiff.grad(cube)
both = srcdiff.value_and_grad(lambda x, y: np.sum(x * x * y), argnums=(0, 1))


def test_the_captured_variable_and_the_parameter_are_two():
    assert srcdiff.grad(lambda x: x * srcdiff.grad(lambda y: x + y)(x))(5.0) == 1.0
    assert srcdiff.grad(lambda x: srcdiff.grad(lambda y: x * y * y)(x))(5.0) == 20.0


def test_gradient_made_outside():
    assert srcdiff.grad(lambda x: slope(x) * x)(2.0) == 36.0
    check_grads(lambda x: slope(np.sin(x)) * x, (0.7,), order=2)


def test_values_and_several_arguments():
    def f(x):
        value, (gx, gy) = both(x, 2.0 * x)
        return value + np.sum(gx * gy)

    check_grads(f, (np.array([0.5, -1.2]),), order=2)


def test_keywords_names_and_aux():
    def f(x):
        def g(a, b=2.0):
            return a * a * b, a + b
        d, aux = srcdiff.grad(g, argnums="b", has_aux=True)(a=x, b=3.0)
        return d * aux

    check_grads(f, (1.3,), order=2)


def test_jvp_inside():
    def f(x, v):
        out, out_dot = srcdiff.jvp(lambda z: np.sum(np.sin(z) * z), (x,), (v,))
        return out * out_dot

    check_grads(f, (np.array([0.4, 1.1]), np.array([1.0, -0.5])), order=2)


def test_jvp_inside_with_an_argument_that_does_not_vary():
    def f(x, v):
        return srcdiff.jvp(lambda a, b: np.sum(np.sin(a) * b), (x, v), (None, x * v))[1]

    check_grads(f, (np.array([0.4, 1.1]), np.array([1.0, -0.5])))


def test_jvp_inside_with_a_tangent_that_misses_a_part():
    def f(x):
        return srcdiff.jvp(lambda d: d["a"] * d["b"], ({"a": x, "b": x},), ({"a": 1.0, "b": None},))[1]

    with pytest.raises(UnsupportedError, match="a tangent of another structure than its argument"):
        srcdiff.grad(f)(0.4)


def test_inside_a_loop_with_state():
    def f(x):
        for _ in range(3):
            x = x - 0.1 * srcdiff.grad(lambda y: np.sum(np.cos(y) * y))(x)
        return np.sum(x * x)

    check_grads(f, (np.array([0.4, 1.1]),), order=2)


def test_inner_function_with_writes_and_loops():
    def inner(u, c):
        for _ in range(2):
            u[1:] = u[1:] + c * u[1:] * u[:-1]
        return np.sum(u * u)

    def f(u, c):
        g = srcdiff.grad(inner)(u, c)
        return np.sum(g * u)

    check_grads(f, (np.array([0.3, 0.5, 0.7]), 0.2), order=2)


def test_inner_function_with_recursion():
    def power(x, n):
        return 1.0 if n == 0 else x * power(x, n - 1)

    check_grads(lambda x: srcdiff.grad(power)(x, 3) * x, (1.2,))


def test_containers():
    def f(p):
        g = srcdiff.grad(lambda q: np.sum(q["w"] * q["w"]) * q["s"][0])(p)
        return np.sum(g["w"]) * g["s"][0]

    check_grads(f, ({"w": np.array([0.3, 0.6]), "s": (2.0,)},), order=2)


def test_writing_to_captured_arrays_is_refused():
    def f(x):
        y = x * 1.0

        def g(z):
            y[0] = z[1]
            return np.sum(y * z)

        return np.sum(srcdiff.grad(g)(x))

    with pytest.raises(UnsupportedError, match="does not own"):
        srcdiff.grad(f)(np.ones(3))


def test_source_is_that_of_the_derivative():
    text = srcdiff.source(lambda x: slope(x) * x, 2.0, form="joint")
    assert "srcdiff" not in text


def test_a_recursive_helper_three_times():
    """The forward half of a kept function is gone once it is differentiated itself; it is still asked what it packed up."""
    def recursive(x, k):
        for _ in range(3):
            x = np.sin(x) + 0.1 * x
        return x if k == 0 else recursive(x, k - 1) * x

    def total(x):
        return np.sum(recursive(x, 2))

    check_grads(lambda x: np.sum(srcdiff.grad(total)(x) ** 2), (np.array([0.3, 0.6, 0.9]),), order=2)
