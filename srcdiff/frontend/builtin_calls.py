"""Python's builtins, and the few functions of srcdiff that the differentiated code may call."""

from __future__ import annotations

import ast
import collections
import functools
from collections.abc import Callable
from types import MemberDescriptorType
from typing import Any

from .. import runtime
from ..composed import python_library
from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Slice, Var
from ..ir.dims import MISSING
from ..ir.structural import sym_of
from ..ir.types import BOOL, Scalar
from . import prelude, tables
from .array_iterators import NUMPY
from .containers import list_method
from .context import Lowerer
from .control import branch, select
from .copies import COPIES
from .dicts import as_set, counted, gathered, new_set
from .exprs import arithmetic, numeric, static_key, truth
from .iteration import items_of, iterator, skipping
from .iterators import BUILTINS as ITERATORS
from .itertools_calls import ITERTOOLS
from .objects import class_of, find, watch
from .operators import call_special, special_length
from .positions import used_up
from .python_types import call_isinstance, call_type, is_one_of, python_type
from .sorting import call_sorted
from .static_values import STATIC, evaluated, is_static, lifted, python_value, unroll_for
from .sums import call_sum
from .values import Bound, Closure, Derived, DynList, Fields, Generator, Iter, Kind, Maybe, Obj, Once, Partial, Ref, Tup, Value

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
    if (made := special_length(cx, value, node)) is not None:
        return made
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if isinstance(contents, DynList):
        count = cx.var("len", contents.lists[0])
        cx.lengths[count] = contents.lists[0]
        return count
    if tables.is_table(contents) and isinstance(value, Obj):
        return tables.length(cx, value)
    if isinstance(contents, Fields) and isinstance(contents.cls, Kind) and contents.cls.is_set:
        return const(len(contents.items))  # whatever their order
    if isinstance(value, Const):
        return evaluated(cx, len, (value,), {}, node)
    if isinstance(value, Once) and value.number:
        cx.refuse(f"the length of a {value.kind}, which has none", node, "make a list of it: len(list(...))")
    return iterator(cx, value, node).count


