"""The type of an operation's result: its dtype as NumPy itself computes it, its shape from :mod:`srcdiff.rules.shapes`.

Promotion is never imitated: NumPy is asked, by running the operation once on ones of the operands' kinds.
"""

from __future__ import annotations

import bisect
import builtins
import functools
import heapq
import math
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import runtime
from ..errors import UnsupportedError
from ..ir.core import Arg, Const, Var
from ..ir.dims import DimLike, Facts
from ..ir.types import Array, List, Scalar, Tuple, Type
from .shapes import array_type, broadcast, elements, static

__all__ = ["Infer", "library_function"]

SHAPES = frozenset({"shape", "reps", "pad_width"})  # parameters that are tuples of integers
JOINS = frozenset({"np.concatenate", "np.stack", "np.hstack", "np.vstack"})
WEAK = frozenset({"np.linspace", "np.gradient"})  # Python's numbers do not promote what else they are given

Kind = tuple[str, str]  # dtype, and "py", "np" (scalars), "0" or "n" (arrays); or ("static", repr)


class Infer:
    """``OpSpec.infer`` of a table entry: ``shape(facts, **args)`` gives dimensions, or the whole type.

    ``dtype``: ``"evaluated"``, ``"summed"`` (as np.sum), ``"same"``, ``"promoted"``, ``"floating"``, ``"given"`` (the ``dtype``
    parameter, else the first operand's), or a dtype's name. ``layout``: ``"like"`` (C for operands that are C) or a fixed
    one. ``rank0``: ``"scalar"``, ``"array"`` or ``"py"``. ``python``: the Python operation that runs where all operands are
    Python scalars. ``real``: complex operands are refused. ``single``: parameters that must not be sequences.
    """

    __slots__ = ("dtype", "layout", "name", "params", "python", "rank0", "real", "shape", "single", "static")

    def __init__(self, name: str, params: tuple[str, ...], static_params: frozenset[str], single: frozenset[str], *,
                 shape: Callable[..., Any], dtype: str = "evaluated", layout: str = "like", rank0: str = "scalar",
                 python: Callable[..., Any] | None = None, real: bool = False) -> None:
        self.name, self.params, self.static, self.single = name, params, static_params, single
        self.shape, self.dtype, self.layout, self.rank0, self.python, self.real = shape, dtype, layout, rank0, python, real

    def __call__(self, args: tuple[Arg, ...], facts: Facts) -> Type | tuple[Type, ...]:
        named = dict(zip(self.params, args, strict=True))
        for param in self.static:
            static(named[param], f"{param} of {self.name}")
        for param in self.single:
            if isinstance(named[param], tuple) or isinstance(named[param].type, List):
                raise UnsupportedError(f"{param} of {self.name} is a sequence", advice="make it an array: np.array(...)")
        if self.shape is broadcast:
            return self._elementwise(named, facts)
        found = self.shape(facts, **named)
        if not isinstance(found, tuple) or (found and isinstance(found[0], Scalar | Array | Tuple)):
            return found
        dtype = self._dtype(named, facts)
        if not found and self.rank0 != "array":
            return Scalar(dtype, py=self.rank0 == "py")
        return Array(dtype, found, self._layout(named, facts))

    def _operands(self, named: dict[str, Arg], facts: Facts) -> list[Scalar | Array]:
        """The types of the arguments that are arrays or numbers, in order."""
        found = []
        for param, arg in named.items():
            if param not in self.static and param not in SHAPES and not (isinstance(arg, Const) and arg.value is None):
                found.append(array_type(arg, facts, f"{param} of {self.name}"))
        if self.real and any(np.dtype(t.dtype).kind == "c" for t in found):
            raise UnsupportedError(f"{self.name} of complex numbers is not supported")
        return found

    def _elementwise(self, named: dict[str, Arg], facts: Facts) -> Type:
        operands = self._operands(named, facts)
        shape = broadcast(facts, *(t.shape for t in operands if isinstance(t, Array)))
        if self.dtype != "evaluated":
            dtype = self._dtype(named, facts)
            py = self.rank0 == "py" or (self.rank0 == "scalar" and all(isinstance(t, Scalar) and t.py for t in operands))
            return Array(dtype, shape, self._joint(operands, shape)) if shape else Scalar(dtype, py)
        dtype, form = self._evaluated(named, facts)
        if shape or form == "0":
            return Array(dtype, shape, self._joint(operands, shape))
        return Scalar(dtype, py=form == "py")

    def _joint(self, operands: list[Scalar | Array], shape: tuple[DimLike, ...]) -> Any:
        return _joint_layout(operands, shape) if self.layout == "like" else self.layout

    def _evaluated(self, named: dict[str, Arg], facts: Facts) -> Kind:
        kinds = []
        for param, arg in named.items():
            if param in self.static or (isinstance(arg, Const) and arg.value is None):
                kinds.append(("static", arg.value))
            else:
                kinds.append(_kind(array_type(arg, facts, f"{param} of {self.name}")))
        return _evaluate(self.name, self.python, tuple(kinds))

    def _dtype(self, named: dict[str, Arg], facts: Facts) -> str:
        if "dtype" in named and (dtype := static(named["dtype"], f"dtype of {self.name}")) is not None:
            return str(np.dtype(dtype))
        if self.dtype in ("given", "same", "evaluated"):
            first = next(iter(self._operands({self.params[0]: named[self.params[0]]}, facts)))
            return _reduced(self.name, first.dtype) if self.dtype == "evaluated" else first.dtype
        if self.dtype in ("promoted", "floating"):
            kinds = tuple(_kind(t) for t in self._operands(named, facts))
            if self.name.startswith("np.") and self.name not in WEAK and not isinstance(library_function(self.name), np.ufunc):
                kinds = tuple((dtype, "np" if form == "py" else form) for dtype, form in kinds)  # these make arrays of numbers
            return _promoted(kinds, self.dtype == "floating")
        if self.dtype == "summed":
            return _reduced("np.sum", self._operands(named, facts)[0].dtype)
        return self.dtype

    def _layout(self, named: dict[str, Arg], facts: Facts) -> Any:
        if self.layout != "like":
            return self.layout
        if self.name in JOINS:
            return _joined_layout(named[self.params[0]], facts)
        return _in_c_order(tuple(t.layout for t in self._operands(named, facts) if isinstance(t, Array)))


