"""Nests of tuples, lists, dicts and dataclasses: their leaves, copies, and float leaves as one flat vector."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["copy", "dot", "flat", "floats", "is_float", "leaves", "map_leaves", "same_bits", "unflatten"]


def is_float(leaf: object) -> bool:
    """Whether a leaf carries a derivative: a float, a NumPy float, or an array of floats."""
    return isinstance(leaf, (float, np.floating)) or (isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f")


def leaves(tree: Any) -> Iterator[Any]:
    """The leaves of a nest, from left to right (dicts in their own order)."""
    if isinstance(tree, (tuple, list)):
        for item in tree:
            yield from leaves(item)
    elif isinstance(tree, dict):
        for item in tree.values():
            yield from leaves(item)
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        for field in dataclasses.fields(tree):
            yield from leaves(getattr(tree, field.name))
    else:
        yield tree


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The same nest with ``function`` applied to every leaf."""
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(map_leaves(function, item) for item in tree))
    if isinstance(tree, (tuple, list)):
        return type(tree)(map_leaves(function, item) for item in tree)
    if isinstance(tree, dict):
        return {key: map_leaves(function, item) for key, item in tree.items()}
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        return dataclasses.replace(tree, **{f.name: map_leaves(function, getattr(tree, f.name))
                                            for f in dataclasses.fields(tree)})
    return function(tree)


def copy(tree: Any) -> Any:
    """A copy that shares no array with the original, except that arrays which share memory go on sharing it."""
    bases: dict[int, np.ndarray] = {}

    def copy_leaf(leaf: Any) -> Any:
        if not isinstance(leaf, np.ndarray):
            return leaf
        if leaf.base is None:
            return bases.setdefault(id(leaf), leaf.copy(order="K"))
        if not isinstance(leaf.base, np.ndarray):
            return leaf.copy(order="K")
        base = bases.setdefault(id(leaf.base), leaf.base.copy(order="K"))
        return np.ndarray(leaf.shape, leaf.dtype, base, _offset(leaf), leaf.strides)

    return map_leaves(copy_leaf, tree)


def _offset(view: np.ndarray) -> int:
    return view.__array_interface__["data"][0] - view.base.__array_interface__["data"][0]


def floats(tree: Any) -> list[Any]:
    """The leaves that carry a derivative."""
    return [leaf for leaf in leaves(tree) if is_float(leaf)]


def flat(tree: Any) -> np.ndarray:
    """All float leaves as one vector."""
    parts = [np.ravel(np.asarray(leaf, dtype=float)) for leaf in floats(tree)]
    return np.concatenate(parts) if parts else np.zeros(0)


def unflatten(tree: Any, vector: np.ndarray) -> Any:
    """A nest like ``tree`` whose float leaves are taken from ``vector``; layouts are kept, sharing is not."""
    at = 0

    def take(leaf: Any) -> Any:
        nonlocal at
        if not is_float(leaf):
            return leaf
        if not isinstance(leaf, np.ndarray):
            at += 1
            return type(leaf)(vector[at - 1])
        result = np.empty_like(leaf)
        result[...] = vector[at:at + leaf.size].reshape(leaf.shape)
        at += leaf.size
        return result

    return map_leaves(take, tree)


def dot(left: Any, right: Any) -> tuple[float, float]:
    """The inner product of two nests, and the same with absolute values: the scale of its rounding error."""
    a, b = flat(left), flat(right)
    return float(a @ b), float(np.abs(a) @ np.abs(b))


def same_bits(left: Any, right: Any) -> bool:
    """Whether two nests have the same values, bit by bit, with the same types of numbers."""
    a, b = list(leaves(left)), list(leaves(right))
    return len(a) == len(b) and all(_same_leaf(x, y) for x, y in zip(a, b, strict=True))


def _same_leaf(x: Any, y: Any) -> bool:
    if isinstance(x, (np.ndarray, np.generic, float, int)) and isinstance(y, (np.ndarray, np.generic, float, int)):
        u, v = np.asarray(x), np.asarray(y)
        return u.dtype == v.dtype and u.shape == v.shape and u.tobytes() == v.tobytes()
    return type(x) is type(y) and bool(x == y)