def call_extreme(cx: Lowerer, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``max`` and ``min``: the first of equal ones."""
    key, default = kwargs.get("key", const(None)), kwargs.get("default")
    it = iterator(cx, args[0] if len(args) == 1 else Tup(args), node)
    if default is not None:
        sym = sym_of(it.count)
        if it.known is None and getattr(sym, "hint", sym) is None and isinstance(key, Const) and key.value is None:
            either = python_library.largest_or if name == "max" else python_library.smallest_or
            return prelude.call(cx, either, (it, default), node)
        count = it.known if it.known is not None else cx.static_int(it.count, node, f"whether {name} has items")
        if count == 0:
            return default
    if it.known == 0:
        cx.fails(ValueError, f"{name} of nothing", node, "give default=")
    if isinstance(key, Const) and key.value is None:
        if it.known is None:
            first = it.get(const(0))
            if isinstance(first, (Tup, Obj)):
                helper = python_library.last_in_order if name == "max" else python_library.first_in_order
            else:
                helper = python_library.largest if name == "max" else python_library.smallest
            return prelude.call(cx, helper, (first, skipping(cx, it, const(1))), node)
        return extreme_of(cx, name, [it.get(const(k)) for k in range(it.known)], node)
    chosen = python_library.largest_by if name == "max" else python_library.smallest_by
    return prelude.call(cx, chosen, (it.get(const(0)), skipping(cx, it, const(1)), key), node)


def extreme_of(cx: Lowerer, name: str, items: list[Value], node: ast.AST) -> Value:
    best = items[0]
    if all(is_static(cx, v) for v in items) and not all(isinstance(v.type, Scalar) for v in items if isinstance(v, Const)):
        values = [python_value(cx, v, node) for v in items]
        return items[values.index((max if name == "max" else min)(values))]
    if any(isinstance(v, (Tup, Obj)) for v in items):
        return extreme_object(cx, ast.Gt() if name == "max" else ast.Lt(), items, node)
    for other in items[1:]:
        if isinstance(best, Const) and isinstance(other, Const):
            best = {"max": max, "min": min}[name](best, other, key=lambda c: c.value)
        else:
            best = cx.emit(name, numeric(cx, best, node), numeric(cx, other, node))
    return best


def extreme_object(cx: Lowerer, better: ast.cmpop, items: list[Value], node: ast.AST) -> Value:
    """The first of tuples, lists or objects that none is better than."""
    from .comparisons import compare

    best = items[0]
    for other in items[1:]:
        found = truth(cx, compare(cx, better, other, best, node), node)
        best = select(cx, found, lambda other=other: other, lambda best=best: best, "ifexp")  # type: ignore[misc]
    return best


def call_print(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    for k, arg in enumerate(args):
        if isinstance(arg, Maybe):
            def shown(value: Value, k: int = k) -> Callable[[], Value]:
                return lambda: call_print(cx, (*args[:k], value, *args[k + 1:]), kwargs, node)
            branch(cx, arg.none, shown(const(None)), shown(arg.value), cx.frames[-1].live)
            return const(None)
    pairs = tuple((const(k), cx.printable(v)) for k, v in kwargs.items())
    cx.builder.emit_all("print", tuple(cx.printable(a) for a in args), pairs)
    return const(None)


def call_hasattr(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return const(has_attribute(cx, args[0], python_value(cx, args[1], node, "the name of an attribute"), node))


def call_list(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if not args:
        return cx.new_list(())
    it = iterator(cx, args[0], node)
    if it.count is None:
        cx.refuse("a list of all items of an iterator without an end", node)
    if it.known is None:
        return prelude.call(cx, python_library.list_of, (it,), node)
    return cx.new_list(it.get(const(k)) for k in range(it.known))


def call_tuple(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return Tup(items_of(cx, args[0], node) if args else ())


def call_dict(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return gathered(cx, (*args[:1], kwargs), None, node)


def call_set(name: str) -> Callable[..., Value]:
    """``set`` and ``frozenset``, of static values."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        if not args:
            return new_set(cx, set, name)
        if (made := as_set(cx, args[0])) is not None:
            return new_set(cx, lambda: set(made()), name)
        keys = tuple(static_key(cx, v, node) for v in items_of(cx, args[0], node))
        return new_set(cx, lambda: set(keys), name)
    return handler


def call_ordered_dict(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return gathered(cx, (*args[:1], kwargs), Kind("OrderedDict"), node)


def call_defaultdict(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    factory = args[0] if args and not (isinstance(args[0], Const) and args[0].value is None) else None
    return gathered(cx, (*args[1:2], kwargs), Kind("defaultdict", factory), node)


def call_counter(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A Counter of static items."""
    return cx.new_obj(counted(cx, Fields((), (), Kind("Counter", const(0))), args, kwargs, node))


def call_deque(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    limit = kwargs.get("maxlen", args[1] if len(args) > 1 else const(None))
    bound = python_value(cx, limit, node, "maxlen")
    made = cx.new_obj(Fields((), None, Kind("deque", None, bound)))
    if args:
        it = iterator(cx, args[0], node)
        given = it if it.known is None and not isinstance(args[0], Ref) else Tup(items_of(cx, it, node))
        list_method(cx, made, "extend", [given], node)
    return made


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
    if (made := call_special(cx, value, "float", (), node)) is not None:
        return call_float(cx, (made,), {}, node)
    if isinstance(value, Const):
        return evaluated(cx, float, (value,), {}, node)
    if isinstance(value, Var) and isinstance(value.type, Scalar) and value.type == Scalar("float64", py=True):
        return value
    return cx.emit("float", numeric(cx, value, node))


def call_int(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if args and (made := call_special(cx, args[0], "int", (), node)) is not None:
        return made
    if not args or isinstance(args[0], Const):
        return evaluated(cx, int, args, kwargs, node)
    if isinstance(args[0], Var) and args[0].type == Scalar("int64", py=True):
        return args[0]
    result = cx.emit("int", numeric(cx, args[0], node))
    if isinstance(result, Var):
        result.sym = sym_of(args[0])
    return result


def call_any_all(cx: Lowerer, name: str, args: Args, node: ast.AST) -> Value:
    from .control import select

    if isinstance(args[0], Generator):
        return prelude.call(cx, python_library.any_item if name == "any" else python_library.all_items, (args[0],), node)
    it = iterator(cx, args[0], node)
    if it.known is None:
        return prelude.call(cx, python_library.any_item if name == "any" else python_library.all_items, (it,), node)

    def chain(k: int) -> Value:
        if k == it.known:
            return const(name == "all")
        cond = truth(cx, it.get(const(k)), node)
        rest = functools.partial(chain, k + 1)
        return select(cx, cond, rest, lambda: const(False), "and") if name == "all" else \
            select(cx, cond, lambda: const(True), rest, "or")
    return chain(0)


def call_reduce(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    it = iterator(cx, args[1], node)
    if len(args) == 3:
        return prelude.call(cx, python_library.reduced, (args[0], it, args[2]), node)
    if it.known == 0:
        cx.fails(TypeError, "reduce of nothing", node, "give the value to start from")
    return prelude.call(cx, python_library.reduced, (args[0], skipping(cx, it, const(1)), it.get(const(0))), node)


def call_static(fun: Callable[..., Any]) -> Callable[..., Value]:
    """A function of static values, evaluated now."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        return lifted(cx, fun(*(python_value(cx, a, node) for a in args)))
    return handler


def call_str(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0] if args else const("")
    if (made := own_text(cx, value, "str", node)) is not None:
        return made
    known = sym_of(value) if isinstance(value, Var) else None
    if is_static(cx, value) or (isinstance(known, dims.Dim) and known.hint is not None):
        return evaluated(cx, str, (value, *args[1:]), kwargs, node)
    return formatted(cx, value, -1, "")


def formatted(cx: Lowerer, value: Value, conversion: int, spec: str) -> Value:
    """A string that only the run knows: as an f-string has it."""
    made = cx.var("fstring", ((cx.printable(value), const(conversion), const(spec)),))
    made.sym = (value.sym,) if isinstance(value, Var) and isinstance(value.sym, dims.Dim) else None
    return made


def own_text(cx: Lowerer, value: Value, name: str, node: ast.AST) -> Value | None:
    """What ``str`` or ``repr`` of an instance is, by its class; None if the class does not say."""
    made = call_special(cx, value, name, (), node)
    return call_special(cx, value, "repr", (), node) if made is None and name == "str" else made


def call_repr(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if (made := own_text(cx, args[0], "repr", node)) is not None:
        return made
    return evaluated(cx, repr, args, kwargs, node) if is_static(cx, args[0]) else formatted(cx, args[0], ord("r"), "")


def call_format(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if all(is_static(cx, a) for a in args):
        return evaluated(cx, format, args, kwargs, node)
    return formatted(cx, args[0], -1, python_value(cx, args[1], node) if len(args) > 1 else "")


def call_evaluated(fun: Callable[..., Any]) -> Callable[..., Value]:
    """A function of static values: strings, say."""
    return lambda cx, args, kwargs, node: evaluated(cx, fun, args, kwargs, node)


def call_setattr(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``setattr(instance, name, value)`` with a name that is known."""
    from .objects import set_attribute

    if len(args) == 3:
        unroll_for(cx, args[1])
    name = python_value(cx, args[1], node, "the name of an attribute") if len(args) == 3 and not kwargs else None
    if not isinstance(name, str):
        cx.refuse("setattr with a name that is no string", node, "setattr(instance, 'name', value)")
    set_attribute(cx, args[0], name, args[2], node)
    return const(None)


def call_getattr(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .attributes import attribute

    unroll_for(cx, args[1])
    name = python_value(cx, args[1], node, "the name of an attribute")
    if len(args) == 2 or has_attribute(cx, args[0], name, node):
        return attribute(cx, args[0], name, node)
    return args[2]


def has_attribute(cx: Lowerer, value: Value, name: str, node: ast.AST) -> bool:
    if isinstance(value, Const) and not isinstance(value.type, Scalar):
        watch(cx, value.value, name)
        return hasattr(value.value, name)
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        if isinstance(contents, Fields) and isinstance(contents.cls, type) and name in (contents.keys or ()):
            return True
    watch(cx, kind := python_type(cx, value, node), name)
    found = [vars(cls)[name] for cls in kind.__mro__ if name in vars(cls)]
    if not found and any("__getattr__" in vars(cls) for cls in kind.__mro__):
        cx.refuse(f"hasattr of a {kind.__name__}, which defines __getattr__", node, "test for the case instead")
    return bool(found) and not isinstance(found[0], MemberDescriptorType)  # a slot that is empty


def call_callable(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0]
    if isinstance(value, Const):
        return const(callable(value.value))
    if isinstance(value, (Closure, Bound, Partial, Derived)):
        return const(True)
    return const(isinstance(value, Obj) and callable_object(cx, value))


def callable_object(cx: Lowerer, value: Obj) -> bool:
    cls = class_of(cx, value)
    return cls is not None and find(cx, cls, "__call__") is not MISSING


def call_issubclass(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    own, kinds = args
    cls = python_value(cx, own, node, "a class")
    if not isinstance(cls, type):
        cx.refuse("issubclass of what is not known to be a class", node)
    return const(is_one_of(cx, None, cls, kinds, node))


def refused(what: str, advice: str) -> Callable[..., Value]:
    return lambda cx, args, kwargs, node: cx.refuse(what, node, advice)


BUILTINS: dict[Any, Callable[[Lowerer, Args, Keywords, ast.AST], Any]] = {
    range: call_range, len: call_len, sum: call_sum,
    max: lambda cx, a, k, n: call_extreme(cx, "max", a, k, n), min: lambda cx, a, k, n: call_extreme(cx, "min", a, k, n),
    print: call_print, isinstance: call_isinstance, type: call_type, hasattr: call_hasattr, list: call_list, tuple: call_tuple,
    dict: call_dict, slice: call_slice, bool: call_bool, float: call_float, int: call_int,
    str: call_str, any: lambda cx, a, k, n: call_any_all(cx, "any", a, n),
    all: lambda cx, a, k, n: call_any_all(cx, "all", a, n),
    functools.reduce: call_reduce, callable: call_callable, sorted: call_sorted, getattr: call_getattr, setattr: call_setattr,
    issubclass: call_issubclass, set: call_set("set"), frozenset: call_set("frozenset"), collections.deque: call_deque,
    collections.OrderedDict: call_ordered_dict, collections.defaultdict: call_defaultdict, collections.Counter: call_counter,
    id: refused("id() of an object, which the generated code has not got", "compare with is"),
    hash: refused("hash(), which differs from process to process", "use a key of your own"),
    **{fun: call_evaluated(fun) for fun in STATIC.values()},
    repr: call_repr, format: call_format,
    **COPIES, **ITERATORS, **ITERTOOLS, **NUMPY,
}


EXHAUSTING: tuple[Any, ...] = (sum, list, tuple, dict, set, frozenset, sorted, max, min, functools.reduce, collections.deque)


def to_the_end(handler: Callable[..., Value]) -> Callable[..., Value]:
    """A function that goes through iterators to their ends."""
    def handle(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        result = handler(cx, args, kwargs, node)
        used_up(cx, args)
        return result
    return handle


def _register() -> None:
    from .resolve import AT_COMPILE_TIME

    for exhausting in EXHAUSTING:
        BUILTINS[exhausting] = to_the_end(BUILTINS[exhausting])

    for static in AT_COMPILE_TIME:
        BUILTINS[static] = call_static(static)
    for fun, name in ((runtime.smul, "smul"), (runtime.sdiv, "sdiv"), (runtime.unbroadcast, "unbroadcast")):
        BUILTINS[fun] = call_structural(name)


def call_structural(name: str) -> Callable[..., Value]:
    """A function of the runtime that is an operation of the IR."""
    return lambda cx, args, kwargs, node: cx.emit(name, cx.read(args[0]), cx.read(args[1]))


_register()
