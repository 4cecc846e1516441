"""Every form through the compiler: value, both modes, differences, types, memory orders, precision, second derivatives.

The default run takes each form once, with contiguous, strided and Fortran-ordered arguments in turn, and second derivatives of
every fourth; the slow one takes everything.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import test_rules_compiled as rules
import trees
from forms import FORMS, Form
from rows import Num, Row, draw

import srcdiff

LAYOUTS = ("array", "strided", "F")


def values(form: Form, layout: str = "array", dtype: str = "float64") -> list[Any]:
    """The form's arguments; arrays of floats in another memory order or precision."""
    return [_value(a, layout, dtype, k) for k, a in enumerate(form.args)]


def _value(arg: Any, layout: str, dtype: str, k: int) -> Any:
    if not isinstance(arg, Num):
        return np.copy(arg, order="K") if isinstance(arg, np.ndarray) else arg
    drawn, = draw(Row(f"{k}", (arg,)))
    if not isinstance(drawn, np.ndarray) or drawn.dtype.kind != "f":
        return drawn
    drawn = drawn.astype(dtype)
    if layout == "F":
        return np.asfortranarray(drawn)
    return strided(drawn) if layout == "strided" and drawn.ndim else drawn


def strided(array: np.ndarray) -> np.ndarray:
    """A copy in every second element of an array."""
    every = tuple(slice(None, None, 2) for _ in array.shape)
    wide = np.zeros(tuple(2 * n for n in array.shape), array.dtype)
    wide[every] = array
    return wide[every]


def function(form: Form, wrap: str = "return {}") -> Any:
    names = ", ".join("abcde"[:len(form.args)])
    before = f"    {form.before}\n" if form.before else ""
    return rules.define(f"def f({names}):\n{before}    {wrap.format(form.text)}\n")


def copied(args: list[Any]) -> list[Any]:
    """Arguments that the function may write to, in the same memory order."""
    return [a if not isinstance(a, np.ndarray) else a.copy(order="K") if a.flags.forc else strided(a) for a in args]


def float_positions(args: list[Any]) -> tuple[int, ...]:
    return tuple(k for k, a in enumerate(args) if not isinstance(a, (bool, str)) and np.asarray(a).dtype.kind == "f")


def like(value: Any, seed: int) -> Any:
    """Random numbers in the shape and memory order of a value."""
    drawn = rules.random_like(value, seed)
    if isinstance(value, np.ndarray):
        made = np.empty_like(value) if value.flags.forc else strided(value)
        made[...] = drawn
        return made
    return drawn


def both_modes(form: Form, args: list[Any]) -> tuple[Any, Any, Any]:
    """The value, the adjoints and the tangent."""
    fun, wrt = function(form), float_positions(args)
    expected = fun(*copied(args))
    dots = [like(a, k) if k in wrt else None for k, a in enumerate(args)]
    out, out_dot = srcdiff.jvp(fun, args, dots)
    assert trees.same_bits(out, expected), f"value {out!r} instead of {expected!r}, forward"
    rules.same_type(out_dot, expected)
    out, pullback = srcdiff.vjp(fun, *args, argnums=wrt, copy=False)  # of copies in another order the value may differ
    assert trees.same_bits(out, expected), f"value {out!r} instead of {expected!r}"
    bars = pullback(rules.random_like(expected, 7))
    rules.same_type(bars, [args[k] for k in wrt])
    return expected, bars, out_dot


def first_order(form: Form, layout: str) -> None:
    args = values(form, layout)
    expected, bars, out_dot = both_modes(form, args)
    wrt = float_positions(args)
    dots = tuple(like(args[k], k) for k in wrt)
    backwards, forwards = rules.inner(bars, dots), rules.inner(rules.random_like(expected, 7), out_dot)
    assert backwards == pytest.approx(forwards, rel=1e-9, abs=1e-8), "reverse and forward mode differ"
    fun = function(form)
    for got, by_difference in zip(rules.numbers(out_dot), differences(fun, args, wrt, dots), strict=True):
        np.testing.assert_allclose(got, by_difference, rtol=2e-6, atol=1e-6, err_msg="forward mode and differences")


def differences(fun: Any, args: list[Any], wrt: tuple[int, ...], dots: tuple[Any, ...]) -> list[np.ndarray]:
    return rules.difference(lambda *a: fun(*copied(list(a))), args, wrt, dots)


def in_single(form: Form) -> None:
    """In single precision the types are single, and the numbers those of double precision."""
    wide, narrow = both_modes(form, values(form)), both_modes(form, values(form, dtype="float32"))
    for got, expected in zip(rules.numbers(narrow[1:]), rules.numbers(wide[1:]), strict=True):
        scale = 1.0 + np.max(np.abs(expected), initial=0.0)
        np.testing.assert_allclose(got, expected, rtol=5e-3, atol=1e-3 * scale)


def second_order(form: Form) -> None:
    args = values(form)
    out = function(form)(*copied(args))
    results = [f"out[{k}]" for k in range(len(out))] if isinstance(out, (tuple, list)) else ["out"]
    parts = [f"np.sum(np.sin({r}))" for r in results]
    wrt = float_positions(args)
    gradient = srcdiff.grad(function(form, f"out = {{}}\n    return {' + '.join(parts)}"), argnums=wrt)
    dots = tuple(like(args[k], k) for k in wrt)
    forward = srcdiff.jvp(gradient, args, [dots[wrt.index(k)] if k in wrt else None for k in range(len(args))])[1]
    reverse = srcdiff.vjp(gradient, *args, argnums=wrt)[1](dots)
    by_difference = rules.difference(gradient, args, wrt, dots)
    for a, b, c in zip(rules.numbers(forward), rules.numbers(reverse), by_difference, strict=True):
        scale = 1.0 + np.max(np.abs(c), initial=0.0)
        np.testing.assert_allclose(a, c, rtol=2e-5, atol=2e-6 * scale, err_msg="forward over reverse")
        np.testing.assert_allclose(b, a, rtol=1e-8, atol=1e-9 * scale, err_msg="reverse over reverse")


def turn(form: Form) -> int:
    """A number that decides what the default run does with a form: it depends on the text only."""
    return zlib.crc32(form.id.encode())


def ids(form: Form) -> str:
    return form.id


@pytest.mark.parametrize("form", FORMS, ids=ids)
def test_first_order(form: Form) -> None:
    with rules.quiet():
        first_order(form, LAYOUTS[turn(form) % 3])


@pytest.mark.parametrize("form", [f for f in FORMS if turn(f) % 4 == 0], ids=ids)
def test_second_order(form: Form) -> None:
    with rules.quiet():
        second_order(form)


@pytest.mark.parametrize("form", [f for f in FORMS if turn(f) % 4 == 1], ids=ids)
def test_single_precision(form: Form) -> None:
    with rules.quiet():
        in_single(form)


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORMS, ids=ids)
def test_every_layout(form: Form, layout: str) -> None:
    with rules.quiet():
        first_order(form, layout)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=ids)
def test_all_again(form: Form) -> None:
    with rules.quiet():
        second_order(form)
        in_single(form)


def test_forms_are_unique() -> None:
    assert len({form.id for form in FORMS}) >= len({replace(form, module="").id for form in FORMS})
