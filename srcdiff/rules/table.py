"""The verbs that register operations and their derivative rules.

A rule is one entry: the signature, and for each differentiable parameter a formula::

    elementwise("np.sin(x)", x="g * np.cos(x)")

The signature gives the canonical name, the parameters (NumPy's names, so that keywords work; ``*`` before keyword-only
ones, ``*xs`` for a sequence that collects the rest) and the defaults: what is not in it is not supported. A formula is an
ordinary Python expression. In its scope: the parameters, ``y`` (the result; a tuple if there are several), ``g`` (the
result's adjoint; in a ``jvp`` formula and in forward mode the parameter's tangent), ``np``, ``math``, ``scipy`` and ``rt``
(:mod:`srcdiff.runtime`). The formula of a parameter that is a sequence (``np.stack``) gives the adjoint of its element
``i``: an integer, or a tuple of integers in a nest, or ``()`` where the argument is no sequence. A formula in ``lists``
gives the adjoint of a whole list, where an element's place depends on the elements before it.

=============  ==================================================================================================
elementwise    forward mode applies the same formulas to the tangents and adds up
linear         forward mode applies the operation itself to the tangents
bilinear       forward mode adds one application of the operation for each differentiable parameter
general        forward mode has formulas of its own: ``jvp={"x": ...}``
constant       the derivative is zero, or there is none
=============  ==================================================================================================

Driver and rule share the work: broadcasting and promotion are undone by the driver, never in a formula.

Options of every verb: ``shape`` (:mod:`srcdiff.rules.shapes`) and ``dtype`` (:mod:`srcdiff.rules.infer`), ``layout``, ``rank0``
(``"array"`` if results of rank 0 are arrays and no scalars), ``static`` (further parameters that must be known at compile
time), ``shape_only`` (parameters of which only the shape is used).

Users register their own functions with the same verbs; then the function stands in place of the signature text::

    srcdiff.rules.elementwise(softplus, x="g / (1.0 + np.exp(-x))")

and its formulas may also call the functions of the module that it comes from.
"""

from __future__ import annotations

import builtins
import inspect
import math
import re
import sys
from collections.abc import Callable
from os.path import dirname, sep
from types import FrameType
from typing import Any

import numpy as np

from .. import runtime
from ..errors import SignatureError
from ..ir.ops import OpSpec, Rule, register
from . import shapes
from .infer import Infer, library_function

__all__ = ["bilinear", "check", "compiled", "constant", "elementwise", "formula_globals", "formula_modules", "function_of",
           "general", "linear", "registered", "signature", "static_params"]

STATIC_PARAMS = frozenset({"axis", "keepdims", "ddof", "dtype", "axes", "axis1", "axis2", "offset", "order", "ord",
                           "subscripts", "source", "destination", "endpoint", "optimize", "decimals", "ndigits"})

class Signature:
    """What may be passed: ``positional`` parameters, then keyword-only ones; ``star``: the parameter that collects the rest."""

    __slots__ = ("defaults", "name", "params", "positional", "star")

    def __init__(self, text: str) -> None:
        match = re.fullmatch(r"([\w.~]+)\((.*)\)", text)
        if match is None:
            raise SignatureError(f"cannot read the signature {text!r}: expected something like 'np.sum(a, axis=None)'")
        self.name = match[1]
        self.defaults: dict[str, Any] = {}
        self.star = ""
        names: list[str] = []
        count: int | None = None
        for part in filter(None, match[2].split(", ")):
            if part == "*":
                count = len(names)
                continue
            name, _, default = part.partition("=")
            if name.startswith("*"):
                name = self.star = name[1:]
                count = len(names) + 1
            if default:
                self.defaults[name] = _literal(default)
            names.append(name)
        self.params = tuple(names)
        self.positional = len(names) if count is None else count


_LITERALS = {"None": None, "False": False, "True": True, "float": "float64"}


def _literal(text: str) -> Any:
    if text in _LITERALS:
        return _LITERALS[text]
    return text[1:-1] if text[0] in "\"'" else float(text) if {".", "e"} & set(text) else int(text)


