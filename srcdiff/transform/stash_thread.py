"""Slots made explicit: a list for each saved value, threaded through loops and branches of both halves.

Before::                                        After::

    for i in ...:                                   stash = []
        t = f(i)                                    for i in ..., l = stash:
    split                                               t = f(i)
    for i in reversed ...:                              yield append(l, t)
        t' = slot(t)                                split
        g(t')                                       for i in reversed ..., l = ...:
                                                        t', l1 = pop(l)
                                                        g(t'); yield l1

A value is appended right after its definition; one that some path leaves unassigned at the head of the block in which it
is used. The mirror of that block takes it off again at its head. Both halves run the same trips and arms, so every list
ends empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..ir.core import Atom, Block, If, Loop, Op, Stmt, Var, all_uses, blocks_of
from ..ir.types import List
from ..records import dataclass
from .stash_primal import Primal, Region

__all__ = ["Slot", "slots_of", "thread"]


@dataclass(frozen=True, eq=False)
class Slot:
    """``region``: the region whose mirror takes the value off. ``op``: the ``slot`` operation there."""

    var: Var
    region: Region
    op: Op


def slots_of(backward: Block, primal: Primal, regions: dict[Op, Region]) -> list[Slot]:
    """The slots that a backward half asks for, in the order of their definitions."""
    found = [Slot(op.args[0], regions[op], op) for op in _slot_ops(backward)]
    return sorted(found, key=lambda s: (primal.order[s.var], s.region.level))


def _slot_ops(block: Block) -> Iterator[Op]:
    for stmt in block.stmts:
        if isinstance(stmt, Op) and stmt.name == "slot":
            yield stmt
        for inner in blocks_of(stmt):
            yield from _slot_ops(inner)


def thread(primal: Primal, forward: tuple[Stmt, ...], backward: Block, slots: list[Slot]) -> tuple[tuple[Stmt, ...], Block]:
    """Both halves with lists for ``slots``, and the reads that were asked for (``Primal.extras``) added to the forward half."""
    used = {s.var for s in slots} | all_uses(backward)
    pusher = _Forward(primal, slots, used)
    stmts = pusher.run(forward)
    taker = _Backward({s.op: k for k, s in enumerate(slots)}, [s.var for s in slots])
    block, _ = taker.block(backward, dict(pusher.final))
    return stmts, block


Lists = dict[int, Var]  # number of a slot -> the current version of its list


class _Threader:
    """What both halves share: carrying lists through structured statements."""

    def uses(self, stmt: Stmt) -> list[int]:
        """The numbers of the slots that ``stmt`` touches."""
        raise NotImplementedError

    def block(self, block: Block, lists: Lists) -> tuple[Block, Lists]:
        raise NotImplementedError

    def carry(self, stmt: Stmt, lists: Lists) -> Stmt:
        """``stmt`` with the lists that it touches threaded through; updates ``lists``."""
        touched = self.uses(stmt)
        if isinstance(stmt, Op) or not touched:
            return self.inside(stmt, lists)
        outs = tuple(Var(lists[k].type, lists[k].hint) for k in touched)
        made = self._if(stmt, lists, touched, outs) if isinstance(stmt, If) else self._loop(stmt, lists, touched, outs)
        lists.update(zip(touched, outs, strict=True))
        return made

    def inside(self, stmt: Stmt, lists: Lists) -> Stmt:
        """A statement that touches no list."""
        if isinstance(stmt, If):
            return replace(stmt, then=self.block(stmt.then, lists)[0], orelse=self.block(stmt.orelse, lists)[0])
        if isinstance(stmt, Loop):
            return replace(stmt, body=self.block(stmt.body, lists)[0])
        return stmt

    def _if(self, stmt: If, lists: Lists, touched: list[int], outs: tuple[Var, ...]) -> If:
        arms = [self._with_results(arm, dict(lists), touched) for arm in (stmt.then, stmt.orelse)]
        return replace(stmt, then=arms[0], orelse=arms[1], outs=(*stmt.outs, *outs))

    def _loop(self, loop: Loop, lists: Lists, touched: list[int], outs: tuple[Var, ...]) -> Loop:
        params = tuple(Var(lists[k].type, lists[k].hint) for k in touched)
        inner = lists | dict(zip(touched, params, strict=True))
        body = self._with_results(loop.body, inner, touched)
        inits: tuple[Atom, ...] = tuple(lists[k] for k in touched)
        return replace(loop, params=(*loop.params, *params), inits=(*loop.inits, *inits), body=body, outs=(*loop.outs, *outs))

    def _with_results(self, block: Block, lists: Lists, touched: list[int]) -> Block:
        made, after = self.block(block, lists)
        return Block(made.stmts, (*made.results, *(after[k] for k in touched)))


class _Forward(_Threader):
    """Appends; ``final`` holds the lists at the end of the forward half."""

    def __init__(self, primal: Primal, slots: list[Slot], used: set[Var]) -> None:
        self.primal = primal
        self.slots = slots
        self.final: Lists = {}
        self.heads: dict[Block, list[int]] = {}  # what is appended at the head of a block
        self.after: dict[Stmt, list[int]] = {}  # ... and after a statement
        self.before: dict[Stmt, list[Op]] = {}
        self.behind: dict[Stmt, list[Op]] = {}
        for op, beside, is_before in (primal.extras[v] for v in primal.extras if v in used):
            (self.before if is_before else self.behind).setdefault(beside, []).append(op)
        self.touched: dict[Stmt, list[int]] = {}
        for k, slot in enumerate(slots):
            self._place(k, slot)

    def _place(self, k: int, slot: Slot) -> None:
        region: Region | None = slot.region
        maker = self.primal.maker.get(slot.var)
        if self.primal.region[slot.var] is not slot.region or maker is None:
            self.heads.setdefault(slot.region.block, []).append(k)
        else:
            self.after.setdefault(maker, []).append(k)
        while region is not None and region.owner is not None:
            self.touched.setdefault(region.owner, []).append(k)
            region = region.parent

    def uses(self, stmt: Stmt) -> list[int]:
        return self.touched.get(stmt, [])

    def run(self, stmts: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        made: list[Stmt] = []
        lists: Lists = {}
        for stmt in stmts:
            for k in self.uses(stmt):
                if k not in lists:
                    slot = self.slots[k]
                    lists[k] = Var(List(slot.var.type), f"stash_{slot.var.hint}" if slot.var.hint else "stash")
                    made.append(Op("list", ((),), (lists[k],), stmt.loc))
            self._stmt(stmt, lists, made)
        self.final = lists
        return tuple(made)

    def block(self, block: Block, lists: Lists) -> tuple[Block, Lists]:
        made: list[Stmt] = []
        for k in self.heads.get(block, ()):
            self._append(k, lists, made, None)
        for stmt in block.stmts:
            self._stmt(stmt, lists, made)
        return Block(tuple(made), block.results), lists

    def _stmt(self, stmt: Stmt, lists: Lists, made: list[Stmt]) -> None:
        for op in self.before.get(stmt, ()):
            self._stmt(op, lists, made)
        made.append(self.carry(stmt, lists))
        for op in self.behind.get(stmt, ()):
            self._stmt(op, lists, made)
        for k in self.after.get(stmt, ()):
            self._append(k, lists, made, stmt)

    def _append(self, k: int, lists: Lists, made: list[Stmt], beside: Stmt | None) -> None:
        out = Var(lists[k].type, lists[k].hint)
        made.append(Op("append", (lists[k], self.slots[k].var), (out,), None if beside is None else beside.loc))
        lists[k] = out


class _Backward(_Threader):
    """Pops, where the slot operations stand."""

    def __init__(self, numbers: dict[Op, int], vars: list[Var]) -> None:
        self.numbers = numbers
        self.vars = vars
        self.touched: dict[Stmt, list[int]] = {}

    def uses(self, stmt: Stmt) -> list[int]:
        if stmt not in self.touched:
            found: list[int] = []
            for inner in blocks_of(stmt):
                for s in inner.stmts:
                    found.extend([self.numbers[s]] if isinstance(s, Op) and s in self.numbers else self.uses(s))
            self.touched[stmt] = sorted(set(found))
        return self.touched[stmt]

    def block(self, block: Block, lists: Lists) -> tuple[Block, Lists]:
        made: list[Stmt] = []
        for stmt in block.stmts:
            if isinstance(stmt, Op) and stmt in self.numbers:
                k = self.numbers[stmt]
                rest = Var(lists[k].type, lists[k].hint)
                made.append(Op("pop", (lists[k],), (stmt.outs[0], rest), stmt.loc, "adjoint"))
                lists[k] = rest
            else:
                made.append(self.carry(stmt, lists))
        return Block(tuple(made), block.results), lists
