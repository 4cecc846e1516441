"""Arguments that are one object, or share memory, at a call of a function that changes one of them."""

from __future__ import annotations

import copy
import dataclasses
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff
from srcdiff import UnsupportedError

Z = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
HISTORY: list[float] = [2.0]
SETTINGS = {"w": 2.0}


def arrays(x: Any, y: Any) -> Any:
    x[0] = y[1] * 2.0
    return np.sum(x * y)


def second_written(x: Any, y: Any) -> Any:
    y *= x
    return np.sum(x[:2] * y[1:3])


def dicts(a: Any, b: Any) -> Any:
    a["w"] = b["w"] * 2.0
    return np.sum(b["w"] ** 2)


def lists(a: Any, b: Any) -> Any:
    a[0] = 3.0 * b[0]
    b.append(a[0])
    return a[0] * b[1] * len(a) * a[-1]


def long_lists(a: Any, b: Any) -> Any:
    a[0] = a[1] * 3.0
    return a[0] * b[0] * b[5]


def objects(a: Any, b: Any) -> Any:
    a.v = a.v * 2.0
    return b.v * b.v


def inner_dicts(p: Any, q: Any) -> Any:
    p["a"][0] = q["b"][0] ** 2
    return np.sum(q["a"] * p["b"])


def asked(a: Any, b: Any) -> Any:
    return np.sum(a["w"] * (2.0 if a is b else 3.0))


def with_one_inside(z: Any) -> Any:
    return np.sum(srcdiff.grad(arrays)(z, z) ** 2)


def with_dicts_inside(z: Any) -> Any:
    d = {"w": z}
    return np.sum(srcdiff.grad(dicts)(d, d)["w"] ** 2)


def inside_and_outside(a: Any, b: Any) -> Any:
    return np.sum(srcdiff.grad(dicts)(a, b)["w"] ** 2)


def one_of_both(z: Any) -> Any:
    return np.sum(srcdiff.grad(arrays)(z, z * 2.0) * srcdiff.grad(arrays)(z[:2], z[2:4])[0])


ONE: list[tuple[Callable[..., Any], Callable[[Any], Any]]] = [
    (arrays, lambda z: z), (second_written, lambda z: z), (dicts, lambda z: {"w": z}), (lists, lambda z: [z[0], z[1]]),
    (long_lists, lambda z: [float(v) for v in np.resize(z, 20)]), (objects, lambda z: types.SimpleNamespace(v=z[0])),
    (asked, lambda z: {"w": z}), (inside_and_outside, lambda z: {"w": z}),
]


def numbers(value: Any) -> Any:
    """The numbers in an argument or gradient as one vector."""
    return srcdiff.ravel(value)[0] if not isinstance(value, types.SimpleNamespace) else np.array([value.v])


