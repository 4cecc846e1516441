"""Random draws: called once, in the forward half, and kept.

They carry no derivative, and nothing that has one may go in. The type of what a draw returns is found by a trial with
another generator.
"""

from __future__ import annotations

import ast
import sys
import warnings
from typing import Any

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.structural import sym_of
from ..ir.types import Array, List, Object, Scalar, Type
from .attributes import dimension
from .context import Lowerer
from .static_values import is_static, python_value
from .values import Fields, Obj, Ref, Tup, Value

__all__ = ["called", "draw", "function_const", "of_random", "trial"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]
# Where the parameter size= stands in the functions of NumPy's generators; in the others everything is a size.
SIZE_FIRST = frozenset({"random", "random_sample", "ranf", "sample", "standard_normal", "standard_exponential",
                        "standard_cauchy", "tomaxint"})
SIZE_SECOND = frozenset({"exponential", "poisson", "chisquare", "geometric", "pareto", "power", "rayleigh", "weibull", "zipf",
                         "logseries", "standard_gamma", "standard_t", "dirichlet", "choice"})
SIZES = frozenset({"rand", "randn"})
SAMPLE = 2  # the length of an axis in a trial


def makers() -> dict[Any, type]:
    """What makes a generator, and its class. Modules that are not loaded have made none, and to load them takes long."""
    found: dict[Any, type] = {}
    if hasattr(library := sys.modules.get("numpy.random"), "default_rng"):
        found |= {library.default_rng: library.Generator, library.RandomState: library.RandomState}  # type: ignore[union-attr]
    if hasattr(library := sys.modules.get("random"), "Random"):
        found[library.Random] = library.Random  # type: ignore[union-attr]
    return found


def trial(kind: str) -> Any:
    """Another generator of the class of this name; None if there is no such class."""
    return next((make(0) for make, cls in makers().items() if cls.__name__ == kind), None)


