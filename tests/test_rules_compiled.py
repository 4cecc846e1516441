"""Every row of the rule table through the compiler: value, adjoints, tangents, dtypes, second derivatives.

Each row becomes a function of a line that calls the operation. Its value must be NumPy's bit by bit; reverse and forward
mode must agree, and both with central differences; gradients have the arguments' types. Second derivatives, forward over
reverse and reverse over reverse, are held against differences of the gradient. Warnings are errors.

The default run covers, for every operation, each pair of kinds (form, rank, dtype, emptiness) of its arguments at least once;
the slow one takes all rows.
"""

from __future__ import annotations

import itertools
import linecache
import math
import operator
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import trees
from rows import ROWS, Num, Row, draw, in_float32, takes_complex
from rows import call as evaluate

import srcdiff
from srcdiff.ir.ops import OPS
from srcdiff.rules import table
from srcdiff.rules.infer import MASKED

OPERATORS = {
    operator.add: "{} + {}", operator.sub: "{} - {}", operator.mul: "{} * {}", operator.truediv: "{} / {}",
    operator.neg: "-{}", operator.pos: "+{}", operator.pow: "{} ** {}", operator.floordiv: "{} // {}", operator.mod: "{} % {}",
    operator.lt: "{} < {}", operator.le: "{} <= {}", operator.gt: "{} > {}", operator.ge: "{} >= {}", operator.eq: "{} == {}",
    operator.ne: "{} != {}", operator.and_: "{} & {}", operator.or_: "{} | {}", operator.xor: "{} ^ {}",
    operator.lshift: "{} << {}", operator.rshift: "{} >> {}", operator.invert: "~{}", abs: "abs({})",
}
SPECIAL = {"not": "not {}", "is": "{} is {}", "item": "{}.item()"}


# -- a row as a function -----------------------------------------------------------------------------------------------


class Program:
    """``fun(*args)`` is the row's call; ``wrt``: the positions of its floats."""

    def __init__(self, row: Row, wrap: str = "return {}") -> None:
        self.row = row
        self.args: list[Any] = []
        self.kinds: list[Num] = []
        call = self._call(draw(row))
        self.wrt = tuple(k for k, kind in enumerate(self.kinds) if kind.dtype.startswith("float"))
        names = ", ".join(NAMES[:len(self.args)])
        if wrap == "return {}" and is_complex(row):
            wrap = "out = {}\n    return np.real(out), np.imag(out)"
        self.text = f"def f({names}):\n    {wrap.format(call)}\n"
        self.fun = define(self.text)

    def _call(self, values: tuple[Any, ...]) -> str:
        row, sig = self.row, table.signature(self.row.name)
        assert sig is not None
        texts = [self._text(a, v) for a, v in zip(row.args, values, strict=True)]
        python = OPS[row.name].infer.python  # type: ignore[attr-defined]
        if row.name in SPECIAL or (python in OPERATORS and all(_is_py(a) for a in row.args)):
            return SPECIAL.get(row.name, OPERATORS.get(python, "")).format(*texts)
        if sig.star:
            at = sig.params.index(sig.star)
            texts[at] = f"*{texts[at]}"
            positional = at + 1
        else:
            positional = sig.positional
        words = [f"{p}={t}" for p, t, a in zip(sig.params[positional:], texts[positional:], row.args[positional:], strict=False)
                 if a is not sig.defaults.get(p, row)]
        return f"{row.name.removesuffix(MASKED)}({', '.join(texts[:positional] + words)})"

    def _text(self, arg: Any, value: Any) -> str:
        if isinstance(arg, Num) and arg.dtype.startswith("complex"):
            single = arg.dtype == "complex64" and arg.form != "py"
            unit = "np.complex64(1j)" if single else "1j"  # a scalar of single precision would be widened by a Python number
            real, imag = (self._text(replace(arg, dtype="float32" if single else "float64"), part)
                          for part in (value.real, value.imag))
            return f"({real} + {unit} * {imag})"
        if isinstance(arg, Num):
            self.args.append(value)
            self.kinds.append(arg)
            return NAMES[len(self.args) - 1]
        if isinstance(arg, tuple):
            return f"({''.join(self._text(a, v) + ', ' for a, v in zip(arg, value, strict=True))})"
        return repr(arg).replace("inf", "np.inf")


def is_complex(row: Row) -> bool:
    """Whether the result is complex: its parts are returned."""
    return takes_complex(row) and bool(np.iscomplexobj(evaluate(row.name, draw(row))))


NAMES = "abcdehpqrstuvwxyz"


