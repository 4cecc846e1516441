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

from ..containers import Container, container_of
from ..records import dataclass

__all__ = ["Leaf", "Node", "Static", "Tree", "flattened", "leaf_hints", "leaf_names", "leaves", "map_leaves", "part_names"]


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


def part_names(tree: Node, name: str) -> list[str]:
    """The Python expressions that reach a container's items."""
    if tree.kind == "dict":
        return [f"{name}[{k!r}]" for k in tree.keys]
    if (container := container_of(tree.cls)) is not None and tree.kind == "registered":
        return [f"{flattened(container, name)}[0][{k}]" for k in range(len(tree.items))]
    if tree.keys:
        return [f"{name}.{k}" for k in tree.keys]
    return [f"{name}[{k}]" for k in range(len(tree.items))]


def leaf_names(tree: Tree, name: str) -> Iterator[tuple[str, int]]:
    """(Python expression, index of the parameter) for each leaf."""
    if isinstance(tree, Leaf):
        yield name, tree.index
    elif isinstance(tree, Node):
        for part, item in zip(part_names(tree, name), tree.items, strict=True):
            yield from leaf_names(item, part)


def leaf_hints(tree: Tree, name: str) -> Iterator[tuple[str, int]]:
    """(what to call it, index of the parameter) for each leaf: ``p["W"]`` is ``W``, ``p[0]`` is ``p_0``."""
    if isinstance(tree, Leaf):
        yield name, tree.index
    elif isinstance(tree, Node):
        for k, item in enumerate(tree.items):
            key = tree.keys[k] if tree.keys else None
            yield from leaf_hints(item, key if isinstance(key, str) and key.isidentifier() else f"{name}_{k}")


def flattened(container: Container, name: str) -> str:
    """The expression that takes apart what Python reaches by ``name``."""
    return f"{container.flatten_name}({name})"