def of_random(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    if (cls := _maker(obj)) is not None:
        if not all(is_static(cx, a) or isinstance(a, Var) for a in (*args, *kwargs.values())):
            cx.refuse("a generator seeded with this", node, "give it an integer")
        return called(cx, function_const(cx, fun), "", args, kwargs, Object(cls.__name__))
    receiver = getattr(obj, "__self__", None)
    found = next((cls for cls in makers().values() if isinstance(receiver, cls)), None)
    if found is None:
        return None
    library = sys.modules[found.__module__]
    if receiver is getattr(library, "_inst", None):  # the one behind the functions of the module random
        shown = Const(library, Object("static"), cx.label(library, "random"))
    elif receiver is getattr(library, "_rand", None):
        shown = Const(np.random, Object("static"), "np.random")
    else:
        shown = Const(receiver, Object("static"), cx.label(receiver, fun.name.rpartition(".")[0] or "rng"))
    return draw(cx, shown, trial(found.__name__), obj.__name__, args, kwargs, node)


def _maker(obj: Any) -> type | None:
    try:
        return makers().get(obj)
    except TypeError:
        return None


def function_const(cx: Lowerer, fun: Const) -> Const:
    """A library's function under a name that generated code may use."""
    name = fun.name if fun.name.startswith(("np.", "math.")) else cx.label(fun.value, fun.name.rpartition(".")[2] or "function")
    return Const(fun.value, Object("static"), name)


def draw(cx: Lowerer, receiver: Any, trial: Any, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A method of a generator: called once, in the forward half."""
    pythons = type(trial).__module__ == "random"
    if name == "shuffle" and not pythons and isinstance(args[0], Ref):
        return shuffle(cx, receiver, args[0], node)
    if pythons and name == "choice":
        from .builtin_calls import call_len
        from .subscripts import read_item

        place = called(cx, receiver, "randrange", (call_len(cx, args, {}, node),), {}, Scalar("int64", py=True))
        return read_item(cx, args[0], place, node)
    if name == "shuffle" or not hasattr(trial, name):
        cx.refuse(f"the method {name} of a generator", node, "draw a permutation, and index with it")
    values = [sample(cx, a, node) for a in args]
    named = {k: sample(cx, v, node) for k, v in kwargs.items()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = getattr(trial, name)(*values, **named)
    except Exception as error:  # whatever NumPy raises for a sample it raises for the arguments
        cx.refuse(f"this draw raises {type(error).__name__}: {error}", node)
    return called(cx, receiver, name, args, kwargs, type_of_result(cx, result, name, args, kwargs, node))


def shuffle(cx: Lowerer, receiver: Any, array: Ref, node: ast.AST) -> Value:
    """NumPy shuffles the first axis with the draws of a permutation of its places."""
    from .subscripts import read_item

    t = cx.type_of(array)
    if not isinstance(t, Array) or len(t.shape) != 1:
        cx.refuse("shuffle of an array of several axes", node, "draw a permutation, and index with it")
    count = dimension(cx, cx.read(array), 0, t.shape[0])
    order = called(cx, receiver, "permutation", (count,), {}, Array("int64", t.shape, "C"))
    cx.write(array, read_item(cx, array, order, node), "setview", node)
    return const(None)


def sample(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    """A value like the argument of a draw."""
    if is_static(cx, value):
        return python_value(cx, value, node)
    if isinstance(value, Tup):
        return tuple(sample(cx, v, node) for v in value.items)
    if isinstance(value, Obj) and isinstance(contents := cx.contents(value.oid), Fields):
        return [sample(cx, v, node) for v in contents.items]
    t = cx.type_of(value) if isinstance(value, (Ref, Var)) else None
    if isinstance(t, Array):
        return np.full([SAMPLE] * len(t.shape), 0.5 if np.dtype(t.dtype).kind == "f" else 1, dtype=t.dtype)
    if isinstance(t, Scalar):
        return 0.5 if np.dtype(t.dtype).kind == "f" else SAMPLE
    return cx.refuse(f"a {cx.describe(value)} as an argument of a draw", node)


def type_of_result(cx: Lowerer, result: Any, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Type | None:
    if result is None:
        return None
    if isinstance(result, np.ndarray) and result.dtype.kind in "biuf":
        return Array(str(result.dtype), shape_of_result(cx, result, name, args, kwargs), "C")
    if isinstance(result, list) and result and len({type(v) for v in result}) == 1:
        return List(const(result[0]).type)
    t = const(result).type
    return t if isinstance(t, Scalar) else cx.refuse(f"a draw that returns a {type(result).__name__}", node, "draw numbers")


def shape_of_result(cx: Lowerer, result: np.ndarray, name: str, args: Args, kwargs: Keywords) -> tuple[dims.DimLike, ...]:
    """The shape that was asked for; what is not asked for is known at run time."""
    place = 0 if name in SIZE_FIRST else 1 if name in SIZE_SECOND else 2
    size = Tup(args) if name in SIZES else kwargs.get("size", args[place] if len(args) > place else None)
    parts = size.items if isinstance(size, Tup) else cx.contents(size.oid).items if isinstance(size, Obj) else (size,)  # type: ignore[union-attr]
    known: list[Any] = [sym_of(p) for p in parts if isinstance(p, (Var, Const)) and not is_none(p)]
    if not known and len(arrays := [a for a in (*args, *kwargs.values()) if isinstance(a, Ref)]) == 1:
        t = cx.type_of(arrays[0])
        known = list(t.shape) if isinstance(t, Array) and len(t.shape) == result.ndim else []
    count = next(cx.ids)
    return tuple(known[k] if k < len(known) and isinstance(known[k], (int, dims.Dim)) else dims.runtime_sym(f"draw{count}.{k}")
                 for k in range(result.ndim))


def is_none(value: Any) -> bool:
    return value is None or (isinstance(value, Const) and value.value is None)


def called(cx: Lowerer, receiver: Any, name: str, args: Args, kwargs: Keywords, t: Type | None) -> Value:
    """The call itself; ``name`` is empty if ``receiver`` is the function."""
    pairs = tuple((const(k), argument(cx, v)) for k, v in kwargs.items())
    outs = cx.builder.emit_all("outside", receiver, const(name), tuple(argument(cx, a) for a in args), pairs,
                               types=() if t is None else (t,))
    return cx.wrap(outs[0]) if outs else const(None)


def argument(cx: Lowerer, value: Any) -> Any:
    return cx.printable(value) if isinstance(value, Const) else cx.arg(value)