@pytest.mark.parametrize(("f", "make"), ONE, ids=lambda v: getattr(v, "__name__", ""))
@pytest.mark.parametrize("argnums", [0, 1])
def test_the_gradient_is_that_with_respect_to_the_one_object(f: Callable[..., Any], make: Callable[[Any], Any],
                                                             argnums: int) -> None:
    derivative = srcdiff.grad(f, argnums=argnums)

    def primal(z: Any) -> Any:
        value = make(z)
        return f(value, value)

    given = make(Z)
    before = copy.deepcopy(given)
    found = numbers(derivative(given, given))
    slopes = [(primal(Z + e) - primal(Z - e)) / 2e-6 for e in 1e-6 * np.eye(5)]
    if len(found) == 20:
        found = found.reshape(4, 5).sum(0)
    np.testing.assert_allclose(np.resize(np.append(found, np.zeros(5)), 5), slopes, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(numbers(given), numbers(before))
    apart = numbers(derivative(make(Z), make(Z * 1.5)))  # and it is told from arguments that are two
    fresh = numbers(srcdiff.grad(f, argnums=argnums)(make(Z), make(Z * 1.5)))
    np.testing.assert_array_equal(apart, fresh)


def test_the_worked_example_in_every_mode() -> None:
    right = np.array([0.0, 20.0, 6.0, 8.0, 10.0])
    np.testing.assert_array_equal(srcdiff.grad(arrays)(Z, Z), right)
    np.testing.assert_array_equal(srcdiff.vjp(arrays, Z, Z, argnums=1)[1](1.0), right)
    np.testing.assert_allclose(srcdiff.jvp(arrays, (Z, Z), (Z, None))[1], right @ Z)
    np.testing.assert_array_equal(srcdiff.hvp(arrays)(Z, Z, np.ones(5)), [0.0, 10.0, 2.0, 2.0, 2.0])
    lines = [line.partition("#")[0] for line in srcdiff.grad(arrays).source(Z, Z).splitlines()]
    assert not any("y[" in line or "* y" in line for line in lines)


def test_functions_that_are_differentiated_inside() -> None:
    for f in (with_one_inside, with_dicts_inside, one_of_both):
        srcdiff.testing.check_grads(f, (Z,), order=1)
    np.testing.assert_array_equal(srcdiff.grad(with_one_inside)(Z), [0.0, 400.0, 24.0, 32.0, 40.0])


def test_parts_that_are_one() -> None:
    p = {"a": Z, "b": Z}
    with pytest.raises(UnsupportedError, match="are one object, and inner_dicts changes it"):
        srcdiff.grad(inner_dicts)(p, p)
    q = {"a": Z, "b": Z * 1.0}
    total = srcdiff.grad(inner_dicts)(q, q)
    np.testing.assert_array_equal(total["a"], [0.0, 2.0, 3.0, 4.0, 5.0])
    np.testing.assert_array_equal(total["b"], [3.0, 2.0, 3.0, 4.0, 5.0])


def test_three_names_for_one() -> None:
    def f(x: Any, y: Any, z: Any) -> Any:
        z[1] = x[0] * y[2]
        return np.sum(x * y * z)

    def primal(v: Any) -> Any:
        v = v.copy()
        return f(v, v, v)

    slopes = [(primal(Z + e) - primal(Z - e)) / 2e-5 for e in 1e-5 * np.eye(5)]
    for argnums in range(3):
        np.testing.assert_allclose(srcdiff.grad(f, argnums=argnums)(Z, Z, Z), slopes, rtol=1e-6)
    with pytest.raises(UnsupportedError, match="x and z are one object"):
        srcdiff.grad(f, argnums=(0, 2))(Z, Z, Z)
    with pytest.raises(UnsupportedError, match="the arguments x and z of f share memory"):
        srcdiff.grad(f)(Z, Z, Z[::-1])


def test_arguments_that_are_objects_from_outside() -> None:
    def changed(a: Any) -> Any:
        a["w"] = a["w"] * 3.0
        return SETTINGS["w"] * a["w"]

    def noted(x: Any, log: Any) -> Any:
        HISTORY.append(1.0)
        return x * log[0] * len(log)

    assert srcdiff.grad(changed)({"w": 2.0}) == {"w": 6.0}
    assert srcdiff.grad(noted)(2.0, [3.0]) == 3.0
    with pytest.raises(UnsupportedError, match="an argument of changed, is or shares memory with SETTINGS"):
        srcdiff.grad(changed)(SETTINGS)
    with pytest.raises(UnsupportedError, match="an argument of noted, is or shares memory with HISTORY"):
        srcdiff.grad(noted)(2.0, HISTORY)


def test_one_array_of_which_nothing_is_written() -> None:
    f = srcdiff.grad(lambda x, y: np.sum(x * x * y), argnums=(0, 1))
    np.testing.assert_array_equal(f(Z, Z)[0], 2.0 * Z * Z)
    np.testing.assert_array_equal(f(Z, Z)[1], Z * Z)


class Pair:
    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = a, b


@dataclasses.dataclass
class Data:
    a: Any
    b: Any


@pytest.mark.parametrize("cls", [Pair, Data, types.SimpleNamespace])
def test_results_are_objects_of_the_class_that_the_function_returns(cls: Any) -> None:
    def f(x: Any) -> Any:
        return cls(a=x * 2.0, b=np.sum(x))

    value, pullback = srcdiff.vjp(f, Z)
    assert type(value) is cls and value.b == 15.0
    np.testing.assert_array_equal(pullback(cls(a=Z, b=1.0))[0], 2.0 * Z + 1.0)
    tangent = srcdiff.jvp(f, (Z,), (Z,))[1]
    assert type(tangent) is cls and tangent.b == 15.0
    gradient, aux = srcdiff.grad(lambda x: (np.sum(x), cls(a=x, b=3)), has_aux=True)(Z)
    assert type(aux) is cls and aux.b == 3 and gradient.all()
    namespace = cls(a=Z, b=2.0)
    found = srcdiff.grad(lambda p: np.sum(p.a) * p.b)(namespace)
    assert type(found) is cls and found.b == 15.0 and found.a[0] == 2.0


def test_items_of_long_lists() -> None:
    def f(xs: Any, y: Any) -> Any:
        y[0] = 3.0 * y[0]
        total = 0.0
        for x in xs:
            total += np.sum(x * y)
        return total

    xs = [Z * k for k in range(20)]
    np.testing.assert_array_equal(srcdiff.grad(f, argnums=1)(xs, Z.copy()), [570.0, 190.0, 190.0, 190.0, 190.0] * Z)
    np.testing.assert_array_equal(srcdiff.grad(f)([Z] * 20, Z.copy())[7], [3.0, 2.0, 3.0, 4.0, 5.0])
    for shared in (xs[3], xs[19][::-1]):
        with pytest.raises(UnsupportedError, match="the arguments xs and y of f share memory"):
            srcdiff.grad(f)(xs, shared)


def test_many_objects_are_told_apart_by_one_test() -> None:
    """Of n objects each of which is changed there are n * (n - 1) / 2 pairs."""
    def f(layers: Any, x: Any) -> Any:
        for layer in layers:
            layer["W"] *= 2.0
            x = layer["W"] * x
            layer["out"] = x
        return np.sum(x) + np.sum(layers[0]["out"])

    def fresh() -> list[dict[str, Any]]:
        return [{"W": np.array([1.0, k + 2.0])} for k in range(6)]

    derivative = srcdiff.grad(f)
    conditions = derivative.compile(derivative.signature((fresh(), Z[:2]), {}), sample=(fresh(), Z[:2])).facts.conditions
    assert sum("_are_separate" in c for c in conditions) == sum("_are_different" in c for c in conditions) == 1
    assert not any("may_share" in c or "is not" in c for c in conditions)
    found = derivative(fresh(), Z[:2])
    one, other = fresh(), fresh()
    one[4] = one[2]
    other[3]["W"] = other[1]["W"][::-1]
    with pytest.raises(UnsupportedError, match=r"layers\[2\]\['W'\] and layers\[4\]\['W'\] are one object"):
        derivative(one, Z[:2])
    with pytest.raises(UnsupportedError, match=r"layers\[1\]\['W'\] and layers\[3\]\['W'\] of f share memory"):
        derivative(other, Z[:2])
    np.testing.assert_array_equal(derivative(fresh(), Z[:2])[3]["W"], found[3]["W"])
    again = srcdiff.grad(f, argnums=1)(one, Z[:2])
    np.testing.assert_allclose(again, [(f(copy.deepcopy(one), Z[:2] + e) - f(copy.deepcopy(one), Z[:2] - e)) / 2e-6
                                       for e in 1e-6 * np.eye(2)], rtol=1e-6)
