"""Operations as statements: updates in place, lists, calls, effects; all others are expressions that may wait."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from typing import Any

from ..analysis.effects import is_frame
from ..errors import InternalError
from ..ir.core import Arg, Const, Function, Index, Module, Op, Path, Var, arg_vars
from ..ir.ops import OPS
from ..ir.structural import element_type
from ..ir.types import Array, List, Object, Scalar, Tuple, Type, rank_of
from ..optimize.inplace_effects import call_args, updates, walk
from .expressions import Print, call, item_node, keywords, path_node
from .tree import Line, Node, Region, Value, literal, name_of
from .waiting import SHAPES, Waiting

__all__ = ["Operations"]

def _in_argument(place: str) -> ast.expr:
    """``self.items[0]``, where ``self`` is an argument of the generated function."""
    node = ast.parse(place, mode="eval").body
    for name in ast.walk(node):
        if isinstance(name, ast.Name):
            name.of_argument = True  # type: ignore[attr-defined]
    return node


RECORDED = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div}
EMPTY: dict[str, ast.expr] = {"list": ast.List([], ast.Load()), "dict": ast.Dict([], []),
                              "set": ast.Call(ast.Name("set", ast.Load()), [], [])}


class Operations(Waiting):
    """Emits operations."""

    def __init__(self, fn: Function, module: Module, classes: dict[str, Any]) -> None:
        super().__init__(fn, module, classes)
        self._parts: dict[Op, list[Op] | None] = {}
        self._regions: list[tuple[Region, Op, list[Node]]] = []  # those that are open, with the list that each stands in

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
        if op.name == "view" and self.uses(out) > 1 and isinstance(op.args[0], Var) and not self._reprints(op.args[0]):
            self.materialise(op.args[0])
        effect = OPS[op.name].effect
        if effect:
            self.flush(effect=True, keep=arg_vars(op.args))
        value = self.build(op)
        if op.name in ("np.copy", "copylist") and op.args[0] in self.undefined.maybe:
            base = self.value(op.args[0])
            missing = ast.Compare(base.node, [ast.Is()], [literal(None)])
            value = self.combine(ast.IfExp(missing, literal(None), value.node), (value, base))
        if op.name in SHAPES:
            value = Value(value.node, value.reads, frozenset(), value.size)
        if effect:
            value = self.combine(value.node, (value,), effect=True)
        self.define(out, value)

    def _name_base(self, x: Arg) -> None:
        """Shapes are asked of variables, never of expressions that would have to be computed for it."""
        if isinstance(x, Var) and x in self.pending and not self._reprints(x):
            self.materialise(x)

    # -- updates ------------------------------------------------------------------------------------------------------

    def _operand(self, op: Op, at: int, out: Var) -> int:
        """Make the variable of ``out`` hold the operand that ``op`` updates, and let nobody see the update who must not."""
        args = call_args(op) if op.name == "call" else op.args
        v = args[at]
        keep = [a for a in arg_vars(args) if a is not v]
        if isinstance(v, Const):
            raise InternalError(f"{op.name} updates a constant")
        self.materialise(v)
        self.flush(groups=self.own_group(v), keep=keep)
        if self.slots[v] != self.slots[out]:
            self.flush(slots=(self.slots[out],), keep=())
            self._assign(self.slots[out], self.value(v), out)
        return self.slots[out]

    def own_group(self, v: Var) -> frozenset[object]:
        return frozenset({self.own.find(v)})

    def _write(self, op: Op) -> None:
        """``x[path] = v``, ``x[path] += v``; ``x *= v`` where v is an operation on what is overwritten."""
        base, v, path = op.args
        slot = self._operand(op, 0, op.outs[0])
        value = self.value(v).node

        def show(a: Arg) -> ast.expr:
            return self.value(a).node

        if op.name != "setview" and _repeats(path):
            self._write_repeated(op, slot, value, show)
            return
        place = path_node(name_of(slot), path, rank_of(base.type), show, write=True)
        # x.T += v would assign to the attribute, and x.reshape(n) = v is no Python
        target = place if isinstance(place, ast.Subscript) else ast.Subscript(place, literal(...), ast.Store())
        if op.name != "setview":
            whole = name_of(slot) if not path.steps else target
            self.line(ast.AugAssign(whole, ast.Add() if op.name == "addview" else ast.Sub(), value))
        elif isinstance(value, ast.BinOp) and v.type.dtype == base.type.dtype and self._repeats_target(value, place):
            self.line(ast.AugAssign(target if path.steps else name_of(slot), value.op, value.right))
        else:
            self.line(ast.Assign([target], value), self._rewinds(op))

    def _repeats_target(self, value: ast.BinOp, place: ast.expr) -> bool:
        """Whether ``place = value`` may be written with an augmented assignment."""
        return self._augments(value) and ast.dump(value.left) == ast.dump(place)

    def _write_repeated(self, op: Op, slot: int, value: ast.expr, show: Print) -> None:
        """Add at indices that may repeat: ``np.add.at(x, i, v)``."""
        *front, last = op.args[2].steps
        rank = rank_of(op.args[0].type)
        prefix = path_node(name_of(slot), Path(tuple(front)), rank, show, write=True)
        index = _standalone(path_node(ast.Name("_"), Path((last,)), rank, show))
        self.line(ast.Expr(call("np.add.at" if op.name == "addview" else "np.subtract.at", prefix, index, value)))

    def _rewinds(self, op: Op) -> str:
        primal = op.role == "adjoint" and op.outs[0].hint and not op.outs[0].hint.endswith(("_bar", "_dot"))
        popped = any(v in self.own.home and self.own.home[v].name == "pop" for v in arg_vars(op.args[1]))
        return "rewind" if primal and popped else ""

    def _op_append(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        self.line(ast.Expr(call(ast.Attribute(name_of(slot), "append", ast.Load()), self.value(op.args[1]).node)))

    def _op_pop(self, op: Op) -> None:
        item, rest = op.outs
        slot = self._operand(op, 0, rest)
        node = call(ast.Attribute(name_of(slot), "pop", ast.Load()))
        value = Value(node, frozenset({slot}), self.own_group(rest) | self.groups(item), 8, pops=frozenset({slot}))
        if not self.uses(item):
            self.line(ast.Expr(node))
        else:
            self.define(item, value)

    def _op_append_in(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        value = self.value(op.args[2]).node
        self.line(ast.Expr(call(ast.Attribute(self._item(slot, op), "append", ast.Load()), value)))

    def _op_pop_in(self, op: Op) -> None:
        item, rest = op.outs
        slot = self._operand(op, 0, rest)
        node = call(ast.Attribute(self._item(slot, op), "pop", ast.Load()))
        self.line(ast.Assign([name_of(self.slots[item])], node) if self.uses(item) else ast.Expr(node))

    def _item(self, slot: int, op: Op) -> ast.Subscript:
        """The item of a list that an operation updates."""
        return item_node(name_of(slot), op.args[1], lambda a: self.value(a).node)

    def _op_setitem(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        value, item = self.value(op.args[2]), self._item(slot, op)
        self.line(ast.Assign([ast.Subscript(item.value, item.slice, ast.Store())], value.node))

    def _op_additem(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        elem = element_type(op.outs[0].type, op.args[1])
        popped = bool(self._waiting_pops(op.args[2]))
        for v in arg_vars(op.args[1]):
            if (popped or not isinstance(elem, Scalar)) and self._waiting_pops(v):
                self.materialise(v)  # the index is written twice
        value, item = self.value(op.args[2]), self._item(slot, op)
        target = ast.Subscript(item.value, item.slice, ast.Store())
        if isinstance(elem, List):
            self.line(ast.Assign([target], call("rt.add_lists", item, value.node)))
        elif popped:
            self.line(ast.Assign([target], ast.BinOp(value.node, ast.Add(), item)))  # the pop first, then what is there now
        elif isinstance(elem, Scalar):
            self.line(ast.AugAssign(target, ast.Add(), value.node))
        else:  # the element may be somebody else's array
            self.line(ast.Assign([target], ast.BinOp(item, ast.Add(), value.node)))

    def _waiting_pops(self, a: Arg) -> frozenset[int]:
        """The lists that an operand pops where it is written."""
        return self.pending[a].pops if isinstance(a, Var) and a in self.pending else frozenset()

    # -- several results ----------------------------------------------------------------------------------------------

    def _op_untuple(self, op: Op) -> None:
        """All parts of a tuple that are taken at once are unpacked together."""
        parts = self._unpacked(op)
        if parts is None:
            self._expression(op)
        elif op is parts[0]:
            self._assign_all(tuple(p.outs[0] for p in parts), op.args[0])

    def _unpacked(self, op: Op) -> list[Op] | None:
        """The neighbours of ``op`` that take all parts of the same tuple, one after the other, or None."""
        if op not in self._parts:
            whole, stmts = op.args[0], self.here.stmts
            run: list[Op] = []
            for s in islice(stmts, stmts.index(op), None):
                if not (isinstance(s, Op) and s.name == "untuple" and s.args[0] is whole):
                    break
                run.append(s)
            size = len(whole.type.items) if isinstance(whole.type, Tuple) else self._stash_sizes.get(whole.type, 0)
            complete = size > 1 and [p.args[1].value for p in run] == list(range(size))
            parts = run if complete and all(self.uses(p.outs[0]) for p in run) else None
            self._parts.update(dict.fromkeys(run, parts))
        return self._parts[op]

    @cached_property
    def _stash_sizes(self) -> dict[Type, int]:
        """How many parts the stash of each kept function has: as many as its forward half puts in."""
        functions = (self.fn, self.module.main, *self.module.functions.values())
        packs = (s for fn in functions for s in walk(fn.body) if isinstance(s, Op) and s.name == "tuple")
        return {s.outs[0].type: len(s.args[0]) for s in packs}

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
        named = {at: self.slots[op.outs[out]] for at, out in updates(op, self.module)}
        parts = [Value(name_of(named[k]), frozenset({named[k]})) if k in named else self.value(a) for k, a in enumerate(args)]
        return self.combine(call(op.callee, *(p.node for p in parts)), parts, size=len(op.callee) + 2, effect=True)

    def _assign_all(self, outs: tuple[Var, ...], source: Op | Var) -> None:
        """Assign several variables from an operation, or from the parts of a tuple."""
        used = [o for o in outs if self.uses(o)]
        self.flush(slots=[self.slots[o] for o in used], keep=[source] if isinstance(source, Var) else arg_vars(source.args))
        if isinstance(source, Var):
            node = self.value(source).node
        else:
            node = (self._call_value(source) if source.name == "call" else self.build(source)).node
        if not used:
            self.line(ast.Expr(node))
            return
        names = [name_of(self.slots[o]) if o in used else ast.Name("_", ast.Store()) for o in outs]
        target: ast.expr = names[0] if len(names) == 1 else ast.Tuple(list(names), ast.Store())
        self.line(ast.Assign([target], node))

    # -- effects ------------------------------------------------------------------------------------------------------

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

    def _op_record(self, op: Op) -> None:
        """What the function notes in an object that it does not own."""
        self.flush(effect=True, keep=arg_vars(op.args))
        how, target, key, values = op.args
        lent = target.type == Object("lent")
        base = _in_argument(target.name) if lent else self.value(target).node
        parts = [self.value(v).node for v in values]
        kind, sign = how.value.rstrip("+-*/"), how.value[-1]
        if kind.startswith("[]."):
            base, kind = ast.Subscript(base, self.value(key).node, ast.Load()), kind[3:]
        elif kind.startswith("setdefault "):
            made, kind = kind.removeprefix("setdefault ").split(".")
            base = call(ast.Attribute(base, "setdefault", ast.Load()), self.value(key).node, EMPTY[made])
        if kind not in ("[]", "."):
            self.line(ast.Expr(call(ast.Attribute(base, kind, ast.Load()), *parts)))
            return
        place: ast.Attribute | ast.Subscript = ast.Attribute(base, key.value, ast.Store())
        if kind == "[]":
            place = ast.Subscript(base, self.value(key).node, ast.Store())
        self.line(ast.AugAssign(place, RECORDED[sign](), parts[0]) if sign in RECORDED else ast.Assign([place], parts[0]))

    def _op_opaque(self, op: Op) -> None:
        self.flush(effect=True, keep=arg_vars(op.args))
        if len(op.outs) != 1:
            self._assign_all(op.outs, op)
            return
        value = self.build(op)
        value = self.combine(value.node, (value,), effect=True)
        self.define(op.outs[0], value)

    # -- regions ------------------------------------------------------------------------------------------------------

    def _op_enter(self, op: Op) -> None:
        """What follows goes into the body of a ``with`` or ``try``."""
        self._settle_all(keep=arg_vars(op.args))
        manager, args, pairs = op.args
        node: ast.expr | None = None
        if not (isinstance(manager, Const) and manager.value is None):
            node = self.value(manager).node
            if isinstance(args, tuple):
                values = [self.value(a).node for a in args]
                node = ast.Call(node, values, keywords(pairs, lambda a: self.value(a).node))
        target = name_of(self.slots[op.outs[0]]) if op.outs and self.uses(op.outs[0]) else None
        region = Region(node, target, [], self.loc, self.role)
        self.lines.append(region)
        self._regions.append((region, op, self.lines))
        self.lines = region.body

    def _op_finally(self, op: Op) -> None:
        self._settle_all()
        self.lines = self._regions[-1][0].final

    def _op_leave(self, op: Op) -> None:
        self._settle_all()
        region, enter, self.lines = self._regions.pop()
        if op.args[0] and region.body:
            caught = [self.value(c).node for c in op.args[0]]
            region.caught = caught[0] if len(caught) == 1 else ast.Tuple(caught, ast.Load())
            error = ast.Call(ast.Name("UnsupportedError", ast.Load()), [self.value(op.args[1]).node], [])
            region.handler = [Line(ast.Raise(error, ast.Name("error", ast.Load())), self.loc, self.role)]
        if not region.body and is_frame(enter):
            self.lines.remove(region)
            self.lines += region.final
        elif not region.body:
            region.body.append(Line(ast.Pass(), region.loc, region.role))

    def _settle_all(self, keep: Iterable[Var] = ()) -> None:
        """Assign all that waits: it is computed on this side of here."""
        keep = set(keep)
        for p in list(self.pending):
            if p not in keep and p in self.pending and not self._reprints(p):
                self.materialise(p)

    def _op_needed(self, op: Op) -> None:
        """Compute what may raise an exception, also if nobody looks at it."""
        for v in arg_vars(op.args):
            if self.uses(v) == 1 and v in self.pending:
                self.line(ast.Expr(self.value(v).node))
            else:
                self.materialise(v)

    def _op_split(self, op: Op) -> None:
        """Nothing: the backward part follows."""

    _op_mark = _op_split


def _repeats(path: Path) -> bool:
    """Whether a path may name an element twice: an integer array as an index."""
    indices = [v.type for s in path.steps if isinstance(s, Index) for v in s.items if isinstance(v, Var)]
    return any(isinstance(t, List) or (isinstance(t, Array) and t.dtype != "bool") for t in indices)


def _standalone(node: ast.expr) -> ast.expr:
    """The index of a subscript as an expression of its own: slices become ``np.s_[...]``."""
    assert isinstance(node, ast.Subscript)
    index = node.slice
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    if any(isinstance(i, ast.Slice) for i in items):
        return ast.Subscript(ast.Attribute(ast.Name("np", ast.Load()), "s_", ast.Load()), index, ast.Load())
    return index
