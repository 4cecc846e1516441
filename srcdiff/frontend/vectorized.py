"""``np.vectorize``, ``np.frompyfunc`` and ``np.apply_along_axis``: a Python function for each element or row."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from ..composed import python_library
from ..composed.applied import along_axis, by_element, objects_by_element
from ..ir.build import const
from ..ir.core import Const
from ..ir.types import Array, Object
from . import prelude
from .context import Lowerer
from .exprs import as_array
from .iteration import iterator, skipping
from .layouts import ask_layout, contiguous
from .static_values import python_value
from .values import Bound, Partial, Ref, Value

__all__ = ["objects_method", "of_vectorized"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]
OBJECTS = "<objects>"  # what marks an array of Python objects


def of_vectorized(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """The call of one of these functions, or of what it made; None for anything else."""
    if obj is np.vectorize:
        return call_vectorize(cx, args, kwargs, node)
    if obj is np.frompyfunc:
        if python_value(cx, args[2], node) != 1:
            cx.refuse("np.frompyfunc with several results", node, "use np.vectorize")
        return Partial(Const(objects_of, Object("static"), "frompyfunc"), (args[0],))
    if obj is elements_of:
        return call_by_element(cx, by_element, args[:2], args[2:], kwargs, node)
    if obj is objects_of:
        return Bound(call_by_element(cx, objects_by_element, args[:1], args[1:], kwargs, node), OBJECTS)
    if obj is np.apply_along_axis:
        return of_one_type(cx, along_axis, args, kwargs, node, "np.apply_along_axis", True)
    if isinstance(obj, np.vectorize):
        return call_made(cx, fun, obj, args, kwargs, node)
    if any(isinstance(a, Bound) and a.name == OBJECTS for a in args):
        return of_objects(cx, obj, args, kwargs, node)
    return None


def call_made(cx: Lowerer, fun: Const, obj: np.vectorize, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A function that was vectorized outside."""
    from .calls import apply

    if obj.excluded or obj.signature:
        cx.refuse("np.vectorize with excluded= or signature=", node, "write the loop")
    for part in ("pyfunc", "otypes", "cache"):
        cx.facts.capture(vars(obj), part, getattr(obj, part))
    options = {"otypes": const(obj.otypes), "cache": const(False)} if obj.otypes else {"cache": const(obj.cache)}
    made = call_vectorize(cx, (cx.captured(obj.pyfunc, fun.name),), options, node)
    return apply(cx, made, args, kwargs, node)


def objects_method(cx: Lowerer, base: Bound, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A method of an array of Python objects."""
    from .array_calls import METHODS

    if base.name != OBJECTS:
        return None
    if name == "astype":
        return METHODS["astype"](cx, (base.receiver, *args), kwargs, node)
    return of_objects(cx, getattr(np, name, None), (base, *args), kwargs, node)


def call_vectorize(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``np.vectorize(f)``: what is called later is :func:`by_element`."""
    given = dict(zip(("pyfunc", "otypes"), args, strict=False)) | kwargs
    if set(given) - {"pyfunc", "otypes", "doc", "cache"} or len(args) > 2:
        cx.refuse("np.vectorize with excluded= or signature=", node, "write the loop")
    types = python_value(cx, given["otypes"], node) if "otypes" in given else None
    if types is None and python_value(cx, given.get("cache", const(False)), node):
        cx.refuse("np.vectorize with cache= and without otypes=", node, "leave it out, or name the type: otypes=[float]")
    if types is not None and len(types) != 1:
        cx.refuse("np.vectorize with several otypes", node, "leave otypes out")
    otype = const(None) if types is None else Const(np.dtype(types[0]), const(None).type, "")
    return Partial(Const(elements_of, Object("static"), "vectorize"), (given["pyfunc"], otype))


def elements_of() -> None:
    """Stands for ``np.vectorize(f)`` where it is called (:func:`call_by_element`)."""


def objects_of() -> None:
    """Stands for ``np.frompyfunc(f, n, 1)`` where it is called: its result is an array of Python objects."""


def of_objects(cx: Lowerer, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """What may be done with an array of Python objects: make numbers of them, and add them up."""
    from .array_calls import METHODS

    whole = args[0].receiver
    if obj in (np.array, np.asarray) and set(kwargs) == {"dtype"}:
        return METHODS["astype"](cx, (whole, kwargs["dtype"]), {}, node)
    t = cx.type_of(whole)
    if obj is np.sum and len(args) == 1 and not kwargs and isinstance(t, Array) and len(t.shape) == 1:
        it = iterator(cx, whole, node)
        return prelude.call(cx, python_library.sum_items, (skipping(cx, it, const(1)), it.get(const(0))), node)
    return cx.refuse("an array of Python objects, which np.frompyfunc returns", node, "convert it: .astype(float)")


def call_by_element(cx: Lowerer, fun: Any, how: Args, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A call of what was vectorized. ``how``: the function, and the type of the result if it was named."""
    if kwargs:
        cx.refuse("keywords of a vectorized function", node, "pass them by position")
    args = tuple(as_array(cx, a, node) for a in args)
    orders = [in_fortran_order(cx, a, node) for a in args if isinstance(a, Ref)]
    fortran = const(True in orders and False not in orders)
    asked = not any(isinstance(v, Const) and isinstance(v.value, np.dtype) for v in how)
    return of_one_type(cx, fun, (*how, fortran, *args), {}, node, "np.vectorize", asked)


def in_fortran_order(cx: Lowerer, ref: Ref, node: ast.AST) -> bool | None:
    """Whether NumPy goes through an array in Fortran order, and lays out its result so; None where both orders are one."""
    t = cx.type_of(ref)
    assert isinstance(t, Array)
    if sum(cx.facts.is_one(d) is not True for d in t.shape) < 2:
        return None
    if contiguous(cx, ref):
        return False
    if contiguous(cx, ref) is None or ask_layout(cx, t.layout) != "F":
        cx.refuse("a vectorized function of an array that is neither C- nor Fortran-contiguous for certain", node,
                  "pass np.ascontiguousarray(x)")
    return True


def of_one_type(cx: Lowerer, fun: Any, args: Args, kwargs: Keywords, node: ast.AST, name: str, asked: bool) -> Value:
    """A call that gives all results the type of the first: they must be of one type."""
    from .inline import call_function

    before = cx.mixed
    made = call_function(cx, fun, args, kwargs, node)
    if asked and cx.mixed != before:
        cx.refuse(f"{name} of a function that returns an integer on one path and a float on another, where NumPy takes the "
                  "type of the first result for all", node, "return floats on every path")
    return made
