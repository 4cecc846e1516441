"""``for`` and ``while`` over everything that can be iterated; unpacking."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.build import const
from ..ir.core import Atom, Block, Const, If, Index, Var
from ..ir.structural import sym_of
from ..ir.types import Array, Scalar
from .context import AliasError, Lowerer, NeedUnroll
from .control import EXIT, branch, flag, is_false, is_true, lower_stmts, set_exit, set_flag
from .exprs import condition, expression
from .generators import for_generator, listed
from .loops import CondChanges, Trip, run_loop
from .names import has_break
from .operators import call_special
from .values import Closure, DynList, Fields, Generator, Iter, Kind, Obj, Once, Ref, Tup, Value, definite

__all__ = ["items_of", "iterator", "left_of", "lower_for", "lower_while", "once",
           "read_ahead", "skipping"]


class EndLoop(ast.Break):
    """The end of a ``while`` by its condition: not a ``break``, so ``else`` runs."""


ITERABLE = "iterate over arrays, ranges, lists, tuples, dicts, strings or generators"


def iterator(cx: Lowerer, value: Any, node: ast.AST | None) -> Iter:
    """How to iterate ``value``; an iterator is used up by it."""
    if isinstance(value, Generator):
        value = listed(cx, value, node)
    if isinstance(value, Iter):
        return value
    if isinstance(value, Once):
        return rest_of(cx, value, node)
    if isinstance(value, Tup):
        return of_items(value.items, (value,))
    if isinstance(value, Ref):
        cx.strengthen(value)
        t = cx.type_of(value)
        if not isinstance(t, Array) or not t.shape:
            cx.refuse("iterating over a 0-d array", node)
        from .attributes import dimension

        count = dimension(cx, cx.read(value), 0, t.shape[0])
        return Iter(count, lambda i: cx.step(value, Index((cx.read(i),))), sources=(value,), direct=True)
    if isinstance(value, Obj):
        return of_object(cx, value, node)
    if isinstance(value, Const) and (made := call_special(cx, value, "iter", (), node or ast.Pass())) is not None:
        return iterator(cx, made, node)
    if isinstance(value, Const) and isinstance(value.value, (list, dict)):
        cx.refuse(f"iterating over {len(value.value)} captured items", node, "make an array of them")
    if isinstance(value, Const) and isinstance(value.value, (str, bytes, tuple, range)):
        return of_items(tuple(cx.captured(v, "") for v in value.value))
    if isinstance(value, Const) and isinstance(value.value, (set, frozenset)):
        return of_items(tuple(cx.captured(v, "") for v in in_order(cx, tuple(value.value), node)))
    if isinstance(value, Var) and isinstance(value.type, Scalar):
        cx.fails(TypeError, "iterating over a number", node)
    return cx.refuse(f"iterating over a {cx.describe(value)}", node, ITERABLE)


def in_order(cx: Lowerer, values: tuple[Any, ...], node: ast.AST | None) -> tuple[Any, ...]:
    """The items of a set as Python gives them: of strings, another order in each process."""
    if len(values) > 1 and any(isinstance(v, (str, bytes)) for v in values):
        cx.refuse("the order of a set of strings, which differs from process to process", node, "iterate over sorted(the set)")
    return values


def is_set(contents: Fields) -> bool:
    return isinstance(contents.cls, Kind) and contents.cls.is_set


def of_items(items: tuple[Value, ...], sources: tuple[Value, ...] = ()) -> Iter:
    def get(i: Value) -> Value:
        assert isinstance(i, Const)
        return items[i.value]
    return Iter(const(len(items)), get, len(items), sources=sources, direct=True)


def of_object(cx: Lowerer, value: Obj, node: ast.AST | None) -> Iter:
    from .subscripts import dynamic_item

    contents = cx.state.objs[value.oid]
    if isinstance(contents, Fields) and isinstance(contents.cls, type):
        made = call_special(cx, value, "iter", (), node or ast.Pass())
        if made == value:
            cx.refuse(f"{cx.describe(value)}, an iterator by its own __next__", node, "make __iter__ a generator (yield)")
        if made is None:
            cx.refuse(f"iterating over a {cx.describe(value)}", node, ITERABLE)
        return iterator(cx, made, node)
    if isinstance(contents, Fields):
        if contents.keys is not None:
            keys = in_order(cx, contents.keys, node) if is_set(contents) else contents.keys
            return of_items(tuple(cx.captured(k, "") for k in keys), (value,))
        return Iter(const(len(contents.items)), lambda i: current_item(cx, value, i), len(contents.items), sources=(value,),
                    direct=True)

    if any(getattr(lst.type, "elem", None) is None for lst in contents.lists):
        return of_items((), (value,))  # empty, as far as is known in this round over a loop

    def get(i: Value) -> Value:
        now = cx.state.objs[value.oid]
        assert isinstance(now, DynList)
        return dynamic_item(cx, value, now, i, node or ast.Pass())
    return Iter(cx.var("len", contents.lists[0]), get, sources=(value,), direct=True)


def current_item(cx: Lowerer, value: Obj, i: Value) -> Value:
    """An item of a list that is iterated, as it is when its trip comes."""
    from .subscripts import read_item

    return read_item(cx, value, i, ast.Pass())


def items_of(cx: Lowerer, value: Any, node: ast.AST | None, want: int | None = None) -> tuple[Value, ...]:
    """All items, for unpacking into ``want`` targets or into a call."""
    it = iterator(cx, value, node)
    count = it.known
    if count is None and it.count is None:
        cx.refuse("all items of an iterator without an end", node)
    if count is None:
        known = sym_of(it.count)
        count = want
        if want is None or (dims.hint_of(known) if known is not None else None) is not None:
            count = cx.static_int(it.count, node, "the number of items to unpack")
        else:
            require_count(cx, it.count, want, node)
    return tuple(it.get(const(k)) for k in range(count or 0))


def require_count(cx: Lowerer, count: Any, want: int, node: ast.AST | None) -> None:
    """A test at run time that there are as many items as targets."""
    other = cx.var("np.not_equal", cx.read(count), const(want))
    with cx.builder.block() as stmts:
        cx.raise_at_run_time(UnsupportedError(f"other than {want} values to unpack", cx.loc(node), "this raises ValueError"))
    cx.builder.add(If(other, Block(tuple(stmts), ()), Block((), ()), (), cx.builder.loc, cx.builder.role))


# -- iterators ---------------------------------------------------------------------------------------------------------


def once(cx: Lowerer, kind: str, make: Callable[[], Iter], *sources: Value) -> Once:
    """An iterator over what ``make`` gives when somebody goes through it."""

    def started() -> Iter:
        outer, cx.consumer = cx.consumer, kind
        try:
            return make()
        finally:
            cx.consumer = outer
    return Once(next(cx.ids), kind, started, sources)


def rest_of(cx: Lowerer, value: Once, node: ast.AST | None) -> Iter:
    """What is left of an iterator; nothing is left after that."""
    if not value.number:
        return value.make()
    taken = left_of(cx, value, node)
    cx.state.taken[value.number] = None
    it = value.make()
    return skipping(cx, it, taken) if taken else it


def left_of(cx: Lowerer, value: Once, node: ast.AST | None) -> int:
    """How many items were taken; it must be certain that it is not used up."""
    taken = cx.state.taken.get(value.number, 0)
    if taken is None or any(value.number < loop for loop in cx.rolled):
        raise AliasError(f"an iterator ({value.kind}) that is gone through more than once, or as far as only the run knows",
                         cx.loc(node), "make a list of it: items = list(...)")
    return taken


def skipping(cx: Lowerer, it: Iter, first: int) -> Iter:
    """All but the first items."""
    from .exprs import arithmetic

    def get(i: Value) -> Value:
        return it.get(arithmetic(cx, "np.add", i, const(first), None))
    known = None if it.known is None else max(it.known - first, 0)
    count = it.count
    if known is not None:
        count = const(known)
    elif count is not None:
        count = cx.emit("max", cx.read(arithmetic(cx, "np.subtract", count, const(first), None)), const(0))
    return Iter(count, get, known, sources=it.sources, direct=it.direct)


# -- for ---------------------------------------------------------------------------------------------------------------


def lower_for(cx: Lowerer, node: ast.For) -> None:
    value = definite(expression(cx, node.iter))
    if isinstance(value, Generator):
        for_generator(cx, node, value)
        return
    ahead = len(cx.ahead)
    it = iterator(cx, value, node.iter)
    lists = [v.oid for v in it.sources if isinstance(v, Obj)]
    cx.iterated.extend(lists)
    try:
        iterate(cx, node, it)
        for before, kind, place in cx.ahead[ahead:]:
            if any(before[what] is not now for what, now in versions(cx, before).items()):
                cx.refuse(f"what {kind} reads changes while it is gone through", place or node.iter,
                          "make a list of it first: for v in list(...)")
    finally:
        del cx.iterated[len(cx.iterated) - len(lists):], cx.ahead[ahead:]


def read_ahead(cx: Lowerer, kind: str, values: tuple[Value, ...], node: ast.AST | None) -> None:
    """Note that all items are computed before the first trip, where Python computes each in its own."""
    keys: set[Any] = {("storage", n) for n in cx.reachable(values)}
    todo = list(values)
    while todo:
        value = todo.pop()
        if isinstance(value, Generator) and value.frame.parent is not None:
            value = Closure(value.node, value.frame.parent)
        if isinstance(value, Closure):
            names = cx.looked_up(value) - keys  # and what the functions among them look up
            keys |= names
            todo.extend(cx.state.env[name] for name in names)
    cx.ahead.append((versions(cx, keys), kind, node))


def versions(cx: Lowerer, keys: Iterable[Any]) -> dict[Any, Any]:
    """What names are bound to and storages hold now."""
    state = cx.state
    return {key: state.store.get(key[1], state.objs.get(key[1])) if key[0] == "storage" else state.env.get(key) for key in keys}


def iterate(cx: Lowerer, node: ast.For, it: Iter) -> None:
    """A loop where that is possible, else a copy of the body for each trip."""
    if it.known is not None:
        unroll(cx, node, it, it.known)
        return
    if it.count is None:
        endless(cx, node, it)
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
    count = None if it.count is None else sym_of(it.count)
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

    if it.known is not None or it.span is None:
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


def endless(cx: Lowerer, node: ast.For, it: Iter) -> None:
    """``for`` over an iterator without an end: a ``while True`` that counts its trips."""
    from .exprs import arithmetic
    from .statements import assign

    start = next(cx.ids)
    cx.restart(start + 1)
    key = (cx.frames[-1].fid, f"<trip {start}>")
    cx.state.env[key] = const(0)

    def begin(index: Var | None) -> None:
        now = cx.state.env[key]
        cx.state.env[key] = arithmetic(cx, "np.add", now, const(1), node)
        assign(cx, node.target, it.get(now))

    run_loop(cx, Trip(node, begin, node.body, cond=lambda: const(True)))
    cx.state.env.pop(key, None)
    if not has_break(node.body):
        leave_for_good(cx)


# -- while -------------------------------------------------------------------------------------------------------------


def lower_while(cx: Lowerer, node: ast.While) -> None:
    from .exceptions import decides

    entry, stmts = cx.state, len(cx.builder.stmts)
    start = next(cx.ids)
    cx.restart(start + 1)

    def test() -> Atom:
        made = condition(cx, node.test)
        if cx.tries and decides(cx, cx.builder.stmts):
            raise CondChanges
        return made

    try:
        run_loop(cx, Trip(node, lambda index: None, node.body, cond=test))
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


def lower_end_loop(cx: Lowerer, node: EndLoop) -> None:
    set_exit(cx, "end")
