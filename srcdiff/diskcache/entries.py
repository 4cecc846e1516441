"""A compiled derivative as text, and back.

JSON: the generated text, its line map, the conditions of its guard, and what it refers to. An object of the user's is
written as its number in the walk (:mod:`srcdiff.diskcache.reach`), one of a library's as module and name, a number as its
text. Nothing is pickled. What cannot be written so is not stored; nor is a derivative for which lowering read something that
the walk did not meet, because then the key would not notice a change.
"""

from __future__ import annotations

import enum
import importlib
import json
import linecache
import sys
from collections.abc import Callable, Iterator, Mapping
from types import CellType, MemberDescriptorType, ModuleType
from typing import Any

import numpy as np

from ..errors import Loc, Source
from ..generated import Compiled, GeneratedSource
from ..ir.dims import MISSING, Attribute, Facts
from ..load import load
from ..unchanging import STABLE, unchanging
from .reach import Reach, UnkeyableError, importable, imported

__all__ = ["Found", "decode", "encode"]


# Attributes that the walk describes; so it does slots and what instances have in ``__dict__``.
KNOWN = frozenset({"__class__", "__dict__", "__mro__", "__code__", "__defaults__", "__kwdefaults__", "__name__", "__qualname__",
                   "__module__", "__doc__", "shape", "dtype", "func", "args", "keywords"})


# -- writing -----------------------------------------------------------------------------------------------------------


def encode(compiled: Compiled, reach: Reach) -> dict[str, Any]:
    """Raises UnkeyableError for what cannot be stored."""
    source, facts = compiled.source, compiled.facts
    backward = compiled.backward and compiled.backward.__name__
    return {
        "text": source.text, "entries": list(source.entries), "backward": backward,
        "stashed": sorted(compiled.stashed), "shared": compiled.value_shared, "lines": _lines(source.line_map),
        "conditions": list(facts.conditions),
        "objects": {name: _reference(value, reach) for name, value in source.objects.items()},
        "captures": [_capture(c, key, reach) for c, key, _ in facts.captures.values() if not unchanging(c)],
    }


def _lines(line_map: Mapping[int, Loc]) -> dict[str, Any]:
    files: dict[str, int] = {}
    places = [(line, files.setdefault(loc.source.file, len(files)), loc.line, loc.col, loc.end_line, loc.end_col)
              for line, loc in line_map.items()]
    return {"files": list(files), "places": places}


def _capture(container: Any, key: Any, reach: Reach) -> list[Any]:
    """The container's number (a library's module: its name), and the key: a string or None itself, an attribute in a list, any
    other by its position.
    """
    if isinstance(container, ModuleType) and container.__name__.partition(".")[0] in STABLE:
        return [container.__name__, [key]]
    number = reach.number(container)
    if number is None:
        raise UnkeyableError(f"something was read from a {type(container).__name__} that the walk did not meet")
    if isinstance(container, CellType):
        return [number, None]
    if isinstance(key, Attribute):
        if not _is_described(container, key, reach):
            raise UnkeyableError(f"{key} of a {type(container).__name__} was read, and the walk does not describe it")
        return [number, [key]]
    if id(container) in reach.scopes and not reach.knows(container, key):
        raise UnkeyableError(f"{key} was read from a module or class, and the walk did not meet it")
    if isinstance(key, str):
        return [number, key]
    return [number, list(container).index(key) if isinstance(container, dict) else int(key)]


def _is_described(container: Any, name: str, reach: Reach) -> bool:
    """Whether the walk says what an attribute is."""
    if isinstance(container, enum.Enum) and name in ("name", "value"):
        return True
    if isinstance(container, ModuleType):  # made up by its __getattr__
        return reach.knows(vars(container), "__getattr__")
    return name in KNOWN or isinstance(getattr(type(container), name, None), MemberDescriptorType)


def _reference(value: Any, reach: Reach) -> list[Any]:
    if type(value) in (bool, int, float, complex, str, type(None)):
        return ["value", type(value).__name__, value if isinstance(value, str) else repr(value)]
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return ["scalar", value.dtype.str, value.tobytes().hex()]
    number = reach.number(value)
    if number is not None:
        return ["walk", number]
    if isinstance(value, ModuleType) and value.__name__.partition(".")[0] in STABLE:
        return ["module", value.__name__]
    place = importable(value)
    if place is None:
        raise UnkeyableError(f"the generated text refers to a {type(value).__name__} that the walk did not meet")
    return ["import", *place]


# -- reading -----------------------------------------------------------------------------------------------------------


class Found:
    """A stored derivative: ``facts`` and ``objects`` for its guard; :meth:`load` makes it run."""

    def __init__(self, entry: dict[str, Any], reach: Reach) -> None:
        self._entry = entry
        self.objects = {str(name): _object(ref, reach) for name, ref in entry["objects"].items()}
        self.facts = Facts()
        for condition in entry["conditions"]:
            self.facts.assume(str(condition))
        for number, key in entry["captures"]:
            container = sys.modules[number] if isinstance(number, str) else reach.objects[number]
            self.facts.capture(container, *_read(container, key))

    def load(self) -> Compiled:
        entry = self._entry
        places = _Places(entry["lines"]["files"], {p[0]: p[1:] for p in entry["lines"]["places"]})
        loaded = load(GeneratedSource(entry["text"], places, tuple(entry["entries"]), self.objects))
        backward = entry["backward"] and loaded.functions[entry["backward"]]
        return Compiled(loaded.main, backward, loaded.source, self.facts, stashed=frozenset(entry["stashed"]),
                        value_shared=entry["shared"])


def decode(text: str, reach: Reach) -> Iterator[Found]:
    """The derivatives that a file holds."""
    for entry in json.loads(text)["entries"]:
        yield Found(entry, reach)


def _read(container: Any, key: Any) -> tuple[Any, Any]:
    """The key as it was, and what is there now: as it was then, or the walk would look different."""
    if isinstance(container, CellType):
        return None, container.cell_contents
    if isinstance(key, list):
        name = Attribute(key[0])
        return name, type(container) if name == "__class__" else getattr(container, name)
    if isinstance(container, (type, dict)) and isinstance(key, str):  # it may have been missing, as it is now
        return key, (vars(container) if isinstance(container, type) else container).get(key, MISSING)
    if isinstance(container, dict):
        key = list(container)[key]
    return key, container[key]


def _object(ref: list[Any], reach: Reach) -> Any:
    kind, *rest = ref
    if kind == "walk":
        return reach.objects[rest[0]]
    if kind == "value":
        return _VALUES[rest[0]](rest[1])
    if kind == "scalar":
        return np.frombuffer(bytes.fromhex(rest[1]), np.dtype(rest[0]))[0]
    module = importlib.import_module(rest[0])
    return module if kind == "module" else imported(rest[0], rest[1])


_VALUES: dict[str, Callable[[str], Any]] = {
    "bool": lambda text: text == "True", "int": int, "float": float, "complex": complex, "str": str,
    "NoneType": lambda text: None,
}


class _Places(Mapping[int, Loc]):
    """A line map whose places are made when they are asked for."""

    def __init__(self, files: list[str], places: dict[int, list[int]]) -> None:
        self._files = files
        self._places = places

    def __getitem__(self, line: int) -> Loc:
        file, *place = self._places[line]
        name = self._files[file]
        return Loc(Source(name, "".join(linecache.getlines(name))), *place)

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
