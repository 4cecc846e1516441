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
them on, but no loop. In the halves of a kept function the one has the ``append`` and the other the ``pop``; the stash
carries the value in between, unless it would have to be copied there: on another path it is None. The differentiated
program keeps its lists until here: only a list says which values exist when it is differentiated again.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.effects import ops_of
from ..ir.core import UNDEF, Arg, Atom, Block, Const, Function, If, Loop, Module, Op, Stmt, Var, arg_vars, blocks_of, map_arg
from ..ir.ops import OPS
from ..ir.types import Array, List, Object, Stash, Type

__all__ = ["before_split", "run"]

_HOLD = frozenset({"append", "setitem", "additem", "list", "tuple", "call"})
_NOTHING = Const(UNDEF, Object("undefined"))


def run(module: Module) -> Module:
    """See the module's docstring."""
    functions = module.functions | _halves(module)
    return replace(module, main=_function(module.main), functions={n: _function(f) for n, f in functions.items()})


def before_split(module: Module) -> Module:
    """Values in the place of lists, where both halves of the main function can do with them."""
    main = module.main
    lists, reads = _Lists(main), _Reads(main)
    taken = lists.popped()
    slots = {v: item for v, item in lists.slots().items() if reads.are_all(taken[v])}
    return replace(module, main=replace(main, body=_Rewriter(slots).block(main.body))) if slots else module


def _halves(module: Module) -> dict[str, Function]:
    """The halves of kept functions, with values in the place of lists in their stashes.

    Only where one function makes stashes of a kind, one takes them apart, and nobody adds them up: all others hand them on.
    """
    made: dict[str, Function] = {}
    packing: dict[Type, list[tuple[Function, Op]]] = {}
    taking: dict[Type, list[Function]] = {}
    summed: set[Type] = set()
    for fn in (module.main, *module.functions.values()):
        ops = list(ops_of(fn.body))
        for op in (op for op in ops if op.name == "tuple" and isinstance(op.outs[0].type, Stash)):
            packing.setdefault(op.outs[0].type, []).append((fn, op))
        for t in {op.args[0].type for op in ops if op.name == "untuple" and isinstance(op.args[0].type, Stash)}:
            taking.setdefault(t, []).append(fn)
        summed |= {op.outs[0].type for op in ops if op.name in ("zeros_list", "addlist") and isinstance(op.outs[0].type, Stash)}
    for kind, packs in packing.items():
        takers = taking.get(kind, [])
        if len(packs) == len(takers) == 1 and kind not in summed and takers[0].params and takers[0].params[0].type == kind:
            (fwd, pack), bwd = packs[0], takers[0]
            if module.main not in (fwd, bwd):
                made |= {fn.name: replace(fn, body=_Rewriter(found).block(fn.body))
                         for fn, found in _slots_between(fwd, pack, bwd) if found}
    return made


def _slots_between(fwd: Function, pack: Op, bwd: Function) -> list[tuple[Function, dict[Var, Var]]]:
    """The versions of slots in both halves; ``pack`` makes the stash."""
    unpacks = {s.args[1].value: s.outs[0] for s in bwd.body.stmts
               if isinstance(s, Op) and s.name == "untuple" and s.args[0] is bwd.params[0]}
    put, taken = _Lists(fwd, pack=pack).put(), _Lists(bwd, unpacked=tuple(unpacks.values())).taken()
    reads = _Reads(bwd)
    both = [(v, unpacks[k]) for k, v in enumerate(pack.args[0])
            if v in put and unpacks.get(k) in taken and reads.are_all(taken[unpacks[k]])]
    items = {put[v] for v, _ in both} | {taken[w] for _, w in both}
    return [(fn, {v: item for v, item in found.items() if item in items}) for fn, found in ((fwd, put), (bwd, taken))]


def _function(fn: Function) -> Function:
    found = _Lists(fn)
    slots = found.slots()
    if not slots:
        return fn
    return replace(fn, body=_Rewriter(slots).block(fn.body))


