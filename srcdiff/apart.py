"""Arguments that are one object, or share memory, at a call of a function that changes one of them.

A function is compiled for arguments that are apart, and the guard says so, but only where it matters: an array that is written
to must not share memory with another, a list that is changed must not be another. Arguments that are one object are then
compiled as one; those that overlap are refused. A dict that is passed twice is one as a whole, whatever is changed in it.

The gradient with respect to one of them is that with respect to the object: all names of it change together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from .analysis.sharing import written_params
from .errors import UnsupportedError
from .guards import make_guard
from .ir.core import Module
from .ir.dims import Facts
from .ir.tree import Node, Tree, leaf_names, leaves, part_names
from .ir.types import Array, List
from .signature import Signature

_ARRAY = (Array, np.ndarray)
FEW = 3  # pairs that are tested one by one

__all__ = ["assume_separate", "first_of", "with_same"]


def first_of(signature: Signature) -> dict[int, int]:
    """For each parameter that is one object with an earlier one: the first of these."""
    trees = {name: t for arg, tree in signature.args for name, t in _parts(tree, arg)}
    first: dict[int, int] = {}
    for later, earlier in signature.same:
        for a, b in zip(leaves(trees[earlier]), leaves(trees[later]), strict=True):
            if a.index != b.index:
                first.setdefault(b.index, first.get(a.index, a.index))
    return first


def _parts(tree: Tree, name: str) -> Iterator[tuple[str, Tree]]:
    """(Python expression, tree) for an argument and each part of it."""
    yield name, tree
    if isinstance(tree, Node):
        for part, item in zip(part_names(tree, name), tree.items, strict=True):
            yield from _parts(item, part)


def _around(tree: Tree, name: str, outer: str) -> Iterator[tuple[str, str]]:
    """(Python expression, that of what it is a part of) for an argument and each part of it."""
    yield name, outer
    if isinstance(tree, Node):
        for part, item in zip(part_names(tree, name), tree.items, strict=True):
            yield from _around(item, part, name)


def assume_separate(module: Module, signature: Signature) -> None:
    """Record what is one object, and that no array which the function writes shares memory with another argument, or with an
    array from outside.
    """
    facts, written, repeated = module.facts, written_params(module), first_of(signature)
    for later, earlier in signature.same:
        facts.assume(f"{later} is {earlier}")
    names = [(name, k) for arg, tree in signature.args for name, k in leaf_names(tree, arg) if k not in repeated]
    captured = [label for label, value in module.objects.items() if isinstance(value, np.ndarray)]
    for n, (name, k) in enumerate(names):
        for other, j in names[n + 1:]:
            if k in written or j in written:
                _note_apart(facts, name, signature.params[k].type, other, signature.params[j].type)
        if k in written and _holds_arrays(t := signature.params[k].type):
            for label in captured:
                _note_apart(facts, name, t, label, module.objects[label])
            if isinstance(t, List):
                facts.note_apart(f"_are_distinct({name})", name, name)
    for condition in _short(facts.apart):
        facts.assume(condition)


def _short(apart: dict[str, tuple[str, str]]) -> Iterator[str]:
    """The conditions, with those of one kind as one where there are many: one test of n objects instead of one of each pair."""
    kinds = {"{} is not {}": "_are_different({}, {})", "not _may_share_memory({}, {})": "_are_separate({}, {})"}
    rest = dict(apart)
    for each, together in kinds.items():
        pairs = [pair for condition, pair in apart.items() if condition == each.format(*pair)]
        for all_of, others in _groups(pairs) if len(pairs) > FEW else ():
            covered = [each.format(a, b) for a, b in pairs if {a, b} & {*all_of} and {a, b} <= {*all_of, *others}]
            for condition in covered:
                del rest[condition]
            yield together.format(*(f"({', '.join(names)},)" if names else "()" for names in (all_of, others)))
    yield from rest


def _groups(pairs: list[tuple[str, str]]) -> Iterator[tuple[list[str], list[str]]]:
    """Names that are paired with each other and with all of the others, which have no pairs among them; no group is part of
    another."""
    partners: dict[str, set[str]] = {}
    for a, b in pairs:
        partners.setdefault(a, set()).add(b)
        partners.setdefault(b, set()).add(a)
    done: set[str] = set()
    for name, near in partners.items():
        if name in done:
            continue
        whole = near | {name}
        full = [n for n in partners if n in whole and partners[n] | {n} == whole]
        others = [n for n in partners if n in whole and n not in full]
        if full and all(partners[n] <= {*full} for n in others):
            done |= whole
            yield full, others


def _note_apart(facts: Facts, a: str, a_type: object, b: str, b_type: object) -> None:
    """Two arguments, of which one is written to: arrays, or lists with their items."""
    if isinstance(a_type, _ARRAY) and isinstance(b_type, _ARRAY):
        facts.note_apart(f"not _may_share_memory({a}, {b})", a, b)
    elif _holds_arrays(a_type) and _holds_arrays(b_type):
        facts.note_apart(f"_are_apart({_items(a, a_type)}, {_items(b, b_type)})", a, b)
    elif isinstance(a_type, List) and isinstance(b_type, List):
        facts.note_apart(f"{a} is not {b}", a, b)


def _holds_arrays(t: object) -> bool:
    return isinstance(t, _ARRAY) or (isinstance(t, List) and isinstance(t.elem, Array))


def _items(name: str, t: object) -> str:
    return name if isinstance(t, List) else f"({name},)"


def with_same(signature: Signature, facts: Facts, objects: dict[str, Any], values: tuple[Any, ...], name: str) -> Signature:
    """The signature to compile for, given what was compiled for ``signature``: with the arguments that are one object at these
    values, and were taken for two.

    Raises
    ------
    UnsupportedError
        Arguments overlap, or are memory that the function finds outside.
    """
    def holds(*conditions: str) -> bool:
        asked = Facts()
        for condition in conditions:
            asked.assume(condition)
        return make_guard(signature, asked, objects, types=False)(*values)

    if holds(*facts.apart):
        return signature
    around = {expression: outer for arg, tree in signature.args for expression, outer in _around(tree, arg, "")}
    same: dict[str, str] = {}
    for condition, (a, b) in facts.apart.items():
        if holds(condition):
            continue
        if b not in around:
            raise UnsupportedError(f"{a}, an argument of {name}, is or shares memory with {b}, which {name} finds outside of "
                                   "itself, and it changes one of them", advice="pass a copy")
        if a == b:
            raise UnsupportedError(f"arrays in {a} share memory, and {name} writes to them", advice="pass copies")
        if not holds(f"{b} is {a}"):
            raise UnsupportedError(f"the arguments {a} and {b} of {name} share memory, and it writes to one of them",
                                   advice=f"pass a copy of one of them: {a}.copy()")
        while around[a] and around[b] and around[a] != around[b] and holds(f"{around[b]} is {around[a]}"):
            a, b = around[a], around[b]
        same.setdefault(b, a)
    return dataclasses.replace(signature, same=(*signature.same, *same.items()))
