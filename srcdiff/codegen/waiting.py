"""Expressions that wait for their use, and how they become assignments.

Temporaries that are used once wait as *pending* expressions until their use; views, shapes and dimensions are
written again at each use. What waits must not see a later state: before a variable is assigned, and before a buffer
is written, every pending expression that reads it becomes a statement (and first, by the same rule, those that read
what that assigns).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import Loc
from ..ir.core import UNDEF, Arg, Atom, Block, Const, Function, Module, Op, Var
from ..ir.hints import Follower, is_derived
from ..ir.structural import is_fancy
from ..ir.types import Array, Scalar
from ..optimize.inplace_effects import is_buffer, updates
from ..optimize.inplace_ownership import ownership
from .classes import Classes
from .expressions import BINARY, const_node, op_node
from .tree import Line, Node, Value, name_of
from .undefined import Undefined
from .uses import Uses

__all__ = ["SHAPES", "Waiting"]

LINE = {"primal": 150, "adjoint": 84, "tangent": 84}
SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
           ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>"}
SHAPES = ("dim", "size", "shape")


class Waiting:
    """The state of emission: the statements so far (``lines``), and what waits (``pending``). ``classes``: those that
    the text may name, and other objects of the user's.
    """

    def __init__(self, fn: Function, module: Module, classes: dict[str, Any]) -> None:
        self.fn = fn
        self.module = module
        self.named_classes = classes
        self.own = ownership(fn, module)
        self.slots = Classes(self.own)
        self.undefined = Undefined(self.own, self.slots)
        self.uses = Uses(fn)
        self.left = dict(self.uses.count)
        self.lines: list[Node] = []
        self.pending: dict[Var, Value] = {}
        self.here: Block = fn.body
        self.loc: Loc | None = fn.loc
        self.role = "primal"
        self._flushing: set[Var] = set()

    # -- values -------------------------------------------------------------------------------------------------------

    def groups(self, v: Var) -> frozenset[object]:
        """The buffers whose contents a read of ``v`` sees."""
        if not is_buffer(v.type):
            return frozenset()
        found = {self.own.find(o) for o, _ in self.own.held(v, False)}
        return frozenset(found | {self.own.find(v)})

    def value(self, a: Arg) -> Value:
        """The expression of an atom (or of a tuple of them), taken from what is pending if it is there."""
        if isinstance(a, tuple):
            parts = [self.value(i) for i in a]
            return self.combine(ast.Tuple([p.node for p in parts], ast.Load()), parts)
        if isinstance(a, Const):
            node = const_node(a)
            return Value(node, size=len(repr(a.value)) if not a.name else len(a.name))
        self.left[a] = self.left.get(a, 0) - 1
        if a in self.pending:
            if self.left[a] > 0 and self._reprints(a):
                return self.pending[a]
            return self.pending.pop(a)
        slot = self.slots[a]
        for p in [p for p, v in self.pending.items() if slot in v.pops]:
            self.materialise(p)
        return Value(name_of(slot), frozenset({slot}), self.groups(a), size=len(a.hint) or 3)

    def _reprints(self, v: Var) -> bool:
        """Whether ``v`` is written out again at each use."""
        op = self.own.home.get(v)
        if op is None or v.hint:
            return False
        if op.name == "view":
            return isinstance(v.type, Array) and not is_fancy(op.args[1])
        return op.name in SHAPES or op.name == "captured"

    def build(self, op: Op) -> Value:
        """The expression of an operation with one result."""
        parts: list[Value] = []

        def show(a: Arg) -> ast.expr:
            parts.append(self.value(a))
            return parts[-1].node

        node = op_node(op, show)
        return self.combine(node, parts, size=len(op.name) if op.name not in BINARY else 3)

    def combine(self, node: ast.expr, parts: Sequence[Value], size: int = 2, effect: bool = False) -> Value:
        empty: frozenset = frozenset()
        return Value(node, empty.union(*(p.reads for p in parts)), empty.union(*(p.groups for p in parts)),
                     size + sum(p.size + 1 for p in parts), effect or any(p.effect for p in parts),
                     empty.union(*(p.pops for p in parts)))

    def class_name(self, cls: type) -> str:
        """The name under which the text may refer to a class of the user's."""
        return self.object_name(cls.__name__, cls)

    def object_name(self, name: str, value: Any) -> str:
        """The name under which the text may refer to an object, ``name`` if that is free."""
        while self.named_classes.get(name, value) is not value or self.module.objects.get(name, value) is not value:
            name += "_"
        self.named_classes[name] = value
        return name

    # -- assignments --------------------------------------------------------------------------------------------------

    def line(self, stmt: ast.stmt, note: str = "", setup: bool = False) -> None:
        self.lines.append(Line(stmt, self.loc, self.role, note, setup))

    def flush(self, slots: Iterable[int] = (), groups: Iterable[object] = (), keep: Iterable[Var] = (), *,
              effect: bool = False) -> None:
        """Make statements of the pending expressions that read ``slots`` or ``groups`` (or have an effect)."""
        slots, groups, keep = set(slots), set(groups), set(keep)
        for p in list(self.pending):
            v = self.pending.get(p)
            if v is None or p in keep:
                continue
            if not slots.isdisjoint(v.reads) or not groups.isdisjoint(v.groups) or (effect and v.effect):
                self.materialise(p)

    def materialise(self, v: Var) -> None:
        """Assign a pending expression to its variable now."""
        if v not in self.pending or v in self._flushing:
            return
        self._flushing.add(v)
        slot = self.slots[v]
        self.flush(slots=(slot,), keep=(v,))
        self._flushing.discard(v)
        if v not in self.pending:
            return
        value = self.pending.pop(v)
        with self._place_of(v):
            self._assign(slot, value, v)

    @contextmanager
    def _place_of(self, v: Var) -> Iterator[None]:
        op = self.own.home.get(v)
        saved = self.loc, self.role
        if op is not None:
            self.loc, self.role = op.loc, op.role
        yield
        self.loc, self.role = saved

    def _assign(self, slot: int, value: Value, v: Var) -> None:
        node = value.node
        if isinstance(node, ast.Name) and node.id == name_of(slot).id:
            return
        product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)  # of vectors: no update of one of them
        augments = isinstance(v.type, Scalar) and not product and self._augments(node)
        self.lines.append(Line(ast.Assign([name_of(slot)], node), self.loc, self.role, self._note(v), _is_setup(node), augments,
                               self.role == "adjoint" and not is_derived(v)))

    def _augments(self, node: ast.expr) -> bool:
        """Whether ``x = x + v`` may be written ``x += v``: in the user's own statements only if the user did."""
        if self.role != "primal" or self.loc is None or not isinstance(node, ast.BinOp):
            return True
        return SYMBOLS[type(node.op)] + "=" in self.loc.text

    def _note(self, v: Var) -> str:
        op = self.own.home.get(v)
        if op is None or op.name != "np.copy" or op not in self.fn.body.stmts[:len(self.fn.params)]:
            return ""
        if op.args[0] not in self.fn.params:
            return ""
        hint = op.args[0].hint
        stashed = isinstance(hint, Follower) and not hint.suffix
        return "the stash is left alone" if stashed else "the caller's array is left alone"

    def define(self, v: Var, value: Value) -> None:
        """Let ``v`` wait if it may, else assign it."""
        n = self.uses(v)
        if n == 0 and not value.effect and not value.pops:
            return
        self.pending[v] = value
        if n == 0 or not self._may_wait(v, value, n):
            self.materialise(v)

    def _may_wait(self, v: Var, value: Value, n: int) -> bool:
        once = bool(value.pops) or value.effect
        if self._reprints(v) and not (once and n > 1):
            return value.size < 40 or n == 1
        if n > 1 or self.uses.where.get(v) is not self.here or value.size > LINE[self.role]:
            return False
        return not v.hint or self._only_returned(v) or self._only_a_step(v)

    def _only_a_step(self, v: Var) -> bool:
        """Whether the adjoint ``v`` only goes into the next version of itself, within one line's adjoint."""
        op, user = self.own.home.get(v), self.uses.user.get(v)
        if op is None or op.role == "primal" or not isinstance(user, Op) or updates(user, self.module):
            return False
        return len(user.outs) == 1 and user.outs[0].hint == v.hint and user.loc is not None and user.loc == op.loc

    def _only_returned(self, v: Var) -> bool:
        """Whether ``v`` is a result in its last dress: written where it is returned."""
        op = self.own.home.get(v)
        return op is not None and op.name in ("cast", "as_scalar", "np.copy") and v in self.fn.body.results

    def move(self, pairs: Sequence[tuple[Var, Atom]]) -> None:
        """Assign all ``pairs`` at once: in an order in which nothing is overwritten before it is read, or as one tuple."""
        pairs = [(d, a) for d, a in pairs if not self._in_place(d, a)]
        sources = [a for _, a in pairs if isinstance(a, Var)]
        self.flush(slots=[self.slots[d] for d, _ in pairs], keep=sources)
        todo = [(d, self.value(a)) for d, a in pairs if not self._in_place(d, a)]
        while todo:
            free = [k for k, (d, _) in enumerate(todo)
                    if not any(self.slots[d] in v.reads for j, (_, v) in enumerate(todo) if j != k)]
            if free:
                d, value = todo.pop(free[0])
                self._assign(self.slots[d], value, d)
                continue
            targets = ast.Tuple([name_of(self.slots[d]) for d, _ in todo], ast.Store())
            self.line(ast.Assign([targets], ast.Tuple([v.node for _, v in todo], ast.Load())))
            return

    def _in_place(self, d: Var, a: Atom) -> bool:
        """Whether ``a`` is in the variable of ``d`` already, or no value at all."""
        if isinstance(a, Const):
            return a.value is UNDEF and d not in self.undefined.handed_on
        return a not in self.pending and self.slots[a] == self.slots[d]

    @contextmanager
    def nested(self, block: Block) -> Iterator[list[Node]]:
        """Emit into a list of its own. What is new there is forgotten at its end; what waited before waits again, also if
        it got a variable inside.
        """
        lines, here, outer = self.lines, self.here, dict(self.pending)
        self.lines, self.here = [], block
        try:
            yield self.lines
        finally:
            self.lines, self.here = lines, here
            self.pending = {v: e for v, e in outer.items() if v in self.pending or (self._reprints(v) and self.left[v] > 0)}


def _is_setup(node: ast.expr) -> bool:
    """Whether an expression only makes something to start from: an empty list, a number, zeros."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("zeros", "zeros_like", "zeros_list")
    return isinstance(node, ast.Constant) or (isinstance(node, ast.List) and not node.elts)
