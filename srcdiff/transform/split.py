"""A joint function cut in two at its ``split``: a forward and a backward function, with the stash between them.

Before::                                  After::

    def f(x, out_bar):                        def f_fwd(x):
        y = np.sin(x)                             y = np.sin(x)
        s = np.sum(y)                             s = np.sum(y)
        split()                                   return s, x
        x_bar = out_bar * np.cos(x)           def f_bwd(x, out_bar):
        return s, x_bar                           x_bar = out_bar * np.cos(x)
                                                  return x_bar

The stash of the main function is a tuple of what the backward half names: further results of the one, the first argument of the
other. That of a kept function is one value of a nominal type, so that recursive functions have one too. Views that can be
taken again from what is stashed anyway are no part of it.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.sharing import Origins
from ..errors import InternalError
from ..ir.build import const
from ..ir.core import (
    Arg,
    Atom,
    Block,
    Function,
    Halves,
    If,
    Loop,
    Module,
    Op,
    Stmt,
    Var,
    all_uses,
    arg_vars,
    defs_of,
    map_arg,
    with_args,
)
from ..ir.hints import same_as
from ..ir.ops import OPS
from ..ir.tree import Leaf, Node, Tree, leaves, map_leaves
from ..ir.types import Array, List, Stash
from .mirrors import halves_of, split_index

__all__ = ["split_halves", "split_kept", "written_of"]

STASH = "stash"
Written = tuple[tuple[int, int], ...]


def split_halves(module: Module) -> Module:
    """``module`` with the forward half as its main function and the backward half among its functions."""
    joint = module.main
    halves = _halves(joint)
    forward, backward = halves_of(joint)
    results, gradients = joint.body.results[:halves.results], joint.body.results[halves.results:]
    stash, again = _stash(joint)
    main = replace(joint, name=halves.fwd, params=joint.params[:halves.params], body=Block(forward, (*results, *stash)),
                   args=_forward_args(joint), result=_forward_result(joint, len(stash)))
    params, stmts, ends = _renamed(stash, again, backward, gradients)
    bwd = replace(joint, name=halves.bwd, params=(*params, *joint.params[halves.params:]), body=Block(stmts, ends), written=(),
                  args=_backward_args(joint, len(stash)), result=_backward_result(joint), halves=None)
    return replace(module, main=main, functions=module.functions | {halves.bwd: bwd})


def split_kept(joint: Function) -> tuple[Function, Function]:
    """Both halves of a kept function whose stash is planned."""
    halves = _halves(joint)
    forward, backward = halves_of(joint)
    results, gradients = joint.body.results[:halves.results], joint.body.results[halves.results:]
    kind = Stash(halves.fwd.removesuffix("_fwd"))
    stash, again = _stash(joint)
    packed, given = Var(kind, STASH), Var(kind, STASH)
    keep = _Keeper(joint, {joint.params[p] for p, _ in joint.written if p < halves.params})
    forward = keep.block(Block(forward)).stmts
    with_copies = tuple(map(keep.kept, stash))
    pack = (*keep.copies, Op("tuple", (with_copies,), (packed,), joint.loc))
    params, stmts, ends = _renamed(stash, again, backward, gradients)
    unpack = tuple(Op("untuple", (given, const(k)), (p,), joint.loc, "adjoint") for k, p in enumerate(params))
    written = written_halves(joint)
    body = Block((*forward, *pack), (*results, packed))
    fwd = replace(joint, name=halves.fwd, params=joint.params[:halves.params], body=body, result=None,
                  written=written[halves.fwd], halves=None)
    bwd = replace(joint, name=halves.bwd, params=(given, *joint.params[halves.params:]), body=Block((*unpack, *stmts), ends),
                  args=(), result=None, written=written[halves.bwd], halves=None)
    return fwd, bwd


class _Keeper:
    """Copies what the stash of a kept function would share with the storages that it updates: they are the caller's, who may
    write to them before the backward half runs."""

    def __init__(self, joint: Function, written: set[Var]) -> None:
        self.joint = joint
        self.written = written
        self.origins = Origins(joint)
        self.copies: list[Op] = []

    def kept(self, v: Var) -> Var:
        """``v``, or a copy of it made in ``copies``."""
        if not isinstance(v.type, (Array, List)) or not self.written:
            return v
        shared = self.written & self.origins.of((v,))
        if not any(isinstance(w.type, type(v.type)) for w in shared):
            return v
        copy = Var(v.type, v.hint)
        self.copies.append(Op("copylist" if isinstance(v.type, List) else "np.copy", (v,), (copy,), self.joint.loc))
        return copy

    def block(self, block: Block) -> Block:
        """The statements with copies appended to lists instead of shared memory."""
        stmts: list[Stmt] = []
        for stmt in block.stmts:
            if isinstance(stmt, If):
                stmt = replace(stmt, then=self.block(stmt.then), orelse=self.block(stmt.orelse))
            elif isinstance(stmt, Loop):
                stmt = replace(stmt, body=self.block(stmt.body))
            elif stmt.name == "append" and isinstance(stmt.args[1], Var) and self.written:
                outer, self.copies = self.copies, []
                stmt = with_args(stmt, (stmt.args[0], self.kept(stmt.args[1])))
                stmts += self.copies
                self.copies = outer
            stmts.append(stmt)
        return Block(tuple(stmts), block.results)


def written_of(module: Module) -> dict[str, Written]:
    """Which parameters each kept function updates, those included that are still halves of a joint function."""
    found: dict[str, Written] = {}
    for name, fn in module.functions.items():
        found |= {name: fn.written} if fn.halves is None else written_halves(fn)
    return found


def written_halves(joint: Function) -> dict[str, Written]:
    halves = _halves(joint)
    fwd = tuple((p, r) for p, r in joint.written if p < halves.params)
    bwd = tuple((p - halves.params + 1, r - halves.results) for p, r in joint.written if p >= halves.params)
    return {halves.fwd: fwd, halves.bwd: bwd}


def _halves(joint: Function) -> Halves:
    if joint.halves is None or split_index(joint.body) < 0:
        raise InternalError(f"{joint.name} has no backward half")
    return joint.halves


# -- the stash ---------------------------------------------------------------------------------------------------------


def _stash(joint: Function) -> tuple[tuple[Var, ...], tuple[Op, ...]]:
    """What the backward half names of the forward half, in order of definition, and views to be taken again."""
    halves = _halves(joint)
    forward, backward = halves_of(joint)
    outer = [*joint.params[:halves.params], *(v for stmt in forward for v in defs_of(stmt))]
    makers = {v: stmt for stmt in forward if isinstance(stmt, Op) for v in stmt.outs}
    needed = all_uses(Block(backward, joint.body.results[halves.results:]))
    stash: list[Var] = []
    again: list[Op] = []
    at_hand: set[Var] = set()
    for var in (v for v in outer if v in needed):
        op = makers.get(var)
        if op is not None and _is_view(op) and at_hand.issuperset(arg_vars(op.args)):
            again.append(op)
        else:
            stash.append(var)
        at_hand.add(var)
    return tuple(stash), tuple(again)


def _is_view(op: Op) -> bool:
    return op.name in OPS and OPS[op.name].cheap and len(op.outs) == 1


def _renamed(stash: tuple[Var, ...], again: tuple[Op, ...], backward: tuple[Stmt, ...],
             results: tuple[Atom, ...]) -> tuple[tuple[Var, ...], tuple[Stmt, ...], tuple[Atom, ...]]:
    """The backward half over variables of its own: parameters for the stash, statements, results."""
    names = {v: Var(v.type, same_as(v), v.sym) for v in (*stash, *(v for op in again for v in op.outs))}
    block = _rename(Block((*again, *backward), results), names)
    return tuple(names[v] for v in stash), block.stmts, block.results


def _rename(block: Block, names: dict[Var, Var]) -> Block:
    def arg(a: Arg) -> Arg:
        return map_arg(a, lambda atom: names.get(atom, atom) if isinstance(atom, Var) else atom)

    def bound(a: Atom | None) -> Atom | None:
        return None if a is None else arg(a)

    def stmt(s: Stmt) -> Stmt:
        if isinstance(s, Op):
            return replace(s, args=arg(s.args), outs=arg(s.outs))
        if isinstance(s, If):
            return replace(s, cond=arg(s.cond), then=_rename(s.then, names), orelse=_rename(s.orelse, names))
        return replace(s, inits=arg(s.inits), lo=bound(s.lo), hi=bound(s.hi), step=bound(s.step), body=_rename(s.body, names),
                       cond=None if s.cond is None else _rename(s.cond, names))

    return Block(tuple(map(stmt, block.stmts)), arg(block.results))


# -- arguments and results ---------------------------------------------------------------------------------------------


def _first_seed(joint: Function) -> int:
    """The position of the first argument that belongs to the backward half: the last one, unless several hold seeds."""
    halves = _halves(joint)
    for k, (_, tree) in enumerate(joint.args):
        if any(leaf.index >= halves.params for leaf in leaves(tree)):
            return k
    return len(joint.args) - 1


def _forward_args(joint: Function) -> tuple[tuple[str, Tree], ...]:
    return joint.args[:_first_seed(joint)]


def _backward_args(joint: Function, stashed: int) -> tuple[tuple[str, Tree], ...]:
    shift = stashed - _halves(joint).params
    own = joint.args[_first_seed(joint):]
    seeds = tuple((name, map_leaves(tree, lambda leaf: Leaf(leaf.index + shift))) for name, tree in own)
    taken = {name for name, _ in seeds}
    name = STASH if STASH not in taken else STASH + "_"
    return ((name, Node("tuple", tuple(map(Leaf, range(stashed))))), *seeds)


def _forward_result(joint: Function, stashed: int) -> Tree | None:
    if joint.result is None:
        return None
    first = _halves(joint).results
    value, _ = joint.result.items
    return Node("tuple", (value, Node("tuple", tuple(map(Leaf, range(first, first + stashed))))))


def _backward_result(joint: Function) -> Tree | None:
    if joint.result is None:
        return None
    first = _halves(joint).results
    _, gradients = joint.result.items
    return map_leaves(gradients, lambda leaf: Leaf(leaf.index - first))


