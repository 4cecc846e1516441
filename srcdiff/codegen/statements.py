"""Functional SSA with explicit copies -> statements with placeholders for variables (:mod:`srcdiff.codegen.tree`):
branches and loops.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..analysis.effects import ops_of
from ..ir.core import UNDEF, Atom, Block, Const, Function, If, Loop, Module, Op, Stmt, Var, arg_vars, blocks_of
from ..optimize.inplace_effects import updates
from .expressions import call, range_args
from .operations import Operations
from .tree import Branch, Cycle, Line, Node, Region, Value, literal, name_of
from .waiting import SHAPES

__all__ = ["Emitter"]


class Emitter(Operations):
    """Emits the statements of one function."""

    def __init__(self, fn: Function, module: Module, classes: dict[str, Any] | None = None) -> None:
        super().__init__(fn, module, {} if classes is None else classes)
        self._effects: dict[Stmt, tuple[set[int], set[object]]] = {}
        self._tries = 0  # the conditional expressions that are being tried, one inside the other
        self._statements: set[If] = set()  # those that turned out to need statements
        self._any_region = any(op.name == "enter" for op in ops_of(fn.body))
        self.is_joint = any(isinstance(s, Op) and s.name == "split" for s in fn.body.stmts)

    def function(self, returned: Callable[[Sequence[Atom]], ast.expr | None]) -> list[Node]:
        """All statements; ``returned`` gives the expression that is returned for the values of the function's results."""
        self._return_after(self.fn.body.stmts, self.fn.body.results, returned)
        return self.lines

    def _return_after(self, stmts: Sequence[Stmt], results: Sequence[Atom],
                      returned: Callable[[Sequence[Atom]], ast.expr | None]) -> None:
        """The statements that end a function. If a branch is the last of them, each arm returns."""
        last = stmts[-1] if stmts else None
        if not (isinstance(last, If) and self._ends_in(last, results)):
            self.block(Block(tuple(stmts)))
            if not leaves(self.lines) and (node := returned(results)) is not None:
                self.lines.append(Line(ast.Return(node), self.loc, self.role))
            return
        self.block(Block(tuple(stmts[:-1])))
        for a in results:
            if isinstance(a, Var):
                self.materialise(a)
        test, then, orelse = self._arms(
            last, lambda stmts, handed: self._return_after(stmts, [handed.get(a, a) for a in results], returned))
        self._branch(test, then, [])
        self.lines += orelse

    def _arms(self, last: If, emit: Callable[[Sequence[Stmt], dict[Atom, Atom]], None]) -> tuple[Value, list[Node], list[Node]]:
        """The condition and the arms of a branch behind which nothing stands; ``emit`` gets what each hands on as well."""
        self.loc, self.role = last.loc, last.role
        self._settle_test(last)
        test = self.value(last.cond)
        arms: list[list[Node]] = []
        for block in (last.then, last.orelse):
            with self.nested(block) as lines:
                emit(block.stmts, dict(zip(last.outs, block.results, strict=True)))
            arms.append(lines)
        self.loc, self.role = last.loc, last.role
        return test, arms[0], arms[1]

    def _ends_in(self, last: If, results: Sequence[Atom]) -> bool:
        """Whether a forward function ends in a branch that chooses its results, to which the user gave no name."""
        forward = last.role == "primal" and last.style == "if" and not self.is_joint and not self.fn.written
        once = all(self.uses(o) <= 1 for o in last.outs)  # a result of an arm is written where it is returned
        return forward and once and any(o in results and o.hint in ("", "result") for o in last.outs)

    def stmt(self, stmt: Stmt) -> None:
        self.loc, self.role = stmt.loc, stmt.role
        if isinstance(stmt, Op):
            self.op(stmt)
        elif isinstance(stmt, If):
            self.branch(stmt)
        else:
            self.loop(stmt)

    def block(self, block: Block) -> None:
        self.run(block.stmts)

    def run(self, stmts: Sequence[Stmt]) -> bool:
        """Emit statements; False if their end is never reached. After a ``raise`` only what ends the regions around is left."""
        lost = skipping = False
        depth = 0
        for stmt in stmts:
            name = stmt.name if isinstance(stmt, Op) else ""
            if skipping and (name not in ("finally", "leave") or depth):
                depth += (name == "enter") - (name == "leave")
                continue
            self.stmt(stmt)
            lost = lost or name == "raise"
            skipping = lost and name != "finally" and (skipping or name in ("raise", "leave"))
        return not lost

    def effects(self, stmt: Stmt) -> tuple[set[int], set[object]]:
        """The variables that a statement assigns and the buffers that it writes."""
        if stmt not in self._effects:
            self._effects[stmt] = self._find_effects(stmt)
        return self._effects[stmt]

    def _find_effects(self, stmt: Stmt) -> tuple[set[int], set[object]]:
        slots = {self.slots[v] for v in stmt.outs}
        groups: set[object] = set()
        if isinstance(stmt, Op):
            for _, out in updates(stmt, self.module):
                groups.add(self.own.find(stmt.outs[out]))
            return slots, groups
        blocks = [stmt.then, stmt.orelse] if isinstance(stmt, If) else [b for b in (stmt.cond, stmt.body) if b is not None]
        if isinstance(stmt, Loop):
            slots |= {self.slots[v] for v in (*stmt.params, stmt.index, stmt.trips) if v is not None}
        for block in blocks:
            for inner in block.stmts:
                more_slots, more_groups = self.effects(inner)
                slots |= more_slots
                groups |= more_groups
        return slots, groups

    def settle(self, stmt: If | Loop, keep: Iterable[Var] = ()) -> None:
        """Before a compound statement: assign what it uses inside, and what would see its effects."""
        if self._has_region(stmt):
            self._settle_all(keep)
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

    def _has_region(self, stmt: If | Loop) -> bool:
        """Whether a ``with`` or ``try`` begins inside: all that waits is assigned there, and what is from outside may be used
        after ``stmt``."""
        return self._any_region and any(op.name == "enter" for block in blocks_of(stmt) for op in ops_of(block))

    def _inside(self, stmt: If | Loop) -> set[Var]:
        found: set[Var] = set()
        if isinstance(stmt, Loop):
            blocks = [b for b in (stmt.cond, stmt.body) if b is not None]
        else:
            blocks = [stmt.then, stmt.orelse]
        for block in blocks:
            found.update(self.own.live.free(block))
        return found

    # -- If -----------------------------------------------------------------------------------------------------------

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
                self.move([(o, a) for o, a in zip(stmt.outs, block.results, strict=True) if self.uses(o)])
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

    def _as_expression(self, stmt: If) -> bool:
        """Write an If with one result as a conditional expression, if its arms need no statement."""
        outs = [(k, o) for k, o in enumerate(stmt.outs) if self.uses(o)]
        if len(outs) != 1 or stmt in self._statements:
            return False
        k, out = outs[0]
        self._settle_test(stmt) if stmt.style == "ifexp" else self.settle(stmt, keep=arg_vars(stmt.cond))
        arms = self._try_arms(stmt, k)
        if arms is None:
            return False
        cond = self.value(stmt.cond)
        then, orelse = arms
        node = self._choice(stmt, k, cond.node, then.node, orelse.node)
        self.loc, self.role = stmt.loc, stmt.role
        self.define(out, self.combine(node, (cond, then, orelse), size=10))
        return True

    def _try_arms(self, stmt: If, k: int) -> list[Value] | None:
        """The values of both arms. One that needs a statement ends the attempts around it too, so that none is made twice."""
        saved, left = dict(self.pending), dict(self.left)
        self._tries += 1
        try:
            return [self._arm_value(block, k, stmt) for block in (stmt.then, stmt.orelse)]
        except _NeedsStatements:
            self._statements.add(stmt)
            if self._tries > 1:
                raise
            self.pending, self.left = saved, left
            return None
        finally:
            self._tries -= 1

    def _choice(self, stmt: If, k: int, cond: ast.expr, then: ast.expr, orelse: ast.expr) -> ast.expr:
        def same(a: Atom, value: bool) -> bool:
            return a is stmt.cond or (isinstance(a, Const) and a.value is value)

        if stmt.style == "and" and same(stmt.orelse.results[k], False):
            return ast.BoolOp(ast.And(), [cond, then])
        if stmt.style == "or" and same(stmt.then.results[k], True):
            return ast.BoolOp(ast.Or(), [cond, orelse])
        return ast.IfExp(cond, then, orelse)

    def _arm_value(self, block: Block, k: int, stmt: If) -> Value:
        """The result of an arm as an expression."""
        with self.nested(block) as lines:
            self.block(block)
            a = block.results[k]
            if a is stmt.cond and stmt.style in ("and", "or"):
                value = Value(literal(None))
            elif lines or a is stmt.cond or (isinstance(a, Const) and a.value is UNDEF):
                raise _NeedsStatements
            else:
                value = self.value(a)
        if lines:
            raise _NeedsStatements
        return value

    # -- loops --------------------------------------------------------------------------------------------------------

    def loop(self, stmt: Loop) -> None:
        slots = [k for k, p in enumerate(stmt.params) if self.uses.carries(stmt, k)]
        self.move([(stmt.params[k], stmt.inits[k]) for k in slots])
        if stmt.trips is not None and self.uses(stmt.trips):
            self.flush(slots=(self.slots[stmt.trips],))
            self.line(ast.Assign([name_of(self.slots[stmt.trips])], literal(0)), setup=True)
        bounds = arg_vars((stmt.lo, stmt.hi, stmt.step)) if stmt.index is not None else []
        self.settle(stmt, keep=bounds)
        target, source, head = self._header(stmt)
        with self.nested(stmt.body) as body:
            body.extend(head)
            if stmt.trips is not None and self.uses(stmt.trips):
                self.line(ast.AugAssign(name_of(self.slots[stmt.trips]), ast.Add(), literal(1)))
            self._tail(stmt.body.stmts, stmt.body.results[0] if stmt.stop else None,
                       [(stmt.params[k], stmt.carried[k]) for k in slots])
        self.loc, self.role = stmt.loc, stmt.role
        if not body:
            self.line(ast.Pass())
            body = [self.lines.pop()]
        self.lines.append(Cycle(target, source, body, stmt.loc, stmt.role))
        self.move([(stmt.outs[k], stmt.params[k]) for k in slots if self.uses(stmt.outs[k])])

    def _header(self, stmt: Loop) -> tuple[ast.expr | None, ast.expr, list[Node]]:
        """Target and source of a ``for``; or the condition of a ``while``, and the statements that compute it."""
        if stmt.index is not None:
            target = name_of(self.slots[stmt.index]) if self.uses(stmt.index) or stmt.index.hint else ast.Name("_", ast.Store())
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

    def _tail(self, stmts: Sequence[Stmt], stop: Atom | None, moves: list[tuple[Var, Atom]]) -> None:
        """The statements at the end of a trip, then what is handed to the next one, then ``break`` if ``stop``."""
        last = stmts[-1] if stmts else None
        if isinstance(last, If) and self._splits(last, stop):
            for stmt in stmts[:-1]:
                self.stmt(stmt)
            self._tail_branch(last, stop, moves)
            return
        if not self.run(stmts):
            return
        if isinstance(stop, Var):
            slots = {self.slots[d] for d, _ in moves}
            if stop in self.pending and not slots.isdisjoint(self.pending[stop].reads):
                self.materialise(stop)
        self.move(moves)
        if (isinstance(stop, Const) and not stop.value) or stop is None:
            return
        leave: list[Node] = [Line(ast.Break(), self.loc, self.role)]
        if isinstance(stop, Const):
            self.lines += leave
        else:
            self._branch(self.value(stop), leave, [])

    def _splits(self, last: If, stop: Atom | None) -> bool:
        """Whether the exits of a loop are in the arms of its last If: then ``break`` stands there."""
        if any(self.uses(o) > 1 for o in last.outs):
            return False
        if stop is None:
            return not last.then.stmts and bool(last.orelse.stmts) and last.role == "primal"
        return isinstance(stop, Var) and stop in last.outs and last.style == "if"

    def _tail_branch(self, last: If, stop: Atom | None, moves: list[tuple[Var, Atom]]) -> None:
        for _, a in moves:
            if isinstance(a, Var) and a in self.pending:
                self.materialise(a)
        test, then, orelse = self._arms(
            last, lambda stmts, handed: self._tail(stmts, None if stop is None else handed.get(stop, stop),
                                                   [(d, handed.get(a, a)) for d, a in moves]))
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


class _NeedsStatements(Exception):
    """An arm of a conditional expression cannot be written as an expression."""


def negate(node: ast.expr) -> ast.expr:
    """``not node``, without a double negation."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    return ast.UnaryOp(ast.Not(), node)


def leaves(lines: list[Node]) -> bool:
    """Whether a list of statements never reaches its end."""
    last = lines[-1] if lines else None
    if isinstance(last, Region):
        return leaves(last.body) or leaves(last.final)
    return isinstance(last, Line) and isinstance(last.stmt, (ast.Break, ast.Continue, ast.Raise, ast.Return))