# Parameters that take a sequence as it is. To any other differentiable one lowering passes ``np.array`` of the sequence.
SEQUENCES = frozenset({"arrays", "tup", "object", "operands", "choices", "keys", "c_and_lower", "lu_and_piv"})

SIGNATURES: dict[str, Signature] = {}
_STATIC: dict[str, frozenset[str]] = {}
_FUNCTIONS: dict[str, Callable[..., Any]] = {}
_USER_NAMES: dict[Callable[..., Any], str] = {}
_DEFINED_AT: dict[str, Callable[..., Any]] = {}
_SCOPE: dict[str, Any] = {"np": np, "math": math, "rt": runtime, "__builtins__": builtins}
_SHADOWED = frozenset({"y", "g", "i", "np", "math", "rt"})


# -- the verbs ---------------------------------------------------------------------------------------------------------


def elementwise(what: str | Callable[..., Any], text: str = "", /, **entry: Any) -> None:
    """An operation that acts on each element; its operands broadcast."""
    _add("elementwise", what, text, entry, {"shape": shapes.broadcast})


def linear(what: str | Callable[..., Any], text: str = "", /, **entry: Any) -> None:
    """An operation that is linear in all its differentiable parameters together."""
    _add("linear", what, text, entry, {"shape": shapes.like_first, "dtype": "same"})


def bilinear(what: str | Callable[..., Any], text: str = "", /, **entry: Any) -> None:
    """An operation that is linear in each of its differentiable parameters."""
    _add("bilinear", what, text, entry, {"shape": shapes.broadcast, "dtype": "promoted"})


def general(what: str | Callable[..., Any], text: str = "", /, *, jvp: dict[str, str], **entry: Any) -> None:
    """Any other operation: it spells out its forward mode."""
    _add("general", what, text, entry, {"shape": shapes.like_first, "dtype": "same"}, jvp)


def constant(what: str | Callable[..., Any], text: str = "", /, **entry: Any) -> None:
    """An operation whose derivative is zero wherever it exists."""
    _add("constant", what, text, entry, {"shape": shapes.broadcast})


_HERE = dirname(__file__) + sep
_OPTIONS = ("shape", "dtype", "layout", "rank0", "python", "real")


def _add(kind: str, what: str | Callable[..., Any], text: str, entry: dict[str, Any], defaults: dict[str, Any],
         jvp: dict[str, str] | None = None) -> None:
    where = _place(sys._getframe(2))
    ours = where.startswith(_HERE)
    options = defaults | {k: entry.pop(k) for k in _OPTIONS if k in entry and not (k == "real" and isinstance(entry[k], str))}
    static, shape_only = entry.pop("static", ""), entry.pop("shape_only", "").split()
    lists = entry.pop("lists", {})
    sig = Signature(what) if isinstance(what, str) else _user_signature(what, text, kind, options)
    if ours:  # the tests check the formulas
        if sig.name in SIGNATURES:  # a user may replace a rule
            raise SignatureError(f"{where}: {sig.name} has a rule already")
    else:
        for formulas in (entry, jvp or {}, lists):
            check(sig, formulas, where)
    if not isinstance(what, str):
        _DEFINED_AT[where] = what
    SIGNATURES[sig.name] = sig
    _STATIC[sig.name] = (STATIC_PARAMS | frozenset(static.split())) & frozenset(sig.params)
    infer = Infer(sig.name, sig.params, _STATIC[sig.name], frozenset(entry) - SEQUENCES, **options)
    register(OpSpec(sig.name, sig.params, infer, sig.defaults, Rule(kind, entry, jvp or {}, where, lists),
                    shape_only=tuple(sig.params.index(p) for p in shape_only)))


