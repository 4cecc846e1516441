"""``for`` and ``while`` over everything that can be iterated; unpacking."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Index, Var
from ..ir.structural import sym_of
from ..ir.types import Array
from ..records import dataclass
from .context import AliasError, Lowerer, NeedUnroll
from .control import EXIT, branch, flag, is_false, is_true, lower_stmts, set_exit, set_flag
from .exprs import condition, expression
from .loops import CondChanges, Trip, run_loop
from .names import has_break
from .values import Closure, DynList, Fields, Obj, Ref, Tup, Value

__all__ = ["Iter", "comprehension", "items_of", "iterator", "lower_for", "lower_while"]


@dataclass(frozen=True, eq=False)
class Iter:
    """Something that can be iterated: ``count`` trips, ``get`` gives the value of one.

    ``items``: all values, where they are known one by one. ``span``: it is this range. ``sources``: what it reads from, which
    stays alive while it is iterated.
    """

    count: Value
    get: Callable[[Value], Value]
    items: tuple[Value, ...] | None = None
    span: tuple[Value, Value, Value] | None = None
    backwards: bool = False
    sources: tuple[Value, ...] = ()


class EndLoop(ast.Break):
    """The end of a ``while`` by its condition: not a ``break``, so ``else`` runs."""


def iterator(cx: Lowerer, value: Any, node: ast.AST | None) -> Iter:
    """How to iterate ``value``."""
    if isinstance(value, Iter):
        return value
    if isinstance(value, Tup):
        return of_items(value.items)
    if isinstance(value, Ref):
        cx.strengthen(value)
        t = cx.type_of(value)
        if not isinstance(t, Array) or not t.shape:
            cx.refuse("iterating over a 0-d array", node)
        from .attributes import dimension

        count = dimension(cx, cx.read(value), 0, t.shape[0])
        return Iter(count, lambda i: cx.step(value, Index((cx.read(i),))), sources=(value,))
    if isinstance(value, Obj):
        contents = cx.state.objs[value.oid]
        if isinstance(contents, Fields):
            if contents.keys is not None:
                return replace(of_items(tuple(const(k) for k in contents.keys)), sources=(value,))
            return Iter(const(len(contents.items)), lambda i: current_item(cx, value, i), contents.items, sources=(value,))
        return of_list(cx, value, contents)
    if isinstance(value, Const) and isinstance(value.value, (str, tuple, list, dict, range)):
        return of_items(tuple(cx.captured(v, "") for v in value.value))
    return cx.refuse(f"iterating over a {cx.describe(value)}", node)


def of_items(items: tuple[Value, ...]) -> Iter:
    def get(i: Value) -> Value:
        assert isinstance(i, Const)
        return items[i.value]
    return Iter(const(len(items)), get, items)


def current_item(cx: Lowerer, value: Obj, i: Value) -> Value:
    """An item of a list that is iterated, as it is when its trip comes."""
    from .subscripts import read_item

    return read_item(cx, value, i, ast.Pass())


def of_list(cx: Lowerer, value: Obj, contents: DynList) -> Iter:
    from .subscripts import dynamic_item

    def get(i: Value) -> Value:
        now = cx.state.objs[value.oid]
        assert isinstance(now, DynList)
        return dynamic_item(cx, value, now, i, ast.Pass())
    return Iter(cx.var("len", contents.lists[0]), get, sources=(value,))


def items_of(cx: Lowerer, value: Any, node: ast.AST | None, want: int | None = None) -> tuple[Value, ...]:
    """All items, for unpacking into ``want`` targets or into a call."""
    it = iterator(cx, value, node)
    if it.items is not None:
        return it.items
    count = want
    known = sym_of(it.count)
    if want is None or (dims.hint_of(known) if known is not None else None) not in (None, want):
        count = cx.static_int(it.count, node, "the number of items to unpack")
    return tuple(it.get(const(k)) for k in range(count or 0))


# -- for ---------------------------------------------------------------------------------------------------------------


def lower_for(cx: Lowerer, node: ast.For) -> None:
    it = iterator(cx, expression(cx, node.iter), node.iter)
    lists = [v.oid for v in it.sources if isinstance(v, Obj)]
    cx.iterated.extend(lists)
    try:
        iterate(cx, node, it)
    finally:
        del cx.iterated[len(cx.iterated) - len(lists):]


def iterate(cx: Lowerer, node: ast.For, it: Iter) -> None:
    """A loop where that is possible, else a copy of the body for each trip."""
    if it.items is not None:
        unroll(cx, node, it, len(it.items))
        return
    mark = Mark(cx)
    indices = len(cx.loop_indices)
    start = next(cx.ids)
    cx.restart(start + 1)
    iterated = (cx.frames[-1].fid, f"<iterated {start}>")
    if it.sources:
        cx.state.env[iterated] = Tup(it.sources)
    few = few_trips(cx, it)
    count: int | None = None
    try:
        with cx.fallback(few is not None):
            run_loop(cx, for_trip(cx, node, it))
    except NeedUnroll as need:
        if not any(index is need.args[0] for index in cx.loop_indices[indices:]):
            raise
        count = cx.static_int(it.count, node.iter, "the number of trips of this loop")
    except AliasError:
        if few is None or cx.copies_left <= 0:
            raise
        count = cx.static_int(it.count, node.iter)
        cx.copies_left -= 1
    finally:
        del cx.loop_indices[indices:]
    if count is not None:
        mark.restore(start)
        unroll(cx, node, it, count)
        return
    cx.state.env.pop(iterated, None)
    lower_else(cx, node, start + 1)


FEW = 8  # a loop of so many trips is unrolled where only that tells which arrays share memory


def few_trips(cx: Lowerer, it: Iter) -> int | None:
    """The number of trips, if it is known and small."""
    count = sym_of(it.count)
    if count is None or isinstance(count, tuple) or (isinstance(count, dims.Dim) and count.assumed) or cx.copies_left <= 0:
        return None
    hint = dims.hint_of(count)
    return hint if hint is not None and hint <= FEW else None


class Mark:
    """A point of the lowering that can be gone back to."""

    def __init__(self, cx: Lowerer) -> None:
        self.cx = cx
        self.state = cx.state.copy()
        self.stmts, self.count = cx.builder.stmts, len(cx.builder.stmts)
        self.frames = len(cx.frames)
        self.loops = [len(f.loops) for f in cx.frames]

    def restore(self, number: int) -> None:
        """Forget everything since; go on numbering from ``number``."""
        cx = self.cx
        cx.state = self.state.copy()
        cx.builder.stmts = self.stmts
        del cx.builder.stmts[self.count:], cx.frames[self.frames:]
        for frame, loops in zip(cx.frames, self.loops, strict=True):
            del frame.loops[loops:]
        cx.restart(number)
        cx.forget_from(number)


def for_trip(cx: Lowerer, node: ast.For, it: Iter) -> Trip:
    from .statements import assign

    def begin(index: Var | None) -> None:
        assert index is not None
        assign(cx, node.target, index if it.span else it.get(index))

    lo, hi, step = it.span or (const(0), it.count, const(1))
    return Trip(node, begin, node.body, cx.read(lo), cx.read(hi), cx.read(step), it.backwards,
                index_hint=index_name(node, it), count=it.count)


def index_name(node: ast.For, it: Iter) -> str:
    """The user's name for the index: the target of a range, the first target of enumerate."""
    target, source = node.target, node.iter
    if isinstance(target, ast.Name) and it.span:
        return target.id
    numbered = isinstance(source, ast.Call) and isinstance(source.func, ast.Name) and source.func.id == "enumerate"
    if numbered and isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name):
        return target.elts[0].id
    return "i"


