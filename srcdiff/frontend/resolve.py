"""One operation, one name, whatever spelling a program has for it: ``np.max``, ``np.amax``, ``np.ndarray.max``, ``x.max``.

A callable is looked up by identity first, then among NumPy's and Python's other spellings of it. What a signature
does not list is refused, with the list of what is supported.
"""

from __future__ import annotations

import functools
import sys
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from .. import rules, runtime
from ..composed import COMPOSED, static
from ..errors import UnsupportedError
from ..ir.build import const
from ..rules import table
from ..rules.infer import LAZY, MASKED

__all__ = ["AT_COMPILE_TIME", "Arguments", "bind", "bind_method", "canonical", "composition", "method",
           "variant"]

assert rules


class Arguments(NamedTuple):
    """``args``: one for each parameter of the operation. ``out``: the array that the result is written into, or None."""

    args: tuple[Any, ...]
    out: Any = None


# Functions that formulas call on static values: evaluated when the function is compiled.
AT_COMPILE_TIME = frozenset(f for module in (runtime.static, static) for name in module.__all__
                            if callable(f := getattr(module, name)))

_STRUCTURAL = {runtime.smul: "smul", runtime.sdiv: "sdiv", runtime.unbroadcast: "unbroadcast", len: "len"}

# Functions of NumPy's that are other objects than the ones that the table names, but mean the same.
_ALIASES = {
    "np.amax": "np.max", "np.amin": "np.min", "np.asanyarray": "np.asarray", "np.around": "np.round",
    "np.linalg.outer": "np.outer", "np.linalg.matmul": "np.matmul",
}

_PYTHON_ONLY = frozenset({"not", "is", "item", "abs"})

# Methods whose name is not their function's.
_METHODS = {"conj": "np.conjugate", "flatten": "np.ravel", "item": "item"}
_METHOD_NAMES = frozenset({
    "all", "any", "argmax", "argmin", "argpartition", "argsort", "astype", "choose", "clip", "conjugate", "copy", "cumprod",
    "cumsum", "diagonal", "dot", "max", "mean", "min", "prod", "ravel", "repeat", "reshape", "round", "searchsorted",
    "squeeze", "std", "sum", "swapaxes", "take", "trace", "transpose", "var",
})
_VARIADIC = frozenset({"reshape", "transpose"})


def _loaded() -> tuple[bool, ...]:
    """Which of the packages that srcdiff never imports itself the program under study has imported."""
    return tuple(name in sys.modules for name in LAZY)


