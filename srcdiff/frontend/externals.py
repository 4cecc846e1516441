"""Calls of objects that are not the user's functions: methods of strings, random draws, clocks, loggers, wrappers.

What changes with each call (a draw, the time) is called in the forward half, once, and its result is kept; it carries no
derivative, and nothing that has one may go in. The type of what it returns is found by a trial with another generator.
"""

from __future__ import annotations

import ast
import functools
import logging
import operator
import os
import random
import time
import warnings
from types import BuiltinMethodType, FunctionType, MethodDescriptorType, MethodType
from typing import Any

import numpy as np

from ..composed import python_library
from ..composed.applied import along_axis, by_element
from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.structural import sym_of
from ..ir.types import Array, Object, Scalar, Type
from . import prelude
from .context import Lowerer
from .iteration import iterator, skipping
from .library_objects import MANAGER, of_library, used
from .static_values import call_text, evaluated, is_static, is_text, lifted, python_value
from .values import Bound, Fields, Obj, Partial, Ref, Tup, Value

__all__ = ["call_external", "external_method"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]
PLAIN = (str, bytes, int, float, complex, tuple, range, frozenset)
CLOCKS = {time.time, time.perf_counter, time.monotonic, time.process_time, time.thread_time}
SEEDS = {np.random.seed}
CLOCKS_NS = {time.time_ns, time.perf_counter_ns, time.monotonic_ns, time.process_time_ns}
SILENT = {time.sleep, warnings.warn, warnings.simplefilter, warnings.filterwarnings, warnings.resetwarnings, logging.debug, logging.info, logging.warning, logging.error, logging.critical, logging.log,
          logging.exception}
KNOWN = CLOCKS | CLOCKS_NS | SILENT | SEEDS | {logging.getLogger}
GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
MAKERS: dict[Any, type] = {np.random.default_rng: np.random.Generator, np.random.RandomState: np.random.RandomState,
                           random.Random: random.Random}
TRIALS: dict[str, Any] = {cls.__name__: make for make, cls in MAKERS.items()}
# Where the parameter size= stands in the functions of NumPy's generators; in the others everything is a size.
SIZE_FIRST = frozenset({"random", "random_sample", "ranf", "sample", "standard_normal", "standard_exponential", "standard_cauchy", "tomaxint"})
SIZE_SECOND = frozenset({"exponential", "poisson", "chisquare", "geometric", "pareto", "power", "rayleigh", "weibull", "zipf", "logseries",
                         "standard_gamma", "standard_t", "dirichlet", "choice"})
SIZES = frozenset({"rand", "randn"})
IN_PLACE = frozenset({"shuffle"})
SAMPLE = 2  # the length of an axis in a trial


