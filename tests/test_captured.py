"""What a function finds outside of itself is read at its value at the call: changes between two calls are noticed."""

from __future__ import annotations

import dataclasses
import sys
import threading
import types
import zlib
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


def test_equal_instances_are_different_functions() -> None:
    one, two = Scaled(2.0, 3.0), Scaled(2.0, 7.0)
    assert one == two
    for each in (one, two):
        value, pullback = srcdiff.vjp(each, X)
        assert value == each(X)
        np.testing.assert_allclose(pullback(1.0)[0], np.full(3, each.k * each.w))


@dataclasses.dataclass(frozen=True)
class Scaled:
    k: float
    w: float = dataclasses.field(compare=False)

    def __call__(self, x: Any) -> Any:
        return np.sum(x * self.k * self.w)


def test_a_captured_array_that_is_written_to_before_the_pullback() -> None:
    weights = np.array([1.0, 2.0, 3.0])

    def f(x: Any) -> Any:
        return np.sum(weights * x ** 2)

    value, pullback = srcdiff.vjp(f, X)
    _, push = srcdiff.linearize(f, X)
    weights[:] = 0.0
    np.testing.assert_allclose(pullback(1.0)[0], 2.0 * np.array([1.0, 2.0, 3.0]) * X)
    np.testing.assert_allclose(push(np.ones(3)), np.sum(2.0 * np.array([1.0, 2.0, 3.0]) * X))
    assert srcdiff.vjp(f, X)[0] == 0.0 != value


def test_a_captured_array_that_is_memory_of_an_argument() -> None:
    weights = np.array([1.0, 2.0, 3.0])

    def f(x: Any) -> Any:
        x[0] = 5.0
        return np.sum(weights * x)

    np.testing.assert_allclose(srcdiff.grad(f)(X.copy()), [0.0, 2.0, 3.0])
    for overlapping in (weights, weights[::-1]):
        with pytest.raises(srcdiff.UnsupportedError, match="shares memory"):
            srcdiff.grad(f)(overlapping)


def test_many_threads_and_one_that_changes_a_global() -> None:
    scale = types.SimpleNamespace(k=2.0)
    derivative = srcdiff.grad(lambda x, y=1.0: np.sum(x * x) * y * scale.k)
    wrong: list[Any] = []

    def work(number: int) -> None:
        for n in range(20):
            x = np.ones((n + number) % 3 + 1, "f4" if n % 2 else "f8")
            try:
                found = derivative(x, float(number))
            except srcdiff.UnsupportedError:  # it changed while it was compiled
                continue
            if not any(np.allclose(found, 2.0 * number * k) for k in (2.0, 3.0)):
                wrong.append(found)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        scale.k = 5.0 - scale.k
    assert not wrong


POINTS = np.arange(4.0)
VALUES = np.array([1.0, 2.0, 4.0, 9.0])


def checksum(x: Any) -> Any:
    return np.sum(x * x) * zlib.crc32(b"abc") * 1e-9


def fitted(x: Any) -> Any:
    return np.sum(x * x) * np.polyfit(POINTS, VALUES, 1)[0]


def chosen(x: Any) -> Any:
    return np.sum(x * x) * np.roots([1.0, -3.0, 2.0])[0] if x[0] > 0.0 else np.sum(x)


@pytest.mark.parametrize("f", [checksum, fitted, chosen])
def test_functions_in_c_that_nothing_active_goes_into(f: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = srcdiff.value_and_grad(f)
    for values in (VALUES, VALUES * 2.0):
        monkeypatch.setattr(sys.modules[__name__], "VALUES", values)
        value, gradient = derivative(X)
        slopes = [(f(X + e) - f(X - e)) / 2e-6 for e in 1e-6 * np.eye(3)]
        assert value == f(X)
        np.testing.assert_allclose(gradient, slopes, rtol=1e-6)


def test_functions_in_c_that_something_active_goes_into() -> None:
    with pytest.raises(srcdiff.NoRuleError, match="three ways out"):
        srcdiff.grad(lambda x: np.polyfit(POINTS[:3], x, 1)[0])(X)


def test_what_such_a_function_returns_is_checked() -> None:
    points = np.array([3.0, 1.0, 1.0])
    derivative = srcdiff.grad(lambda x: np.sum(x) * np.sum(np.trim_zeros(points)))
    np.testing.assert_allclose(derivative(X), np.full(3, 5.0))
    points[2] = 0.0
    with pytest.raises(srcdiff.UnsupportedError, match="of another type or shape"):
        derivative(X)


def test_messages_go_where_they_are_sent(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        print("value", x[0], file=sys.stderr)
        return np.sum(x * x)

    np.testing.assert_allclose(srcdiff.grad(f)(X), 2.0 * X)
    assert capsys.readouterr().err == "value 0.5\n"
