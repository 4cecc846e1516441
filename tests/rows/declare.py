"""What a row of the table behind ``test_rules.py`` is, and how its values are drawn.

``row(name, *args)``: an argument is a :class:`Num` (numbers drawn from a domain), a tuple of arguments (a sequence), or a
static value. The arguments are the operation's parameters in order; what is left out has its default.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from srcdiff.ir.ops import OPS
from srcdiff.rules import table

__all__ = ["Num", "ROWS", "Row", "call", "draw", "in_float32", "row", "takes_complex"]


@dataclass(frozen=True)
class Num:
    """``form``: "array", "strided" (every second element), "F" (Fortran order), "np" or "py" (scalars), "spd"
    (symmetric positive definite), "nan" (every third diagonal is NaN), "grid" (one-dimensional, increasing)."""

    shape: tuple[int, ...] = ()
    lo: float = -2.0
    hi: float = 2.0
    form: str = "array"
    dtype: str = "float64"


@dataclass(frozen=True)
class Row:
    name: str
    args: tuple[Any, ...]

    @property
    def id(self) -> str:
        return f"{self.name}({', '.join(_text(a) for a in self.args)})"


def _text(arg: Any) -> str:
    if isinstance(arg, Num):
        return f"{arg.form if arg.form != 'array' else ''}{arg.dtype[0]}{arg.dtype[-2:]}{list(arg.shape)}".replace(", ", "x")
    return f"[{' '.join(map(_text, arg))}]" if isinstance(arg, tuple) and any(isinstance(a, Num) for a in arg) else repr(arg)


def draw(row: Row) -> tuple[Any, ...]:
    """Values for the row's arguments, always the same ones."""
    rng = np.random.default_rng(zlib.crc32(row.id.replace("f32", "f64").replace("c64", "c28").encode()))
    return tuple(_draw(arg, rng) for arg in row.args)


def _draw(arg: Any, rng: np.random.Generator) -> Any:
    if isinstance(arg, tuple):
        return tuple(_draw(a, rng) for a in arg)
    if not isinstance(arg, Num):
        return arg
    integral = arg.dtype.startswith(("int", "bool"))
    values = rng.integers(int(arg.lo), int(arg.hi), arg.shape) if integral else rng.uniform(arg.lo, arg.hi, arg.shape)
    if arg.dtype.startswith("complex"):
        values = values + 1j * rng.uniform(arg.lo, arg.hi, arg.shape)
    array = np.asarray(values).astype(arg.dtype)
    if arg.form == "py":
        return array.item()
    if arg.form == "np":
        return array[()]
    if arg.form == "spd":
        return array @ np.swapaxes(array, -1, -2) + np.eye(arg.shape[-1], dtype=arg.dtype)
    if arg.form == "nan":
        array[np.sum(np.indices(arg.shape), axis=0) % 3 == 1] = np.nan
    if arg.form == "grid":
        return np.cumsum(rng.uniform(0.5, 1.5, arg.shape)).astype(arg.dtype)
    if arg.form == "strided":
        wide = np.zeros(tuple(2 * n for n in arg.shape), arg.dtype)
        wide[tuple(slice(None, None, 2) for _ in arg.shape)] = array
        return wide[tuple(slice(None, None, 2) for _ in arg.shape)]
    return np.asfortranarray(array) if arg.form == "F" else array


def takes_complex(row: Row) -> bool:
    flat = [a for arg in row.args for a in (arg if isinstance(arg, tuple) else (arg,))]
    return row.name == "complex" or any(isinstance(a, Num) and a.dtype.startswith("complex") for a in flat)


def in_float32(row: Row) -> Row:
    return Row(row.name, tuple(_narrow(a) for a in row.args))


def _narrow(arg: Any) -> Any:
    if isinstance(arg, tuple):
        return tuple(_narrow(a) for a in arg)
    narrow = {"float64": "float32", "complex128": "complex64"}
    if isinstance(arg, Num) and arg.form != "py" and arg.dtype in narrow:
        return replace(arg, dtype=narrow[arg.dtype])
    return arg


def call(name: str, args: tuple[Any, ...]) -> Any:
    """The operation itself, as generated code calls it."""
    special = {"not": lambda x: not x, "is": lambda a, b: a is b, "item": lambda x: x.item()}
    sig = table.signature(name)
    assert sig is not None
    args = args + tuple(sig.defaults[p] for p in sig.params[len(args):])
    while args and not sig.star and args[-1] is sig.defaults.get(sig.params[len(args) - 1], args):
        args = args[:-1]
    if sig.star:
        at = sig.params.index(sig.star)
        return table.function_of(name)(*args[:at], *args[at], **dict(zip(sig.params[at + 1:], args[at + 1:], strict=False)))
    python = OPS[name].infer.python
    all_py = python is not None and all(type(a) in (int, float, bool, complex) for a in args)
    fun = special.get(name) or (python if all_py else table.function_of(name))
    keywords = {p: a for p, a in zip(sig.params[sig.positional:], args[sig.positional:], strict=False)
                if a is not sig.defaults.get(p, args)}
    return fun(*args[:sig.positional], **keywords)


ROWS: list[Row] = []


def row(name: str, *args: Any) -> None:
    ROWS.append(Row(name, args))
