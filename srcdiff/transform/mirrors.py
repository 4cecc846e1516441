"""Mirrors: which statement of the backward half is the mirror of which one of the forward half.

The reverse transform numbers every ``If`` and ``Loop`` of the forward half (``twin``) and gives its mirror the same number,
so the link survives passes that rebuild statements. The forward part may own statements without a mirror, and dead
code elimination may drop either of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ir.core import Block, Function, If, Loop, Op, Stmt, blocks_of

__all__ = ["Mirrors", "halves_of", "mirrors_of", "split_index", "structures"]

Mirrors = dict[Stmt, Stmt]


def split_index(body: Block) -> int:
    """The position of ``split`` among the statements of a joint function; -1 if it has none."""
    for k, stmt in enumerate(body.stmts):
        if isinstance(stmt, Op) and stmt.name == "split":
            return k
    return -1


def halves_of(fn: Function) -> tuple[tuple[Stmt, ...], tuple[Stmt, ...]]:
    """The statements before and after ``split``; a function without one is all forward."""
    at = split_index(fn.body)
    return (fn.body.stmts, ()) if at < 0 else (fn.body.stmts[:at], fn.body.stmts[at + 1:])


def structures(stmts: tuple[Stmt, ...]) -> Iterator[If | Loop]:
    """Every ``If`` and ``Loop`` in ``stmts``, outer ones first."""
    for stmt in stmts:
        if isinstance(stmt, (If, Loop)):
            yield stmt
            for block in blocks_of(stmt):
                yield from structures(block.stmts)


def mirrors_of(fn: Function) -> Mirrors:
    """Mirror statement -> the primal statement that it undoes."""
    forward, backward = halves_of(fn)
    primal = {s.twin: s for s in structures(forward) if s.twin}
    return {s: primal[s.twin] for s in structures(backward) if s.twin in primal}
