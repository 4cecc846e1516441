"""Guards: the tests, written as Python text, that decide call by call whether a compiled specialisation fits.

A guard checks the types and the nest of the arguments, the conditions that lowering recorded about them, and that what the
program read from globals, closures and modules is still there.

>>> import numpy as np
>>> from srcdiff.ir.dims import Facts
>>> from srcdiff.signature import abstract
>>> facts = Facts()
>>> facts.assume("x.shape[0] != 1")
>>> guard_text(abstract(("x",), (np.zeros((3, 2)),)), facts)
'type(x) is _ndarray and x.dtype is _float64 and x.ndim == 2 and x.shape[0] != 1'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import CellType, FunctionType
from typing import Any

import numpy as np

from .ir.core import Var
from .ir.dims import Facts
from .ir.tree import Leaf, Node, Static, Tree
from .ir.types import Array, List, Scalar, Type
from .signature import FLAT_LIST, PY_SCALARS, Signature, part_names

__all__ = ["STABLE", "guard_text", "make_guard", "unchanging"]

# Modules whose contents nobody changes: what was read from them is not looked up again at every call.
STABLE = frozenset({"builtins", "functools", "itertools", "math", "numpy", "operator", "scipy", "srcdiff", "typing"})
_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE


def guard_text(signature: Signature, facts: Facts) -> str:
    """The guard as one Python expression."""
    return _guard(signature, facts, True)[0]


def make_guard(signature: Signature, facts: Facts, objects: Mapping[str, Any], types: bool = True) -> Callable[..., bool]:
    """A function of the arguments that tells whether a specialisation fits.

    ``objects``: what the recorded conditions may name besides arguments. A condition that cannot be evaluated is not met.
    ``types``: whether to test types too, or only what was recorded.
    """
    test, own = _guard(signature, facts, types)
    lines = [f"def guard({', '.join(signature.names)}):", "    try:", f"        return _bool({test})",
             "    except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError):", "        return False"]
    scope: dict[str, Any] = {"np": np, "_bool": bool, "_may_share_memory": np.may_share_memory, **objects, **own}
    exec(compile("\n".join(lines), "<srcdiff guard>", "exec"), scope)
    guard: Callable[..., bool] = scope["guard"]
    return guard


def _guard(signature: Signature, facts: Facts, types: bool) -> tuple[str, dict[str, Any]]:
    """The text, and the objects that it names."""
    writer = _Writer(signature.params, signature.names)
    tests = [t for name, tree in signature.args for t in writer.tests(tree, name)] if types else []
    return " and ".join([*tests, *facts.conditions, *writer.captures(facts)]) or "True", writer.objects


def unchanging(container: Any) -> bool:
    """Whether what was read from somewhere need not be read again: it is a library's, or a class of C."""
    if isinstance(container, FunctionType):
        return str(container.__module__).partition(".")[0] in STABLE
    if isinstance(container, type):
        return bool(container.__flags__ & _IMMUTABLE) or str(container.__module__).partition(".")[0] in STABLE
    return isinstance(container, Mapping) and str(container.get("__name__", "")).partition(".")[0] in STABLE


def _same(a: Any, b: Any) -> bool:
    """Whether two numbers or strings are equal and of one type, the signs of zeros included."""
    if type(a) is not type(b) or a != b:
        return False
    return bool(repr(a) == repr(b)) if not a or isinstance(a, (complex, np.complexfloating)) else True


