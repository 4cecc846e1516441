"""Python's builtins, and the few functions of srcdiff that the differentiated code may call."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

from .. import runtime
from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Slice, Var
from ..ir.structural import sym_of
from ..ir.types import BOOL, Array, Object, Scalar
from . import prelude
from .context import Lowerer
from .exprs import arithmetic, numeric, truth
from .iteration import Iter, items_of, iterator
from .values import Bound, Closure, DynList, Fields, Obj, Ref, Tup, Value

__all__ = ["BUILTINS"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]


def integer(cx: Lowerer, value: Value, node: ast.AST) -> Any:
    x = cx.read(value)
    if not isinstance(x.type, Scalar) or x.type.dtype not in ("int64", "int32", "bool", "uint8", "intp"):
        cx.refuse(f"a {cx.describe(value)} where an integer is needed", node)
    return x


def call_range(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Any:
    bounds = [integer(cx, a, node) for a in args]
    if not 1 <= len(bounds) <= 3:
        cx.refuse(f"range with {len(bounds)} arguments", node)
    lo, hi, step = (const(0), *bounds, const(1)) if len(bounds) == 1 else (*bounds, const(1))[:3]
    return Iter(range_length(cx, lo, hi, step, node), lambda i: at(cx, lo, step, i), span=(lo, hi, step))


def at(cx: Lowerer, lo: Any, step: Any, i: Value) -> Value:
    return arithmetic(cx, "np.add", lo, arithmetic(cx, "np.multiply", i, step, None), None)


def range_length(cx: Lowerer, lo: Any, hi: Any, step: Any, node: ast.AST) -> Value:
    if all(isinstance(v, Const) for v in (lo, hi, step)):
        return const(len(range(lo.value, hi.value, step.value)))
    a, b, s = sym_of(lo), sym_of(hi), sym_of(step)
    if a is not None and b is not None and s == 1:
        span = dims.clip0(dims.sub(b, a))
        if isinstance(span, int):
            return const(span)
    length = cx.var("range_length", lo, hi, step)
    if a is not None and b is not None and isinstance(s, int) and s != 0:
        up = dims.sub(b, a) if s > 0 else dims.sub(a, b)
        length.sym = dims.clip0(up if abs(s) == 1 else dims.ceildiv(up, abs(s)))
    return length


def call_len(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0]
    if isinstance(value, Obj) and isinstance(contents := cx.state.objs[value.oid], DynList):
        return cx.var("len", contents.lists[0])
    if isinstance(value, Const):
        return const(len(value.value))
    return iterator(cx, value, node).count


def call_enumerate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Any:
    it = iterator(cx, args[0], node)
    start: Any = kwargs.get("start", args[1] if len(args) > 1 else const(0))

    def pair(i: Value, value: Value) -> Tup:
        return Tup((arithmetic(cx, "np.add", i, start, node), value))
    items = None if it.items is None else tuple(pair(const(k), v) for k, v in enumerate(it.items))
    return Iter(it.count, lambda i: pair(i, it.get(i)), items, sources=it.sources)


def call_zip(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Any:
    its = [iterator(cx, a, node) for a in args]
    known = [i for i in its if i.items is not None]
    if known:
        lengths = [len(i.items or ()) for i in known]
        lengths += [cx.static_int(i.count, node, "the number of items to zip") for i in its if i.items is None]
        count = min(lengths)
        rows = zip(*([i.get(const(k)) for k in range(count)] for i in its), strict=True)
        items = tuple(Tup(tuple(row)) for row in rows)
        sources = tuple(s for it in its for s in it.sources)
        return Iter(const(count), lambda i: Tup(tuple(it.get(i) for it in its)), items, sources=sources)
    sources = tuple(s for it in its for s in it.sources)
    return Iter(shortest(cx, its, node), lambda i: Tup(tuple(it.get(i) for it in its)), sources=sources)


def shortest(cx: Lowerer, its: list[Iter], node: ast.AST) -> Value:
    count = its[0].count
    for it in its[1:]:
        if sym_of(it.count) is None or sym_of(it.count) != sym_of(count):
            count = cx.emit("min", cx.read(count), cx.read(it.count))
    return count


def call_reversed(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Any:
    it = iterator(cx, args[0], node)
    if it.items is not None:
        last = len(it.items) - 1
        back = tuple(reversed(it.items))
        return Iter(it.count, lambda i: it.get(const(last - i.value)), back, sources=it.sources)  # type: ignore[union-attr]
    if it.span is not None and not it.backwards:
        return Iter(it.count, it.get, span=it.span, backwards=True)

    def get(i: Value) -> Value:
        last = arithmetic(cx, "np.subtract", it.count, const(1), node)
        return it.get(arithmetic(cx, "np.subtract", last, i, node))
    return Iter(it.count, get, sources=it.sources)


def call_sum(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    it = iterator(cx, args[0], node)
    start: Any = kwargs.get("start", args[1] if len(args) > 1 else const(0))
    if it.items is None:
        return prelude.call(cx, prelude.sum_items, (it, start), node)
    total = start
    for item in it.items:
        total = arithmetic(cx, "np.add", total, item, node)
    return total


def call_extreme(cx: Lowerer, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if "key" in kwargs or "default" in kwargs:
        cx.refuse(f"{name} with key or default", node)
    if len(args) == 1:
        it = iterator(cx, args[0], node)
        if it.items is None:
            helper = prelude.largest if name == "max" else prelude.smallest
            if isinstance(args[0], (Ref, Obj)):
                return prelude.call(cx, helper, (args[0],), node)
            cx.refuse(f"{name} of this", node)
        args = it.items
    if not args:
        cx.refuse(f"{name} of nothing", node)
    best = args[0]
    for other in args[1:]:
        if isinstance(best, Const) and isinstance(other, Const):
            best = {"max": max, "min": min}[name](best, other, key=lambda c: c.value)
        else:
            best = cx.emit(name, numeric(cx, best, node), numeric(cx, other, node))
    return best


def call_print(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    pairs = tuple((const(k), cx.printable(v)) for k, v in kwargs.items())
    cx.builder.emit_all("print", tuple(cx.printable(a) for a in args), pairs)
    return const(None)


def call_isinstance(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """Decided by the types."""
    value, kinds = args
    classes = tuple(k.value for k in kinds.items) if isinstance(kinds, Tup) else (kinds.value,)
    return const(issubclass(python_type(cx, value, node), classes))


def python_type(cx: Lowerer, value: Value, node: ast.AST) -> type:
    import numpy as np

    if isinstance(value, Const) and not isinstance(value.type, Scalar):
        return type(value.value)
    if isinstance(value, Tup):
        return value.cls or tuple
    if isinstance(value, Obj):
        contents = cx.state.objs[value.oid]
        if isinstance(contents, Fields) and contents.cls is not None:
            return contents.cls
        return dict if isinstance(contents, Fields) and contents.keys is not None else list
    if isinstance(value, (Closure, Bound)):
        return type(python_type)
    t = cx.type_of(value)
    if isinstance(t, Array):
        if t.weak:
            cx.refuse("the type of a value that is a scalar on some path", node)
        return np.ndarray
    if isinstance(t, Scalar):
        python = {"f": float, "i": int, "b": bool, "c": complex}
        return python[np.dtype(t.dtype).kind] if t.py else np.dtype(t.dtype).type
    return cx.refuse("the type of this value is not known", node)


def call_type(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    kind = python_type(cx, args[0], node)
    return Const(kind, Object("static"), kind.__name__)


def call_hasattr(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return const(hasattr(python_type(cx, args[0], node), args[1].value))


def call_list(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if not args:
        return cx.new_list(())
    it = iterator(cx, args[0], node)
    return cx.new_list(it.items) if it.items is not None else prelude.call(cx, prelude.list_of, (it,), node)


def call_tuple(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return Tup(items_of(cx, args[0], node) if args else ())


def call_dict(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    items: dict[Any, Value] = {}
    if args:
        contents = cx.state.objs[args[0].oid] if isinstance(args[0], Obj) else None
        if isinstance(contents, Fields) and contents.keys is not None:
            items.update(zip(contents.keys, contents.items, strict=True))
        else:
            for item in items_of(cx, args[0], node):
                key, value = items_of(cx, item, node)
                items[key.value] = value  # type: ignore[union-attr]
    items.update(kwargs)
    return cx.new_obj(Fields(tuple(items.values()), tuple(items)))


def call_slice(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Any:
    from .exprs import _bound

    bounds = [None if isinstance(a, Const) and a.value is None else _bound(cx, a, node) for a in args]  # type: ignore[arg-type]
    return Slice(None, bounds[0], None) if len(bounds) == 1 else Slice(*bounds)


def call_bool(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    cond = truth(cx, args[0], node) if args else const(False)
    if isinstance(cond, Const) or cond.type == BOOL:
        return cond
    return cx.emit("bool", cond)


def call_float(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0] if args else const(0.0)
    if isinstance(value, Const):
        return const(float(value.value))
    if isinstance(value, Var) and isinstance(value.type, Scalar) and value.type == Scalar("float64", py=True):
        return value
    return cx.emit("float", numeric(cx, value, node))


def call_int(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if isinstance(args[0], Const):
        return const(int(args[0].value))
    if isinstance(args[0], Var) and args[0].type == Scalar("int64", py=True):
        return args[0]
    result = cx.emit("int", numeric(cx, args[0], node))
    if isinstance(result, Var):
        result.sym = sym_of(args[0])
    return result


def call_any_all(cx: Lowerer, name: str, args: Args, node: ast.AST) -> Value:
    from .control import select

    def chain(items: tuple[Value, ...]) -> Value:
        if not items:
            return const(name == "all")
        cond = truth(cx, items[0], node)
        rest = functools.partial(chain, items[1:])
        yes = const(True)
        return select(cx, cond, rest, lambda: const(False), "and") if name == "all" else \
            select(cx, cond, lambda: yes, rest, "or")
    it = iterator(cx, args[0], node)
    if it.items is None:
        return prelude.call(cx, prelude.any_item if name == "any" else prelude.all_items, (it,), node)
    return chain(it.items)


def call_map(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .calls import apply

    its = [iterator(cx, a, node) for a in args[1:]]
    if all(i.items is not None for i in its):
        rows = zip(*(i.items for i in its if i.items is not None), strict=False)
        return cx.new_list(apply(cx, args[0], tuple(row), {}, node) for row in rows)
    if len(its) > 1:
        cx.refuse("map over several iterables of unknown length", node, "write the loop with zip")
    return prelude.call(cx, prelude.map_items, (args[0], args[1]), node)


def call_filter(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return prelude.call(cx, prelude.filter_items, (args[0], args[1]), node)


def call_reduce(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) == 2:
        items = items_of(cx, args[1], node)
        return prelude.call(cx, prelude.reduce_items, (args[0], Tup(items[1:]), items[0]), node)
    return prelude.call(cx, prelude.reduce_items, args, node)


def call_static(fun: Callable[..., Any]) -> Callable[..., Value]:
    """A function of static values, evaluated now."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        values = [static_value(cx, a, node) for a in args]
        return static_result(fun(*values))
    return handler


