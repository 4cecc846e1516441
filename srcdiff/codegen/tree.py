"""Python text before it has names: statements whose variables are placeholders.

Expressions are ``ast`` nodes in which ``ast.Name("%7")`` stands for variable 7 (a class of coalesced IR variables). Each
statement knows the place in the user's source that it comes from.
"""

from __future__ import annotations

import ast
from dataclasses import field

from ..errors import Loc
from ..records import dataclass

__all__ = ["Branch", "Cycle", "Line", "Node", "Region", "Value", "literal", "name_of", "placeholder", "slot_of"]


@dataclass(eq=False)
class Line:
    """A simple statement. ``note``: a trailing comment; ``setup``: it only prepares (an empty list, a zero), so
    needs no comment.
    ``augments``: if it is ``x = x + v``, it may be written ``x += v``. ``prepares``: in the backward half, it makes a value of
    the forward half for a statement after it. ``about``: the user's statement of whose adjoint it is a part."""

    stmt: ast.stmt
    loc: Loc | None
    role: str
    note: str = ""
    setup: bool = False
    augments: bool = False
    prepares: bool = False
    about: Loc | None = None


@dataclass(eq=False)
class Branch:
    test: ast.expr
    then: list[Node]
    orelse: list[Node]
    loc: Loc | None
    role: str


@dataclass(eq=False)
class Cycle:
    """A loop: ``for target in source`` where ``target`` is set, else ``while source``."""

    target: ast.expr | None
    source: ast.expr
    body: list[Node]
    loc: Loc | None
    role: str


@dataclass(eq=False)
class Region:
    """``with manager as target``, or a ``try`` if there is no manager; ``handler`` is for the exceptions ``caught``."""

    manager: ast.expr | None
    target: ast.expr | None
    body: list[Node]
    loc: Loc | None
    role: str
    caught: ast.expr | None = None
    handler: list[Node] = field(default_factory=list)
    final: list[Node] = field(default_factory=list)


Node = Line | Branch | Cycle | Region


@dataclass(frozen=True, eq=False)
class Value:
    """An expression that may still wait to be put into a statement.

    ``reads``: the placeholders in it; ``groups``: the buffers whose contents it reads; ``size``: its length in
    characters, roughly;
    ``effect``: it must not change places with other effects; ``pops``: the lists that it takes an element from.
    """

    node: ast.expr
    reads: frozenset[int] = frozenset()
    groups: frozenset[object] = frozenset()
    size: int = 1
    effect: bool = False
    pops: frozenset[int] = field(default_factory=frozenset)


def placeholder(slot: int) -> str:
    return f"%{slot}"


def slot_of(name: str) -> int | None:
    """The variable that a name stands for; None for a real name."""
    return int(name[1:]) if name[0] == "%" else None


def name_of(slot: int) -> ast.Name:
    return ast.Name(placeholder(slot), ast.Load())


def literal(value: object) -> ast.expr:
    """A constant; negative numbers as a minus sign before a positive one, so that ``**`` binds as written."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value or value in (float("inf"), float("-inf")):
            special = ast.Attribute(ast.Name("np", ast.Load()), "nan" if value != value else "inf", ast.Load())
            return ast.UnaryOp(ast.USub(), special) if value == float("-inf") else special
        if value < 0 or (value == 0 and str(value)[0] == "-"):
            return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)  # type: ignore[arg-type]
