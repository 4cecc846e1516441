"""Python's iterators: ``zip``, ``map`` and the like, and what others are made of.

Each is lazy as Python's is: it says how many items it has and how to get one, and that is asked when somebody goes through
it. So what it reads is read then, in Python's order, and no list is made where a loop will do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..composed import itertools_library as written
from ..composed import python_library
from ..ir.build import const
from ..ir.core import Const
from ..ir.structural import sym_of
from . import exceptions, objects, own_iterators, prelude
from .context import Lowerer
from .control import branch, select
from .exprs import arithmetic
from .generators import may_run_forever, runs_forever
from .iteration import check_iterable, iterator, once, read_ahead, step_by_step
from .positions import is_empty, move, position
from .stepped import first_step, going_on
from .values import Generator, Iter, Once, Ref, Tup, Value

__all__ = ["BUILTINS", "fewest", "given", "is_none", "item_at", "lazily", "materialised", "minus", "plus", "progress", "times",
           "together", "unravelled"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]


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
    if isinstance(b, Const) and b.value == 0 and isinstance(b.value, int):
        return a
    return arithmetic(cx, "np.add", a, b, None)


def minus(cx: Lowerer, a: Value, b: Value) -> Value:
    return arithmetic(cx, "np.subtract", a, b, None)


def times(cx: Lowerer, a: Value, b: Value) -> Value:
    if isinstance(b, Const) and b.value == 1 and isinstance(b.value, int):
        return a
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


def materialised(cx: Lowerer, value: Value, node: ast.AST, kind: str = "this iterator") -> Iter:
    """How to iterate ``value`` so that items can be asked for in any order and again: all computed, if they have to be."""
    it = iterator(cx, value, node)
    if it.direct or it.span is not None:
        return it
    read_ahead(cx, kind, (value, *it.sources), node)
    if it.count is None:
        cx.refuse("all items of an iterator without an end", node)
    if it.known is not None:
        return iterator(cx, Tup(tuple(it.get(const(k)) for k in range(it.known))), node)
    return iterator(cx, prelude.call(cx, python_library.list_of, (it,), node), node)


def in_turns_with(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    """An instance that makes its items one at a time as a generator."""
    check_iterable(cx, value, node)
    made = own_iterators.in_turns(cx, value, node)
    return going_on(cx, made, node) if isinstance(made, Generator) else value


# -- builtins ----------------------------------------------------------------------------------------------------------


def call_enumerate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    iterable, start = given(cx, "enumerate", "iterable start", args, kwargs, node)
    iterable = in_turns_with(cx, iterable, node)
    first = const(0) if start is None else start
    if isinstance(iterable, Generator):  # a generator too: the two take turns with the body of the loop
        return prelude.call(cx, python_library.numbered, (iterable, first), node)

    def make() -> Iter:
        it = iterator(cx, iterable, node)
        return Iter(it.count, lambda i: Tup((plus(cx, i, first), it.get(i))), it.known, sources=it.sources, direct=it.direct)
    return once(cx, "enumerate", make, iterable)


def call_zip(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    strict = kwargs.get("strict", const(False))
    if set(kwargs) - {"strict"} or not isinstance(strict, Const):
        cx.refuse("zip takes other arguments: strict=True or False", node)

    args = tuple(in_turns_with(cx, a, node) for a in args)

    def make() -> Iter:
        if len(args) > 1 and all(isinstance(a, Once) and a.number == args[0].number > 0 for a in args):
            return in_turns(cx, args[0], len(args), node)
        its = [iterator(cx, a, node) for a in args]
        if not its:
            return Iter(const(0), lambda i: Tup(()), 0, direct=True)
        if strict.value:
            same_lengths(cx, its, node)
        return together(cx, its, node, "zip", Tup, direct=True)
    endless = [isinstance(a, Generator) and may_run_forever(a) for a in args]
    if any(endless) and len(args) == 2 and not all(endless) and not strict.value:
        other = args[1 - endless.index(True)]
        if not isinstance(other, Ref):
            other = prelude.call(cx, python_library.list_of, (ahead_of_zip(cx, other, node),), node)
        args = (args[0], other) if endless[0] else (other, args[1])
        return prelude.call(cx, python_library.beside_array if endless[0] else python_library.array_beside, args, node)
    if [isinstance(a, (Generator, Ref)) for a in args] == [True, True] and sum(isinstance(a, Ref) for a in args) == 1:
        side_by_side = python_library.beside_array if isinstance(args[1], Ref) else python_library.array_beside
        if not strict.value:
            return prelude.call(cx, side_by_side, args, node)
    return once(cx, "zip", make, *args)


def ahead_of_zip(cx: Lowerer, other: Value, node: ast.AST) -> Iter:
    """What a generator is zipped with: gone through first, so it must not change what others see, nor be changed."""
    outer, cx.consumer = cx.consumer, "zip"
    try:
        it = iterator(cx, other, node)
    finally:
        cx.consumer = outer
    read_ahead(cx, "zip", (other, *it.sources), node)
    if it.count is None:
        cx.refuse("zip of iterators without an end", node)
    return it


def in_turns(cx: Lowerer, value: Value, n: int, node: ast.AST) -> Iter:
    """``zip(it, it)``: the items of one iterator, some at a time."""
    it = iterator(cx, value, node)
    if it.count is None:
        cx.refuse("zip of one iterator without an end", node)
    known = None if it.known is None else it.known // n
    count = const(known) if known is not None else arithmetic(cx, "np.floor_divide", it.count, const(n), node)

    def get(i: Value) -> Value:
        first = times(cx, i, const(n))
        return Tup(tuple(it.get(plus(cx, first, const(k))) for k in range(n)))
    return Iter(count, get, known, sources=it.sources, direct=it.direct)


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

    args = (args[0], *(in_turns_with(cx, a, node) for a in args[1:]))

    def make() -> Iter:
        its = [iterator(cx, a, node) for a in args[1:]]
        return together(cx, its, node, "map", lambda row: apply(cx, args[0], row, {}, node))
    if len(args) == 2 and isinstance(args[1], Generator):
        return prelude.call(cx, python_library.mapped, args, node)
    return once(cx, "map", make, *args)


def call_filter(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    def make() -> Iter:
        keep = Const(bool, const(None).type, "bool") if is_none(args[0]) else args[0]
        return static_filter(cx, keep, args[1], node)
    return once(cx, "filter", make, *args)


def static_filter(cx: Lowerer, keep: Value, items: Value, node: ast.AST) -> Iter:
    """Items that are known one by one are chosen now, if the choice is static."""
    read_ahead(cx, "filter", (keep, items), node)
    return iterator(cx, prelude.call(cx, written.filtered, (keep, iterator(cx, items, node)), node), node)


def call_reversed(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .operators import call_special

    value = args[0]
    if (made := call_special(cx, value, "reversed", (), node)) is not None:
        return made
    if isinstance(value, Once):
        cx.refuse(f"reversed of a {value.kind}", node, "make a list of it: reversed(list(...))")
    it = iterator(cx, value, node)
    last = minus(cx, it.count, const(1))
    if it.span is not None and not it.backwards:
        return once(cx, "reversed", lambda: Iter(it.count, lambda i: it.get(minus(cx, last, i)), span=it.span, backwards=True),
                    value)
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
    check_iterable(cx, args[0], node)
    return once(cx, "iterator", lambda: iterator(cx, args[0], node), args[0])


def call_next(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """The next item of an iterator."""
    from .calls import apply
    from .operators import call_special

    value = args[0]
    if len(args) > 1 and objects.special(cx, value, "__next__") is not None:
        return own_iterators.next_or(cx, value, args[1], node)
    if (made := call_special(cx, value, "next", (), node)) is not None:
        return made
    if isinstance(value, Generator) and runs_forever(value.node.body) and (step := first_step(cx, value, node)) is not None:
        return apply(cx, step, (), {}, node)
    value = step_by_step(cx, value, node)
    if is_empty(cx, value):
        return args[1] if len(args) > 1 else cx.fails(StopIteration, "next of an iterator that has no more items here", node)
    if isinstance(value, Generator):
        if len(args) > 1:
            return prelude.call(cx, python_library.first_or, (value, args[1]), node)
        return prelude.call(cx, python_library.first_of, (value,), node)
    if not isinstance(value, Once):
        cx.refuse(f"next of a {cx.describe(value)}", node, "make an iterator of it: it = iter(items)")
    return next_item(cx, value, args[1:], node)


def next_item(cx: Lowerer, value: Once, default: Args, node: ast.AST) -> Value:
    """The item at the position of an iterator, which moves on; behind the last one the default, or an exception."""
    place = position(cx, value, node)
    asked = node in cx.asked
    cx.asked.discard(node)
    it = value.make()
    known = it.known
    if known is None and it.count is not None and isinstance(sym := sym_of(it.count), int):
        known = sym
    if not (it.direct or it.span is not None or it.known is not None):
        cx.refuse(f"next of a {value.kind} that computes its items", node, "make a list of it: items = list(...)")
    if isinstance(place, Const) and known is None and it.count is not None and len(cx.rolled) == 0 and default:
        known = cx.static_int(it.count, node, "the number of items of this iterator")
    if isinstance(place, Const) and known is not None and place.value >= known:
        return default[0] if default else cx.fails(StopIteration, "next of an iterator that has no more items here", node)
    move(cx, value, plus(cx, place, const(1)))
    if isinstance(place, Const) and (known is not None or it.count is None or not default):
        return it.get(place)
    return item_at(cx, it, place, node) if asked else item_or(cx, it, place, default, node)


def item_or(cx: Lowerer, it: Iter, place: Value, default: Args, node: ast.AST) -> Value:
    """The item at a position that only the run knows, if there is one."""
    if it.count is None:
        return it.get(place)
    left = cx.read(arithmetic(cx, "np.less", place, it.count, node))
    if default:
        return select(cx, left, lambda: item_at(cx, it, place, node), lambda: default[0], "ifexp")
    if exceptions.is_caught(cx, StopIteration):
        cx.refuse("next of an iterator whose end is known only at run time, in a try that catches StopIteration", node,
                  "give it a default: next(it, None)")
    branch(cx, left, lambda: None, lambda: exceptions.raise_in_place(cx, StopIteration, "no more items"), cx.frames[-1].live)
    return item_at(cx, it, place, node)


def progress(cx: Lowerer, fun: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """What a progress bar of ``tqdm`` goes through; the bar itself is left out. None for anything else."""
    from .calls import apply

    name = getattr(fun, "__name__", "")
    if str(getattr(fun, "__module__", "")).partition(".")[0] != "tqdm" or not name.startswith(("tqdm", "trange")):
        return None
    if not isinstance(fun, type):
        return apply(cx, Const(range, const(None).type, "range"), args, {}, node)
    items = args[0] if args else kwargs.get("iterable")
    if items is None or is_none(items):
        cx.refuse("a progress bar that goes through nothing", node, "give it the items: for v in tqdm(items)")
    return items


# -- parts of other iterators ----------------------------------------------------------------------------------------


def lazily(kind: str, make: Callable[[Lowerer, Args, Keywords, ast.AST], Iter]) -> Callable[..., Value]:
    """An iterator whose items are found by ``make`` when it is gone through."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        return once(cx, kind, lambda: make(cx, args, kwargs, node), *args, *kwargs.values())
    return handler


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


BUILTINS: dict[Any, Callable[..., Value]] = {
    enumerate: call_enumerate, zip: call_zip, map: call_map, filter: call_filter, reversed: call_reversed, iter: call_iter,
    next: call_next,
}
