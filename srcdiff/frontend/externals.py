"""Calls of objects that are not the user's functions: methods of strings, clocks, loggers, wrappers around functions.

What changes with each call (the time, a random number) is called in the forward half, once, and its result is kept; it carries
no derivative, and nothing that has one may go in.
"""

from __future__ import annotations

import ast
import functools
import operator
import os
import re
import sys
import time
import warnings
from collections.abc import Set
from types import BuiltinMethodType, FunctionType, MethodDescriptorType, MethodType
from typing import Any

from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.types import Object, Scalar
from .context import Lowerer
from .draws import called, draw, function_const, of_random, trial
from .library_objects import MANAGER, of_library, used
from .python_types import python_type
from .reachable import reachable
from .static_values import call_text, environment, evaluated, is_text, lifted, python_value
from .values import Bound, Fields, Tup, Value
from .vectorized import objects_method, of_vectorized

__all__ = ["call_external", "external_method"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]
PLAIN = (str, bytes, int, float, complex, tuple, range, frozenset, re.Pattern, re.Match)
CLOCKS = {time.time, time.perf_counter, time.monotonic, time.process_time, time.thread_time}
CLOCKS_NS = {time.time_ns, time.perf_counter_ns, time.monotonic_ns, time.process_time_ns}
SILENT = {time.sleep, warnings.warn, warnings.simplefilter, warnings.filterwarnings, warnings.resetwarnings}
LOGS = frozenset({"debug", "info", "warning", "error", "critical", "log", "exception"})  # in the module logging
LOGGERS = frozenset({"Logger", "LoggerAdapter"})


def call_external(cx: Lowerer, fun: Const, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """The call of such an object; None if ``fun`` is none."""
    obj = fun.value
    for known in (of_vectorized, of_random, _of_wrapper, _of_text, _of_operator, _of_clock, _of_environment, of_library):
        found = known(cx, fun, obj, args, kwargs, node)
        if found is not None:
            return found
    return None


def external_method(cx: Lowerer, base: Value, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A method of a value of the program: of a string, of a generator that it made, of a number."""
    if isinstance(base, Bound):
        return objects_method(cx, base, name, args, kwargs, node)
    if is_text(base):
        return call_text(cx, base, name, args, kwargs, node)
    if isinstance(base, Var) and isinstance(base.type, Object) and (other := trial(base.type.kind)) is not None:
        return draw(cx, base, other, name, args, kwargs, node)
    if isinstance(base, Var) and isinstance(base.type, Object) and base.type.kind == MANAGER:
        return used(cx, base, name, args, kwargs)
    if isinstance(base, Const) and isinstance(base.value, PLAIN) and not isinstance(base.value, bool):
        builtin = hasattr(base.value, name) and not isinstance(getattr(type(base.value), name), FunctionType)
        return evaluated(cx, getattr(base.value, name), args, kwargs, node) if builtin else None
    return None


# -- wrappers ----------------------------------------------------------------------------------------------------------


def _of_wrapper(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """``lru_cache``: the function behind it. ``singledispatch``: the one for the type of the first argument."""
    from .calls import apply

    if isinstance(obj, functools._lru_cache_wrapper):
        made = apply(cx, cx.captured(obj.__wrapped__, fun.name), args, kwargs, node)
        disown(cx, made)
        return made
    if isinstance(obj, FunctionType) and hasattr(obj, "dispatch") and hasattr(obj, "registry"):
        cls = python_type(cx, args[0], node)
        chosen = obj.dispatch(cls)
        labels = [cx.label(v, v.__name__) for v in (obj, cls, chosen)]
        cx.facts.assume("{}.dispatch({}) is {}".format(*labels))
        return apply(cx, cx.captured(chosen, fun.name), args, kwargs, node)
    return None


def disown(cx: Lowerer, value: Value) -> None:
    """What a cache keeps is not the function's to change."""
    for number in reachable(cx, [value]):
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
        found = tuple(read_item(cx, args[0], lifted(cx, key), node) for key in obj.__reduce__()[1])
        return found[0] if len(found) == 1 else Tup(found)
    if isinstance(obj, operator.attrgetter):
        parts = []
        for name in obj.__reduce__()[1]:
            value = args[0]
            for part in name.split("."):
                value = attribute(cx, value, part, node)
            parts.append(value)
        return parts[0] if len(parts) == 1 else Tup(tuple(parts))
    if isinstance(obj, operator.methodcaller):
        parts_of: Any = obj.__reduce__()
        cls, given = parts_of[:2]
        named = cls.keywords if isinstance(cls, functools.partial) else {}
        name, *rest = (*cls.args, *given) if isinstance(cls, functools.partial) else given
        ready = tuple(lifted(cx, v) for v in rest), {k: lifted(cx, v) for k, v in named.items()}
        return apply(cx, attribute(cx, args[0], name, node), *ready, node)
    return None


# -- the time, messages, the environment -------------------------------------------------------------------------------


def _of_clock(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    if isinstance(obj, MethodType) and isinstance(obj.__self__, tuple(_loaded("logging", LOGGERS))):
        receiver = Const(obj.__self__, Object("static"), cx.label(obj.__self__, fun.name.rpartition(".")[0] or "logger"))
        return shown(cx, receiver, obj.__name__, args, kwargs)
    try:
        hash(obj)
    except TypeError:
        return None
    if obj in SILENT | _loaded("logging", LOGS):
        return shown(cx, function_const(cx, fun), "", args, kwargs)
    if obj in _loaded("logging", {"getLogger"}):
        return evaluated(cx, obj, args, kwargs, node)
    if obj in _loaded("numpy.random", {"seed"}):
        return called(cx, function_const(cx, fun), "", args, kwargs, None)
    if obj not in CLOCKS | CLOCKS_NS:
        return None
    return called(cx, function_const(cx, fun), "", args, kwargs, Scalar("int64" if obj in CLOCKS_NS else "float64", py=True))


def _loaded(module: str, names: Set[str]) -> set[Any]:
    """What a module has under these names. Nothing if it is not loaded: no program has any of it then, and loading is slow."""
    found = vars(sys.modules[module]) if module in sys.modules else {}
    return {found[name] for name in names & found.keys()}


def shown(cx: Lowerer, receiver: Const, name: str, args: Args, kwargs: Keywords) -> Value:
    """A message: as ``print``, it may show anything."""
    pairs = tuple((const(k), _part_of_message(cx, v)) for k, v in kwargs.items())
    cx.builder.emit_all("outside", receiver, const(name), tuple(_part_of_message(cx, a) for a in args), pairs, types=())
    return const(None)


def _part_of_message(cx: Lowerer, value: Value) -> Any:
    """What is shown, or the class of a warning."""
    from .exceptions import named

    if isinstance(value, Const) and isinstance(value.value, type) and issubclass(value.value, Warning):
        return named(cx, value.value)
    return cx.printable(value)


def _of_environment(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """An environment variable: its value becomes a fact."""
    of_environ = isinstance(obj, MethodType) and obj.__self__ is os.environ and obj.__name__ == "get"
    if not of_environ and obj is not os.getenv:
        return None
    value = environment(cx, python_value(cx, args[0], node))
    return const(value) if value is not None else args[1] if len(args) > 1 else const(None)


