"""Python's iterators: ``zip``, ``map``, ``itertools`` and NumPy's own.

Each is lazy as Python's is: it says how many items it has and how to get one, and that is asked when somebody goes through it. So
what it reads is read then, in Python's order, and no list is made where a loop will do.
"""

from __future__ import annotations

import ast
import functools
import itertools
import math
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import numpy as np

from ..composed import itertools_library as written
from ..composed import python_library
from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Index, Var
from ..ir.structural import sym_of
from ..ir.types import Array
from . import prelude
from .context import Lowerer
from .exprs import arithmetic
from .iteration import items_of, iterator, left_of, once
from .values import Generator, Iter, Obj, Once, Ref, Tup, Value

__all__ = ["ITERATORS", "call_map", "materialised"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]
MOST = 20000  # items that are written out one by one, at most


def given(cx: Lowerer, kind: str, names: str, args: Args, kwargs: Keywords, node: ast.AST) -> list[Any]:
    """Arguments in the order of ``names``; None where one is missing."""
    order = names.split()
    if len(args) > len(order) or not set(kwargs) <= set(order):
        cx.refuse(f"{kind} takes other arguments: {', '.join(order)}", node)
    found = dict(zip(order, args, strict=False)) | kwargs
    return [found.get(name) for name in order]


def is_none(value: Any) -> bool:
    return value is None or (isinstance(value, Const) and value.value is None)


def plus(cx: Lowerer, a: Value, b: Value) -> Value:
    return arithmetic(cx, "np.add", a, b, None)


def minus(cx: Lowerer, a: Value, b: Value) -> Value:
    return arithmetic(cx, "np.subtract", a, b, None)


def times(cx: Lowerer, a: Value, b: Value) -> Value:
    return arithmetic(cx, "np.multiply", a, b, None)


def fewest(cx: Lowerer, counts: list[Any]) -> Value | None:
    """The smallest of several numbers of items; None: no end."""
    ends = [c for c in counts if c is not None]
    if not ends:
        return None
    count = ends[0]
    for other in ends[1:]:
        if sym_of(other) is None or sym_of(other) != sym_of(count):
            count = cx.emit("min", cx.read(count), cx.read(other))
    return count


def known_count(cx: Lowerer, its: list[Iter], node: ast.AST, what: str) -> int | None:
    """The number of items of several together, if one of them has to be written out item by item."""
    if all(it.known is None for it in its):
        return None
    lengths = [it.known if it.known is not None else cx.static_int(it.count, node, f"the number of items to {what}")
               for it in its if it.count is not None]
    return min(lengths)


def together(cx: Lowerer, its: list[Iter], node: ast.AST, what: str, make: Callable[[tuple[Value, ...]], Value],
             direct: bool = False) -> Iter:
    """The items of several side by side, as long as the shortest."""
    known = known_count(cx, its, node, what)
    count = const(known) if known is not None else fewest(cx, [it.count for it in its])
    sources = tuple(s for it in its for s in it.sources)
    return Iter(count, lambda i: make(tuple(it.get(i) for it in its)), known, sources=sources,
                direct=direct and all(it.direct for it in its))


def materialised(cx: Lowerer, it: Iter, node: ast.AST) -> Iter:
    """The same with all items computed, so that they can be asked for in any order and again."""
    if it.direct or it.span is not None:
        return it
    if it.count is None:
        cx.refuse("all items of an iterator without an end", node)
    if it.known is not None:
        return iterator(cx, Tup(tuple(it.get(const(k)) for k in range(it.known))), node)
    return iterator(cx, prelude.call(cx, python_library.list_of, (it,), node), node)


# -- builtins ----------------------------------------------------------------------------------------------------------


def call_enumerate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    iterable, start = given(cx, "enumerate", "iterable start", args, kwargs, node)
    first = const(0) if start is None else start

    def make() -> Iter:
        it = iterator(cx, iterable, node)
        return Iter(it.count, lambda i: Tup((plus(cx, i, first), it.get(i))), it.known, sources=it.sources, direct=it.direct)
    return once(cx, "enumerate", make, iterable)