def _joined_layout(arrays: Arg, facts: Facts) -> Any:
    """NumPy joins arrays in the order of their memory: in C order if all that have several axes lie so."""
    types = elements(arrays, facts)
    if types is None:
        elem = arrays.type.elem if isinstance(arrays, Var) and isinstance(arrays.type, List) else None
        types = [elem] if isinstance(elem, Array) else []
    return _in_c_order(tuple(t.layout for t in types if isinstance(t, Array) and len(t.shape) > 1))


def _in_c_order(layouts: tuple[Any, ...]) -> Any:
    """The layout of what is C-contiguous if all operands are, and else may lie in any order."""
    if all(layout == "C" for layout in layouts):
        return "C"
    return "A" if "A" in layouts or "F" in layouts else ("lead", ("K", layouts))


def _joint_layout(operands: list[Scalar | Array], shape: tuple[DimLike, ...]) -> Any:
    """The layout of an element-wise result: NumPy keeps the operands' order ("K")."""
    arrays = [t for t in operands if isinstance(t, Array)]
    layouts = tuple(t.layout for t in arrays)
    if all(layout == "C" for layout in layouts):
        return "C"
    if all(layout == "F" for layout in layouts) and all(t.shape == shape for t in arrays):
        return "F"
    return ("K", layouts)


def _kind(t: Scalar | Array) -> Kind:
    if isinstance(t, Array):
        return t.dtype, "n" if t.shape else "0"
    return t.dtype, "py" if t.py else "np"


def _one(kind: tuple[str, Any]) -> Any:
    dtype, form = kind
    if dtype == "static":
        return form
    if form == "py":
        return np.ones((), dtype).item()
    return np.dtype(dtype).type(1) if form == "np" else np.ones((1,) if form == "n" else (), dtype)


@functools.lru_cache(maxsize=4096)
def _evaluate(name: str, python: Callable[..., Any] | None, kinds: tuple[tuple[str, Any], ...]) -> Kind:
    """dtype and form of the operation's result, from one run on ones."""
    # Of scalars of both kinds the operator is Python's too: 1j * np.float64(1.0) is a complex, not a np.complex128.
    scalars = all(form in ("py", "np") for dtype, form in kinds if dtype != "static")
    fun = python if python is not None and scalars else library_function(name)
    assert fun is not None, name
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            result = fun(*(_one(k) for k in kinds))
    except (TypeError, ValueError) as error:
        dtypes = ", ".join(dtype for dtype, _ in kinds if dtype != "static")
        raise UnsupportedError(f"{name} does not take operands of type {dtypes}: {error}") from error
    if isinstance(result, np.ndarray):
        return str(result.dtype), "n" if result.ndim else "0"
    return str(np.asarray(result).dtype), "np" if isinstance(result, np.generic) else "py"


@functools.lru_cache(maxsize=1024)
def _reduced(name: str, dtype: str) -> str:
    return _evaluate(name, None, ((dtype, "n"),))[0]


@functools.lru_cache(maxsize=1024)
def _promoted(kinds: tuple[Kind, ...], floating: bool) -> str:
    found = np.result_type(*(_one(k) for k in kinds))
    if floating and found.kind not in "fc":
        found = np.result_type(found, np.float64)
    return str(found)


MASKED = "~where"  # ends the name of a reduction's form with where=, initial= or mean=
LAZY = ("scipy.linalg", "scipy.special", "scipy.stats", "statistics")  # packages that only the program under study imports


def library_function(name: str) -> Callable[..., Any] | None:
    """``np.linalg.norm``, ``math.sin``, ``float``: the function of that name, or None."""
    root, _, rest = name.removesuffix(MASKED).partition(".")
    if not rest:
        return getattr(builtins, root, None)
    if root == "statistics":
        return getattr(sys.modules.get(root), rest, None)
    if root == "scipy":
        package, _, rest = name.rpartition(".")
        home: Any = sys.modules.get(package)
        if home is None:  # a method of a distribution: scipy.stats.norm.logpdf
            package, _, owner = package.rpartition(".")
            home = getattr(sys.modules.get(package), owner, None)
        return getattr(home, rest, None)
    found: Any = {"np": np, "math": math, "rt": runtime, "heapq": heapq, "bisect": bisect}.get(root)
    for part in rest.split("."):
        found = getattr(found, part, None)
    return found
