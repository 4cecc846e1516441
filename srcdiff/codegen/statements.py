"""Functional SSA with explicit copies -> statements with placeholders for variables (:mod:`srcdiff.codegen.tree`).

Temporaries that are used once wait as *pending* expressions until their use; views, shapes and dimensions are written again at each use.
What waits must not see a later state: before a variable is assigned, and before a buffer is written, every pending expression that reads it
becomes a statement (and first, by the same rule, those that read what that assigns).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from collections.abc import Iterator

from ..errors import InternalError, Loc
from ..ir.core import (UNDEF, Arg, Atom, Block, Const, Function, If, Index, Loop, Module, Op, Path, Slice, Stmt, Var, arg_vars,
                       blocks_of, uses_of)
from ..ir.ops import OPS
from ..ir.structural import is_fancy
from ..ir.types import Array, List, Scalar, Tuple, Type, rank_of
from ..optimize.inplace_ownership import ownership
from ..optimize.inplace_effects import call_args, is_buffer, updates, walk
from .classes import Classes
from .expressions import BINARY, call, const_node, keywords, op_node, path_node, range_args
from .tree import Branch, Cycle, Line, Node, Value, literal, name_of
from .undefined import Undefined

__all__ = ["Emitter"]

LINE = {"primal": 150, "adjoint": 84, "tangent": 84}
SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.MatMult: "@",
           ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>"}
SHAPES = ("dim", "size", "shape")


class Emitter:
    """Emits the statements of one function into ``lines``."""

    def __init__(self, fn: Function, module: Module, classes: dict[str, type] | None = None) -> None:
        self.named_classes: dict[str, type] = {} if classes is None else classes
        self.fn = fn
        self.module = module
        self.own = ownership(fn, module)
        self.classes = Classes(self.own)
        self.undefined = Undefined(self.own, self.classes)
        self.lines: list[Node] = []
        self.pending: dict[Var, Value] = {}
        self.loc: Loc | None = fn.loc
        self.role = "primal"
        self.uses: dict[Var, int] = {}
        self.used_in: dict[Var, Block | None] = {}
        self.here: Block = fn.body
        self._effects: dict[Stmt, tuple[set[int], set[object]]] = {}
        self._flushing: set[Var] = set()
        self.mentioned = _mentioned(fn.body)
        self._use(arg_vars(fn.body.results), fn.body)
        self._count(fn.body)
        self.left = dict(self.uses)

    # -- uses ----------------------------------------------------------------------------------------------------------

    def _count(self, block: Block) -> None:
        """Count the uses of every variable; ``used_in``: the block of its uses, None if they are in several."""
        for stmt in reversed(block.stmts):
            if isinstance(stmt, Loop):
                self._count_loop(stmt, block)
            elif isinstance(stmt, If):
                for arm in (stmt.then, stmt.orelse):
                    handed = [a for o, a in zip(stmt.outs, arm.results, strict=True) if self.uses.get(o) and a is not stmt.cond]
                    self._use(arg_vars(tuple(handed)), arm)
                    self._count(arm)
                self._use(arg_vars(stmt.cond), block)
            else:
                self._use(uses_of(stmt), block)

    def _count_loop(self, loop: Loop, block: Block) -> None:
        """What a loop hands from trip to trip counts as used if somebody may look at it."""
        needed = [k for k, p in enumerate(loop.params) if self.uses.get(loop.outs[k]) or p in self.mentioned]
        if loop.cond is not None:
            self._use(arg_vars(loop.cond.results), loop.cond)
            self._count(loop.cond)
        self._use(arg_vars(loop.body.results[:int(loop.stop)] + tuple(loop.carried[k] for k in needed)), loop.body)
        self._count(loop.body)
        self._use(arg_vars(tuple(loop.inits[k] for k in needed)), block)
        if loop.index is not None:
            self._use(arg_vars((loop.lo, loop.hi, loop.step)), block)

    def _use(self, vs: Iterable[Var], block: Block) -> None:
        for v in vs:
            self.used_in[v] = block if self.used_in.get(v, block) is block else None
            self.uses[v] = self.uses.get(v, 0) + 1

    # -- values ----------------------------------------------------------------------------------------------------------

    def groups(self, v: Var) -> frozenset[object]:
        """The buffers whose contents a read of ``v`` sees."""
        if not is_buffer(v.type):
            return frozenset()
        found = {self.own.find(o) for o, _ in self.own._held(v, False)}
        return frozenset(found | {self.own.find(v)})

    def value(self, a: Arg) -> Value:
        """The expression of an atom (or of a tuple of them), taken from what is pending if it is there."""
        if isinstance(a, tuple):
            parts = [self.value(i) for i in a]
            return self.combine(ast.Tuple([p.node for p in parts], ast.Load()), parts)
        if isinstance(a, Const):
            node = const_node(a)
            return Value(node, size=len(repr(a.value)) if not a.name else len(a.name))
        if a in self.pending:
            self.left[a] -= 1
            if self.left[a] > 0 and self._reprints(a):
                return self.pending[a]
            return self.pending.pop(a)
        slot = self.classes[a]
        for p in [p for p, v in self.pending.items() if slot in v.pops]:
            self.materialise(p)
        return Value(name_of(slot), frozenset({slot}), self.groups(a), size=len(a.hint) or 3)

    def _reprints(self, v: Var) -> bool:
        """Whether ``v`` is written out again at each use."""
        op = self.own.home.get(v)
        if op is None or v.hint:
            return False
        return op.name in SHAPES or op.name == "captured" or (op.name == "view" and isinstance(v.type, Array) and not is_fancy(op.args[1]))

    def build(self, op: Op, node_of: object = None) -> Value:
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
        name = cls.__name__
        while self.named_classes.get(name, cls) is not cls or self.module.objects.get(name, cls) is not cls:
            name += "_"
        self.named_classes[name] = cls
        return name

    # -- assignments -----------------------------------------------------------------------------------------------------

    def line(self, stmt: ast.stmt, note: str = "", setup: bool = False) -> None:
        self.lines.append(Line(stmt, self.loc, self.role, note, setup))

    def flush(self, slots: Iterable[int] = (), groups: Iterable[object] = (), keep: Iterable[Var] = (), effect: bool = False) -> None:
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
        slot = self.classes[v]
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
        self.lines.append(Line(ast.Assign([name_of(slot)], node), self.loc, self.role, self._note(v), _is_setup(node),
                               isinstance(v.type, Scalar) and self._augments(node)))

    def _augments(self, node: ast.expr) -> bool:
        """Whether ``x = x + v`` may be written ``x += v``: in the user's own statements only if the user did."""
        if self.role != "primal" or self.loc is None or not isinstance(node, ast.BinOp):
            return True
        return SYMBOLS[type(node.op)] + "=" in self.loc.text

    def _note(self, v: Var) -> str:
        op = self.own.home.get(v)
        if op is not None and op.name == "np.copy" and op.args[0] in self.fn.params and op in self.fn.body.stmts[:len(self.fn.params)]:
            return "the caller's array is left alone" if v.hint == op.args[0].hint and op.loc is self.fn.loc else ""
        return ""

    def define(self, v: Var, value: Value) -> None:
        """Let ``v`` wait if it may, else assign it."""
        n = self.uses.get(v, 0)
        if n == 0 and not value.effect and not value.pops:
            return
        self.pending[v] = value
        if n == 0 or not self._may_wait(v, value, n):
            self.materialise(v)

    def _may_wait(self, v: Var, value: Value, n: int) -> bool:
        if self._reprints(v):
            return value.size < 40 or n == 1
        if n > 1 or self.used_in.get(v) is not self.here or value.size > LINE[self.role]:
            return False
        return not v.hint or self._merges(v)

    def _merges(self, v: Var) -> bool:
        """Whether a named adjoint is only a part of the next version of itself (``x_bar = a + b``)."""
        return False

    # -- blocks ----------------------------------------------------------------------------------------------------------

    def function(self) -> list[Node]:
        """All statements, without the ``return``."""
        for stmt in self.fn.body.stmts:
            self.stmt(stmt)
        return self.lines

    def stmt(self, stmt: Stmt) -> None:
        self.loc, self.role = stmt.loc, stmt.role
        if isinstance(stmt, Op):
            self.op(stmt)
        elif isinstance(stmt, If):
            self.branch(stmt)
        else:
            self.loop(stmt)

    @contextmanager
    def nested(self, block: Block) -> Iterator[list[Node]]:
        """Emit into a list of its own; what is pending outside stays, what is new is forgotten at the end."""
        lines, here, outer = self.lines, self.here, set(self.pending)
        self.lines, self.here = [], block
        try:
            yield self.lines
        finally:
            self.lines, self.here = lines, here
            for v in [v for v in self.pending if v not in outer]:
                del self.pending[v]

    def effects(self, stmt: Stmt) -> tuple[set[int], set[object]]:
        """The variables that a statement assigns and the buffers that it writes."""
        if stmt not in self._effects:
            self._effects[stmt] = self._find_effects(stmt)
        return self._effects[stmt]

    def _find_effects(self, stmt: Stmt) -> tuple[set[int], set[object]]:
        slots = {self.classes[v] for v in stmt.outs}
        groups: set[object] = set()
        if isinstance(stmt, Op):
            for _, out in updates(stmt, self.module):
                groups.add(self.own.find(stmt.outs[out]))
            return slots, groups
        blocks = [stmt.then, stmt.orelse] if isinstance(stmt, If) else [b for b in (stmt.cond, stmt.body) if b is not None]
        if isinstance(stmt, Loop):
            slots |= {self.classes[v] for v in (*stmt.params, stmt.index, stmt.trips) if v is not None}
        for block in blocks:
            for inner in block.stmts:
                more_slots, more_groups = self.effects(inner)
                slots |= more_slots
                groups |= more_groups
        return slots, groups

    def settle(self, stmt: If | Loop, keep: Iterable[Var] = ()) -> None:
        """Before a compound statement: assign what it uses inside, and what would see its effects."""
        slots, groups = self.effects(stmt)
        keep = set(keep)
        inside = self._inside(stmt)
        for p in list(self.pending):
            if p in keep or p not in self.pending:
                continue
            v = self.pending[p]
            shape = self.own.home[p].name in SHAPES if p in self.own.home else False
            reused = p in inside and not (shape or (isinstance(stmt, If) and self._reprints(p)))
            if reused or v.effect or v.pops or not slots.isdisjoint(v.reads) or (not shape and not groups.isdisjoint(v.groups)):
                self.materialise(p)

    def _inside(self, stmt: If | Loop) -> set[Var]:
        found: set[Var] = set()
        if isinstance(stmt, Loop):
            blocks = [b for b in (stmt.cond, stmt.body) if b is not None]
        else:
            blocks = [stmt.then, stmt.orelse]
        for block in blocks:
            found.update(self.own.live.free(block))
        return found

    def move(self, pairs: Sequence[tuple[Var, Atom]]) -> None:
        """Assign all ``pairs`` at once: in an order in which nothing is overwritten before it is read, or as one tuple."""
        pairs = [(d, a) for d, a in pairs if not self._in_place(d, a)]
        sources = [a for _, a in pairs if isinstance(a, Var)]
        self.flush(slots=[self.classes[d] for d, _ in pairs], keep=sources)
        todo = [(d, self.value(a)) for d, a in pairs if not self._in_place(d, a)]
        while todo:
            free = [k for k, (d, _) in enumerate(todo)
                    if not any(self.classes[d] in v.reads for j, (_, v) in enumerate(todo) if j != k)]
            if free:
                d, value = todo.pop(free[0])
                self._assign(self.classes[d], value, d)
                continue
            targets = ast.Tuple([name_of(self.classes[d]) for d, _ in todo], ast.Store())
            self.line(ast.Assign([targets], ast.Tuple([v.node for _, v in todo], ast.Load())))
            return

    def _in_place(self, d: Var, a: Atom) -> bool:
        """Whether ``a`` is in the variable of ``d`` already, or no value at all."""
        if isinstance(a, Const):
            return a.value is UNDEF and d not in self.undefined.handed_on
        return a not in self.pending and self.classes[a] == self.classes[d]

    # -- If --------------------------------------------------------------------------------------------------------------

    def branch(self, stmt: If) -> None:
        if stmt.style in ("ifexp", "and", "or") and self._as_expression(stmt):
            return
        self._settle_test(stmt)
        test = self.value(stmt.cond)
        arms = []
        for block in (stmt.then, stmt.orelse):
            with self.nested(block) as lines:
                self.block(block)
                self.loc, self.role = stmt.loc, stmt.role
                self.move([(o, a) for o, a in zip(stmt.outs, block.results, strict=True) if self.uses.get(o)])
            arms.append(lines)
        self.loc, self.role = stmt.loc, stmt.role
        self._branch(test, *arms)

    def _settle_test(self, stmt: If) -> None:
        """Settle; a condition that is also a result of an arm needs a variable."""
        again = any(a is stmt.cond for b in (stmt.then, stmt.orelse) for a in b.results)
        keep = [stmt.cond] if isinstance(stmt.cond, Var) and not again else []
        self.settle(stmt, keep=keep)
        if again and isinstance(stmt.cond, Var):
            self.materialise(stmt.cond)

    def _branch(self, test: Value, then: list[Node], orelse: list[Node]) -> None:
        if then or orelse:
            node = test.node
            if not then:
                node, then, orelse = negate(node), orelse, []
            self.lines.append(Branch(node, then, orelse, self.loc, self.role))
        elif test.effect:
            self.line(ast.Expr(test.node))

    def block(self, block: Block) -> None:
        for stmt in block.stmts:
            self.stmt(stmt)
            if isinstance(stmt, Op) and stmt.name == "raise":
                return

    def _as_expression(self, stmt: If) -> bool:
        """Write an If with one result as a conditional expression, if its arms need no statement."""
        outs = [(k, o) for k, o in enumerate(stmt.outs) if self.uses.get(o)]
        if len(outs) != 1:
            return False
        k, out = outs[0]
        self._settle_test(stmt) if stmt.style == "ifexp" else self.settle(stmt, keep=arg_vars(stmt.cond))
        saved, left = dict(self.pending), dict(self.left)
        arms = [self._arm_value(block, k, stmt) for block in (stmt.then, stmt.orelse)]
        if any(a is None for a in arms):
            self.pending, self.left = saved, left
            return False
        cond = self.value(stmt.cond)
        then, orelse = arms
        assert then is not None and orelse is not None
        node = self._choice(stmt, k, cond.node, then.node, orelse.node)
        self.loc, self.role = stmt.loc, stmt.role
        self.define(out, self.combine(node, (cond, then, orelse), size=10))
        return True

    def _choice(self, stmt: If, k: int, cond: ast.expr, then: ast.expr, orelse: ast.expr) -> ast.expr:
        def same(a: Atom, value: bool) -> bool:
            return a is stmt.cond or (isinstance(a, Const) and a.value is value)

        if stmt.style == "and" and same(stmt.orelse.results[k], False):
            return ast.BoolOp(ast.And(), [cond, then])
        if stmt.style == "or" and same(stmt.then.results[k], True):
            return ast.BoolOp(ast.Or(), [cond, orelse])
        return ast.IfExp(cond, then, orelse)

    def _arm_value(self, block: Block, k: int, stmt: If) -> Value | None:
        """The result of an arm as an expression; None if it takes statements."""
        with self.nested(block) as lines:
            self.block(block)
            a = block.results[k]
            value = None
            if a is stmt.cond:
                value = Value(literal(None)) if stmt.style in ("and", "or") else None
            elif not lines and not (isinstance(a, Const) and a.value is UNDEF):
                value = self.value(a)
        return None if lines else value

    # -- loops -----------------------------------------------------------------------------------------------------------

    def loop(self, stmt: Loop) -> None:
        slots = [k for k, p in enumerate(stmt.params) if self._carries(stmt, k)]
        self.move([(stmt.params[k], stmt.inits[k]) for k in slots])
        if stmt.trips is not None and self.uses.get(stmt.trips):
            self.flush(slots=(self.classes[stmt.trips],))
            self.line(ast.Assign([name_of(self.classes[stmt.trips])], literal(0)), setup=True)
        bounds = arg_vars((stmt.lo, stmt.hi, stmt.step)) if stmt.index is not None else []
        self.settle(stmt, keep=bounds)
        target, source, head = self._header(stmt)
        with self.nested(stmt.body) as body:
            body.extend(head)
            if stmt.trips is not None and self.uses.get(stmt.trips):
                self.line(ast.AugAssign(name_of(self.classes[stmt.trips]), ast.Add(), literal(1)))
            self._tail(stmt.body.stmts, stmt.body.results[0] if stmt.stop else None,
                       [(stmt.params[k], stmt.carried[k]) for k in slots], top=True)
        self.loc, self.role = stmt.loc, stmt.role
        if not body:
            self.line(ast.Pass())
            body = [self.lines.pop()]
        self.lines.append(Cycle(target, source, body, stmt.loc, stmt.role))
        self.move([(stmt.outs[k], stmt.params[k]) for k in slots if self.uses.get(stmt.outs[k])])

    def _carries(self, stmt: Loop, k: int) -> bool:
        return bool(self.uses.get(stmt.params[k]) or self.uses.get(stmt.outs[k]))

    def _header(self, stmt: Loop) -> tuple[ast.expr | None, ast.expr, list[Node]]:
        """Target and source of a ``for``; or the condition of a ``while``, and the statements that compute it."""
        if stmt.index is not None:
            assert stmt.lo is not None and stmt.hi is not None and stmt.step is not None
            target = name_of(self.classes[stmt.index]) if self.uses.get(stmt.index) or stmt.index.hint else ast.Name("_", ast.Store())
            source = call("range", *range_args((stmt.lo, stmt.hi, stmt.step), lambda a: self.value(a).node))
            return target, call("reversed", source) if stmt.reverse else source, []
        assert stmt.cond is not None
        with self.nested(stmt.cond) as head:
            self.block(stmt.cond)
            test = self.value(stmt.cond.results[0])
            self.loc, self.role = stmt.loc, stmt.role
            if head:
                self._branch(Value(negate(test.node)), [Line(ast.Break(), stmt.loc, stmt.role)], [])
        return None, literal(True) if head else test.node, head

    def _tail(self, stmts: Sequence[Stmt], stop: Atom | None, moves: list[tuple[Var, Atom]], top: bool) -> None:
        """The statements at the end of a trip, then what is handed to the next one, then ``break`` if ``stop``."""
        last = stmts[-1] if stmts else None
        if isinstance(last, If) and self._splits(last, stop):
            for stmt in stmts[:-1]:
                self.stmt(stmt)
            self._tail_branch(last, stop, moves)
            return
        for stmt in stmts:
            self.stmt(stmt)
            if isinstance(stmt, Op) and stmt.name == "raise":
                return
        if isinstance(stop, Var):
            slots = {self.classes[d] for d, _ in moves}
            if stop in self.pending and not slots.isdisjoint(self.pending[stop].reads):
                self.materialise(stop)
        self.move(moves)
        if isinstance(stop, Const) and not stop.value or stop is None:
            return
        leave: list[Node] = [Line(ast.Break(), self.loc, self.role)]
        if isinstance(stop, Const):
            self.lines += leave
        else:
            self._branch(self.value(stop), leave, [])

    def _splits(self, last: If, stop: Atom | None) -> bool:
        """Whether the exits of a loop are in the arms of its last If: then ``break`` stands there."""
        if stop is None:
            return not last.then.stmts and bool(last.orelse.stmts) and last.role == "primal"
        return isinstance(stop, Var) and stop in last.outs and self.uses.get(stop) == 1 and last.style == "if"

    def _tail_branch(self, last: If, stop: Atom | None, moves: list[tuple[Var, Atom]]) -> None:
        for _, a in moves:
            if isinstance(a, Var) and a in self.pending:
                self.materialise(a)
        self.loc, self.role = last.loc, last.role
        self._settle_test(last)
        test = self.value(last.cond)
        arms: list[list[Node]] = []
        for block in (last.then, last.orelse):
            handed = dict(zip(last.outs, block.results, strict=True))
            with self.nested(block) as lines:
                self._tail(block.stmts, handed.get(stop, stop) if stop is not None else None,
                           [(d, handed.get(a, a) if isinstance(a, Var) else a) for d, a in moves], top=False)
            arms.append(lines)
        self.loc, self.role = last.loc, last.role
        then, orelse = arms
        if leaves(orelse) and not leaves(then):
            test, then, orelse = Value(negate(test.node)), orelse, then
        if leaves(then):
            self._branch(test, then, [])
            self.lines += orelse
        elif not then and orelse and stop is None:
            self._branch(test, [Line(ast.Continue(), last.loc, last.role)], [])
            self.lines += orelse
        else:
            self._branch(test, then, orelse)

    # -- operations ------------------------------------------------------------------------------------------------------

    def op(self, op: Op) -> None:
        handler = getattr(self, "_op_" + op.name, None)
        if handler is not None:
            handler(op)
        elif op.name in ("setview", "addview", "subview"):
            self._write(op)
        elif len(op.outs) != 1:
            self._assign_all(op.outs, op)
        else:
            self._expression(op)

    def _expression(self, op: Op) -> None:
        out = op.outs[0]
        if op.name in SHAPES:
            self._name_base(op.args[0])
        if op.name == "view" and self.uses.get(out, 0) > 1 and isinstance(op.args[0], Var) and not self._reprints(op.args[0]):
            self.materialise(op.args[0])
        effect = OPS[op.name].effect
        if effect:
            self.flush(effect=True, keep=arg_vars(op.args))
        value = self.build(op)
        if op.name in ("np.copy", "copylist") and op.args[0] in self.undefined.maybe:
            base = self.value(op.args[0])
            value = self.combine(ast.IfExp(ast.Compare(base.node, [ast.Is()], [literal(None)]), literal(None), value.node), (value, base))
        if op.name in SHAPES:
            value = Value(value.node, value.reads, frozenset(), value.size)
        if effect:
            value = self.combine(value.node, (value,), effect=True)
        self.define(out, value)

    def _name_base(self, x: Arg) -> None:
        """Shapes are asked of variables, never of expressions that would have to be computed for it."""
        if isinstance(x, Var) and x in self.pending and not self._reprints(x):
            self.materialise(x)

    def _operand(self, op: Op, at: int, out: Var) -> int:
        """Make the variable of ``out`` hold the operand that ``op`` updates, and let nobody see the update who must not."""
        args = call_args(op) if op.name == "call" else op.args
        v = args[at]
        keep = [a for a in arg_vars(args) if a is not v]
        if isinstance(v, Const):
            raise InternalError(f"{op.name} updates a constant")
        self.materialise(v)
        self.flush(groups=self.own_group(v), keep=keep)
        if self.classes[v] != self.classes[out]:
            self.flush(slots=(self.classes[out],), keep=())
            self._assign(self.classes[out], self.value(v), out)
        return self.classes[out]

    def own_group(self, v: Var) -> frozenset[object]:
        return frozenset({self.own.find(v)})

    def _write(self, op: Op) -> None:
        """``x[path] = v``, ``x[path] += v``; ``x *= v`` where v is an operation on what is overwritten."""
        base, v, path = op.args
        slot = self._operand(op, 0, op.outs[0])
        value = self.value(v)
        parts: list[Value] = []

        def show(a: Arg) -> ast.expr:
            parts.append(self.value(a))
            return parts[-1].node

        rank = rank_of(base.type)
        if op.name != "setview" and _repeats(path):
            *front, last = path.steps
            prefix = path_node(name_of(slot), Path(tuple(front)), rank, show, write=True)
            index = _standalone(path_node(ast.Name("_"), Path((last,)), rank, show))
            self.line(ast.Expr(call("np.add.at" if op.name == "addview" else "np.subtract.at", prefix, index, value.node)))
            return
        target = path_node(name_of(slot), path, rank, show, write=True)
        whole = not path.steps
        if op.name == "setview":
            same = isinstance(v, Var) and v.type.dtype == base.type.dtype  # type: ignore[union-attr]
            if same and self._augments(value.node) and isinstance(value.node, ast.BinOp) and ast.dump(value.node.left) == ast.dump(target):
                self.line(ast.AugAssign(target, value.node.op, value.node.right))
                return
            if not isinstance(target, ast.Subscript):
                target = ast.Subscript(target, literal(...), ast.Store())
            self.line(ast.Assign([target], value.node), self._rewinds(op))
            return
        if not whole and not isinstance(target, ast.Subscript):
            target = ast.Subscript(target, literal(...), ast.Store())
        self.line(ast.AugAssign(target, ast.Add() if op.name == "addview" else ast.Sub(), value.node))

    def _rewinds(self, op: Op) -> str:
        primal = op.role == "adjoint" and op.outs[0].hint and not op.outs[0].hint.endswith(("_bar", "_dot"))
        return "rewind" if primal and any(v in self.own.home and self.own.home[v].name == "pop" for v in arg_vars(op.args[1])) else ""

    def _op_append(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        self.line(ast.Expr(call(ast.Attribute(name_of(slot), "append", ast.Load()), self.value(op.args[1]).node)))

    def _op_pop(self, op: Op) -> None:
        item, rest = op.outs
        slot = self._operand(op, 0, rest)
        node = call(ast.Attribute(name_of(slot), "pop", ast.Load()))
        value = Value(node, frozenset({slot}), self.own_group(rest) | self.groups(item), 8, pops=frozenset({slot}))
        if not self.uses.get(item):
            self.line(ast.Expr(node))
        else:
            self.define(item, value)

    def _op_setitem(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        value, index = self.value(op.args[2]), self.value(op.args[1])
        self.line(ast.Assign([ast.Subscript(name_of(slot), index.node, ast.Store())], value.node))

    def _op_additem(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        value, index = self.value(op.args[2]), self.value(op.args[1])
        target = ast.Subscript(name_of(slot), index.node, ast.Store())
        elem = op.outs[0].type.elem if isinstance(op.outs[0].type, List) else None
        if isinstance(elem, Scalar):
            self.line(ast.AugAssign(target, ast.Add(), value.node))
        else:  # the element may be somebody else's array
            self.line(ast.Assign([target], ast.BinOp(target, ast.Add(), value.node)))

    def _op_split(self, op: Op) -> None:
        """Nothing: the backward part follows."""

    _op_mark = _op_split

    def _op_untuple(self, op: Op) -> None:
        """All parts of a tuple that are taken at once are unpacked together."""
        parts = self._unpacked(op)
        if parts is None:
            self._expression(op)
        elif op is parts[0]:
            self._assign_all(tuple(p.outs[0] for p in parts), op.args[0])

    def _unpacked(self, op: Op) -> list[Op] | None:
        """The neighbours of ``op`` that take all parts of the same tuple, one after the other, or None."""
        whole, k = op.args[0], op.args[1].value
        size = len(whole.type.items) if isinstance(whole.type, Tuple) else self.stash_size(whole.type)
        at = self.here.stmts.index(op) - k
        run = self.here.stmts[max(at, 0):at + size]
        parts = [s for s in run if isinstance(s, Op) and s.name == "untuple" and s.args[0] is whole]
        if at < 0 or [p.args[1].value for p in parts] != list(range(size)) or size < 2:
            return None
        return parts if all(self.uses.get(p.outs[0]) for p in parts) else None

    def stash_size(self, t: Type) -> int:
        """How many parts the stash of a kept function has: as many as its forward half puts in."""
        for fn in (self.fn, self.module.main, *self.module.functions.values()):
            for stmt in walk(fn.body):
                if isinstance(stmt, Op) and stmt.name == "tuple" and stmt.outs[0].type == t:
                    return len(stmt.args[0])
        return 0

    def _op_assert(self, op: Op) -> None:
        self.flush(effect=True, keep=arg_vars(op.args))
        cond = self.value(op.args[0])
        message = op.args[1]
        text = None if isinstance(message, Const) and message.value is None else self.value(message).node
        self.line(ast.Assert(cond.node, text))

    def _op_raise(self, op: Op) -> None:
        self.flush(effect=True, keep=arg_vars(op.args))
        kind = self.value(op.args[0]).node
        args = op.args[1] if isinstance(op.args[1], tuple) else ()
        values = [self.value(a).node for a in args]
        self.line(ast.Raise(ast.Call(kind, values, []) if values else kind, None))

    def _op_print(self, op: Op) -> None:
        self.flush(effect=True, keep=arg_vars(op.args))
        args = [self.value(a).node for a in op.args[0]]
        show = lambda a: self.value(a).node  # noqa: E731
        self.line(ast.Expr(ast.Call(ast.Name("print", ast.Load()), args, keywords(op.args[1], show))))

    def _op_opaque(self, op: Op) -> None:
        self.flush(effect=True, keep=arg_vars(op.args))
        if len(op.outs) != 1:
            self._assign_all(op.outs, op)
            return
        value = self.build(op)
        value = self.combine(value.node, (value,), effect=True)
        self.define(op.outs[0], value)

    def _op_call(self, op: Op) -> None:
        """A kept function: it returns what it does not update in place."""
        args = call_args(op)
        done = updates(op, self.module)
        self.flush(effect=True, keep=arg_vars(args))
        for at, out in done:
            self._operand(op, at, op.outs[out])
        written = {out for _, out in done}
        outs = tuple(o for k, o in enumerate(op.outs) if k not in written)
        if len(outs) == 1 and not written:
            self.define(outs[0], self._call_value(op))
        else:
            self._assign_all(outs, op)

    def _call_value(self, op: Op) -> Value:
        args = call_args(op)
        named = {at: self.classes[op.outs[out]] for at, out in updates(op, self.module)}
        parts = [Value(name_of(named[k]), frozenset({named[k]})) if k in named else self.value(a) for k, a in enumerate(args)]
        return self.combine(call(op.callee, *(p.node for p in parts)), parts, size=len(op.callee) + 2, effect=True)

    def _assign_all(self, outs: tuple[Var, ...], source: Op | Var) -> None:
        """Assign several variables from an operation, or from the parts of a tuple."""
        used = [o for o in outs if self.uses.get(o)]
        self.flush(slots=[self.classes[o] for o in used], keep=[source] if isinstance(source, Var) else arg_vars(source.args))
        if isinstance(source, Var):
            node = self.value(source).node
        else:
            node = (self._call_value(source) if source.name == "call" else self.build(source)).node
        if not used:
            self.line(ast.Expr(node))
            return
        names = [name_of(self.classes[o]) if o in used else ast.Name("_", ast.Store()) for o in outs]
        target: ast.expr = names[0] if len(names) == 1 else ast.Tuple(list(names), ast.Store())
        self.line(ast.Assign([target], node))


def _mentioned(block: Block) -> set[Var]:
    """All variables that something reads: parameters of loops only if it is not just their own next value."""
    found: set[Var] = set(arg_vars(block.results))
    for stmt in block.stmts:
        found.update(uses_of(stmt))
        for inner in blocks_of(stmt):
            found |= _mentioned(Block(inner.stmts) if isinstance(stmt, Loop) and inner is stmt.body else inner)
        if isinstance(stmt, Loop):
            found.update(a for a, p in zip(stmt.carried, stmt.params, strict=True) if isinstance(a, Var) and a is not p)
            found.update(arg_vars(stmt.body.results[:int(stmt.stop)]))
    return found


def _is_setup(node: ast.expr) -> bool:
    """Whether an expression only makes something to start from: an empty list, a number, zeros."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("zeros", "zeros_like", "zeros_list")
    return isinstance(node, ast.Constant) or (isinstance(node, ast.List) and not node.elts)


def negate(node: ast.expr) -> ast.expr:
    """``not node``, without a double negation."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    return ast.UnaryOp(ast.Not(), node)


def leaves(lines: list[Node]) -> bool:
    """Whether a list of statements never reaches its end."""
    return bool(lines) and isinstance(lines[-1], Line) and isinstance(lines[-1].stmt, (ast.Break, ast.Continue, ast.Raise, ast.Return))


def _repeats(path: Path) -> bool:
    """Whether a path may name an element twice: an integer array as an index."""
    return any(isinstance(v, Var) and isinstance(v.type, (Array, List)) and not (isinstance(v.type, Array) and v.type.dtype == "bool")
               for s in path.steps if isinstance(s, Index) for v in s.items)


def _standalone(node: ast.expr) -> ast.expr:
    """The index of a subscript as an expression of its own: slices become ``np.s_[...]``."""
    assert isinstance(node, ast.Subscript)
    index = node.slice
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    if any(isinstance(i, ast.Slice) for i in items):
        return ast.Subscript(ast.Attribute(ast.Name("np", ast.Load()), "s_", ast.Load()), index, ast.Load())
    return index
