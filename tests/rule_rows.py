"""One row per operation and way of calling it: the table behind ``test_rules.py``.

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

__all__ = ["Num", "ROWS", "Row", "call", "draw", "in_float32"]


@dataclass(frozen=True)
class Num:
    """``form``: "array", "strided" (every second element), "F" (Fortran order), "np" or "py" (scalars), "spd"
    (symmetric positive definite)."""

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
    rng = np.random.default_rng(zlib.crc32(row.id.replace("f32", "f64").encode()))
    return tuple(_draw(arg, rng) for arg in row.args)


def _draw(arg: Any, rng: np.random.Generator) -> Any:
    if isinstance(arg, tuple):
        return tuple(_draw(a, rng) for a in arg)
    if not isinstance(arg, Num):
        return arg
    integral = arg.dtype.startswith("int")
    values = rng.integers(int(arg.lo), int(arg.hi), arg.shape) if integral else rng.uniform(arg.lo, arg.hi, arg.shape)
    array = np.asarray(values).astype(arg.dtype)
    if arg.form == "py":
        return array.item()
    if arg.form == "np":
        return array[()]
    if arg.form == "spd":
        return array @ np.swapaxes(array, -1, -2) + np.eye(arg.shape[-1], dtype=arg.dtype)
    if arg.form == "strided":
        wide = np.zeros(tuple(2 * n for n in arg.shape), arg.dtype)
        wide[tuple(slice(None, None, 2) for _ in arg.shape)] = array
        return wide[tuple(slice(None, None, 2) for _ in arg.shape)]
    return np.asfortranarray(array) if arg.form == "F" else array


def in_float32(row: Row) -> Row:
    return Row(row.name, tuple(_narrow(a) for a in row.args))


def _narrow(arg: Any) -> Any:
    if isinstance(arg, tuple):
        return tuple(_narrow(a) for a in arg)
    narrow = isinstance(arg, Num) and arg.dtype == "float64" and arg.form != "py"
    return replace(arg, dtype="float32") if narrow else arg


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
    all_py = python is not None and all(type(a) in (int, float, bool) for a in args)
    fun = special.get(name) or (python if all_py else table.function_of(name))
    keywords = dict(zip(sig.params[sig.positional:], args[sig.positional:], strict=False))
    return fun(*args[:sig.positional], **keywords)


ROWS: list[Row] = []


def row(name: str, *args: Any) -> None:
    ROWS.append(Row(name, args))


# -- element-wise ------------------------------------------------------------------------------------------------------

UNARY = {
    (-2.0, 2.0): "negative positive exp expm1 exp2 sin cos arctan sinh cosh tanh arcsinh absolute fabs square deg2rad rad2deg "
                 "conjugate sign isnan isfinite isinf signbit cbrt",
    (0.3, 3.0): "log log1p log2 log10 sqrt reciprocal",
    (-0.9, 0.9): "arcsin arccos arctanh tan",
    (1.2, 3.0): "arccosh",
    (0.1, 0.4): "floor ceil rint trunc round",
}
SHAPES = [Num(), Num(form="np"), Num(form="py"), Num((4,)), Num((2, 3)), Num((0,)), Num((1,)), Num((4,), form="strided"),
          Num((2, 3), form="F")]
for _domain, _names in UNARY.items():
    for _name in _names.split():
        for _shape in SHAPES:
            if not (_name == "conjugate" and _shape.form == "py"):
                row(f"np.{_name}", replace(_shape, lo=_domain[0], hi=_domain[1]))
for _name in ("sin", "sqrt", "negative", "absolute", "exp"):
    row(f"np.{_name}", Num((3,), 1, 5, dtype="int64"))

BINARY = {
    (-2.0, 2.0): "add subtract multiply maximum minimum arctan2 hypot logaddexp copysign heaviside less less_equal greater "
                 "greater_equal equal not_equal logical_and logical_or logical_xor",
    (0.5, 2.5): "divide power float_power floor_divide remainder fmod",
}
PAIRS = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((1,), (4,)), ((0,), (0,)),
         ((0, 1), (1, 3)), ((1,), (1,))]
for _domain, _names in BINARY.items():
    for _name in _names.split():
        for _left, _right in PAIRS:
            row(f"np.{_name}", Num(_left, *_domain), Num(_right, *_domain))
        for _form in ("py", "np"):
            row(f"np.{_name}", Num((), *_domain, form=_form), Num((), *_domain, form=_form))
            row(f"np.{_name}", Num((2, 3), *_domain), Num((), *_domain, form=_form))
        row(f"np.{_name}", Num((), *_domain, form="py"), Num((), *_domain, form="np"))
        row(f"np.{_name}", Num((3,), *_domain, form="strided"), Num((2, 3), *_domain, form="F"))
        row(f"np.{_name}", Num((3,), *_domain), Num((3,), 1, 4, dtype="int64"))
for _name in ("add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power"):
    for _form in ("py", "np"):
        row(f"np.{_name}", Num((), 1, 4, form=_form, dtype="int64"), Num((), 1, 4, form="py", dtype="int64"))
for _name in ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift"):
    row(f"np.{_name}", Num((3,), 1, 4, dtype="int64"), Num((), 1, 4, form="py", dtype="int64"))
row("np.invert", Num((3,), 1, 4, dtype="int64"))
row("np.logical_not", Num((3,)))
for _exponent in (2, 3, 1, 0.5, -1, -1.5, 2.0, 0):
    row("np.power", Num((3,), 0.5, 2.0), _exponent)
    row("np.power", Num((), 0.5, 2.0, form="py"), _exponent)
row("np.power", 2.0, Num((3,)))
row("np.power", Num((3,), -2.0, -0.5), 2)

for _shape in ((), (5,), (2, 3)):
    row("np.clip", Num(_shape, -3.0, 3.0), -1.0, 1.5)
    row("np.clip", Num(_shape, -3.0, 3.0), None, 1.5)
    row("np.clip", Num(_shape, -3.0, 3.0), Num((), -1.0, 0.0), Num(_shape, 0.5, 2.0))
row("np.clip", Num((), form="py"), -1.0, 1.0)
row("np.clip", Num((6,), -3.0, 3.0), Num((), 1.0, 1.5), Num((), -0.5, 0.5))

for _condition, _left, _right in (((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((2, 1), (), (3,)), ((), (), ())):
    row("np.where", Num(_condition, 0, 2, dtype="int64"), Num(_left), Num(_right))
row("np.where", True, Num((), form="py"), 0.0)
row("np.where", Num((3,), 0, 2, dtype="int64"), Num((3,)), 0.0)
row("np.shape", Num((2, 3)))
row("np.size", Num((2, 3)))
row("np.ndim", Num((2, 3)))

# -- reductions --------------------------------------------------------------------------------------------------------

for _name in ("sum", "mean", "prod", "max", "min", "any", "all", "count_nonzero", "argmax", "argmin", "var", "std"):
    _tail = (0,) if _name in ("var", "std") else ()
    for _shape in ((4,), (2, 3), (2, 1, 3), (1, 1)):
        row(f"np.{_name}", Num(_shape))
        for _axis in (0, -1):
            row(f"np.{_name}", Num(_shape), _axis)
            row(f"np.{_name}", Num(_shape), _axis, *_tail, True)
    row(f"np.{_name}", Num((2, 3), form="F"), 0)
    row(f"np.{_name}", Num((4, 3), form="strided"), 1)
    row(f"np.{_name}", Num((2, 3)), None, *_tail, True)
    if _name not in ("prod", "argmax", "argmin"):
        row(f"np.{_name}", Num((2, 3, 2)), (0, -1))
        row(f"np.{_name}", Num((2, 3, 2)), (0, 1), *_tail, True)
for _name in ("sum", "mean", "prod"):
    row(f"np.{_name}", Num())
    row(f"np.{_name}", Num((3,), 1, 4, dtype="int64"))
    row(f"np.{_name}", Num((0, 3) if _name != "mean" else (3, 0)), 0)
row("np.sum", Num(form="py"))
row("np.sum", Num((0,)))
row("np.var", Num((4,)), None, 1)
row("np.std", Num((4, 3)), 0, 1)
for _shape, _axis in (((4,), None), ((4,), 0), ((2, 3), None), ((2, 3), 0), ((2, 3), -1), ((0,), None)):
    row("np.cumsum", Num(_shape), _axis)

    row("np.cumprod", Num(_shape), _axis)
row("np.cumprod", Num((2, 3, 2)), 1)
row("np.prod", Num((2, 3, 2)), (0, -1))
row("np.prod", Num((2, 3, 2)), (2, 0), True)
for _name in ("sum", "mean", "prod"):
    row(f"np.{_name}", Num((2, 3)), 0, False, "float64")
    row(f"np.{_name}", Num((3,), 1, 4, dtype="int64"), None, False, "float64")
row("np.var", Num((2, 3)), 0, 0, False, "float64")
row("np.std", Num((2, 3)), None, 0, True, "float64")
row("np.cumsum", Num((3,), 1, 4, dtype="int64"), None, "float64")

# -- creation ----------------------------------------------------------------------------------------------------------

for _name in ("zeros", "ones"):
    row(f"np.{_name}", (2, 3))
    row(f"np.{_name}", 3)
    row(f"np.{_name}", (2,), "float32")
    row(f"np.{_name}", ())
    row(f"np.{_name}_like", Num((2, 3)))
    row(f"np.{_name}_like", Num((2, 3), form="F"), "int64")
row("np.empty", (2, 3))
row("np.empty_like", Num((2, 3)))
row("np.full", (2, 3), Num(form="py"))
row("np.full", (2, 3), Num((3,)))
row("np.full_like", Num((2, 3)), Num(form="py"))
row("np.eye", 3)
row("np.eye", 2, 4, 1, "float32")
row("np.identity", 3)
row("np.arange", 5)
row("np.arange", 1, 7)
row("np.arange", 1, 8, 2)
row("np.arange", Num((), 0.0, 0.4, form="py"), 3.5, Num((), 0.9, 1.1, form="py"))
row("np.linspace", Num(form="py"), Num(form="py"), 5)
row("np.linspace", Num(form="py"), 3.0, 4, False)
row("np.linspace", Num((3,)), Num((3,)), 4)
row("np.array", (Num(form="py"), Num(form="py"), 1.0))
row("np.array", ((Num(form="py"), Num(form="np")), (0, Num(form="py"))))
row("np.array", (Num((3,)), Num((3,))))
row("np.array", Num((2, 3), form="F"))
row("np.array", Num(form="py"))
row("np.asarray", Num((2, 3)))
row("np.copy", Num((2, 3)))
row("np.ascontiguousarray", Num((2, 3), form="F"))
row("np.asfortranarray", Num((2, 3)))
row("np.astype", Num((2, 3)), "float32")
row("np.float64", Num((), form="py"))
row("np.float32", Num((), form="py"))
row("np.int64", Num((), form="py"))
row("np.int32", Num((), form="py"))

# -- manipulation ------------------------------------------------------------------------------------------------------

for _form in ("array", "F", "strided"):
    row("np.reshape", Num((2, 6), form=_form), (3, 4))
    row("np.reshape", Num((2, 6), form=_form), (2, -1, 3))
    row("np.reshape", Num((2, 6), form=_form), -1)
    row("np.ravel", Num((2, 3), form=_form))
    row("np.transpose", Num((2, 3), form=_form))
    row("np.transpose", Num((2, 3, 4), form=_form), (1, 2, 0))
    row("np.swapaxes", Num((2, 3, 4), form=_form), 0, -1)
    row("np.moveaxis", Num((2, 3, 4), form=_form), 0, -1)
    row("np.moveaxis", Num((2, 3, 4), form=_form), (0, 1), (-1, 0))
    row("np.squeeze", Num((1, 3, 1), form=_form))
    row("np.squeeze", Num((1, 3, 1), form=_form), 0)
    row("np.expand_dims", Num((2, 3), form=_form), 1)
    row("np.expand_dims", Num((2, 3), form=_form), (0, -1))
    row("np.flip", Num((2, 3), form=_form))
    row("np.flip", Num((2, 3), form=_form), 1)
    row("np.roll", Num((2, 3), form=_form), 2)
    row("np.roll", Num((2, 3), form=_form), -1, 1)
    row("np.repeat", Num((2, 3), form=_form), 2)
    row("np.repeat", Num((2, 3), form=_form), 3, -1)
    row("np.tile", Num((2, 3), form=_form), 2)
    row("np.tile", Num((2, 3), form=_form), (2, 1, 3))
    row("np.roll", Num((2, 3), form=_form), (1, -2), (0, 1))
    row("np.roll", Num((2, 3), form=_form), (1, 1), 1)
    row("np.repeat", Num((2, 3), form=_form), Num((3,), 0, 4, dtype="int64"), 1)
row("np.repeat", Num((4,)), Num((4,), 0, 3, dtype="int64"))
row("np.reshape", Num((1,)), ())
row("np.transpose", Num())
row("np.broadcast_to", Num((3,)), (2, 3))
row("np.broadcast_to", Num((2, 1)), (2, 3))
row("np.broadcast_to", Num(form="py"), (2,))
row("np.tile", Num((2, 3)), (2,))
row("np.tile", Num((2, 2, 1)), (3, 1))
for _axis in (0, 1, -1, None):
    row("np.concatenate", (Num((2, 3)), Num((2, 3)), Num((2, 3))), _axis)
    row("np.stack", (Num((2, 3)), Num((2, 3))), _axis or 0)
row("np.concatenate", (Num((2, 3)), Num((2, 1))), 1)
row("np.concatenate", (Num((2,)), Num((0,)), Num((3,))))
row("np.stack", (Num(form="py"), Num()))
row("np.hstack", (Num((2,)), Num((3,))))
row("np.hstack", (Num((2, 1)), Num((2, 3))))
row("np.hstack", (Num(form="py"), Num(form="py")))
row("np.vstack", (Num((3,)), Num((2, 3))))
row("np.vstack", (Num((3,)), Num((3,))))

# -- sorting and picking -----------------------------------------------------------------------------------------------

for _name in ("sort", "argsort"):
    row(f"np.{_name}", Num((5,)))
    row(f"np.{_name}", Num((3, 4)), 0)
    row(f"np.{_name}", Num((3, 4)), -1)
_INDICES = Num((4,), 0, 3, dtype="int64")
row("np.take", Num((5,)), _INDICES)
row("np.take", Num((3, 4)), _INDICES)
row("np.take", Num((3, 4)), _INDICES, 0)
row("np.take", Num((3, 4)), _INDICES, -1)
row("np.take", Num((3, 4), form="F"), Num((2, 2), 0, 3, dtype="int64"), 1)
row("np.take", Num((3, 4)), 2, 1)
row("np.take", Num((3,)), 2)
row("np.take_along_axis", Num((3, 4)), Num((2, 4), 0, 3, dtype="int64"), 0)
row("np.take_along_axis", Num((3, 4)), Num((3, 5), 0, 4, dtype="int64"), -1)
row("np.take_along_axis", Num((2, 3, 4)), Num((2, 2, 4), 0, 3, dtype="int64"), 1)
row("np.searchsorted", Num((4,)), Num((3,)))

# -- linear algebra ----------------------------------------------------------------------------------------------------

for _left, _right in (((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)),
                      ((2, 3), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 4)), ((4, 1, 2, 3), (5, 3, 2)),
                      ((1, 1), (1, 1)),
                      ((0, 3), (3, 2)), ((2, 0), (0, 3))):
    row("np.matmul", Num(_left), Num(_right))
row("np.matmul", Num((2, 3), form="F"), Num((3, 4), form="strided"))
for _left, _right in (((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)),
                      ((5, 2, 3), (3,)), ((3,), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (6, 3, 4))):
    row("np.dot", Num(_left), Num(_right))
for _left, _right in (((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((5, 2, 3), (4, 3)), ((), (3,))):
    row("np.inner", Num(_left), Num(_right))
row("np.vdot", Num((3,)), Num((3,)))
row("np.vdot", Num((2, 3)), Num((2, 3)))
for _left, _right in (((3,), (4,)), ((2, 3), (4,)), ((), (3,))):
    row("np.outer", Num(_left), Num(_right))
row("np.tensordot", Num((2, 3)), Num((3, 4)), 1)
row("np.tensordot", Num((2, 3, 4)), Num((3, 4, 5)))
row("np.tensordot", Num((2, 3, 4)), Num((4, 5, 2)), ((0, -1), (2, 0)))
row("np.tensordot", Num((3, 2)), Num((4, 3)), (0, 1))
row("np.tensordot", Num((3,)), Num((3,)), 1)
row("np.tensordot", Num((3,)), Num((2,)), 0)
row("np.einsum", "ij,jk->ik", (Num((2, 3)), Num((3, 4))))
row("np.einsum", "bij, bjk -> bik", (Num((2, 2, 3)), Num((2, 3, 4))), True)
row("np.einsum", "ij->j", (Num((2, 3)),))
row("np.einsum", "ij->", (Num((2, 3)),))
row("np.einsum", "ij->ji", (Num((2, 3)),))
row("np.einsum", "i,j,ij->", (Num((2,)), Num((3,)), Num((2, 3))))
row("np.einsum", "ij,ij->i", (Num((2, 3)), Num((2, 1))))
row("np.einsum", "ik,j->ij", (Num((2, 3)), Num((2,))))
row("np.einsum", "ii->", (Num((3, 3)),))
row("np.einsum", "ii->i", (Num((3, 3)),))
row("np.einsum", "bij,bkk->ij", (Num((2, 3, 4)), Num((2, 3, 3))))
row("np.einsum", "iij,jii->", (Num((2, 2, 3)), Num((3, 2, 2))))
for _offset in (0, 1, -1):
    row("np.trace", Num((2, 3, 4)), _offset)
    row("np.trace", Num((2, 3, 4)), _offset, 1, -1)
    row("np.diagonal", Num((2, 3, 4)), _offset, 2, 0)
    row("np.trace", Num((3, 4)), _offset)
    row("np.diagonal", Num((3, 4)), _offset)
    row("np.diagonal", Num((4, 3), form="F"), _offset)
    row("np.diag", Num((3,)), _offset)
    row("np.diag", Num((3, 3)), _offset)
    row("np.tril", Num((3, 4)), _offset)
    row("np.triu", Num((2, 3, 3)), _offset)
row("np.trace", Num((3, 3), 0, 5, dtype="int64"))
for _shape in ((3, 3), (2, 3, 3), (1, 1)):
    for _name in ("inv", "det", "slogdet"):
        row(f"np.linalg.{_name}", Num(_shape))
    row("np.linalg.cholesky", Num(_shape, form="spd"))
row("np.linalg.solve", Num((3, 3)), Num((3,)))
row("np.linalg.solve", Num((3, 3)), Num((3, 2)))
row("np.linalg.solve", Num((2, 3, 3)), Num((2, 3, 2)))
row("np.linalg.solve", Num((2, 3, 3)), Num((3, 2)))
for _shape, _axis in (((4,), None), ((2, 3), None), ((2, 3), 0), ((2, 3), -1), ((2, 3), (0, 1)), ((2, 1, 3), 2)):
    row("np.linalg.norm", Num(_shape), None, _axis)
    row("np.linalg.norm", Num(_shape), None, _axis, True)
row("np.linalg.solve", Num((2, 3, 3)), Num((3,)))
for _ord in (1, 2, 3, 0.5, -1, np.inf, -np.inf):
    row("np.linalg.norm", Num((4,)), _ord)
    row("np.linalg.norm", Num((2, 3)), _ord, 1)
    row("np.linalg.norm", Num((2, 3)), _ord, 0, True)
for _ord in ("fro", 1, -1, np.inf, -np.inf):
    row("np.linalg.norm", Num((3, 4)), _ord)
    row("np.linalg.norm", Num((2, 3, 4)), _ord, (0, 2))
    row("np.linalg.norm", Num((2, 3, 4)), _ord, (2, 1), True)
row("np.linalg.norm", Num((4,)), 1)
row("np.linalg.norm", Num((4,)), 2)
row("np.linalg.norm", Num((2, 3)), 1, 0)
row("np.linalg.norm", Num((2, 3)), 2, -1, True)
row("np.linalg.norm", Num((2, 3)), "fro")

# -- Python ------------------------------------------------------------------------------------------------------------

MATH = {
    (-1.5, 1.5): "sin cos tan atan sinh cosh tanh asinh exp expm1 fabs erf erfc radians degrees exp2 floor ceil trunc "
                 "isnan isinf isfinite",
    (0.3, 3.0): "log log1p log2 log10 sqrt cbrt",
    (-0.9, 0.9): "asin acos atanh",
    (1.2, 3.0): "acosh",
}
for _domain, _names in MATH.items():
    for _name in _names.split():
        if f"math.{_name}" in OPS:
            row(f"math.{_name}", Num((), *_domain, form="py"))
            if _name != "trunc":  # np.float32 has no __trunc__
                row(f"math.{_name}", Num((), *_domain, form="np"))
for _name in ("atan2", "hypot", "pow", "fmod", "copysign", "log"):
    row(f"math.{_name}", Num((), 1.2, 2.0, form="py"), Num((), 1.2, 2.0, form="py"))
row("math.pow", Num((), 1.2, 2.0, form="py"), 3)
for _name in ("isqrt", "factorial"):
    row(f"math.{_name}", 5)
for _name in ("comb", "gcd"):
    row(f"math.{_name}", 6, 2)
for _name in ("float", "int", "bool", "not", "round"):
    row(_name, Num(form="py"))
    row(_name, Num(form="np"))
row("round", Num(form="py"), 1)
row("item", Num((1,)))
row("item", Num(form="np"))
row("is", True, True)
for _name in ("max", "min"):
    row(_name, Num(form="py"), Num(form="py"))
    row(_name, Num(form="py"), 0.0)
