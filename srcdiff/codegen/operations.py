"""Operations as statements: updates in place, lists, calls, effects; all others are expressions that may wait."""

from __future__ import annotations

import ast

from ..errors import InternalError
from ..ir.core import Arg, Const, Index, Op, Path, Var, arg_vars
from ..ir.ops import OPS
from ..ir.types import Array, List, Scalar, Tuple, Type, rank_of
from ..optimize.inplace_effects import call_args, updates, walk
from .expressions import Print, call, keywords, path_node
from .tree import Value, literal, name_of
from .waiting import SHAPES, Waiting

__all__ = ["Operations"]


class Operations(Waiting):
    """Emits operations."""

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

    def _op_setitem(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        value, index = self.value(op.args[2]), self.value(op.args[1])
        self.line(ast.Assign([ast.Subscript(name_of(slot), index.node, ast.Store())], value.node))

    def _op_additem(self, op: Op) -> None:
        slot = self._operand(op, 0, op.outs[0])
        value, index = self.value(op.args[2]), self.value(op.args[1])
        target = ast.Subscript(name_of(slot), index.node, ast.Store())
        elem = op.outs[0].type.elem if isinstance(op.outs[0].type, List) else None
        if any(isinstance(n, ast.Attribute) and n.attr == "pop" for n in ast.walk(value.node)):
            self.line(ast.Assign([target], ast.BinOp(value.node, ast.Add(), target)))  # the pop first, then what is there now
        elif isinstance(elem, Scalar):
            self.line(ast.AugAssign(target, ast.Add(), value.node))
        else:  # the element may be somebody else's array
            self.line(ast.Assign([target], ast.BinOp(target, ast.Add(), value.node)))

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
        whole, k = op.args[0], op.args[1].value
        size = len(whole.type.items) if isinstance(whole.type, Tuple) else self.stash_size(whole.type)
        at = self.here.stmts.index(op) - k
        run = self.here.stmts[max(at, 0):at + size]
        parts = [s for s in run if isinstance(s, Op) and s.name == "untuple" and s.args[0] is whole]
        if at < 0 or [p.args[1].value for p in parts] != list(range(size)) or size < 2:
            return None
        return parts if all(self.uses(p.outs[0]) for p in parts) else None

    def stash_size(self, t: Type) -> int:
        """How many parts the stash of a kept function has: as many as its forward half puts in."""
        for fn in (self.fn, self.module.main, *self.module.functions.values()):
            for stmt in walk(fn.body):
                if isinstance(stmt, Op) and stmt.name == "tuple" and stmt.outs[0].type == t:
                    return len(stmt.args[0])
        return 0

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

    def _op_opaque(self, op: Op) -> None:
        self.flush(effect=True, keep=arg_vars(op.args))
        if len(op.outs) != 1:
            self._assign_all(op.outs, op)
            return
        value = self.build(op)
        value = self.combine(value.node, (value,), effect=True)
        self.define(op.outs[0], value)

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