def _is_py(arg: Any) -> bool:
    return arg.form == "py" if isinstance(arg, Num) else isinstance(arg, (int, float))


def define(text: str, **scope: Any) -> Callable[..., Any]:
    file = f"<row {next(COUNT)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    exec(compile(text, file, "exec"), namespace := {"np": np, "math": math, "scipy": sys.modules["scipy"], **scope})
    return namespace["f"]


COUNT = itertools.count()


# -- which rows --------------------------------------------------------------------------------------------------------


def features(row: Row) -> set[Any]:
    """What is particular about a row's arguments, and each pair of such things."""
    found = {("count", len(row.args))}
    for k, arg in enumerate(row.args):
        for a in arg if isinstance(arg, tuple) and arg else (arg,):
            if isinstance(a, Num):
                found |= {("form", k, a.form), ("rank", k, len(a.shape)), ("dtype", k, a.dtype)}
                found |= {("empty", k, 0 in a.shape), ("one", k, 1 in a.shape)}
            else:
                found.add(("value", k, repr(a)))
    return {*found, *itertools.combinations(sorted(found, key=repr), 2)}


def covering(rows: list[Row]) -> list[Row]:
    """A few rows that have all features of all of them, and all pairs of features that there are."""
    having = {row.id: features(row) for row in rows}
    missing = set().union(*having.values())
    chosen = []
    while missing:
        best = max(rows, key=lambda row: len(missing & having[row.id]))
        chosen.append(best)
        missing -= having[best.id]
    return chosen