def call_zip(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    strict = kwargs.get("strict", const(False))
    if set(kwargs) - {"strict"} or not isinstance(strict, Const):
        cx.refuse("zip takes other arguments: strict=True or False", node)

    def make() -> Iter:
        its = [iterator(cx, a, node) for a in args]
        if not its:
            return Iter(const(0), lambda i: Tup(()), 0, direct=True)
        if strict.value:
            same_lengths(cx, its, node)
        return together(cx, its, node, "zip", Tup, direct=True)
    return once(cx, "zip", make, *args)


def same_lengths(cx: Lowerer, its: list[Iter], node: ast.AST) -> None:
    for k, it in enumerate(its[1:], 2):
        a, b = its[0].count, it.count
        if a is None or b is None:
            cx.refuse("zip(strict=True) of an iterator without an end", node)
        if sym_of(a) is None or sym_of(a) != sym_of(b):
            message = f"zip() argument {k} is longer or shorter than argument 1"
            prelude.call(cx, python_library.equal_lengths, (a, b, const(message)), node)


def call_map(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .calls import apply

    def make() -> Iter:
        its = [iterator(cx, a, node) for a in args[1:]]
        return together(cx, its, node, "map", lambda row: apply(cx, args[0], row, {}, node))
    return once(cx, "map", make, *args)


def call_filter(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    def make() -> Iter:
        keep = Const(bool, const(None).type, "bool") if is_none(args[0]) else args[0]
        return static_filter(cx, keep, args[1], node)
    return once(cx, "filter", make, *args)


def static_filter(cx: Lowerer, keep: Value, items: Value, node: ast.AST) -> Iter:
    """Items that are known one by one are chosen now, if the choice is static."""
    return iterator(cx, prelude.call(cx, written.filtered, (keep, iterator(cx, items, node)), node), node)


def call_reversed(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .operators import call_special

    value = args[0]
    if (made := call_special(cx, value, "reversed", (), node)) is not None:
        return made
    if isinstance(value, Once):
        cx.refuse(f"reversed of a {value.kind}", node, "make a list of it: reversed(list(...))")
    it = iterator(cx, value, node)
    if it.span is not None and not it.backwards:
        return once(cx, "reversed", lambda: Iter(it.count, it.get, span=it.span, backwards=True), value)
    last = minus(cx, it.count, const(1))
    return once(cx, "reversed", lambda: Iter(it.count, lambda i: it.get(minus(cx, last, i)), it.known, sources=it.sources,
                                             direct=it.direct), value)


def call_iter(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .operators import call_special

    if len(args) != 1:
        cx.refuse("iter with a sentinel", node, "write a loop with break")
    if isinstance(args[0], Once):
        return args[0]
    if (made := call_special(cx, args[0], "iter", (), node)) is not None:
        return made
    return once(cx, "iterator", lambda: iterator(cx, args[0], node), args[0])


def call_next(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """The next item of an iterator; which one it is must be known."""
    from .operators import call_special

    value = args[0]
    if (made := call_special(cx, value, "next", (), node)) is not None:
        return made
    if isinstance(value, Generator):
        if len(args) > 1:
            return prelude.call(cx, python_library.first_or, (value, args[1]), node)
        return prelude.call(cx, python_library.first_of, (value,), node)
    if not isinstance(value, Once):
        cx.refuse(f"next of a {cx.describe(value)}", node, "make an iterator of it: it = iter(items)")
    taken = left_of(cx, value, node)
    it = value.make()
    known = it.known
    if known is None and it.count is not None and isinstance(sym := sym_of(it.count), int):
        known = sym
    if known is not None and taken >= known:
        return args[1] if len(args) > 1 else cx.refuse("next of an iterator that has no more items here", node, "give a default")
    if known is None and it.count is not None and len(args) > 1:
        count = cx.static_int(it.count, node, "the number of items of this iterator")
        if taken >= count:
            return args[1]
    if not (it.direct or it.span is not None or it.known is not None):
        cx.refuse(f"next of a {value.kind} that computes its items", node, "make a list of it: items = list(...)")
    cx.state.taken[value.number] = taken + 1
    return it.get(const(taken))


# -- itertools ---------------------------------------------------------------------------------------------------------


def lazily(kind: str, make: Callable[[Lowerer, Args, Keywords, ast.AST], Iter]) -> Callable[..., Value]:
    """An iterator whose items are found by ``make`` when it is gone through."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        return once(cx, kind, lambda: make(cx, args, kwargs, node), *args, *kwargs.values())
    return handler


def listed(kind: str, fun: FunctionType, *defaults: Any) -> Callable[..., Value]:
    """An iterator whose items a function of ours puts into a list."""
    def make(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
        if kwargs:
            cx.refuse(f"{kind} with keywords", node)
        ready = tuple(iterator(cx, a, node) if isinstance(a, (Ref, Obj, Tup, Once)) else a for a in args)
        return iterator(cx, prelude.call(cx, fun, ready, node), node)
    return lazily(kind, make)


def accumulate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    import operator

    from .iteration import skipping

    iterable, func, initial = given(cx, "accumulate", "iterable func initial", args, kwargs, node)
    it = iterator(cx, iterable, node)
    fun = Const(operator.add, const(None).type, "operator.add") if is_none(func) else func
    if it.count is None:
        cx.refuse("accumulate of an iterator without an end", node)
    if not is_none(initial):
        return iterator(cx, prelude.call(cx, written.accumulated_by, (fun, initial, it), node), node)
    if it.known == 0:
        return it
    first = it.get(const(0))
    return iterator(cx, prelude.call(cx, written.accumulated_by, (fun, first, skipping(cx, it, 1)), node), node)


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
    return iterator(cx, prelude.call(cx, written.chained, (Tup(tuple(its)),), node), node)  # type: ignore[arg-type]


def chain_iterables(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    it = iterator(cx, args[0], node)
    if it.known is not None:
        return chain(cx, tuple(it.get(const(k)) for k in range(it.known)), {}, node)
    return iterator(cx, prelude.call(cx, written.chained, (it,), node), node)


def islice(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    it = iterator(cx, args[0], node)
    bounds = list(args[1:])
    if not 1 <= len(bounds) <= 3 or kwargs:
        cx.refuse("islice takes other arguments: iterable, [start,] stop[, step]", node)
    start, stop, step = (None, *bounds, None) if len(bounds) == 1 else (*bounds, None)[:3]
    first = const(0) if is_none(start) else start
    by = const(1) if is_none(step) else step
    if it.known is not None:
        end = it.known if is_none(stop) else cx.static_int(stop, node)
        chosen = range(it.known)[cx.static_int(first, node):end:cx.static_int(by, node)]
        return Iter(const(len(chosen)), lambda i: it.get(const(chosen[i.value])), len(chosen), sources=it.sources,
                    direct=it.direct)
    end = it.count if is_none(stop) else fewest(cx, [stop, it.count])
    if end is None:
        count = None
    else:
        from .builtin_calls import range_length

        count = range_length(cx, cx.read(first), cx.read(end), cx.read(by), node)
    return Iter(count, lambda i: it.get(plus(cx, first, times(cx, i, by))), sources=it.sources, direct=it.direct)


def neighbours(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    it = materialised(cx, iterator(cx, args[0], node), node)
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
    it = materialised(cx, iterator(cx, args[0], node), node)
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


def pools(cx: Lowerer, args: Args, node: ast.AST) -> list[Iter]:
    """Iterables that are taken whole before the first item comes out."""
    return [materialised(cx, iterator(cx, a, node), node) for a in args]


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
    its = pools(cx, args, node) * again
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


def item_at(cx: Lowerer, it: Iter, k: Value, node: ast.AST) -> Value:
    """The item at a position that only the run knows, also of items that are known one by one."""
    from .subscripts import read_item

    if it.known is None:
        return it.get(k)
    return read_item(cx, Tup(tuple(it.get(const(n)) for n in range(it.known))), k, node)


def unravelled(cx: Lowerer, i: Value, counts: list[Any], node: ast.AST) -> list[Value]:
    """The positions along each axis of the flat position ``i``."""
    places: list[Value] = []
    for count in reversed(counts[1:]):
        places.append(arithmetic(cx, "np.remainder", i, count, node))
        i = arithmetic(cx, "np.floor_divide", i, count, node)
    return [i, *reversed(places)]


def choose(rows: Callable[..., Any], total: Callable[[int, int], int]) -> Callable[..., Iter]:
    """``combinations`` and its relatives: positions are worked out when the function is compiled."""
    def make(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
        iterable, r = given(cx, rows.__name__, "iterable r", args, kwargs, node)
        pool = materialised(cx, iterator(cx, iterable, node), node)
        size = None if is_none(r) else cx.static_int(r, node, f"r of {rows.__name__}")
        direct = {2: written.pairs_of, 3: written.triples_of}.get(size or 0)
        if pool.known is None and direct is not None and rows is itertools.combinations and isinstance(iterable, (Ref, Obj)):
            return iterator(cx, prelude.call(cx, direct, (iterable,), node), node)
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
    it = materialised(cx, iterator(cx, iterable, node), node)
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
    it = materialised(cx, iterator(cx, args[0], node), node)
    return Tup(tuple(once(cx, "tee", lambda: it, args[0]) for _ in range(n)))


# -- NumPy's -----------------------------------------------------------------------------------------------------------


def ndindex(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    whole = args[0] if len(args) == 1 and isinstance(args[0], (Tup, Obj)) else Tup(args)
    counts = list(items_of(cx, whole, node))
    if not counts:
        return Iter(const(1), lambda i: Tup(()), 1, direct=True)
    total = functools.reduce(lambda a, b: times(cx, a, b), counts)
    return Iter(total, lambda i: Tup(tuple(unravelled(cx, i, counts, node))), direct=True)


def ndenumerate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    from .exprs import as_array

    value = as_array(cx, args[0], node)
    places = ndindex(cx, (shape_of(cx, value, node),), {}, node)

    def get(i: Value) -> Value:
        index = places.get(i)
        return Tup((index, element(cx, value, index)))
    return Iter(places.count, get, places.known, sources=(value,), direct=True)


def element(cx: Lowerer, value: Value, index: Any) -> Value:
    if not isinstance(value, Ref) or not index.items:
        return cx.emit("item", cx.read(value)) if isinstance(value, Ref) else value
    return cx.step(value, Index(tuple(cx.read(k) for k in index.items)))


def shape_of(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    from .attributes import shape_value

    return shape_value(cx, value)


def nditer(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    """One array, read: its elements in the order of the memory."""
    if len(args) != 1 or kwargs or not isinstance(args[0], Ref):
        cx.refuse("np.nditer of several arrays, or with flags", node, "use zip, np.ndenumerate or np.ndindex")
    value = args[0]
    t = cx.type_of(value)
    if not isinstance(t, Array) or not t.shape or not cx.contiguous(value):
        cx.refuse("np.nditer of an array that is not C-contiguous", node, "iterate over np.ravel(x), or a copy")
    places = ndindex(cx, (shape_of(cx, value, node),), {}, node)
    return Iter(places.count, lambda i: element(cx, value, places.get(i)), places.known, sources=(value,), direct=True)


ITERATORS: dict[Any, Callable[..., Value]] = {
    enumerate: call_enumerate, zip: call_zip, map: call_map, filter: call_filter, reversed: call_reversed, iter: call_iter,
    next: call_next,
    itertools.accumulate: lazily("accumulate", accumulate), itertools.chain: lazily("chain", chain),
    itertools.chain.from_iterable: lazily("chain", chain_iterables), itertools.islice: lazily("islice", islice),
    itertools.pairwise: lazily("pairwise", neighbours), itertools.repeat: lazily("repeat", repeat),
    itertools.count: lazily("count", count_up), itertools.cycle: lazily("cycle", cycle),
    itertools.starmap: lazily("starmap", starmap), itertools.product: lazily("product", product),
    itertools.combinations: lazily("combinations", choose(itertools.combinations, math.comb)),
    itertools.permutations: lazily("permutations", choose(itertools.permutations, math.perm)),
    itertools.combinations_with_replacement: lazily("combinations", choose(
        itertools.combinations_with_replacement, lambda n, r: math.comb(n + r - 1, r) if n else 0)),
    itertools.zip_longest: lazily("zip_longest", zip_longest), itertools.groupby: lazily("groupby", groupby),
    itertools.takewhile: listed("takewhile", written.take_while), itertools.dropwhile: listed("dropwhile", written.drop_while),
    itertools.filterfalse: listed("filterfalse", written.filter_false), itertools.compress: listed("compress", written.compressed),
    itertools.tee: tee,
    np.ndindex: lazily("ndindex", ndindex), np.ndenumerate: lazily("ndenumerate", ndenumerate),
    np.nditer: lazily("nditer", nditer),
}
if hasattr(itertools, "batched"):  # from Python 3.12 on
    ITERATORS[itertools.batched] = lazily("batched", batched)