class _Writer:
    """Writes the tests of one guard; objects that they compare with get names."""

    def __init__(self, params: tuple[Var, ...], arguments: tuple[str, ...]) -> None:
        self.params = params
        self.objects: dict[str, Any] = {}
        # Python's own functions; an argument may have the name of one
        self.type, self.len, self.tuple, self.all = (
            f.__name__ if f.__name__ not in arguments else self.name(f.__name__, f) for f in (type, len, tuple, all))

    def name(self, stem: str, value: Any) -> str:
        name = f"_{stem}"
        while self.objects.setdefault(name, value) is not value:
            name += "_"
        return name

    def tests(self, tree: Tree, name: str) -> Iterator[str]:
        """Conditions under which the value called ``name`` has the type of ``tree``."""
        if isinstance(tree, Static):
            yield self.static(tree.value, name)
        elif isinstance(tree, Leaf):
            yield from self.leaf(self.params[tree.index].type, name)
        else:
            yield from self.node(tree, name)

    def static(self, value: Any, name: str) -> str:
        if value is None:
            return f"{name} is None"
        if isinstance(value, (str, bytes)):
            return f"{self.type}({name}) is {self.name(type(value).__name__, type(value))} and {name} == {value!r}"
        if isinstance(value, np.dtype):
            return f"{name} == {self.name('dtype', value)}"
        return f"{name} is {self.name(type(value).__name__, value)}"

    def leaf(self, t: Type, name: str) -> Iterator[str]:
        if isinstance(t, Scalar):
            cls = next(c for c, s in PY_SCALARS.items() if s == t) if t.py else np.dtype(t.dtype).type
            yield f"{self.type}({name}) is {self.name(cls.__name__, cls)}"
        elif isinstance(t, Array):
            yield f"{self.type}({name}) is {self.name('ndarray', np.ndarray)}"
            yield f"{name}.dtype is {self.name(t.dtype, np.dtype(t.dtype))}"
            yield f"{name}.ndim == {len(t.shape)}"
        elif isinstance(t, List) and t.elem is not None:
            yield f"{self.type}({name}) is {self.name('list', list)} and {self.len}({name}) > {FLAT_LIST}"
            tests = " and ".join(self.leaf(t.elem, "_e"))
            same = f" and _e.shape == {name}[0].shape" if isinstance(t.elem, Array) else ""
            yield f"{self.all}({tests}{same} for _e in {name})"

    def node(self, tree: Node, name: str) -> Iterator[str]:
        cls = tree.cls or {"tuple": tuple, "list": list, "dict": dict}[tree.kind]
        yield f"{self.type}({name}) is {self.name(cls.__name__, cls)}"
        if tree.kind in ("tuple", "list"):
            yield f"{self.len}({name}) == {len(tree.items)}"
        elif tree.kind == "dict":
            yield f"{self.tuple}({name}) == {tree.keys!r}"
        elif tree.kind == "object":
            yield f"{self.tuple}({name}.__dict__) == {tree.keys!r}"
        for part, item in zip(part_names(tree, name), tree.items, strict=True):
            yield from self.tests(item, part)

    def captures(self, facts: Facts) -> Iterator[str]:
        """What was read from globals, cells and containers is still the same object, or an equal number or string."""
        read: dict[str, int] = {}
        for container, key, value in facts.captures.values():
            if unchanging(container):
                continue
            place = self.name("from", container)
            read[place] = read.get(place, 0) + 1
            now = self.lookup(place, container, key)
            then = self.name("then", value)
            plain = isinstance(value, (bool, int, float, complex, str, np.generic))
            yield f"({now} is {then} or {self.name('same', _same)}({now}, {then}))" if plain else f"{now} is {then}"
        for place, count in read.items():
            container = self.objects[place]
            if isinstance(container, (list, dict)) and len(container) == count:
                yield f"{self.len}({place}) == {count}"

    def lookup(self, place: str, container: Any, key: Any) -> str:
        """The expression that reads it again."""
        if isinstance(container, CellType):
            return f"{place}.cell_contents"
        if isinstance(container, type):
            return f"{place}.__dict__.get({key!r})"
        if isinstance(container, FunctionType):
            return f"{place}.{key}"
        if isinstance(container, Mapping) and isinstance(key, str):
            return f"{place}.get({key!r})"
        return f"{place}[{self.name('key', key)}]"
