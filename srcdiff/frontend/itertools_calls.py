"""The module ``itertools``."""

from __future__ import annotations

import ast
import functools
import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

from ..composed import itertools_library as written
from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.structural import sym_of
from ..ir.types import Array
from . import prelude
from .context import Lowerer
from .exprs import arithmetic
from .generators import runs_forever
from .iteration import items_of, iterator, of_items, once, read_ahead, resumed, skipping, step_by_step
from .iterators import (
    Args,
    Keywords,
    fewest,
    given,
    is_none,
    item_at,
    lazily,
    materialised,
    minus,
    plus,
    times,
    together,
    unravelled,
)
from .positions import is_empty, position
from .reachable import live_values
from .stepped import going_on
from .values import DynList, Generator, Iter, Obj, Once, Ref, Tup, Value

__all__ = ["ITERTOOLS"]

MOST = 20000  # items that are written out one by one, at most


def eagerly(kind: str, make: Callable[[Lowerer, Args, Keywords, ast.AST], Iter]) -> Callable[..., Value]:
    """An iterator that takes all that it needs when it is made."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        it = make(cx, args, kwargs, node)
        return once(cx, kind, lambda: it, *it.sources)
    return handler


def listed(kind: str, fun: Any) -> Callable[..., Value]:
    """An iterator whose items a function of ours puts into a list."""
    def make(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
        if kwargs:
            cx.refuse(f"{kind} with keywords", node)
        read_ahead(cx, kind, args, node)
        ready = tuple(iterator(cx, a, node) if isinstance(a, (Ref, Obj, Tup, Once)) else a for a in args)
        return iterator(cx, prelude.call(cx, fun, ready, node), node)
    return lazily(kind, make)


def accumulate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    import operator

    iterable, func, initial = given(cx, "accumulate", "iterable func initial", args, kwargs, node)
    it = iterator(cx, iterable, node)
    read_ahead(cx, "accumulate", (iterable, *it.sources, func if func is not None else const(None)), node)
    fun = Const(operator.add, const(None).type, "operator.add") if is_none(func) else func
    if it.count is None:
        cx.refuse("accumulate of an iterator without an end", node)
    if not is_none(initial):
        return iterator(cx, prelude.call(cx, written.accumulated_by, (fun, initial, it), node), node)
    if it.known == 0:
        return it
    first = it.get(const(0))
    return iterator(cx, prelude.call(cx, written.accumulated_by, (fun, first, skipping(cx, it, const(1))), node), node)


def chain(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    its = [iterator(cx, a, node) for a in args]
    if any(it.count is None for it in its):
        cx.refuse("chain with an iterator without an end", node)
    if all(it.known is not None for it in its):
        places = [(it, k) for it in its for k in range(it.known or 0)]

        def get(i: Value) -> Value:
            assert isinstance(i, Const)
            it, k = places[i.value]
            return it.get(const(k))
        return Iter(const(len(places)), get, len(places), sources=tuple(s for it in its for s in it.sources),
                    direct=all(it.direct for it in its))
    read_ahead(cx, "chain", args, node)
    return iterator(cx, prelude.call(cx, written.chained, (Tup(tuple(its)),), node), node)


def chain_iterables(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    it = iterator(cx, args[0], node)
    if it.known is not None:
        return chain(cx, tuple(it.get(const(k)) for k in range(it.known)), {}, node)
    read_ahead(cx, "chain", args, node)
    return iterator(cx, prelude.call(cx, written.chained, (it,), node), node)


def bounds_of(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> tuple[Any, Any, Any]:
    bounds = args[1:]
    if not 1 <= len(bounds) <= 3 or kwargs:
        cx.refuse("islice takes other arguments: iterable, [start,] stop[, step]", node)
    return (None, *bounds, None) if len(bounds) == 1 else (*bounds, None)[:3]


def call_islice(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """Of a generator that nobody reads again, a generator that stops sooner: it may have no end itself."""
    args = tuple(going_on(cx, a, node) for a in args)
    if args and isinstance(args[0], Generator) and resumed(cx, args[0]) is None and not is_empty(cx, args[0]) and \
            (runs_forever(args[0].node.body) or not any(v is args[0] for v in live_values(cx))):
        start, stop, step = bounds_of(cx, args, kwargs, node)
        by_default = (const(0) if is_none(start) else start, const(None) if stop is None else stop, step)
        return prelude.call(cx, written.sliced, (args[0], *by_default[:2], const(1) if is_none(step) else step), node)
    made = once(cx, "islice", lambda: islice(cx, args, kwargs, node, made.number), *args, *kwargs.values())
    return made


def islice(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST, number: int) -> Iter:
    """Some items; once all of them are gone through, what its iterator still has is known (``State.taken``)."""
    start, stop, step = bounds_of(cx, args, kwargs, node)
    cx.slices.pop(number, None)  # of another round
    source = step_by_step(cx, args[0], node)
    own = source if isinstance(source, Once) and source.number and not is_empty(cx, source) else None
    if own is None:
        it = iterator(cx, source, node)
    else:
        place = position(cx, own, node)
        it = skipping(cx, own.make(), place)
        cx.state.taken[own.number] = None
        if isinstance(stop, (Const, Var)) and not is_none(stop):
            cx.slices[number] = own, plus(cx, place, stop)
    first = const(0) if is_none(start) else start
    by = const(1) if is_none(step) else step
    if it.known is not None:
        end = it.known if is_none(stop) else cx.static_int(stop, node)
        chosen = range(it.known)[cx.static_int(first, node):end:cx.static_int(by, node)]
        return Iter(const(len(chosen)), lambda i: it.get(const(chosen[i.value])), len(chosen), sources=it.sources,
                    direct=it.direct)
    from .builtin_calls import range_length

    limit = it.count if is_none(stop) else fewest(cx, [stop, it.count])
    count = None if limit is None else range_length(cx, cx.read(first), cx.read(limit), cx.read(by), node)
    return Iter(count, lambda i: it.get(plus(cx, first, times(cx, i, by))), sources=it.sources, direct=it.direct)


def neighbours(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    it = materialised(cx, args[0], node, "pairwise")
    t = cx.type_of(args[0]) if isinstance(args[0], Ref) else None
    if not isinstance(t, Array) or len(t.shape) == 1:  # rows are views, and show what is written
        read_ahead(cx, "pairwise", (args[0], *it.sources), node)
    known = None if it.known is None else max(it.known - 1, 0)
    count = const(known) if known is not None else cx.emit("max", cx.read(minus(cx, it.count, const(1))), const(0))
    if isinstance(count, Var) and isinstance(sym := sym_of(it.count), (int, dims.Dim)):
        count.sym = dims.clip0(dims.sub(sym, 1))
    return Iter(count, lambda i: Tup((it.get(i), it.get(plus(cx, i, const(1))))), known, sources=it.sources, direct=True)


def repeat(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    value, count = given(cx, "repeat", "object times", args, kwargs, node)
    if count is None:
        return Iter(None, lambda i: value, sources=(value,), direct=True)
    if not isinstance(count, Const):
        count = cx.emit("max", cx.read(count), const(0)) if sym_of(count) is None else count
    return Iter(count if not isinstance(count, Const) else const(max(count.value, 0)), lambda i: value, sources=(value,),
                direct=True)


def count_up(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    start, step = given(cx, "count", "start step", args, kwargs, node)
    first, by = const(0) if start is None else start, const(1) if step is None else step
    for value in (first, by):
        t = cx.type_of(value) if isinstance(value, (Var, Const)) else None
        if getattr(t, "dtype", "") not in ("int64", "int32"):
            cx.refuse("itertools.count of a number that is no integer", node, "count in integers, and scale")
    return Iter(None, lambda i: plus(cx, first, times(cx, i, by)), direct=True)


def cycle(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    it = materialised(cx, args[0], node, "cycle")
    read_ahead(cx, "cycle", (args[0], *it.sources), node)
    if it.known is not None:
        items = tuple(it.get(const(k)) for k in range(it.known))
        lst = Tup(items)

        def chosen(i: Value) -> Value:
            from .subscripts import read_item

            return read_item(cx, lst, arithmetic(cx, "np.remainder", i, const(len(items)), node), node)
        return Iter(None, chosen, sources=(lst,), direct=True)
    return Iter(None, lambda i: it.get(arithmetic(cx, "np.remainder", i, it.count, node)), sources=it.sources, direct=True)


def starmap(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    from .calls import apply

    it = iterator(cx, args[1], node)
    return Iter(it.count, lambda i: apply(cx, args[0], items_of(cx, it.get(i), node), {}, node), it.known, sources=it.sources)


def snapshot(cx: Lowerer, value: Value, node: ast.AST) -> Iter:
    """All items as they are now: what is written later does not change numbers that were taken out."""
    t = cx.type_of(value) if isinstance(value, Ref) else None
    if isinstance(value, Ref) and isinstance(t, Array) and len(t.shape) == 1:
        now = cx.read(value)
        return iterator(cx, cx.wrap(now) if isinstance(now, Var) else value, node)
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if isinstance(contents, DynList):
        return iterator(cx, cx.new_obj(contents), node)
    it = materialised(cx, value, node)
    return of_items(tuple(it.get(const(k)) for k in range(it.known)), it.sources) if it.known is not None else it


def selections(cx: Lowerer, pool: list[Iter], rows: Iterator[tuple[int, ...]], count: int, node: ast.AST) -> Iter:
    """Rows of items, by their positions in one pool, or in a pool each."""
    if count > MOST:
        cx.refuse(f"{count} combinations of items, each of which would be written out", node, "write the loops")
    found = list(rows)
    own = pool if len(pool) > 1 else None

    def get(i: Value) -> Value:
        assert isinstance(i, Const)
        return Tup(tuple((own[c] if own else pool[0]).get(const(k)) for c, k in enumerate(found[i.value])))
    return Iter(const(len(found)), get, len(found), sources=tuple(s for it in pool for s in it.sources), direct=True)


def product(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    again = cx.static_int(kwargs.get("repeat", const(1)), node, "repeat=")
    its = [snapshot(cx, a, node) for a in args] * again
    if all(it.known is not None for it in its):
        sizes = [it.known or 0 for it in its]
        if len(its) == 1:
            return together(cx, its, node, "combine", Tup, direct=True)
        return selections(cx, its, itertools.product(*map(range, sizes)), math.prod(sizes), node)
    counts = [it.count for it in its]

    def get(i: Value) -> Value:
        places = unravelled(cx, i, counts, node)
        return Tup(tuple(item_at(cx, it, k, node) for it, k in zip(its, places, strict=True)))
    total = functools.reduce(lambda a, b: times(cx, a, b), counts)
    return Iter(total, get, sources=tuple(s for it in its for s in it.sources), direct=True)


def choose(rows: Callable[..., Any], total: Callable[[int, int], int]) -> Callable[..., Iter]:
    """``combinations`` and its relatives: positions are worked out when the function is compiled."""
    def make(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
        iterable, r = given(cx, rows.__name__, "iterable r", args, kwargs, node)
        pool = snapshot(cx, iterable, node)
        size = None if is_none(r) else cx.static_int(r, node, f"r of {rows.__name__}")
        direct = {2: written.pairs_of, 3: written.triples_of}.get(size or 0)
        if pool.known is None and direct is not None and rows is itertools.combinations and pool.sources:
            return iterator(cx, prelude.call(cx, direct, (pool.sources[0],), node), node)
        n = pool.known if pool.known is not None else cx.static_int(pool.count, node, "the number of items to choose from")
        r_ = n if size is None else size
        return selections(cx, [pool], rows(range(n), r_), total(n, r_), node)
    return make


def zip_longest(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    fill = kwargs.get("fillvalue", const(None))
    its = [iterator(cx, a, node) for a in args]
    if any(it.count is None for it in its):
        cx.refuse("zip_longest of an iterator without an end", node)
    lengths = [it.known if it.known is not None else cx.static_int(it.count, node, "the number of items to zip") for it in its]

    def get(i: Value) -> Value:
        assert isinstance(i, Const)
        return Tup(tuple(it.get(i) if i.value < n else fill for it, n in zip(its, lengths, strict=True)))
    longest = max(lengths, default=0)
    return Iter(const(longest), get, longest, sources=tuple(s for it in its for s in it.sources),
                direct=all(it.direct for it in its))


def batched(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    iterable, size, _ = given(cx, "batched", "iterable n strict", args, kwargs, node)
    it = materialised(cx, iterable, node, "batched")
    n = cx.static_int(size, node, "the size of a batch")
    count = it.known if it.known is not None else cx.static_int(it.count, node, "the number of items to batch")
    rows = [range(k, min(k + n, count)) for k in range(0, count, n)]
    return Iter(const(len(rows)), lambda i: Tup(tuple(it.get(const(k)) for k in rows[i.value])), len(rows), sources=it.sources,
                direct=True)


def groupby(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    """Groups of items whose keys are static."""
    from .calls import apply
    from .static_values import python_value

    iterable, key = given(cx, "groupby", "iterable key", args, kwargs, node)
    read_ahead(cx, "groupby", (iterable,), node)
    groups: list[tuple[Any, Value, list[Value]]] = []
    for item in items_of(cx, iterable, node):
        mark = item if is_none(key) else apply(cx, key, (item,), {}, node)
        value = python_value(cx, mark, node, "a key of groupby")
        if not groups or groups[-1][0] != value:
            groups.append((value, mark, []))
        groups[-1][2].append(item)
    rows = [Tup((mark, Tup(tuple(items)))) for _, mark, items in groups]
    return Iter(const(len(rows)), lambda i: rows[i.value], len(rows), sources=tuple(rows), direct=True)


def tee(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    n = cx.static_int(args[1], node) if len(args) > 1 else 2
    it = materialised(cx, args[0], node, "tee")
    return Tup(tuple(once(cx, "tee", lambda: it, args[0]) for _ in range(n)))


ITERTOOLS: dict[Any, Callable[..., Value]] = {
    itertools.accumulate: lazily("accumulate", accumulate), itertools.chain: lazily("chain", chain),
    itertools.chain.from_iterable: lazily("chain", chain_iterables), itertools.islice: call_islice,
    itertools.pairwise: lazily("pairwise", neighbours), itertools.repeat: lazily("repeat", repeat),
    itertools.count: lazily("count", count_up), itertools.cycle: lazily("cycle", cycle),
    itertools.starmap: lazily("starmap", starmap), itertools.product: eagerly("product", product),
    itertools.combinations: eagerly("combinations", choose(itertools.combinations, math.comb)),
    itertools.permutations: eagerly("permutations", choose(itertools.permutations, math.perm)),
    itertools.combinations_with_replacement: eagerly("combinations", choose(
        itertools.combinations_with_replacement, lambda n, r: math.comb(n + r - 1, r) if n else 0)),
    itertools.zip_longest: lazily("zip_longest", zip_longest), itertools.groupby: lazily("groupby", groupby),
    itertools.takewhile: listed("takewhile", written.take_while), itertools.dropwhile: listed("dropwhile", written.drop_while),
    itertools.filterfalse: listed("filterfalse", written.filter_false),
    itertools.compress: listed("compress", written.compressed), itertools.tee: tee,
}
if hasattr(itertools, "batched"):  # from Python 3.12 on
    ITERTOOLS[itertools.batched] = lazily("batched", batched)
