"""Trees of containers around leaves: how a Python argument or result is laid out over IR values.

Grammar::

    Tree ::= Leaf(index) | Static(value) | Node("tuple" | "list", items) | Node("dict", items, keys)
           | Node("namedtuple" | "dataclass" | "object", items, keys, cls)
           | Node("registered", items, cls=cls, static=static)     an instance of a class that a user registered
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from typing import Any

from ..records import dataclass

__all__ = ["Leaf", "Node", "Static", "Tree", "leaves", "map_leaves"]


@dataclass(frozen=True)
class Leaf:
    index: int


@dataclass(frozen=True)
class Static:
    value: Any


@dataclass(frozen=True)
class Node:
    kind: str
    items: tuple[Tree, ...]
    keys: tuple[Any, ...] = ()
    cls: type | None = None
    static: Any = field(default=None, hash=False)


Tree = Leaf | Static | Node


def leaves(tree: Tree) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    elif isinstance(tree, Node):
        for item in tree.items:
            yield from leaves(item)


def map_leaves(tree: Tree, fn: Callable[[Leaf], Tree]) -> Tree:
    if isinstance(tree, Leaf):
        return fn(tree)
    if isinstance(tree, Node):
        return replace(tree, items=tuple(map_leaves(i, fn) for i in tree.items))
    return tree