def static_value(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Tup):
        return tuple(static_value(cx, i, node) for i in value.items)
    if isinstance(value, Obj) and isinstance(contents := cx.state.objs[value.oid], Fields):
        return [static_value(cx, i, node) for i in contents.items]
    if isinstance(value, Var) and isinstance(value.type, Scalar):
        return cx.static_int(value, node)
    return cx.refuse("this must be known when the function is compiled", node)


def static_result(value: Any) -> Value:
    if isinstance(value, tuple):
        return Tup(tuple(static_result(v) for v in value))
    return const(value)


def call_str(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0] if args else const("")
    if isinstance(value, Const):
        return const(str(value.value))
    return cx.var("fstring", ((cx.printable(value), const(-1), const("")),))


BUILTINS: dict[Any, Callable[[Lowerer, Args, Keywords, ast.AST], Any]] = {
    range: call_range, len: call_len, enumerate: call_enumerate, zip: call_zip, reversed: call_reversed, sum: call_sum,
    max: lambda cx, a, k, n: call_extreme(cx, "max", a, k, n), min: lambda cx, a, k, n: call_extreme(cx, "min", a, k, n),
    print: call_print, isinstance: call_isinstance, type: call_type, hasattr: call_hasattr, list: call_list, tuple: call_tuple,
    dict: call_dict, slice: call_slice, bool: call_bool, float: call_float, int: call_int, map: call_map, filter: call_filter,
    str: call_str, any: lambda cx, a, k, n: call_any_all(cx, "any", a, n),
    all: lambda cx, a, k, n: call_any_all(cx, "all", a, n),
    functools.reduce: call_reduce, callable: lambda cx, a, k, n: const(isinstance(a[0], (Closure, Bound)) or (
        isinstance(a[0], Const) and callable(a[0].value))),
}


def _register() -> None:
    from .resolve import AT_COMPILE_TIME

    for static in AT_COMPILE_TIME:
        BUILTINS[static] = call_static(static)  # type: ignore[arg-type]
    for fun, name in ((runtime.smul, "smul"), (runtime.sdiv, "sdiv"), (runtime.unbroadcast, "unbroadcast")):
        BUILTINS[fun] = call_structural(name)


def call_structural(name: str) -> Callable[..., Value]:
    """A function of the runtime that is an operation of the IR."""
    return lambda cx, args, kwargs, node: cx.emit(name, cx.read(args[0]), cx.read(args[1]))


_register()