def in_tests(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
    return found


BY_NAME = in_tests(ROWS)
COVERING = {name: covering(rows) for name, rows in BY_NAME.items()}


def each(names: dict[str, list[Row]], check: Callable[[Row], None], name: str) -> None:
    with quiet():
        for row in names[name]:
            try:
                check(row)
            except Exception as error:
                error.add_note(f"{row.id}\n{Program(row).text}")
                raise


class quiet(warnings.catch_warnings):
    """Warnings are errors, but for those that the operations of the table themselves give."""

    def __enter__(self) -> Any:
        entered = super().__enter__()
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Mean of empty slice|Degrees of freedom")
        warnings.filterwarnings("ignore", "invalid value encountered in (scalar )?divide")
        return entered


# -- first order -------------------------------------------------------------------------------------------------------


def numbers(value: Any) -> list[np.ndarray]:
    return [np.asarray(v, dtype=float) for v in trees.leaves(value)]


def inner(a: Any, b: Any) -> float:
    return float(sum(np.sum(x * y) for x, y in zip(numbers(a), numbers(b), strict=True)))


def random_like(value: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)

    def leaf(v: Any) -> Any:
        drawn = rng.uniform(-1.0, 1.0, np.shape(v))
        return np.asarray(drawn).astype(v.dtype) if isinstance(v, np.ndarray) else type(v)(drawn)
    return trees.map_leaves(leaf, value)


def moved(args: list[Any], wrt: tuple[int, ...], dots: tuple[Any, ...], eps: float) -> list[Any]:
    args = list(args)
    for k, dot in zip(wrt, dots, strict=True):
        there = args[k] + eps * dot
        args[k] = np.asarray(there) if isinstance(args[k], np.ndarray) else type(args[k])(there)
    return args


def difference(fun: Callable[..., Any], args: list[Any], wrt: tuple[int, ...], dots: tuple[Any, ...]) -> list[np.ndarray]:
    """The derivative of ``fun`` along ``dots``: extrapolated central differences."""
    ends = {e: numbers(fun(*moved(args, wrt, dots, e))) for e in (1e-4, -1e-4, 2e-4, -2e-4)}
    return [(8 * (a - b) - (c - d)) / 12e-4 for a, b, c, d in zip(*ends.values(), strict=True)]


def is_float(value: Any) -> bool:
    return all(trees.is_float(v) for v in trees.leaves(value))


def same_type(got: Any, like: Any) -> None:
    for a, b in zip(trees.leaves(got), trees.leaves(like), strict=True):
        assert type(a) is type(b), f"a {type(a)} for a {type(b)}"
        assert np.shape(a) == np.shape(b)
        assert np.asarray(a).dtype == np.asarray(b).dtype


def casts(row: Row) -> bool:
    """Whether the operation makes single precision of double precision."""
    return "float32" in row.args or row.name == "np.float32"


def first_order(row: Row) -> None:
    program = Program(row)
    expected = program.fun(*program.args)
    if not program.wrt or not is_float(expected) or "empty" in row.name:
        value_only(row, expected)
        return
    bars, out_dot = both_modes(program, expected)
    dots = tuple(random_like(program.args[k], k) for k in program.wrt)
    bar_dot = inner(random_like(expected, 7), out_dot)
    rel = 1e-5 if casts(row) else 1e-9
    assert inner(bars, dots) == pytest.approx(bar_dot, rel=rel, abs=1e-8), "reverse and forward mode differ"
    for got, by_difference in zip(numbers(out_dot), difference(program.fun, program.args, program.wrt, dots), strict=True):
        rtol = 1e-2 if casts(row) else 1e-6
        np.testing.assert_allclose(got, by_difference, rtol=rtol, atol=rtol / 10, err_msg="forward mode and differences")


def value_only(row: Row, expected: Any) -> None:
    """An operation of no floats, or with a result of another kind: its value, beside one that can be differentiated."""
    program = Program(row, "return 1.5 * z, {}")
    fun = define(program.text.replace("):", ", z):" if program.args else "z):", 1))
    value, bar, aux = srcdiff.vjp(fun, *program.args, 2.0, argnums=len(program.args), has_aux=True)
    assert value == 3.0 and bar(2.0) == 3.0
    if "empty" not in row.name:
        assert trees.same_bits(aux, expected), f"{aux!r} instead of {expected!r}"


def both_modes(program: Program, expected: Any) -> tuple[tuple[Any, ...], Any]:
    """Adjoints and tangent; their types and the values are checked."""
    wrt, args = program.wrt, program.args
    out, pullback = srcdiff.vjp(program.fun, *args, argnums=wrt)
    assert trees.same_bits(out, expected), f"value {out!r} instead of {expected!r}"
    bars = pullback(random_like(expected, 7))
    same_type(bars, [args[k] for k in wrt])
    dots = [random_like(a, k) if k in wrt else None for k, a in enumerate(args)]
    out, out_dot = srcdiff.jvp(program.fun, args, dots)
    assert trees.same_bits(out, expected), f"value {out!r} instead of {expected!r}, forward"
    same_type(out_dot, expected)
    return bars, out_dot


def in_single(row: Row) -> None:
    """Single precision stays single, and gives the numbers of double precision."""
    wide, narrow = Program(row), Program(in_float32(row))
    expected = narrow.fun(*narrow.args)
    if not wide.wrt or not is_float(expected) or "empty" in row.name:
        return
    bars, out_dot = both_modes(narrow, expected)
    for got, like in zip(numbers((bars, out_dot)), numbers(both_modes(wide, wide.fun(*wide.args))), strict=True):
        np.testing.assert_allclose(got, like, rtol=2e-3, atol=5e-4)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_first_order(name: str) -> None:
    each(COVERING, first_order, name)


@pytest.mark.parametrize("name", sorted(n for n in BY_NAME if OPS[n].rule.kind != "constant"))
def test_single_precision(name: str) -> None:
    each({name: COVERING[name][:3]}, in_single, name)


# -- second order ------------------------------------------------------------------------------------------------------


def second_order(row: Row) -> None:
    program = Program(row)
    expected = program.fun(*program.args)
    if not program.wrt or not is_float(expected) or casts(row) or ("std" in row.name and not np.all(expected)):
        return  # no derivative to hold it against: in single precision, at a kink
    several = isinstance(expected, tuple)
    parts = ("np.real(out)", "np.imag(out)") if is_complex(row) else ("out[0]", "out[1]") if several else ("out",)
    program = Program(row, f"out = {{}}\n    return {' + '.join(f'np.sum(np.sin({p}))' for p in parts)}")
    gradient = srcdiff.grad(program.fun, argnums=program.wrt)
    dots = tuple(random_like(program.args[k], k) for k in program.wrt)
    tangents = [dots[program.wrt.index(k)] if k in program.wrt else None for k in range(len(program.args))]
    forward = srcdiff.jvp(gradient, program.args, tangents)[1]
    reverse = srcdiff.vjp(gradient, *program.args, argnums=program.wrt)[1](dots)
    same_type(forward, [program.args[k] for k in program.wrt])
    same_type(reverse, [program.args[k] for k in program.wrt])
    by_difference = difference(gradient, program.args, program.wrt, dots)
    for a, b, c in zip(numbers(forward), numbers(reverse), by_difference, strict=True):
        scale = 1.0 + np.max(np.abs(c), initial=0.0)
        np.testing.assert_allclose(a, c, rtol=1e-5, atol=1e-6 * scale, err_msg="forward over reverse")
        np.testing.assert_allclose(b, a, rtol=1e-8, atol=1e-9 * scale, err_msg="reverse over reverse")


@pytest.mark.parametrize("name", sorted(n for n in BY_NAME if OPS[n].rule.kind != "constant"))
def test_second_order(name: str) -> None:
    each({name: COVERING[name][:4]}, second_order, name)


# -- what one row cannot say -------------------------------------------------------------------------------------------

SPELLINGS = [
    ("np.einsum('ij,jk', a, b)", (3, 3), (3, 4)), ("np.einsum('ii', a) * b", (3, 3), (2,)),
    ("np.einsum('ji', a) @ b", (3, 2), (3,)), ("np.einsum('...ij,...jk->...ik', a, b)", (2, 3, 3), (3, 4)),
    ("np.einsum('...ij,jk', a, b)", (2, 3, 3), (3, 4)), ("np.einsum('...ii->...i', a) + b", (2, 3, 3), (3,)),
    ("np.einsum('...,...->...', a, b)", (2, 3), (3,)), ("a.trace(axis1=-2, axis2=-1) * b", (2, 3, 3), (2,)),
    ("np.diagonal(a, 1, -2, -1) * b", (2, 3, 3), (2,)), ("np.repeat(a, [2, 0, 3]) * b", (3,), (5,)),
    ("np.roll(a, (1, -1), (0, 1)) * b", (3, 4), (4,)), ("np.linalg.norm(a, -np.inf) * b", (4,), (2,)),
    ("a.clip(max=0.5) * b", (4,), (4,)), ("np.clip(a, a_min=-0.5, a_max=None) * b", (4,), (4,)),
]
ROWS_OF_A_LIST = """def f(a, b):
    rows = [a[0]]
    for i in range(1, len(a)):
        rows.append(np.sin(a[i]) * rows[-1])
    return {} * b
"""
COLUMNS_OF_A_LIST = """def f(a, b):
    columns = []
    for i in range(a.shape[1]):
        columns.append(a[:, i:i + 1] * (i + 1.0))
    return {} * b
"""


def hessian_product(text: str, *shapes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(5)
    agree(text, [rng.uniform(0.5, 2.0, shape) for shape in shapes])


def agree(text: str, args: list[np.ndarray]) -> None:
    """First and second derivatives of the program against differences."""
    wrt = tuple(range(len(args)))
    before, _, value = text.rpartition("return ")
    dots = tuple(random_like(a, k) for k, a in enumerate(args))
    for body in (text, f"{before}return np.sin({value.strip()})\n"):
        fun = define(body)
        tangent = srcdiff.jvp(fun, args, dots)[1]
        bars = srcdiff.vjp(fun, *args)[1](random_like(tangent, 7))
        assert inner(bars, dots) == pytest.approx(inner(random_like(tangent, 7), tangent), rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(tangent, difference(fun, args, wrt, dots)[0], rtol=1e-6, atol=1e-7)
    gradient = srcdiff.grad(define(f"{before}return np.sum(np.sin({value.strip()}))\n"), argnums=wrt)
    forward = srcdiff.jvp(gradient, args, dots)[1]
    reverse = srcdiff.vjp(gradient, *args)[1](dots)
    for a, b, c in zip(numbers(forward), numbers(reverse), difference(gradient, args, wrt, dots), strict=True):
        np.testing.assert_allclose(a, c, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda s: s[0])
def test_other_spellings(spelling: tuple[Any, ...]) -> None:
    hessian_product(f"def f(a, b):\n    return {spelling[0]}\n", *spelling[1:])


@pytest.mark.parametrize("join", ["np.array(rows)", "np.stack(rows)", "np.stack(rows, axis=1)", "np.concatenate(rows)",
                                  "np.concatenate(rows, axis=None)", "np.hstack(rows)", "np.vstack(rows)"])
def test_lists_of_rows(join: str) -> None:
    hessian_product(ROWS_OF_A_LIST.format(join), (3, 3), (1,))


@pytest.mark.parametrize("join", ["np.concatenate(columns, axis=1)", "np.concatenate(columns, -1)", "np.concatenate(columns)",
                                  "np.concatenate(columns, None)", "np.hstack(columns)", "np.vstack(columns)"])
def test_lists_of_columns(join: str) -> None:
    hessian_product(COLUMNS_OF_A_LIST.format(join), (3, 4), (1,))


ZEROS_IN_THEM = np.array([[1.0, 0.0, 2.0], [3.0, 0.5, -1.0], [0.0, 0.0, 2.0]])


@pytest.mark.parametrize("call", ["np.prod(a)", "np.prod(a, axis=0)", "np.prod(a, axis=(0, 1))", "np.cumprod(a)",
                                  "np.cumprod(a, axis=1)", "a.cumprod(0)"])
def test_products_with_zero_factors(call: str) -> None:
    agree(f"def f(a):\n    return {call}\n", [ZEROS_IN_THEM])


@pytest.mark.parametrize("matrix", [np.zeros((3, 3)), np.diag([1.0, 0.0, 2.0]), np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
                                    np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 0.0, 3.0]]),
                                    np.stack([ZEROS_IN_THEM, np.ones((3, 3))])], ids=range(5))