def call_external(cx: Lowerer, fun: Const, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """The call of such an object; None if ``fun`` is none."""
    obj = fun.value
    for known in (_of_wrapper, _of_text, _of_operator, _of_random, _of_clock, _of_environment, of_library):
        found = known(cx, fun, obj, args, kwargs, node)
        if found is not None:
            return found  # type: ignore[no-any-return]
    return None


def external_method(cx: Lowerer, base: Value, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A method of a value of the program: of a string, of a generator that it made, of a number."""
    if isinstance(base, Bound) and base.name == OBJECTS:
        if name == "astype":
            from .array_calls import METHODS

            return METHODS["astype"](cx, (base.receiver, *args), kwargs, node)  # type: ignore[no-any-return]
        return of_objects(cx, getattr(np, name, None), (base, *args), kwargs, node)
    if is_text(base):
        return call_text(cx, base, name, args, kwargs, node)
    if isinstance(base, Var) and isinstance(base.type, Object) and base.type.kind in TRIALS:
        return draw(cx, base, TRIALS[base.type.kind](0), name, args, kwargs, node)
    if isinstance(base, Var) and isinstance(base.type, Object) and base.type.kind == MANAGER:
        return used(cx, base, name, args, kwargs)
    if isinstance(base, Const) and isinstance(base.value, PLAIN) and not isinstance(base.value, bool):
        return evaluated(cx, getattr(base.value, name), args, kwargs, node) if hasattr(base.value, name) else None
    return None


# -- wrappers ----------------------------------------------------------------------------------------------------------


def _of_wrapper(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """``lru_cache``: the function behind it. ``singledispatch``: the one for the type of the first argument."""
    from .builtin_calls import python_type
    from .calls import apply

    if obj is np.frompyfunc:
        if python_value(cx, args[2], node) != 1:
            cx.refuse("np.frompyfunc with several results", node, "use np.vectorize")
        return Partial(Const(objects_of, Object("static"), "frompyfunc"), (args[0], const(None)))
    if obj is objects_of:
        return Bound(call_by_element(cx, args, kwargs, node), OBJECTS)
    if any(isinstance(a, Bound) and a.name == OBJECTS for a in args):
        return of_objects(cx, obj, args, kwargs, node)
    if isinstance(obj, functools._lru_cache_wrapper):
        made = apply(cx, cx.captured(obj.__wrapped__, fun.name), args, kwargs, node)
        disown(cx, made)
        return made
    if obj is np.vectorize:
        return call_vectorize(cx, args, kwargs, node)
    if obj is elements_of:
        return call_by_element(cx, args, kwargs, node)
    if obj is np.apply_along_axis:
        return call_along_axis(cx, args, kwargs, node)
    if isinstance(obj, np.vectorize):
        options = {"otypes": const(obj.otypes)} if obj.otypes else {}
        if obj.excluded or obj.signature:
            cx.refuse("np.vectorize with excluded= or signature=", node, "write the loop")
        made = call_vectorize(cx, (cx.captured(obj.pyfunc, fun.name),), options, node)
        return apply(cx, made, args, kwargs, node)
    if isinstance(obj, FunctionType) and hasattr(obj, "dispatch") and hasattr(obj, "registry"):
        chosen = obj.dispatch(python_type(cx, args[0], node))
        return apply(cx, cx.captured(chosen, fun.name), args, kwargs, node)
    return None


def call_vectorize(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``np.vectorize(f)``: what is called later is :func:`by_element`."""
    given = dict(zip(("pyfunc", "otypes"), args, strict=False)) | kwargs
    if set(given) - {"pyfunc", "otypes", "doc", "cache"} or len(args) > 2:
        cx.refuse("np.vectorize with excluded= or signature=", node, "write the loop")
    types = python_value(cx, given["otypes"], node) if "otypes" in given else None
    if types is not None and len(types) != 1:
        cx.refuse("np.vectorize with several otypes", node, "leave otypes out")
    otype = const(None) if types is None else Const(np.dtype(types[0]), const(None).type, "")
    return Partial(Const(elements_of, Object("static"), "vectorize"), (given["pyfunc"], otype))


def elements_of() -> None:
    """Stands for ``np.vectorize(f)`` where it is called (:func:`call_by_element`)."""


OBJECTS = "<objects>"


def objects_of() -> None:
    """Stands for ``np.frompyfunc(f, n, 1)`` where it is called: its result is an array of Python objects."""


def of_objects(cx: Lowerer, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """What may be done with an array of Python objects: make numbers of them, and add them up."""
    from .array_calls import METHODS

    whole = args[0].receiver
    if obj in (np.array, np.asarray) and set(kwargs) == {"dtype"}:
        return METHODS["astype"](cx, (whole, kwargs["dtype"]), {}, node)  # type: ignore[no-any-return]
    t = cx.type_of(whole)
    if obj is np.sum and len(args) == 1 and not kwargs and isinstance(t, Array) and len(t.shape) == 1:
        it = iterator(cx, whole, node)
        return prelude.call(cx, python_library.sum_items, (skipping(cx, it, 1), it.get(const(0))), node)  # type: ignore[no-any-return]
    return cx.refuse("an array of Python objects, which np.frompyfunc returns", node, "convert it: .astype(float)")


def call_by_element(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if kwargs:
        cx.refuse("keywords of a vectorized function", node, "pass them by position")
    return of_one_type(cx, by_element, args, {}, node, "np.vectorize", is_none(args[1]))


def call_along_axis(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return of_one_type(cx, along_axis, args, kwargs, node, "np.apply_along_axis", True)


def of_one_type(cx: Lowerer, fun: FunctionType, args: Args, kwargs: Keywords, node: ast.AST, name: str, asked: bool) -> Value:
    """A call that gives all results the type of the first: they must be of one type."""
    from .inline import call_function

    before = cx.mixed
    made = call_function(cx, fun, args, kwargs, node)
    if asked and cx.mixed != before:
        cx.refuse(f"{name} of a function that returns an integer on one path and a float on another: NumPy takes the type of the first "
                  "result for all", node, "return floats on every path")
    return made


def disown(cx: Lowerer, value: Value) -> None:
    """What a cache keeps is not the function's to change."""
    for number in cx.reachable([value]):
        cx.foreign.add(number)


# -- strings and operators ---------------------------------------------------------------------------------------------


def _of_text(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """``"a b".split()``, ``str.upper(s)``, ``dict.fromkeys(names, 0.0)``."""
    if isinstance(obj, BuiltinMethodType) and isinstance(obj.__self__, PLAIN):
        return call_text(cx, const(obj.__self__), obj.__name__, args, kwargs, node)
    if isinstance(obj, BuiltinMethodType) and obj.__self__ is dict and obj.__name__ == "fromkeys":
        from .dicts import static_items

        keys = dict.fromkeys(static_items(cx, args[0], node))
        return cx.new_obj(Fields((args[1] if len(args) > 1 else const(None),) * len(keys), tuple(keys)))
    if isinstance(obj, BuiltinMethodType) and obj.__self__ in (str, bytes, int, float):
        return evaluated(cx, obj, args, kwargs, node)
    if isinstance(obj, MethodDescriptorType) and obj.__objclass__ in PLAIN:
        return call_text(cx, args[0], obj.__name__, args[1:], kwargs, node)
    if isinstance(obj, MethodDescriptorType) and obj.__objclass__ in (list, dict, set):
        from .containers import method

        return method(cx, args[0], obj.__name__, args[1:], kwargs, node)
    return None


def _of_operator(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """``operator.itemgetter(1)`` and its relatives, made anywhere."""
    from .attributes import attribute
    from .calls import apply
    from .subscripts import read_item

    if obj in (operator.itemgetter, operator.attrgetter, operator.methodcaller):
        return evaluated(cx, obj, args, kwargs, node)
    if isinstance(obj, operator.itemgetter):
        found = tuple(read_item(cx, args[0], lifted(cx, key), node) for key in obj.__reduce__()[1])  # type: ignore[index]
        return found[0] if len(found) == 1 else Tup(found)
    if isinstance(obj, operator.attrgetter):
        parts = []
        for name in obj.__reduce__()[1]:  # type: ignore[index]
            value = args[0]
            for part in name.split("."):
                value = attribute(cx, value, part, node)
            parts.append(value)
        return parts[0] if len(parts) == 1 else Tup(tuple(parts))
    if isinstance(obj, operator.methodcaller):
        cls, given = obj.__reduce__()[:2]  # type: ignore[misc]
        named = cls.keywords if isinstance(cls, functools.partial) else {}
        name, *rest = (*cls.args, *given) if isinstance(cls, functools.partial) else given
        ready = tuple(lifted(cx, v) for v in rest), {k: lifted(cx, v) for k, v in named.items()}
        return apply(cx, attribute(cx, args[0], name, node), *ready, node)
    if obj is operator.getitem:
        return read_item(cx, args[0], args[1], node)
    return None


# -- random draws ------------------------------------------------------------------------------------------------------


def _of_random(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    if (cls := _maker(obj)) is not None:
        if not all(is_static(cx, a) or isinstance(a, Var) for a in (*args, *kwargs.values())):
            cx.refuse("a generator seeded with this", node, "give it an integer")
        return called(cx, function_const(cx, fun), "", args, kwargs, Object(cls.__name__))
    receiver = getattr(obj, "__self__", None)
    if not isinstance(receiver, GENERATORS):
        return None
    name = obj.__name__
    if receiver is np.random.mtrand._rand:  # type: ignore[attr-defined]
        shown = Const(np.random, Object("static"), "np.random")
    elif receiver is getattr(random, "_inst", None):
        shown = Const(random, Object("static"), cx.label(random, "random"))
    else:
        shown = Const(receiver, Object("static"), cx.label(receiver, fun.name.rpartition(".")[0] or "rng"))
    return draw(cx, shown, TRIALS[next(c for c in GENERATORS if isinstance(receiver, c)).__name__](0), name, args, kwargs, node)


def _maker(obj: Any) -> type | None:
    try:
        return MAKERS.get(obj)
    except TypeError:
        return None


def function_const(cx: Lowerer, fun: Const) -> Const:
    """A library's function under a name that generated code may use."""
    name = fun.name if fun.name.startswith(("np.", "math.")) else cx.label(fun.value, fun.name.rpartition(".")[2] or "function")
    return Const(fun.value, Object("static"), name)


def draw(cx: Lowerer, receiver: Any, trial: Any, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A method of a generator: called once, in the forward half."""
    if name in IN_PLACE or not hasattr(trial, name):
        cx.refuse(f"the method {name} of a generator", node, "draw a permutation, and index with it")
    if isinstance(trial, random.Random) and name == "choice":
        from .builtin_calls import call_len
        from .subscripts import read_item

        place = called(cx, receiver, "randrange", (call_len(cx, args, {}, node),), {}, Scalar("int64", py=True))
        return read_item(cx, args[0], place, node)
    values = [sample(cx, a, node) for a in args]
    named = {k: sample(cx, v, node) for k, v in kwargs.items()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = getattr(trial, name)(*values, **named)
    except Exception as error:  # whatever NumPy raises for a sample it raises for the arguments
        cx.refuse(f"this draw raises {type(error).__name__}: {error}", node)
    return called(cx, receiver, name, args, kwargs, type_of_result(cx, result, name, args, kwargs, node))


def sample(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    """A value like the argument of a draw."""
    if is_static(cx, value):
        return python_value(cx, value, node)
    if isinstance(value, Tup):
        return tuple(sample(cx, v, node) for v in value.items)
    if isinstance(value, Obj) and isinstance(contents := cx.state.objs[value.oid], Fields):
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
    t = const(result).type
    return t if isinstance(t, Scalar) else cx.refuse(f"a draw that returns a {type(result).__name__}", node, "draw numbers")


def shape_of_result(cx: Lowerer, result: np.ndarray, name: str, args: Args, kwargs: Keywords) -> tuple[dims.DimLike, ...]:
    """The shape that was asked for; what is not asked for is known at run time."""
    place = 0 if name in SIZE_FIRST else 1 if name in SIZE_SECOND else 2
    size = Tup(args) if name in SIZES else kwargs.get("size", args[place] if len(args) > place else None)
    parts = size.items if isinstance(size, Tup) else cx.state.objs[size.oid].items if isinstance(size, Obj) else (size,)  # type: ignore[union-attr]
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
    given = receiver, const(name), tuple(argument(cx, a) for a in args), tuple((const(k), argument(cx, v)) for k, v in kwargs.items())
    outs = cx.builder.emit_all("outside", *given, types=() if t is None else (t,))
    return cx.wrap(outs[0]) if outs else const(None)


def argument(cx: Lowerer, value: Any) -> Any:
    return cx.printable(value) if isinstance(value, Const) else cx.arg(value)


# -- the time, messages, the environment -------------------------------------------------------------------------------


def _of_clock(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    logs = isinstance(obj, MethodType) and isinstance(obj.__self__, (logging.Logger, logging.LoggerAdapter))
    try:
        if not logs and obj not in KNOWN:
            return None
    except TypeError:
        return None
    if logs:
        receiver = Const(obj.__self__, Object("static"), cx.label(obj.__self__, fun.name.rpartition(".")[0] or "logger"))
        return shown(cx, receiver, obj.__name__, args, kwargs)
    if obj in SEEDS:
        return called(cx, function_const(cx, fun), "", args, kwargs, None)
    if obj is logging.getLogger:
        return evaluated(cx, obj, args, kwargs, node)
    if obj in SILENT:
        return shown(cx, function_const(cx, fun), "", args, kwargs)
    return called(cx, function_const(cx, fun), "", args, kwargs, Scalar("int64" if obj in CLOCKS_NS else "float64", py=True))


def shown(cx: Lowerer, receiver: Const, name: str, args: Args, kwargs: Keywords) -> Value:
    """A message: as ``print``, it may show anything."""
    pairs = tuple((const(k), cx.printable(v)) for k, v in kwargs.items())
    cx.builder.emit_all("outside", receiver, const(name), tuple(cx.printable(a) for a in args), pairs, types=())
    return const(None)


def _of_environment(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """An environment variable: its value becomes a fact."""
    of_environ = isinstance(obj, MethodType) and obj.__self__ is os.environ and obj.__name__ == "get"
    if not of_environ and obj is not os.getenv:
        return None
    key, default = python_value(cx, args[0], node), python_value(cx, args[1], node) if len(args) > 1 else None
    value = os.environ.get(key)
    label = cx.label(os.environ, "environ")
    cx.facts.assume(f"{label}.get({key!r}) == {value!r}")
    return const(default if value is None else value)