@functools.cache
def _by_object(loaded: tuple[bool, ...]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for name in table.SIGNATURES:
        if name not in _PYTHON_ONLY and not name.endswith(MASKED) and (fun := table.function_of(name)) is not None:
            found.setdefault(fun, name)
    for alias, name in _ALIASES.items():
        if (fun := table.function_of(alias)) is not None:
            found.setdefault(fun, name)
    return found | _STRUCTURAL


def canonical(obj: object) -> str | None:
    """The operation that a Python callable performs, or None.

    >>> canonical(np.multiply), canonical(np.amax), canonical(print)
    ('np.multiply', 'np.max', None)
    """
    try:
        name = _by_object(_loaded()).get(obj)
    except TypeError:  # unhashable
        return None
    if name is not None:
        return name
    if (name := table.registered(obj)) is not None:
        return name
    if getattr(obj, "__objclass__", None) is np.ndarray:
        return method(getattr(obj, "__name__", ""))
    return None


def composition(obj: object) -> FunctionType | None:
    """The function that a library's function is written out as, or None.

    >>> composition(np.dstack).__name__, composition(np.sin)
    ('dstack', None)
    """
    try:
        return _compositions(_loaded()).get(obj)
    except TypeError:  # unhashable
        return None


@functools.cache
def _compositions(loaded: tuple[bool, ...]) -> dict[Any, FunctionType]:
    found = {name: table.library_function(name) for name in COMPOSED}
    return {fun: COMPOSED[name] for name, fun in found.items() if fun is not None}  # type: ignore[misc]


def method(name: str) -> str | None:
    """The operation behind an array's method.

    >>> method("sum"), method("conj"), method("fill")
    ('np.sum', 'np.conjugate', None)
    """
    return f"np.{name}" if name in _METHOD_NAMES else _METHODS.get(name)


def variant(name: str, kwargs: dict[str, Any]) -> str:
    """The form of an operation that has these keywords: reductions with ``where=``, ``initial=`` or ``mean=`` have a rule of
    their own.
    """
    masked = name + MASKED
    return masked if kwargs.keys() & {"where", "initial", "mean"} and table.signature(masked) else name


def bind(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
    """The arguments of a call in the order of the operation's parameters; defaults are constants."""
    name = variant(name, kwargs)
    sig = table.signature(name)
    if sig is None:
        if kwargs:
            raise UnsupportedError(f"{name} takes no keywords")
        return Arguments(args)
    kwargs = {_KEYWORDS.get(name, {}).get(k, k): v for k, v in kwargs.items() if not _says_nothing(name, k, v)}
    out = kwargs.pop("out", None)
    if sig.star:
        before = sig.params.index(sig.star)
        args = (*args[:before], tuple(args[before:]))
    elif len(args) == sig.positional + 1 and isinstance(table.function_of(name), np.ufunc):
        args, out = args[:-1], args[-1]
    return Arguments(_ordered(sig, args, kwargs), out)


# Parameters that NumPy's function needs but its keywords and the array's method do not: None stands for them.
_MAY_BE_MISSING = {"np.clip": ("a_min", "a_max")}

# Keywords under which NumPy's documentation has parameters that the table names otherwise.
_KEYWORDS = {"np.clip": {"min": "a_min", "max": "a_max"}}
_KEYWORDS |= {f"np.{name}": {"correction": "ddof"} for name in ("var", "std", "nanvar", "nanstd")}
_KEYWORDS |= {name + MASKED: words for name, words in _KEYWORDS.items()}


def _ordered(sig: table.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    if len(args) > sig.positional:
        raise UnsupportedError(f"{sig.name} with {len(args)} positional arguments", advice=_supported(sig))
    given = dict(zip(sig.params, args, strict=False))
    for key, value in kwargs.items():
        if key in given:
            raise UnsupportedError(f"{sig.name} got {key!r} twice")
        if key not in sig.params:
            advice = _WHERE if key == "where" else _supported(sig)
            raise UnsupportedError(f"the keyword {key!r} of {sig.name} is not supported", advice=advice)
        given[key] = value
    given |= {p: const(None) for p in _MAY_BE_MISSING.get(sig.name, ()) if p not in given}
    missing = [p for p in sig.params if p not in given and p not in sig.defaults]
    if missing:
        raise UnsupportedError(f"{sig.name} needs the argument {missing[0]!r}")
    return tuple(given[p] if p in given else const(sig.defaults[p]) for p in sig.params)


_WHERE = "compute everything and select: np.where(mask, f(x), other), np.sum(np.where(mask, x, 0.0))"


def _supported(sig: table.Signature) -> str:
    names = [p if p not in sig.defaults else f"{p}={sig.defaults[p]!r}" for p in sig.params]
    if sig.positional < len(names) and not sig.star:
        names.insert(sig.positional, "*")
    return f"supported: {sig.name}({', '.join(names)})"


def bind_method(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
    """:func:`bind` for the array method ``name``; ``args[0]`` is the array."""
    operation = method(name)
    if operation is None:
        raise UnsupportedError(f"the array method {name} is not supported")
    if name in _VARIADIC and len(args) > 2:
        args = (args[0], tuple(args[1:]))
    if name in ("copy", "flatten", "ravel") and len(args) == 2:
        kwargs = kwargs | {"order": args[1]}
        args = args[:1]
    return bind(operation, args, kwargs)


def _says_nothing(name: str, keyword: str, value: Any) -> bool:
    """Whether a keyword only spells out what happens anyway."""
    given = getattr(value, "value", value)
    if keyword == "order":
        return given == "C" or (given == "K" and name == "np.copy")
    return keyword == "copy" and given is True and name in ("np.astype", "np.array")