def test_determinant_of_singular_matrices(matrix: np.ndarray) -> None:
    """The gradient is the matrix of cofactors, which no inverse gives."""
    agree("def f(a):\n    return np.linalg.det(a)\n", [matrix])


def second_derivatives(text: str, x: np.ndarray) -> list[np.ndarray]:
    """Gradient, and the Hessian times ones in both ways; warnings are errors."""
    fun, ones = define(f"def f(x):\n    return {text}\n"), np.ones_like(x)
    with quiet():
        gradient = srcdiff.grad(fun)
        return [gradient(x), srcdiff.hvp(fun)(x, ones), srcdiff.vjp(gradient, x)[1](ones)[0]]


@pytest.mark.parametrize(("call", "expected"), [
    ("np.linalg.norm(x) ** 2", 2.0), ("np.linalg.norm(x) * np.linalg.norm(x)", 2.0), ("np.hypot(x[0], x[1]) ** 2", 2.0),
    ("np.std(x) ** 2", 0.0),
])
def test_squares_of_norms_have_no_kink(call: str, expected: float) -> None:
    first, *second = second_derivatives(call, np.zeros(2))
    np.testing.assert_array_equal(first, [0.0, 0.0])
    np.testing.assert_array_equal(second, np.full((2, 2), expected))


