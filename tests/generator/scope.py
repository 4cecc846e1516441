"""What a program under construction knows: its names with their shapes, and where the next statement will stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

__all__ = ["Function", "Name", "Place", "Scope", "Shape"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Name:
    """A variable: ``shape`` is ``()`` for a scalar. ``writable``: its elements may be assigned."""

    text: str
    shape: Shape
    writable: bool = True
    constant: bool = False
    """Never to be rebound: a path such as ``p["w"]``, or a name that a closure captures."""


@dataclass(frozen=True)
class Counter:
    """An integer variable with ``low <= value < high``."""

    text: str
    low: int
    high: int


@dataclass(frozen=True)
class Function:
    """Something that can be called: ``params`` are shapes; the last may be left out if ``default``."""

    text: str
    params: tuple[Shape, ...]
    result: Shape | None
    default: str = ""
    """The name of the last parameter, if it has a default."""
    any_length: bool = False
    """Vectors of any length are accepted where ``params`` has a vector."""
    fills: bool = False
    """The first argument is written to."""


@dataclass(frozen=True)
class Place:
    """Where statements stand: ``loops`` around them, inside an if or loop (``nested``), and what may leave."""

    loops: int = 0
    depth: int = 0
    returns: bool = True
    breaks: bool = False

    @property
    def nested(self) -> bool:
        return self.depth > 0


@dataclass
class Scope:
    """``lines`` grow as statements are made; names that a nested block binds are forgotten after it."""

    rng: Random
    lengths: tuple[int, ...]
    lines: list[str] = field(default_factory=list)
    indent: int = 1
    names: dict[str, Name] = field(default_factory=dict)
    counters: dict[str, Counter] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    place: Place = Place()
    fresh: int = 0
    budget: int = 20
    """Compound statements are made only while there are fewer lines than this."""

    def emit(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    def bind(self, text: str, shape: Shape, writable: bool = True, constant: bool = False) -> Name:
        self.names[text] = name = Name(text, shape, writable, constant)
        return name

    def new(self, prefix: str) -> str:
        """A name that nothing else has."""
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def temporary(self) -> str:
        """A name for a new variable: now and then one that an earlier block used for something else."""
        if self.rng.random() < 0.4:
            name = f"t{self.rng.randrange(3)}"
            if name not in self.names and name not in self.counters:
                return name
        return self.new("v")

    def find(self, accept: Callable[[Name], bool]) -> Name | None:
        """One of the names that fit, or None."""
        found = [name for name in self.names.values() if accept(name)]
        return self.rng.choice(found) if found else None

    def function(self, accept: Callable[[Function], bool]) -> Function | None:
        found = [function for function in self.functions if accept(function)]
        return self.rng.choice(found) if found else None

    @contextmanager
    def block(self, head: str, **changes: object) -> Iterator[None]:
        """An indented block under ``head``."""
        self.emit(head)
        names, counters, place = dict(self.names), dict(self.counters), self.place
        self.place = replace(place, depth=place.depth + 1, **changes)  # type: ignore[arg-type]
        self.indent += 1
        before = len(self.lines)
        try:
            yield
            if len(self.lines) == before:
                self.emit("pass")
        finally:
            self.indent -= 1
            self.names, self.counters, self.place = names, counters, place
