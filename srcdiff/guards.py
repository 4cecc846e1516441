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

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CellType
from typing import Any

import numpy as np

from . import memory
from .containers import container_of, static_key
from .ir.core import Var
from .ir.dims import MISSING, Attribute, Facts
from .ir.tree import Leaf, Node, Static, Tree, flattened, part_names
from .ir.types import Array, List, Scalar, Type
from .signature import FLAT_LIST, PY_SCALARS, Signature
from .unchanging import unchanging

__all__ = ["guard_text", "make_guard"]

_PLAIN = frozenset({bool, int, float, complex, str})
_LOGIC = re.compile(r"[<>=!'\"]|\b(not|and|or|is|in|if)\b")  # what an expression for a size has none of


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
    scope: dict[str, Any] = {"np": np, "_bool": bool, "_may_share_memory": np.may_share_memory, "_are_apart": memory.are_apart,
                             "_are_distinct": memory.are_distinct, "_are_separate": memory.are_separate,
                             "_are_different": memory.are_different, **objects, **own}
    exec(compile("\n".join(lines), "<srcdiff guard>", "exec"), scope)
    guard: Callable[..., bool] = scope["guard"]
    return guard


def _guard(signature: Signature, facts: Facts, types: bool) -> tuple[str, dict[str, Any]]:
    """The text, and the objects that it names."""
    writer = _Writer(signature.params, signature.names)
    tests = [t for name, tree in signature.args for t in (writer.tests if types else writer.apart)(tree, name)]
    conditions = map(writer.short, _not_implied(facts.conditions))
    return " and ".join([*tests, *conditions, *writer.captures(facts)]) or "True", writer.objects


def _not_implied(conditions: Iterable[str]) -> Iterator[str]:
    """Without the equalities of sizes that follow from those before them.

    >>> list(_not_implied(["a.shape[0] == b.shape[0]", "b.shape[0] == c.shape[0]", "c.shape[0] == a.shape[0]", "n > 1"]))
    ['a.shape[0] == b.shape[0]', 'b.shape[0] == c.shape[0]', 'n > 1']
    """
    equal: dict[str, str] = {}  # a side of an equality -> another one that is equal

    def first(side: str) -> str:
        while side in equal:
            side = equal[side]
        return side

    for condition in conditions:
        sides = condition.split(" == ")
        if len(sides) == 2 and all(map(_is_size, sides)):
            a, b = map(first, sides)
            if a == b:
                continue
            equal[a] = b
        yield condition


def _is_size(text: str) -> bool:
    return ".shape[" in text and text.count("(") == text.count(")") and not _LOGIC.search(text)


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
        self._names: dict[tuple[str, int], str] = {}
        self._used: dict[str, int] = {}
        self.parts: list[tuple[str, str]] = []  # calls that take an instance apart, and the names of their results
        # Python's own functions; an argument may have the name of one
        self.type, self.len, self.tuple, self.all = (
            f.__name__ if f.__name__ not in arguments else self.name(f.__name__, f) for f in (type, len, tuple, all))

    def name(self, stem: str, value: Any) -> str:
        """A name for an object; the same for the same one."""
        name = self._names.get((stem, id(value)))
        if name is None:
            used = self._used[stem] = self._used.get(stem, 0) + 1
            name = self._names[stem, id(value)] = f"_{stem}{used if used > 1 else ''}"
            self.objects[name] = value
        return name

    def tests(self, tree: Tree, name: str) -> Iterator[str]:
        """Conditions under which the value called ``name`` has the type of ``tree``."""
        name = self.short(name)
        if isinstance(tree, Static):
            yield self.static(tree.value, name)
        elif isinstance(tree, Leaf):
            yield from self.leaf(self.params[tree.index].type, name)
        else:
            yield from self.node(tree, name)

    def apart(self, tree: Tree, name: str) -> Iterator[str]:
        """Of those conditions, only the ones that take instances of registered classes apart: others name the parts."""
        if not isinstance(tree, Node):
            return
        container = container_of(tree.cls) if tree.kind == "registered" else None
        if container is not None:
            call = self.short(flattened(container, name))
            local = f"_parts{len(self.parts)}"
            self.parts.append((call, local))
            rest = call.removeprefix(container.flatten_name)
            yield f"({local} := {self.name(container.flatten_name, container.flatten)}{rest}) is not None"
        for part, item in zip(part_names(tree, name), tree.items, strict=True):
            yield from self.apart(item, part)

    def short(self, text: str) -> str:
        """A condition with names for the parts of instances that are taken apart."""
        for call, local in self.parts:
            text = text.replace(call, local)
        return text

    def registered(self, tree: Node, name: str) -> Iterator[str]:
        """The static part and the number of children."""
        yield from self.apart(Node(tree.kind, (), (), tree.cls), name)
        local = self.parts[-1][1]
        key = static_key(tree.static)
        yield f"{self.name('static_key', static_key)}({local}[1]) == {self.name('static', key)}"
        yield f"{self.len}({local}[0]) == {len(tree.items)}"

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
        elif tree.kind == "registered":
            yield from self.registered(tree, name)
        for part, item in zip(part_names(tree, name), tree.items, strict=True):
            yield from self.tests(item, part)

    def captures(self, facts: Facts) -> Iterator[str]:
        """What was read from globals, cells and containers is still the same object, or an equal number or string."""
        read: dict[str, int] = {}
        for container, key, value in facts.captures.values():
            if unchanging(container):
                continue
            place = self.name("from", container)
            if not isinstance(key, Attribute):
                read[place] = read.get(place, 0) + 1
            yield self.still(place, container, key, value)
        for place, count in read.items():
            container = self.objects[place]
            if isinstance(container, (list, dict)) and len(container) == count:
                yield f"{self.len}({place}) == {count}"

    def still(self, place: str, container: Any, key: Any, value: Any) -> str:
        """The test of one thing that was read."""
        if value is MISSING:
            return f"{key!r} not in {place}{'.__dict__' if isinstance(container, type) else ''}"
        now = self.lookup(place, container, key)
        if key == "shape" and isinstance(container, np.ndarray):  # a new tuple each time
            return f"{now} == {value!r}"
        then = self.name("then", value)
        if type(value) in _PLAIN or isinstance(value, np.generic):
            return f"({now} is {then} or {self.name('same', _same)}({now}, {then}))"
        return f"{now} is {then}"

    def lookup(self, place: str, container: Any, key: Any) -> str:
        """The expression that reads it again."""
        if isinstance(container, CellType):
            return f"{place}.cell_contents"
        if key == "__class__" and isinstance(key, Attribute):  # a property may lie
            return f"{self.type}({place})"
        if isinstance(key, Attribute):
            return f"{place}.{key}"
        if isinstance(container, type):
            return f"{place}.__dict__[{key!r}]"
        if isinstance(key, str):
            return f"{place}[{key!r}]"
        return f"{place}[{self.name('key', key)}]"
