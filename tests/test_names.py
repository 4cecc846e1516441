"""Names in generated code: adjoints follow the final names of their variables, in both halves and at every order."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

import srcdiff


def layers(params: Any, x: Any) -> Any:
    for W, b in params:
        x = np.tanh(x @ W + b)
    return np.sum(x)


def keyed(p: Any, q: Any, x: Any) -> Any:
    return np.sum(p["w"] * x) * q["w"] + p["b"][0] * q["b"][0]


def inlined(h: Any, w: Any) -> Any:
    return np.sum(h * square(square(h * w)))


def square(v: Any) -> Any:
    t = np.sin(v)
    return t * t


PARAMS = [(np.full((3, 3), 0.1 * k), np.zeros(3)) for k in (1, 2, 3)]
X = np.ones((5, 3))


def test_adjoints_of_nested_parameters_are_in_order() -> None:
    for form in ("joint", "split"):
        text = srcdiff.source(layers, PARAMS, X, form=form)
        assert "(W, b), (W_1, b_1), (W_2, b_2) = params" in text
        assert "return [(W_bar, b_bar), (W_1_bar, b_1_bar), (W_2_bar, b_2_bar)]" in text


def test_tangents_follow_too() -> None:
    text = srcdiff.source(layers, PARAMS, X, mode="forward")
    assert "(W_dot, b_dot), (W_1_dot, b_1_dot), (W_2_dot, b_2_dot) = params_dot" in text
    assert "x_1_dot @ W_1 + x_1 @ W_1_dot + b_1_dot" in text


def test_both_halves_have_the_same_names() -> None:
    for fun, args in ((layers, (PARAMS, X)), (inlined, (X, X))):
        text = srcdiff.source(fun, *args, form="split")
        packed, unpacked = (re.search(pattern, text) for pattern in (r"return .*, \((.*)\)\n", r"\n    (.*) = stash\n"))
        assert packed is not None
        assert unpacked is not None
        assert packed[1] == unpacked[1]


def test_leaves_are_called_after_their_keys() -> None:
    p, q = {"w": 1.5, "b": [2.0]}, {"w": 0.5, "b": [3.0]}
    text = srcdiff.source(keyed, p, q, X, argnums=(0, 1))
    for line in ("w = p['w']", "w_1 = q['w']", "b_0, = p['b']", "w_1_bar = ", "b_0_1_bar = "):
        assert line in text


def test_the_adjoint_of_a_gradient() -> None:
    def twice(h: Any, w: Any) -> Any:
        return np.sum(srcdiff.grad(inlined)(h, w) ** 2)

    text = srcdiff.source(twice, X, X, form="joint")
    assert "t_1_bar_bar = " in text  # of the adjoint of the second t


def test_what_a_stash_copy_is_called() -> None:
    def fun(u: Any, n: Any) -> Any:
        for _ in range(n):
            u[1:] = u[1:] * u[:-1]
        return u

    text = srcdiff.source(fun, np.ones(3), 4, form="split")
    assert text.count("# the caller's array is left alone") == 2  # the seed too
    assert text.count("# the stash is left alone") == 1


def test_adjoints_of_temporaries_are_called_so() -> None:
    def loss(W: Any, b: Any, x: Any, t: Any) -> Any:
        h = np.tanh(x @ W + b)
        err = h - t
        return 0.5 * np.sum(err * err)

    text = srcdiff.source(loss, np.ones((3, 2)), np.ones(2), X, np.ones((5, 2)), argnums=(0, 1), form="joint")
    assert "W_bar = x.T @ s_bar" in text  # not t_bar: t is something else

    def differences(a: Any, w: Any) -> Any:
        return np.sum(((a @ w)[:, None] - (a @ w)[None]) ** 2)

    text = srcdiff.source(differences, np.ones((3, 2)), np.ones(2), argnums=1, form="joint")
    assert "t_bar[:, None]" in text
    assert "w_bar += t_bar @ a" in text


def test_no_name_is_made_from_itself() -> None:
    def decay(x: Any) -> Any:
        y = np.exp(-2.0 * x)
        return (1.0 - y) / (1.0 + y)

    third = srcdiff.elementwise_grad(srcdiff.elementwise_grad(srcdiff.elementwise_grad(decay)))
    x = np.array([0.3, 0.5])
    t = np.tanh(x)
    np.testing.assert_allclose(third(x), -2.0 * (1.0 - t * t) * (1.0 - 3.0 * t * t))


def test_pops_stand_where_they_are_used() -> None:
    def fun(x: Any, w: Any) -> float:
        for _ in range(3):
            a = np.sin(x)
            b = a * w
            x = np.cos(b) * b
        return np.sum(x)

    text = srcdiff.source(fun, np.ones(3), np.ones(3), argnums=(0, 1), form="joint")
    backward = text[text.index("reversed"):]
    assert re.search(r"# line \d+: x = .*\n *a = stash_a.pop\(\)", backward)
    assert re.search(r"# line \d+: a = .*\n *x = stash_x.pop\(\)", backward)