class _Lists:
    """Groups the versions of each list, and notes what happens to them.

    ``pack``: the operation that makes a stash of what it is given; ``unpacked``: what was taken from one.
    """

    def __init__(self, fn: Function, pack: Op | None = None, unpacked: tuple[Var, ...] = ()) -> None:
        self._parent: dict[Var, Var] = {}
        self._roots: list[Var] = []
        self._appends: list[tuple[Var, Var]] = []  # list, item
        self._pops: list[tuple[Var, Var]] = []
        self._pack = pack
        self._unpacked = unpacked
        self._spoiled: list[Var] = [p for p in fn.params if isinstance(p.type, List)]
        self._block(fn.body)
        self._spoil(fn.body.results)

    def slots(self) -> dict[Var, Var]:
        """Version of a slot -> the variable that is put into it."""
        return self._having([1, 1, 1], self._appends)

    def popped(self) -> dict[Var, Var]:
        """Version of a slot -> the variable that is taken off."""
        return self._having([1, 1, 1], self._pops)

    def put(self) -> dict[Var, Var]:
        """The same, for lists of which only the other half takes something off."""
        return self._having([1, 1, 0], self._appends)

    def taken(self) -> dict[Var, Var]:
        """Version of a list that the other half appended to -> the variable that is taken off."""
        return self._having([1, 0, 1], self._pops)

    def _having(self, wanted: list[int], items: list[tuple[Var, Var]]) -> dict[Var, Var]:
        """The versions of lists that are made, appended to and taken from as often as ``wanted``."""
        spoiled = {self._find(v) for v in self._spoiled}
        count: dict[Var, list[int]] = {}
        for kind, lists in enumerate((self._roots, [v for v, _ in self._appends], [v for v, _ in self._pops])):
            for v in lists:
                count.setdefault(self._find(v), [0, 0, 0])[kind] += 1
        known = {self._find(v): item for v, item in items}
        good = {g for g, c in count.items() if c == wanted and g not in spoiled}
        return {v: known[g] for v in {**self._parent, **dict.fromkeys(self._roots)} if (g := self._find(v)) in good}

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
            self._pops.append((op.outs[1], op.outs[0]))
            self._spoil(op.outs[0])
        elif op.outs and op.outs[0] in self._unpacked and isinstance(op.outs[0].type, List):
            self._roots.append(op.outs[0])
        elif op is not self._pack:
            self._spoil((op.args, op.outs))


class _Reads:
    """Which variables are only read: nothing is written to their memory, and nobody else holds it."""

    def __init__(self, fn: Function) -> None:
        self._uses: dict[Var, list[tuple[Op, int]]] = {}
        self._handed: set[Var] = set()
        self._block(fn.body)

    def _block(self, block: Block) -> None:
        self._handed.update(arg_vars(block.results))
        for stmt in block.stmts:
            if isinstance(stmt, Loop):
                self._handed.update(arg_vars(stmt.inits))
            elif isinstance(stmt, Op):
                for k, arg in enumerate(stmt.args):
                    for v in arg_vars(arg):
                        self._uses.setdefault(v, []).append((stmt, k))
            for inner in blocks_of(stmt):
                self._block(inner)

    def are_all(self, var: Var) -> bool:
        """Whether there is nothing but reads of ``var``."""
        work = [var] if isinstance(var.type, (Array, List)) else []
        for v in work:
            if v in self._handed:
                return False
            for op, k in self._uses.get(v, ()):
                if op.name in _HOLD or OPS[op.name].inplace == k:
                    return False
                work += () if OPS[op.name].fresh or k in OPS[op.name].shape_only else op.outs
        return True


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
        slot = op.outs[-1] if op.name in ("list", "append", "pop", "untuple") else None
        if slot is None or slot not in self._slots:
            return replace(op, args=self._arg(op.args))
        if op.name == "list":
            self._now[slot] = _NOTHING
        elif op.name == "append":
            self._now[slot] = op.args[1]
        elif op.name == "untuple":
            return replace(op, outs=(self._value(slot),))
        else:
            self._now[op.outs[0]] = op.args[0]
            self._now[slot] = _NOTHING
        return None
