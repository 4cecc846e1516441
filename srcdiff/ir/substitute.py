"""Taking a program out of another one, and putting one in: free variables, and variables replaced by atoms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .core import Arg, Atom, Block, If, Loop, Op, Stmt, Var, arg_vars, blocks_of, defs_of, map_arg, uses_of

__all__ = ["free_vars", "substitute"]


def substitute(block: Block, atoms: Mapping[Var, Atom]) -> Block:
    """``block`` with every variable in ``atoms`` replaced, where it is read and where it is defined.

    What stands for a variable that the block defines has to be a variable.
    """
    def arg(a: Arg) -> Arg:
        return map_arg(a, lambda atom: atoms.get(atom, atom) if isinstance(atom, Var) else atom)

    def bound(a: Atom | None) -> Atom | None:
        return None if a is None else arg(a)

    def stmt(s: Stmt) -> Stmt:
        if isinstance(s, Op):
            return replace(s, args=arg(s.args), outs=arg(s.outs))
        if isinstance(s, If):
            return replace(s, cond=arg(s.cond), then=substitute(s.then, atoms), orelse=substitute(s.orelse, atoms))
        return replace(s, inits=arg(s.inits), lo=bound(s.lo), hi=bound(s.hi), step=bound(s.step),
                       body=substitute(s.body, atoms), cond=None if s.cond is None else substitute(s.cond, atoms))

    return Block(tuple(map(stmt, block.stmts)), arg(block.results))


def free_vars(block: Block) -> list[Var]:
    """The variables that ``block`` reads and does not define, in order of first use."""
    read: dict[Var, None] = {}
    defined: set[Var] = set()
    _collect(block, read, defined)
    return [v for v in read if v not in defined]


def _collect(block: Block, read: dict[Var, None], defined: set[Var]) -> None:
    for stmt in block.stmts:
        read.update(dict.fromkeys(uses_of(stmt)))
        defined.update(defs_of(stmt))
        if isinstance(stmt, Loop):
            defined.update(stmt.params)
            if stmt.index is not None:
                defined.add(stmt.index)
        for inner in blocks_of(stmt):
            _collect(inner, read, defined)
    read.update(dict.fromkeys(arg_vars(block.results)))
