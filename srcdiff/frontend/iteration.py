"""``for`` over everything that can be iterated; unpacking."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.build import const
from ..ir.core import Atom, Block, Const, If, Index, Slice, Var
from ..ir.structural import sym_of
from ..ir.types import Array, Scalar
from . import positions
from .choices import alternatives, settled, sure
from .context import AliasError, Lowerer, NeedUnroll
from .enumerations import is_enumeration, members
from .exprs import arithmetic, expression
from .generators import for_generator, listed, runs_forever
from .inside import lengths_of
from .loops import Trip, run_loop
from .names import has_break, reads_of
from .namespaces import as_dict
from .objects import class_of
from .operators import call_special
from .own_iterators import in_turns
from .positions import is_empty, is_left_early, position, require_whole, used_up
from .reachable import live_values, looked_up, reachable
from .stepped import begin_in_front, going_on
from .unrolled import leave_for_good, lower_else, unroll
from .values import Closure, DynList, Either, Fields, Generator, Iter, Kind, Obj, Once, Ref, Tup, Value

__all__ = ["Mark", "check_iterable", "items_of", "iterator", "lower_for", "once", "read_ahead", "resumed", "skipping",
           "step_by_step"]


ITERABLE = "iterate over arrays, ranges, lists, tuples, dicts, strings or generators"


def iterator(cx: Lowerer, value: Any, node: ast.AST | None) -> Iter:
    """How to iterate ``value``; an iterator is used up by it."""
    if isinstance(value, Either):
        if any(class_of(cx, v) is not None for v in alternatives(value)):
            cx.refuse("iterating over one of two objects", node, "loop in either branch of an if")
        read_ahead(cx, "one of two lists", (value,), node)
    value = settled(cx, as_dict(cx, value), node)
    if is_enumeration(value):
        value = members(cx, value)
    if is_empty(cx, value):
        return of_items(())
    value = going_on(cx, value, node)
    if isinstance(value, Generator):
        value = resumed(cx, value) or listed(cx, value, node)
    if isinstance(value, Iter):
        return value
    if isinstance(value, Once):
        return rest_of(cx, value, node)
    if isinstance(value, Tup):
        own = call_special(cx, value, "iter", (), node or ast.AST())
        return of_items(value.items, (value,)) if own is None else iterator(cx, own, node)
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
    if isinstance(value, Const) and (made := in_turns(cx, value, node or ast.AST())) is not value:
        return iterator(cx, made, node)
    if isinstance(value, Const) and isinstance(value.value, (list, dict)):
        cx.refuse(f"iterating over {len(value.value)} captured items", node, "make an array of them")
    if isinstance(value, Const) and isinstance(value.value, (str, bytes, tuple, range)):
        return of_items(tuple(cx.captured(v, "") for v in value.value))
    if isinstance(value, Const) and isinstance(value.value, (set, frozenset)):
        return of_items(tuple(cx.captured(v, "") for v in in_order(cx, tuple(value.value), node)))
    check_iterable(cx, value, node)
    if isinstance(value, Slice) or (isinstance(value, Const) and value.value is None):
        cx.fails(TypeError, f"iterating over {'None' if isinstance(value, Const) else 'a slice'}", node)
    return cx.refuse(f"iterating over a {cx.describe(value)}", node, ITERABLE)


def check_iterable(cx: Lowerer, value: Any, node: ast.AST | None) -> None:
    """Python asks for an iterator where one is made, not where somebody goes through it."""
    if isinstance(value, (Var, Const)) and isinstance(value.type, Scalar):
        cx.fails(TypeError, "iterating over a number", node)


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

    contents = cx.contents(value.oid)
    if isinstance(contents, Fields) and isinstance(contents.cls, type):
        made = in_turns(cx, value, node or ast.AST())
        if made is value:
            cx.refuse(f"iterating over a {cx.describe(value)}", node, ITERABLE)
        return iterator(cx, made, node)
    if isinstance(contents, Fields):
        from . import tables

        if tables.is_table(contents):
            return tables.pairs(cx, value, "keys")
        if contents.keys is not None:
            keys = in_order(cx, contents.keys, node) if is_set(contents) else contents.keys
            return of_items(tuple(cx.captured(k, "") for k in keys), (value,))
        return Iter(const(len(contents.items)), lambda i: current_item(cx, value, i), len(contents.items), sources=(value,),
                    direct=True)

    if any(getattr(lst.type, "elem", None) is None for lst in contents.lists):
        return of_items((), (value,))  # empty, as far as is known in this round over a loop

    def get(i: Value) -> Value:
        now = cx.contents(value.oid)
        assert isinstance(now, DynList)
        return dynamic_item(cx, value, now, i, node or ast.AST())
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
    made = Once(next(cx.ids), kind, started, sources)
    positions.start(cx, made.number)
    return made


def rest_of(cx: Lowerer, value: Once, node: ast.AST | None) -> Iter:
    """What is left of an iterator; nothing is left after that."""
    if not value.number:
        return value.make()
    require_whole(cx, value, node)
    first = position(cx, value, node)
    cx.state.taken[value.number] = None
    return skipping(cx, value.make(), first)


def skipping(cx: Lowerer, it: Iter, first: Value) -> Iter:
    """All but the first items."""
    if isinstance(first, Const) and first.value == 0:
        return it
    if it.known is not None:
        first = const(cx.static_int(first, None, "how many items are taken of this iterator"))

    def get(i: Value) -> Value:
        return it.get(arithmetic(cx, "np.add", i, first, None))
    known = None if it.known is None else max(it.known - first.value, 0)  # type: ignore[union-attr]
    count = it.count
    if known is not None:
        count = const(known)
    elif count is not None:
        count = cx.emit("max", cx.read(arithmetic(cx, "np.subtract", count, first, None)), const(0))
    return Iter(count, get, known, sources=it.sources, direct=it.direct)


# -- for ---------------------------------------------------------------------------------------------------------------


def lower_for(cx: Lowerer, node: ast.For) -> None:
    value = in_turns(cx, sure(cx, expression(cx, node.iter), node.iter), node.iter)
    value = going_on(cx, value, node.iter)
    begin_in_front(cx, node)
    if isinstance(value, Generator) and is_left_early(node) and is_held(cx, node, value):
        value = step_by_step(cx, value, node)
    if isinstance(value, Generator):
        value = resumed(cx, value) or value
    if isinstance(value, Generator) and not is_empty(cx, value):
        for_generator(cx, node, value)
        return
    if isinstance(value, Once) and not is_empty(cx, value) and is_held(cx, node, value):
        for_steps(cx, node, value)
        return
    ahead = len(cx.ahead)
    it = iterator(cx, value, node.iter)
    own = cx.ahead[ahead:]  # what the body gets through by itself is used up at once
    lists = [v.oid for v in it.sources if isinstance(v, Obj)]
    cx.iterated.extend(lists)
    started = len(cx.started)
    cx.started.extend(lengths_of(cx, lists))
    try:
        iterate(cx, node, it)
        for before, kind, place in own:
            if any(before[what] is not now for what, now in versions(cx, before).items()):
                cx.refuse(f"what {kind} reads changes while it is gone through", place or node.iter,
                          "make a list of it first: for v in list(...)")
    finally:
        del cx.iterated[len(cx.iterated) - len(lists):], cx.ahead[ahead:], cx.started[started:]
    if not is_left_early(node):
        used_up(cx, [value])


def is_held(cx: Lowerer, node: ast.For, value: Generator | Once) -> bool:
    """Whether a name for an iterator may be read in the loop over it, or after it if that may leave something."""
    frame = cx.frames[-1]
    saved, scope = frame.live, frame.scope
    if is_left_early(node):
        frame.live = scope.head.get(node, frozenset()) | scope.after.get(node, frozenset())
    else:
        frame.live = frozenset().union(*map(reads_of, node.body))
    try:
        return any(isinstance(v, (Generator, Once)) and v.number == value.number for v in live_values(cx))
    finally:
        frame.live = saved


def for_steps(cx: Lowerer, node: ast.For, value: Once) -> None:
    """``for`` over an iterator that is read again: each trip takes an item, and what the trips leave is still there."""
    first = position(cx, value, node.iter)
    ahead = len(cx.ahead)
    it = value.make()
    del cx.ahead[ahead:]
    if it.known is None:
        steps = Iter(None, lambda i: taken_next(cx, value, it), sources=it.sources)
        endless(cx, node, steps, None if it.count is None else lambda: is_left(cx, value, it))
        return

    taken = cx.static_int(first, node.iter, "how many items are taken of this iterator")

    def get(i: Value) -> Value:
        now = position(cx, value, node.iter)
        if not (isinstance(now, Const) and isinstance(i, Const) and now.value == taken + i.value):
            cx.refuse("an iterator of which the loop over it takes further items", node.iter, "loop over the places of items")
        return taken_next(cx, value, it)

    left = max(it.known - taken, 0)
    iterate(cx, node, Iter(const(left), get, left, sources=it.sources))


def taken_next(cx: Lowerer, value: Once, it: Iter) -> Value:
    """The next item of an iterator that has one."""
    place = position(cx, value, None)
    positions.move(cx, value, arithmetic(cx, "np.add", place, const(1), None))
    return it.get(place)


def is_left(cx: Lowerer, value: Once, it: Iter) -> Atom:
    """Whether an iterator has another item."""
    return cx.read(arithmetic(cx, "np.less", position(cx, value, None), it.count, None))


def step_by_step(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    """A generator that is read again after this: all its items are computed now, and what it reads must not change."""
    if not isinstance(value, Generator) or (started := resumed(cx, value)) is not None:
        return value if not isinstance(value, Generator) or started is None else started
    if runs_forever(value.node.body) or not any(v is value for v in live_values(cx)):
        return value
    outer, cx.consumer = cx.consumer, "steps"
    ahead = len(cx.ahead)
    try:
        items = listed(cx, value, node)
        cx.held[value.number] = cx.ahead[-1][0]
    finally:
        cx.consumer = outer
        del cx.ahead[ahead:]
    cx.state.env[0, f"<rest {value.number}>"] = items
    cx.state.taken.pop(value.number)
    positions.start(cx, value.number)
    made = resumed(cx, value)
    assert made is not None
    return made


def resumed(cx: Lowerer, value: Generator) -> Once | None:
    """What is left of a generator whose items are computed; None for one that is not begun."""
    items = cx.state.env.get((0, f"<rest {value.number}>"))
    if items is None:
        return None

    def make() -> Iter:
        before = cx.held[value.number]
        if any(before[what] is not now for what, now in versions(cx, before).items()):
            cx.refuse("what a generator reads changes before all its items are taken", None,
                      "make a list of it: items = list(...)")
        return iterator(cx, items, None)
    return Once(value.number, "generator", make, (items,))


def read_ahead(cx: Lowerer, kind: str, values: tuple[Value, ...], node: ast.AST | None) -> None:
    """Note that all items are computed before the first trip, where Python computes each in its own."""
    keys: set[Any] = {("storage", n) for n in reachable(cx, values)}
    todo = list(values)
    while todo:
        value = todo.pop()
        if isinstance(value, Generator) and value.frame.parent is not None:
            value = Closure(value.node, value.frame.parent)
        if isinstance(value, Closure):
            names = looked_up(cx, value) - keys  # and what the functions among them look up
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
        if not cx.tables and (dims.hint_of(sym_of(it.count) or 0) or 0) > MANY:
            mark.restore(start)
            with_tables(cx, node, it)
            return
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


MANY = 24  # a loop of more trips is unrolled only if the keys of a dict are not what asks for it


def with_tables(cx: Lowerer, node: ast.For, it: Iter) -> None:
    """A loop in which integers are keys as only the run knows them."""
    cx.tables = True
    try:
        iterate(cx, node, it)
    finally:
        cx.tables = False


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
        cx.asked.clear()
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


def endless(cx: Lowerer, node: ast.For, it: Iter, test: Callable[[], Atom] | None = None) -> None:
    """``for`` over an iterator without an end: a ``while True`` that counts its trips; ``test`` says whether there is one."""
    from .statements import assign

    start = next(cx.ids)
    cx.restart(start + 1)
    iterated = (cx.frames[-1].fid, f"<iterated {start}>")
    cx.state.env[iterated] = Tup(it.sources)
    key = (cx.frames[-1].fid, f"<trip {start}>")
    cx.state.env[key] = const(0)

    def begin(index: Var | None) -> None:
        now = cx.state.env[key]
        cx.state.env[key] = arithmetic(cx, "np.add", now, const(1), node)
        assign(cx, node.target, it.get(now))

    run_loop(cx, Trip(node, begin, node.body, cond=test or (lambda: const(True))))
    for name in (key, iterated):
        cx.state.env.pop(name, None)
    if test is not None:
        lower_else(cx, node, start + 1)
    elif not has_break(node.body):
        leave_for_good(cx)
