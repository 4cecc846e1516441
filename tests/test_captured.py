"""What a function finds outside of itself is read at its value at the call: changes between two calls are noticed."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff

X = np.array([0.5, -0.3, 0.8])


class Level:
    def __init__(self, v: float) -> None:
        self.v = v
        self.kept: list[float] = []

    def scaled(self, x: Any) -> Any:
        return x * self.v

    def __bool__(self) -> bool:
        return self.v > 0.5

    def __float__(self) -> float:
        return self.v

    def __eq__(self, other: object) -> bool:
        return self.v == other

    __hash__ = None  # type: ignore[assignment]


def empty_list(o: Any) -> Any:
    return (lambda x: x[0] * (2.0 if o.kept else 3.0) + sum(o.kept) * x[1]), [lambda: o.kept.append(4.0), o.kept.clear]


def missing_attribute(o: Any) -> Any:
    def f(x: Any) -> Any:
        return x[0] * (2.0 if hasattr(o, "extra") else 3.0) * getattr(o, "more", 5.0)

    return f, [lambda: setattr(o, "extra", 1.0), lambda: setattr(o, "more", 7.0), lambda: delattr(o, "extra")]


def attribute_error(o: Any) -> Any:
    def f(x: Any) -> Any:
        try:
            k = o.extra
        except AttributeError:
            k = 2.0
        return x[0] * k

    return f, [lambda: setattr(o, "extra", 4.0), lambda: delattr(o, "extra")]


def method_of_the_instance(o: Any) -> Any:
    return (lambda x: np.sum(o.scaled(x))), [lambda: setattr(o, "scaled", lambda x: x ** 2), lambda: delattr(o, "scaled")]


def truth(o: Any) -> Any:
    return (lambda x: x[0] * (2.0 if o else 3.0) * (5.0 if not o else 7.0)), [lambda: setattr(o, "v", 0.1)]


def conversion(o: Any) -> Any:
    return (lambda x: x[0] * float(o)), [lambda: setattr(o, "v", 0.1)]


def comparison(o: Any) -> Any:
    return (lambda x: x[0] * (2.0 if o == 1.0 else 3.0) * (5.0 if o != 1.0 else 7.0)), [lambda: setattr(o, "v", 0.1)]


def membership(o: Any) -> Any:
    return (lambda x: x[0] * (2.0 if o in [1.0, 2.0] else 3.0)), [lambda: setattr(o, "v", 0.1)]


CASES = [empty_list, missing_attribute, attribute_error, method_of_the_instance, truth, conversion, comparison, membership]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_changes_are_noticed(case: Callable[[Any], tuple[Callable[[Any], Any], list[Callable[[], object]]]]) -> None:
    f, changes = case(Level(1.0))
    derivative = srcdiff.value_and_grad(f)
    for change in (lambda: None, *changes):
        change()
        value, gradient = derivative(X)
        slopes = [(f(X + e) - f(X - e)) / 2e-6 for e in 1e-6 * np.eye(3)]
        assert value == f(X)
        np.testing.assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-8)


def test_identity_of_captured_lists_is_not_guessed() -> None:
    one = [1.0]
    o = types.SimpleNamespace(a=one, b=one)
    with pytest.raises(srcdiff.UnsupportedError, match="is on two lists"):
        srcdiff.grad(lambda x: x[0] * (2.0 if o.a is o.b else 3.0))(X)