@pytest.mark.parametrize("call", ["np.linalg.norm(x)", "np.std(x)", "np.hypot(x[0], x[1])", "np.linalg.norm(x) ** 3"])
def test_second_derivatives_at_a_kink_are_not_numbers(call: str) -> None:
    """The gradient is 0 there; the second derivative is nothing that the rule can know, and never silently 0."""
    first, *second = second_derivatives(call, np.zeros(2))
    np.testing.assert_array_equal(first, [0.0, 0.0])
    assert np.all(np.isnan(second))


@pytest.mark.parametrize(("call", "expected"), [
    ("np.sum(np.where(x > 0.0, np.log(x), 0.0))", ([0.0, 1.0], [0.0, -1.0])),
    ("np.sum(np.where(x > 0.0, 1.0 / x, 0.0))", ([0.0, -1.0], [0.0, 2.0])),
    ("np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))", ([0.0, 0.5], [0.0, -0.25])),
    ("np.sum(np.where(x > 0.0, x ** 0.5, 0.0))", ([0.0, 0.5], [0.0, -0.25])),
    ("np.sum(np.where(x > 0.0, np.hypot(x, 2.0 * x), 0.0))", ([0.0, 5.0 ** 0.5], [0.0, 0.0])),
    ("np.sum(np.where(x > 0.5, np.log(np.maximum(x, 1e-300)) ** 2 / 2.0, 0.0))", ([0.0, 0.0], [0.0, 1.0])),
])
def test_guarded_by_where(call: str, expected: tuple[list[float], list[float]]) -> None:
    """Where the program does not use a value, its derivatives are 0, whatever they would be; and nothing warns."""
    with np.errstate(all="ignore") if "log(x)" in call or "/ x" in call else np.errstate():
        first, forward, reverse = second_derivatives(call, np.array([0.0, 1.0]))
    np.testing.assert_allclose(first, expected[0], atol=1e-15)
    np.testing.assert_allclose(forward, expected[1], atol=1e-15)
    np.testing.assert_allclose(reverse, expected[1], atol=1e-15)


def test_second_derivative_behind_a_guard() -> None:
    for x in (np.array([1.0]), np.array([0.1, 1.0])):
        _, forward, reverse = second_derivatives("np.sum(np.where(x > 0.5, np.log(x) ** 2 / 2.0, 0.0))", x)
        assert forward[-1] == reverse[-1] == 1.0


# -- everything --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("check", [first_order, in_single, second_order])
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_all_rows(name: str, check: Callable[[Row], None]) -> None:
    each(BY_NAME, check, name)
