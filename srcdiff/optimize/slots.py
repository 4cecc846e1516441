"""A stash that holds at most one value is a plain variable.

Before::                                        after::

    l0 = list(())                                   s = if c:
    l1 = if c:                                          t = np.sin(x)
        t = np.sin(x)                                   yield t
        yield append(l0, t)                         else:
    else:                                               yield UNDEF
        yield l0                                    ...
    ...                                             if c:
    if c:                                               ... np.cos(s)
        v, l2 = pop(l1)
        ... np.cos(v)

A list is such a slot if all that happens to its versions is one ``append`` and one ``pop`` and that branches hand
them on, but no loop. The differentiated program keeps its lists until here: only a list says which values exist when
it is differentiated again.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.core import UNDEF, Arg, Atom, Block, Const, Function, If, Loop, Module, Op, Stmt, Var, arg_vars, map_arg
from ..ir.types import List, Object

__all__ = ["run"]

_NOTHING = Const(UNDEF, Object("undefined"))


def run(module: Module) -> Module:
    """See the module's docstring."""
    return replace(module, main=_function(module.main), functions={n: _function(f) for n, f in module.functions.items()})


def _function(fn: Function) -> Function:
    found = _Lists(fn)
    slots = found.slots()
    if not slots:
        return fn
    return replace(fn, body=_Rewriter(slots).block(fn.body))


class _Lists:
    """Groups the versions of each list, and notes what happens to them."""

    def __init__(self, fn: Function) -> None:
        self._parent: dict[Var, Var] = {}
        self._roots: list[Var] = []
        self._appends: list[tuple[Var, Var]] = []  # list, item
        self._pops: list[Var] = []
        self._spoiled: list[Var] = [p for p in fn.params if isinstance(p.type, List)]
        self._block(fn.body)
        self._spoil(fn.body.results)

    def slots(self) -> dict[Var, Var]:
        """Version of a slot -> the variable that is put into it."""
        spoiled = {self._find(v) for v in self._spoiled}
        count: dict[Var, list[int]] = {}
        for kind, lists in enumerate((self._roots, [a for a, _ in self._appends], self._pops)):
            for v in lists:
                count.setdefault(self._find(v), [0, 0, 0])[kind] += 1
        items = {self._find(a): item for a, item in self._appends}
        good = {g for g, c in count.items() if c == [1, 1, 1] and g not in spoiled}
        return {v: items[g] for v in {**self._parent, **dict.fromkeys(self._roots)} if (g := self._find(v)) in good}

    def _find(self, v: Var) -> Var:
        while v in self._parent:
            v = self._parent[v]
        return v

    def _join(self, a: Var, b: Atom) -> None:
        if isinstance(b, Var) and self._find(a) is not self._find(b):
            self._parent[self._find(a)] = self._find(b)

    def _spoil(self, arg: Arg) -> None:
        self._spoiled.extend(v for v in arg_vars(arg) if isinstance(v.type, List))

    def _block(self, block: Block) -> None:
        for stmt in block.stmts:
            if isinstance(stmt, Op):
                self._op(stmt)
            elif isinstance(stmt, If):
                for arm in (stmt.then, stmt.orelse):
                    self._block(arm)
                    for out, r in zip(stmt.outs, arm.results, strict=True):
                        if isinstance(out.type, List):
                            self._join(out, r)
            else:
                self._loop(stmt)

    def _loop(self, loop: Loop) -> None:
        for block in (loop.cond, loop.body):
            if block is not None:
                self._block(block)
                self._spoil(block.results)
        self._spoil((*loop.params, *loop.inits, *loop.outs))

    def _op(self, op: Op) -> None:
        if op.name == "list" and not op.args[0]:
            self._roots.append(op.outs[0])
        elif op.name == "append" and isinstance(op.args[0], Var) and isinstance(op.args[1], Var):
            self._join(op.outs[0], op.args[0])
            self._appends.append((op.outs[0], op.args[1]))
            self._spoil(op.args[1])
        elif op.name == "pop" and isinstance(op.args[0], Var):
            self._join(op.outs[1], op.args[0])
            self._pops.append(op.outs[1])
            self._spoil(op.outs[0])
        else:
            self._spoil((op.args, op.outs))


class _Rewriter:
    """Puts the value in the place of the list. ``_now``: what each version of a slot holds."""

    def __init__(self, slots: dict[Var, Var]) -> None:
        self._slots = slots
        self._now: dict[Var, Atom] = {}

    def block(self, block: Block) -> Block:
        stmts = [new for stmt in block.stmts if (new := self.stmt(stmt)) is not None]
        return Block(tuple(stmts), self._arg(block.results))

    def _arg(self, arg: Arg) -> Arg:
        return map_arg(arg, lambda a: self._atom(a))

    def _atom(self, a: Atom) -> Atom:
        while isinstance(a, Var) and a in self._now:
            a = self._now[a]
        return a

    def stmt(self, stmt: Stmt) -> Stmt | None:
        if isinstance(stmt, Op):
            return self._op(stmt)
        if isinstance(stmt, If):
            then, orelse = self.block(stmt.then), self.block(stmt.orelse)
            outs = tuple(self._value(v) if v in self._slots else v for v in stmt.outs)
            return replace(stmt, cond=self._atom(stmt.cond), then=then, orelse=orelse, outs=outs)
        lo, hi, step = (None if a is None else self._atom(a) for a in (stmt.lo, stmt.hi, stmt.step))
        cond = None if stmt.cond is None else self.block(stmt.cond)
        return replace(stmt, lo=lo, hi=hi, step=step, cond=cond, inits=self._arg(stmt.inits), body=self.block(stmt.body))

    def _value(self, version: Var) -> Var:
        """The variable for what a version of a slot holds after a branch."""
        item = self._slots[version]
        made = Var(item.type, item.hint, item.sym)
        self._now[version] = made
        return made

    def _op(self, op: Op) -> Op | None:
        slot = op.outs[-1] if op.name in ("list", "append", "pop") else None
        if slot is None or slot not in self._slots:
            return replace(op, args=self._arg(op.args))
        if op.name == "list":
            self._now[slot] = _NOTHING
        elif op.name == "append":
            self._now[slot] = op.args[1]
        else:
            self._now[op.outs[0]] = op.args[0]
            self._now[slot] = _NOTHING
        return None
