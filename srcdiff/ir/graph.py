"""Graphs that are given as what is next to each node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

__all__ = ["reached"]

Node = TypeVar("Node")


def reached(seeds: Iterable[Node], graph: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """The nodes that can be reached from ``seeds``, those included.

    >>> sorted(reached([1], {1: [2], 2: [3, 1], 4: [1]}))
    [1, 2, 3]
    """
    found = set(seeds)
    work = list(found)
    while work:
        for node in graph.get(work.pop(), ()):
            if node not in found:
                found.add(node)
                work.append(node)
    return found