def unroll(cx: Lowerer, node: ast.For, it: Iter, count: int) -> None:
    """One copy of the body for each item."""
    frame = cx.frames[-1]
    loop = next(cx.ids)
    frame.loops.append(loop)
    if node.orelse:
        cx.else_loops.add(loop)
    set_flag(cx, f"<stop {loop}>", const(False))
    set_flag(cx, f"<broke {loop}>", const(False))
    iterated = (frame.fid, f"<iterated {loop}>")
    if it.sources:
        cx.state.env[iterated] = Tup(it.sources)
    try:
        unroll_from(cx, node, it, 0, count, loop)
    finally:
        frame.loops.pop()
    cx.state.env.pop(iterated, None)
    leave_unrolled(cx, node, loop)


def unroll_from(cx: Lowerer, node: ast.For, it: Iter, k: int, count: int, loop: int) -> None:
    from .statements import assign

    if k == count or cx.state.dead:
        return
    assign(cx, node.target, unrolled_item(cx, it, k))
    head = cx.frames[-1].scope.head.get(node, frozenset())
    lower_stmts(cx, node.body)
    if cx.state.dead:
        return
    stop = flag(cx, f"<stop {loop}>")
    if is_true(stop):
        return
    if is_false(stop):
        set_flag(cx, EXIT, const(False))
        unroll_from(cx, node, it, k + 1, count, loop)
        return

    def go_on() -> None:
        for name in (EXIT, "<returned>", f"<stop {loop}>", f"<broke {loop}>"):
            set_flag(cx, name, const(False))
        unroll_from(cx, node, it, k + 1, count, loop)

    branch(cx, stop, lambda: None, go_on, head | cx.frames[-1].scope.after.get(node, frozenset()))


def unrolled_item(cx: Lowerer, it: Iter, k: int) -> Value:
    from .exprs import arithmetic

    if it.items is not None or it.span is None:
        return it.get(const(k))
    lo, _, step = it.span
    if it.backwards:
        k = cx.static_int(it.count, None) - 1 - k
    return arithmetic(cx, "np.add", lo, arithmetic(cx, "np.multiply", const(k), step, None), None)