def _place(frame: FrameType) -> str:
    """The file and line of an entry; of one that a function of this package makes, where that was called."""
    while frame.f_back and frame.f_code.co_filename.startswith(_HERE) and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _user_signature(fun: Callable[..., Any], text: str, kind: str, options: dict[str, Any]) -> Signature:
    """Signature and name of a user's function; inference must not call it, so its dtype comes from its operands."""
    if not callable(fun):
        raise SignatureError(f"expected a function or a signature text, not {fun!r}")
    name = f"{fun.__module__}.{fun.__qualname__}".replace(".<locals>", "")
    while _FUNCTIONS.get(name, fun) is not fun:
        name += "_"
    sig = Signature(f"{name}({text.partition('(')[2] or str(inspect.signature(fun))[1:]}")
    _FUNCTIONS[name] = fun
    _USER_NAMES[fun] = name
    if kind in ("elementwise", "constant"):
        options.setdefault("dtype", "floating")
    return sig


# -- checks of a user's entries, when they are made ---------------------------------------------------------------------

_NAME = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*(?![\w\"']|\s*=[^=])")
_KNOWN = frozenset({"if", "else", "and", "or", "not", "is", "in", "None", "True", "False", "np", "math", "scipy", "rt", "y",
                    "g", "isinstance", "len", "float", "int", "abs", "max", "min", "tuple", "range"})


def check(sig: Signature, formulas: dict[str, str], where: str) -> None:
    """Raise for formulas that name what is not in scope. By pattern: parsing waits until one is used (:func:`compiled`)."""
    if clash := _SHADOWED.intersection(sig.params):
        raise SignatureError(f"{where}: {sig.name}: the name {min(clash)!r} means something else in formulas")
    fun = _FUNCTIONS.get(sig.name)
    known = _KNOWN.union(sig.params, ("i",), getattr(fun, "__globals__", ()))
    for param, text in formulas.items():
        if param not in sig.params:
            raise SignatureError(f"{where}: {sig.name} has no parameter {param!r} (it has: {', '.join(sig.params)})")
        for name in _NAME.findall(text):
            if name not in known:
                raise SignatureError(f"{where}: the formula for {param!r} of {sig.name} mentions {name!r}, "
                                     f"which is not in scope: {text}")
    if fun is not None:  # a user's rule is reported where it is written; ours have a test
        for param, text in formulas.items():
            compiled(text, f"{where}: the formula for {param!r} of {sig.name}")


def compiled(text: str, where: str) -> Any:
    """The formula as a code object, for ``eval``."""
    try:
        return compile(text, "<formula>", "eval")
    except SyntaxError as error:
        raise SignatureError(f"{where} is not an expression: {text}") from error


# -- questions about entries -------------------------------------------------------------------------------------------


def signature(name: str) -> Signature | None:
    """The signature of a canonical operation; None for structural ones."""
    return SIGNATURES.get(name)


def static_params(name: str) -> frozenset[str]:
    """The parameters that must be known at compile time."""
    return _STATIC.get(name, frozenset())


def registered(fun: object) -> str | None:
    """The name under which a user registered ``fun``."""
    try:
        return _USER_NAMES.get(fun)  # type: ignore[call-overload]
    except TypeError:
        return None


def formula_modules() -> dict[str, Any]:
    """The modules that formulas can name."""
    return {**_SCOPE, "scipy": sys.modules["scipy"]} if "scipy" in sys.modules else _SCOPE


def formula_globals(where: str) -> dict[str, Any] | None:
    """What the formulas of the rule at ``where`` can name besides modules, its parameters, ``y``, ``g`` and ``i``: what stands
    beside the function that the user gave it for. None for a rule of srcdiff's.
    """
    fun = _DEFINED_AT.get(where)
    return None if fun is None else getattr(fun, "__globals__", {})


def registered_function(name: str) -> Callable[..., Any] | None:
    """The user's function that was registered under ``name``."""
    return _FUNCTIONS.get(name)


def function_of(name: str) -> Callable[..., Any] | None:
    """The Python function that an operation is: ``np.sum``, ``math.sin``, ``float``, a user's; None if there is none."""
    return _FUNCTIONS[name] if name in _FUNCTIONS else library_function(name)
