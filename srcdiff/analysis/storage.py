"""Storages: which variables of a forward half are versions of one array or list.

Lowering turned every write into a new version; here the versions of one storage are found again: an update joins its
operand and its result, a loop joins init, parameter, result and out, an If its arms' results and its out. A group is
*linear* if every write in it takes a version that nobody reads afterwards: then one buffer holds them all, one after the
other, and undoing the writes in reverse order costs nothing but the overwritten parts.

Example::

    x1 = setview(x0, v, [0])      group {x0, x1}; linear unless x0 is read after the write
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..ir.core import UNDEF, Atom, Block, Const, Function, If, Loop, Op, Stmt, Var, blocks_of
from ..ir.graph import reached
from ..ir.ops import OPS
from ..ir.structural import is_fancy
from ..ir.types import Array, List
from ..records import dataclass
from .effects import raises
from .liveness import liveness

__all__ = ["Storages", "Write", "storages", "updated"]


WrittenBy = Mapping[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, eq=False)
class Write:
    """``after = op(before, ...)``."""

    op: Op
    before: Var
    after: Var


def updated(op: Op, written: WrittenBy) -> Iterator[tuple[Atom, Var]]:
    """(operand, result) for each array or list that ``op`` updates; ``written``: of each kept function, which parameters."""
    if op.name == "call":
        for param, result in written.get(op.callee, ()):
            yield op.args[param], op.outs[result]
    elif op.name in ("pop", "pop_in"):
        yield op.args[0], op.outs[1]
    elif (spec := OPS.get(op.name)) is not None and spec.inplace is not None:
        yield op.args[spec.inplace], op.outs[0]


class Storages:
    """Groups of versions, their writes, and which versions do not survive the forward half."""

    def __init__(self) -> None:
        self.writes: dict[Var, Write] = {}  # by the version that a write makes
        self.undef: set[Var] = set()  # variables that may be unassigned
        self._parent: dict[Var, Var] = {}
        self._moves: dict[Var, list[Var]] = {}  # where a value goes without a copy
        self._broken: set[Var] = set()
        self._overwritten: set[Var] = set()

    def group(self, var: Var) -> Var:
        """The representative of the storage that ``var`` is a version of."""
        root = var
        while self._parent.get(root, root) is not root:
            root = self._parent[root]
        while self._parent.get(var, root) is not root:
            self._parent[var], var = root, self._parent[var]
        return root

    def is_linear(self, group: Var) -> bool:
        return group not in self._broken

    def is_overwritten(self, var: Var) -> bool:
        """Whether the memory that holds ``var`` is written later in the forward half."""
        return var in self._overwritten

    def groups_written(self) -> dict[Var, list[Write]]:
        """The writes of each storage that has any, in order."""
        result: dict[Var, list[Write]] = {}
        for write in self.writes.values():
            result.setdefault(self.group(write.before), []).append(write)
        return result

    # -- collection ----------------------------------------------------------------------------------------------------

    def join(self, a: Atom, b: Var) -> None:
        if isinstance(a, Var) and isinstance(b.type, (Array, List)):
            self._parent[self.group(a)] = self.group(b)

    def move(self, source: Atom, target: Var) -> None:
        """``target`` may be the same memory as ``source``."""
        if isinstance(source, Var):
            self._moves.setdefault(target, []).append(source)

    def flow(self, source: Atom, target: Var) -> None:
        """A parameter, result or out takes its value from ``source``."""
        self.join(source, target)
        self.move(source, target)
        if isinstance(source, Const) and source.value is UNDEF:
            self.undef.add(target)

    def close(self) -> None:
        """What reaches an overwritten or unassigned variable through moves."""
        self._overwritten = reached(self._overwritten, self._moves)


class _Collector:
    def __init__(self, written: WrittenBy) -> None:
        self.written = written
        self.found = Storages()
        self.targets: dict[Var, list[Var]] = {}  # reads and flows: source -> target
        self.views: list[tuple[Var, Var]] = []

    def block(self, block: Block) -> None:
        for stmt in block.stmts:
            for inner in blocks_of(stmt):
                self.block(inner)
            self.stmt(stmt)

    def stmt(self, stmt: Stmt) -> None:
        if isinstance(stmt, Op):
            self.op(stmt)
        elif isinstance(stmt, If):
            for arm in (stmt.then, stmt.orelse):
                for result, out in zip(arm.results, stmt.outs, strict=True) if not raises(arm) else ():
                    self.flow(result, out)
        else:
            self.loop(stmt)

    def flow(self, source: Atom, target: Var) -> None:
        self.found.flow(source, target)
        if isinstance(source, Var):
            self.targets.setdefault(source, []).append(target)

    def loop(self, loop: Loop) -> None:
        for param, init, result, out in zip(loop.params, loop.inits, loop.carried, loop.outs, strict=True):
            for source, target in ((init, param), (init, out), (result, param), (result, out)):
                self.flow(source, target)

    def op(self, op: Op) -> None:
        updates = False
        for operand, result in updated(op, self.written):
            updates = True
            if isinstance(operand, Var):
                self.found.join(operand, result)
                self.found._overwritten.add(operand)
                self.found.writes[result] = Write(op, operand, result)
        if op.name == "view" and is_fancy(op.args[1]):
            return
        spec = OPS.get(op.name)
        if not updates and spec is not None and not spec.fresh and op.name not in ("getitem", "tuple", "untuple"):
            for arg in op.args:
                if isinstance(arg, Var) and isinstance(arg.type, Array):
                    self.views.append((arg, op.outs[0]))

    def finish(self) -> None:
        found = self.found
        found.undef = reached(found.undef, self.targets)
        found.close()
        for source, target in self.views:  # in order of definition: views of views follow
            if source in found._overwritten and isinstance(target.type, Array):
                found._overwritten.add(target)


def storages(function: Function, written: WrittenBy, forward: tuple[Stmt, ...]) -> Storages:
    """Storages of the statements ``forward`` of ``function`` (all of them, or its forward half)."""
    collector = _Collector(written)
    collector.block(Block(forward))
    collector.finish()
    found = collector.found
    defined = {v for stmt in forward for v in stmt.outs}
    results = tuple(r for r in function.body.results if r in defined or r in function.params)
    live = liveness(Function(function.name, function.params, Block(forward, results)))
    for write in found.writes.values():
        if live.is_live_after(write.before, write.op):
            found._broken.add(found.group(write.before))
    return found