def leave_unrolled(cx: Lowerer, node: ast.For, loop: int) -> None:
    returned = flag(cx, "<returned>")
    outer = cx.frames[-1].loops
    set_flag(cx, EXIT, returned)
    if outer and not is_false(returned):
        set_flag(cx, f"<stop {outer[-1]}>", returned)
    lower_else(cx, node, loop)
    cx.state.env.pop((cx.frames[-1].fid, f"<stop {loop}>"), None)
    cx.state.env.pop((cx.frames[-1].fid, f"<broke {loop}>"), None)


def lower_else(cx: Lowerer, node: ast.For | ast.While, loop: int) -> None:
    """The ``else`` of a loop: unless it was left by ``break`` or ``return``."""
    if not node.orelse or cx.state.dead:
        return
    end = cx.frames[-1].scope.after.get(node, frozenset())
    broke = flag(cx, f"<broke {loop}>")

    def unless_broken() -> None:
        branch(cx, broke, lambda: None, lambda: lower_stmts(cx, node.orelse, end), end)

    left = flag(cx, EXIT)
    if is_false(left):
        unless_broken()
    else:
        branch(cx, left, lambda: None, unless_broken, end)


# -- while -------------------------------------------------------------------------------------------------------------


def lower_while(cx: Lowerer, node: ast.While) -> None:
    entry, stmts = cx.state, len(cx.builder.stmts)
    start = next(cx.ids)
    cx.restart(start + 1)
    try:
        run_loop(cx, Trip(node, lambda index: None, node.body, cond=lambda: condition(cx, node.test)))
    except CondChanges:
        cx.state = entry
        del cx.builder.stmts[stmts:]
        cx.restart(start + 1)
        cx.memo.pop((node, start + 1), None)
        run_loop(cx, Trip(node, lambda index: None, [test_inside(cx, node), *node.body], cond=lambda: const(True)))
    if isinstance(node.test, ast.Constant) and node.test.value and not has_break(node.body):
        leave_for_good(cx)
        return
    lower_else(cx, node, start + 1)


def leave_for_good(cx: Lowerer) -> None:
    """After ``while True`` without a break: control left by return, if at all."""
    set_flag(cx, EXIT, const(True))
    set_flag(cx, "<returned>", const(True))
    if cx.frames[-1].loops:
        set_flag(cx, f"<stop {cx.frames[-1].loops[-1]}>", const(True))


def test_inside(cx: Lowerer, node: ast.While) -> ast.If:
    """``if not test: end`` as the first statement of the body."""
    scope = cx.frames[-1].scope
    made = cx.memo.get(("test", node))
    if made is None:
        end = ast.copy_location(EndLoop(), node.test)
        test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        made = cx.memo["test", node] = ast.copy_location(ast.If(test, [end], []), node.test)
    live = scope.head.get(node, frozenset()) | scope.after.get(node, frozenset())
    scope.after[made] = scope.after[made.body[0]] = live
    return made


# -- comprehensions ----------------------------------------------------------------------------------------------------


Comprehension = ast.ListComp | ast.GeneratorExp | ast.DictComp


def comprehension(cx: Lowerer, node: Comprehension) -> Value:
    """A comprehension is a function of its first iterable, as Python has it."""
    from .inline import call_closure

    made = cx.memo.get(("comp", node))
    if made is None:
        made = cx.memo["comp", node] = as_function(node)
    first = expression(cx, node.generators[0].iter)
    return call_closure(cx, Closure(made, cx.frames[-1]), (first,), {}, node)


def as_function(node: Comprehension) -> ast.FunctionDef:
    result = ast.Name("result_", ast.Load())
    empty: ast.expr = ast.List([], ast.Load())
    if isinstance(node, ast.DictComp):
        empty = ast.Dict([], [])
        body: ast.stmt = ast.Assign([ast.Subscript(result, node.key, ast.Store())], node.value)
    else:
        body = ast.Expr(ast.Call(ast.Attribute(result, "append", ast.Load()), [node.elt], []))
    for k, gen in reversed(list(enumerate(node.generators))):
        for test in reversed(gen.ifs):
            body = ast.If(test, [body], [])
        source = ast.Name("iterable_", ast.Load()) if k == 0 else gen.iter
        body = ast.For(gen.target, source, [body], [])
    start = ast.Assign([ast.Name("result_", ast.Store())], empty)
    end = ast.Return(ast.Name("result_", ast.Load()))
    args = ast.arguments([], [ast.arg("iterable_")], None, [], [], None, [])
    made = ast.FunctionDef("listcomp", args, [start, body, end], [])
    for inner in ast.walk(made):
        if not hasattr(inner, "lineno") and isinstance(inner, (ast.stmt, ast.expr)):
            ast.copy_location(inner, node)
    return made


def lower_end_loop(cx: Lowerer, node: EndLoop) -> None:
    set_exit(cx, "end")


