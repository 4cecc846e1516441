"""Structural operations: views and writes, shapes, lists, tuples, calls.

=================  ==========================================================================================
view(S, p)         read of storage ``S`` through path ``p``: an array that shares memory with S, or a scalar
                   (with an integer or boolean array in the last index: a copy)
setview(S, v, p)   S with the elements at ``p`` replaced by ``v`` (broadcast, cast to S's dtype)
addview(S, v, p)   S with ``v`` added at ``p``; where an index array repeats, every occurrence adds (``np.add.at``)
subview(S, v, p)   the same, subtracted
dim(x, k)          ``x.shape[k]``           shape(x)  ``np.shape(x)``          size(x)  ``np.size(x)``
unbroadcast(g, x)  ``g`` summed to the shape of ``x``; becomes a sum where the types decide
cast(x, t)         ``x`` as dtype t (a Const string): ``astype(copy=False)``; on scalars float(), or the scalar type
as_scalar(x, t)    a 0-d array or NumPy scalar as a scalar of type t (a Const holding a Scalar type)
list(items)        a new list            blanks(n)             ``[None] * n``
                   append(l, v)          ``l`` with ``v`` at its end
pop(l)             -> (v, shorter l)     getitem(l, i)         setitem(l, i, v)         additem(l, i, v)
append_in(l, i, v) ``l`` with ``v`` at the end of its item i, a list          pop_in(l, i)  -> (v, l); i: an integer, or
                   a tuple of them for an item of an item (of getitem, setitem, additem as well)
len(l)             zeros_list(l)         a list of zeros like the elements of l          copylist(l)
addlist(l, m)      the sums of corresponding elements of two equally long lists
tuple(items)       untuple(t, k)         of IR values
call(args...)      a kept function: one result for each result of the callee (types are given when it is emitted)
mark(S)            in a backward half, where the write that made ``S`` may be undone; planning the stash removes it
smul(g, p)         ``g * p``, but zero where g is zero whatever p is; bilinear in itself
sdiv(g, p)         ``g / p``, likewise
captured(object)   an array of the user's that the function refers to by name (never written)
find(lists, items)   the first place at which several lists hold these integers; -1 if there is none
range_length(lo, hi, step)    ``len(range(lo, hi, step))``
stop_gradient(x)   ``x``, without a derivative      not(x)      fstring(parts): text and (value, conversion, format)
split()            between the forward and the backward part, at the top level of a joint function
opaque(fn, args)     a call of Python that nobody looks into (types are given when it is emitted)
outside(receiver, method, args, kwargs)   a call of Python whose result has no derivative and changes from call to call
text(receiver, method, args, kwargs)      a method of a string
print(...) assert(cond, message) raise(exception, message)     effects, in order, as opaque is
record("append", target, None, (v,))    target.append(v); also "[]": target[key] = v, ".": target.key = v; "[]+": +=
enter(manager, args, kwargs)  what follows, up to ``leave`` in the same block, is the body of a ``with``: of a manager, or (args
                     is not None) of what a call of it returns; perhaps one result, that of ``as``. No manager: a ``try``
finally()            the statements from here to ``leave`` run in any case
leave(caught, message, ignored)  the end; an exception of the classes ``caught`` becomes an UnsupportedError with the message;
                     ``ignored``: pairs of what np.errstate switched off
needed(values)       values that are computed even if nobody uses them: that may raise an exception
=================  ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import InternalError, UnsupportedError
from . import dims
from .core import Const, Diagonal, Index, Path, Reshape, Slice, Transpose, Var
from .dims import DimLike, Facts
from .ops import OpSpec, Rule, register
from .types import BOOL, INT, Array, List, Object, Scalar, Tuple, Type, rank_of

__all__ = ["axes_of", "element_type", "is_fancy", "leading", "least_length", "path_type"]


def sym_of(atom: object) -> DimLike | None:
    """The symbolic value of an integer atom, if shape arithmetic knows it."""
    if isinstance(atom, Const):
        return int(atom.value) if isinstance(atom.value, (int, np.integer)) else None
    if isinstance(atom, Var):
        return None if isinstance(atom.sym, tuple) else atom.sym
    return None


def is_fancy(path: Path) -> bool:
    """Whether the path ends in an index with arrays: a read through it is a copy, not a view."""
    return any(isinstance(s, Index) and any(isinstance(i, Var) and isinstance(i.type, (Array, List)) for i in s.items)
               for s in path.steps)


def path_type(base: Array, path: Path, facts: Facts) -> Type:
    """The type of a read of an array of type ``base`` through ``path``."""
    t: Type = base
    for step in path.steps:
        if not isinstance(t, Array):
            raise InternalError(f"path step {step} on {t}")
        t = _step_type(t, step, facts)
    return t


def _step_type(t: Array, step: object, facts: Facts) -> Type:
    if isinstance(step, Index):
        return _index_type(t, step, facts)
    if isinstance(step, Transpose):
        shape = tuple(t.shape[p] for p in step.perm)
        identity = step.perm == tuple(range(len(step.perm)))
        flip = ("T", t.layout) if step.perm == tuple(reversed(range(len(shape)))) else "A"
        return Array(t.dtype, shape, t.layout if identity or len(shape) < 2 else flip)
    if isinstance(step, Reshape):
        return Array(t.dtype, tuple(_dim_of(a) for a in step.shape), "C")
    if isinstance(step, Diagonal):
        kept = tuple(d for k, d in enumerate(t.shape) if k not in (step.axis1 % len(t.shape), step.axis2 % len(t.shape)))
        a, b = t.shape[step.axis1], t.shape[step.axis2]
        length = a if a == b and step.offset == 0 else dims.runtime_sym(f"diag({a}, {b}, {step.offset})")
        return Array(t.dtype, (*kept, length), "A")
    raise InternalError(f"unknown path step {step!r}")


def _dim_of(atom: object) -> DimLike:
    known = sym_of(atom)
    return dims.runtime_sym(getattr(atom, "uid", atom)) if known is None else known


def expand_ellipsis(items: tuple[object, ...], rank: int) -> tuple[object, ...]:
    """``items`` with the ellipsis spelled out, and full slices added at the end."""
    used = sum(_axes_used(i) for i in items if i is not None and i is not Ellipsis)
    fill = (Slice(),) * (rank - used)
    if Ellipsis in [i for i in items if not isinstance(i, (Var, Const, Slice))]:
        at = next(k for k, i in enumerate(items) if i is Ellipsis)
        return items[:at] + fill + items[at + 1:]
    return items + fill


def axes_of(items: tuple[object, ...], shape: tuple[DimLike, ...]) -> Iterator[tuple[object, DimLike]]:
    """Each item of an index that is not a new axis, and the length of the axis that it selects from."""
    axis = 0
    for item in expand_ellipsis(items, len(shape)):
        if item is not None:
            yield item, shape[axis]
            axis += _axes_used(item)


def least_length(index: int) -> int:
    """The length of the shortest axis that has an element at ``index``."""
    return index + 1 if index >= 0 else -index


def _axes_used(item: object) -> int:
    if isinstance(item, Var) and isinstance(item.type, Array) and item.type.dtype == "bool":
        return len(item.type.shape)
    return 1


def _index_type(t: Array, step: Index, facts: Facts) -> Type:
    items: tuple[Any, ...] = expand_ellipsis(step.items, len(t.shape))
    shape: list[DimLike] = []
    arrays: list[tuple[DimLike, ...]] = []
    place: int | None = None
    split_up = False
    axis = 0
    last_was_array = False
    for item in items:
        is_array = isinstance(item, Var) and isinstance(item.type, (Array, List))
        is_int = isinstance(item, (Var, Const)) and not is_array
        if item is None:
            shape.append(1)
        elif isinstance(item, Slice):
            shape.append(_sliced(t.shape[axis], item, facts))
        elif is_array:
            arrays.append(_index_shape(item))
        advanced = is_array or (is_int and _has_array(items))
        if advanced:
            if place is None:
                place = len(shape)
            elif not last_was_array:
                split_up = True
        last_was_array = advanced
        axis += 0 if item is None else _axes_used(item)
    if arrays:
        at = 0 if split_up else place or 0
        shape[at:at] = broadcast(arrays, facts)
        return Array(t.dtype, tuple(shape), "A")
    if not shape and not any(i is Ellipsis for i in step.items):
        return Scalar(t.dtype)
    contiguous = t.layout if items and all(i == Slice() for i in items) else "A"
    if contiguous == "A" and t.layout != "A" and leading(items):
        contiguous = ("lead", t.layout)
    return Array(t.dtype, tuple(shape), contiguous)


def leading(items: tuple[Any, ...]) -> bool:
    """Whether only leading axes are indexed with integers, then at most one unit-step slice: still C-contiguous."""
    k = 0
    while k < len(items) and isinstance(items[k], (Var, Const)):
        k += 1
    if k < len(items) and isinstance(items[k], Slice) and items[k].step is None:
        k += 1
    return all(i == Slice() for i in items[k:])


def _has_array(items: tuple[object, ...]) -> bool:
    return any(isinstance(i, Var) and isinstance(i.type, (Array, List)) for i in items)


def _index_shape(item: Var) -> tuple[DimLike, ...]:
    if isinstance(item.type, List):
        return (dims.runtime_sym(f"len{item.uid}"),)
    assert isinstance(item.type, Array)
    if item.type.dtype == "bool":
        return (dims.runtime_sym(f"mask{item.uid}"),)
    return item.type.shape


def _sliced(n: DimLike, item: Slice, facts: Facts) -> DimLike:
    if item == Slice():
        return n
    step = None if item.step is None else sym_of(item.step)
    no_step = item.step is None or (isinstance(item.step, Const) and item.step.value is None)
    bounds = [None if p is None or (isinstance(p, Const) and p.value is None) else sym_of(p) for p in (item.start, item.stop)]
    unknown = any(p is not None and not (isinstance(p, Const) and p.value is None) and b is None
                  for p, b in zip((item.start, item.stop), bounds, strict=True))
    if not unknown and (no_step or isinstance(step, int)):
        length = dims.slice_length(n, bounds[0], bounds[1], step if isinstance(step, int) else None)
        if length is None and no_step and any(b is not None and not dims.is_static((b,)) for b in bounds):
            length = _window(n, 0 if bounds[0] is None else bounds[0], n if bounds[1] is None else bounds[1], facts)
        if length is not None:
            return length
        hints = [n, *[b for b in bounds if b is not None]]
        if all(dims.hint_of(h) is not None for h in hints) and isinstance(n, dims.Dim):
            text = ":".join("" if b is None else str(b) for b in (*bounds, step))
            value = len(range(dims.hint_of(n) or 0)[slice(*(None if b is None else dims.hint_of(b) for b in (*bounds, step)))])
            expr = f"len(range({n})[{text}])"
            return dims.of(dims.Sym(expr, value, n.assumed))
    given = [p for p in (item.start, item.stop, item.step) if p is not None]
    tags = [str(s) if (s := sym_of(p)) is not None else f"v{getattr(p, 'uid', p)}" for p in given]
    return dims.runtime_sym(f"slice({n}; {', '.join(tags)}; {item.start is None}{item.stop is None})")


def _window(n: DimLike, start: DimLike, stop: DimLike, facts: Facts) -> DimLike | None:
    """The length of ``[start:stop]``, which moves with the index of a loop, if it lies within ``n`` elements; else None."""
    length = dims.sub(stop, start)
    inside = all(dims.is_nonnegative(d, facts) for d in (start, dims.sub(n, stop), length))
    return length if inside else None


def broadcast(shapes: list[tuple[DimLike, ...]], facts: Facts) -> tuple[DimLike, ...]:
    """The shape that ``shapes`` broadcast to; a dimension that only the run can tell is a run-time symbol."""
    rank = max((len(s) for s in shapes), default=0)
    result: list[DimLike] = []
    for k in range(-rank, 0):
        current: DimLike | None = None
        for s in shapes:
            if len(s) < -k:
                continue
            current = s[k] if current is None else _meet(current, s[k], facts)
        assert current is not None
        result.append(current)
    return tuple(result)


def check_stretch(have: tuple[DimLike, ...], want: tuple[DimLike, ...], facts: Facts) -> None:
    """An array of shape ``have`` is stretched to ``want``, as ``np.broadcast_to`` does, never the other way round.

    Raises
    ------
    UnsupportedError
        Two lengths do not fit at this call.
    """
    for h, w in zip(reversed(have), reversed(want), strict=False):
        if not dims.agree(h, w, facts) and facts.is_one(h) is False:
            dims.match(h, w, facts)


def _meet(a: DimLike, b: DimLike, facts: Facts) -> DimLike:
    how = dims.meet(a, b, facts)
    if how == "unknown":
        return dims.runtime_sym(f"broadcast({a}, {b})")
    if how == "eq":
        return b if isinstance(b, int) else a
    return b if how == "left" else a


# -- the table ---------------------------------------------------------------------------------------------------------


def _view(args: tuple, facts: Facts) -> Type:
    return path_type(args[0].type, args[1], facts)


def _same(args: tuple, facts: Facts) -> Type:
    return args[0].type


def _written(args: tuple, facts: Facts) -> Type:
    base, value, path = args[0].type, args[1].type, args[2]
    place = path_type(base, path, facts)
    have, want = (t.shape if isinstance(t, Array) else () for t in (value, place))
    check_stretch(have, (1,) * (len(have) - len(want)) + want, facts)  # leading lengths of 1 do not matter
    return base


def _list(args: tuple, facts: Facts) -> Type:
    return List(join_all([a.type for a in args[0]]))


def join_all(types: list[Type]) -> Type | None:
    """One element type for all; dimensions that differ become run-time symbols."""
    result: Type | None = None
    for t in types:
        result = t if result is None else join_elem(result, t)
    return result


def join_elem(a: Type, b: Type) -> Type:
    if a == b:
        return a
    if isinstance(a, Array) and isinstance(b, Array) and a.dtype == b.dtype and len(a.shape) == len(b.shape):
        shape = tuple(x if x == y else dims.runtime_sym(f"join({x}, {y})") for x, y in zip(a.shape, b.shape, strict=True))
        return Array(a.dtype, shape, a.layout if a.layout == b.layout else "A", a.weak or b.weak)
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return Scalar(str(np.result_type(a.dtype, b.dtype)), a.py and b.py)
    if isinstance(a, List) and isinstance(b, List):
        return List(b.elem if a.elem is None else a.elem if b.elem is None else join_elem(a.elem, b.elem))
    if isinstance(a, Tuple) and isinstance(b, Tuple) and len(a.items) == len(b.items):
        return Tuple(tuple(join_elem(x, y) for x, y in zip(a.items, b.items, strict=True)))
    raise UnsupportedError(f"a list of items of different types, {a} and {b}",
                           advice="keep them in lists of their own, or in a tuple")


def _append(args: tuple, facts: Facts) -> Type:
    elem = args[0].type.elem
    return List(args[1].type if elem is None else join_elem(elem, args[1].type))


def _pop(args: tuple, facts: Facts) -> tuple[Type, ...]:
    return (_elem(args[0]), args[0].type)


def _elem(a: Var) -> Type:
    return element_type(a.type, 0)


def element_type(t: Type | None, index: object) -> Type:
    """The type of an item of a list; of an item of an item, if ``index`` is a tuple."""
    for _ in index if isinstance(index, tuple) else (index,):
        assert isinstance(t, List)
        if t.elem is None:
            raise InternalError("element of a list of which nothing is known")
        t = t.elem
    assert t is not None
    return t


def _with_item(t: Type | None, index: tuple, item: Type) -> Type:
    """The type of a list, perhaps one of which nothing was known, after an item was written at a place in it."""
    if not index:
        return item if t is None else join_elem(t, item)
    return List(_with_item(t.elem if isinstance(t, List) else None, index[1:], item))


def _setitem(args: tuple, facts: Facts) -> Type:
    t, index = args[0].type, args[1] if isinstance(args[1], tuple) else (args[1],)
    try:
        return t if element_type(t, index) == args[2].type else _with_item(t, index, args[2].type)
    except InternalError:
        return _with_item(t, index, args[2].type)


def _append_in(args: tuple, facts: Facts) -> Type:
    index = args[1] if isinstance(args[1], tuple) else (args[1],)
    return _with_item(args[0].type, index, List(args[2].type))


def _pop_in(args: tuple, facts: Facts) -> tuple[Type, ...]:
    inner = element_type(args[0].type, args[1])
    assert isinstance(inner, List)
    return (element_type(inner, 0), args[0].type)


def _cast(args: tuple, facts: Facts) -> Type:
    t, dtype = args[0].type, args[1].value
    if isinstance(t, Array):
        return Array(dtype, t.shape, t.layout, t.weak)
    return Scalar(dtype, t.py and np.dtype(dtype).kind == np.dtype(t.dtype).kind)


def _mixed(args: tuple, facts: Facts) -> Type:
    """Result of an arithmetic operation of two operands."""
    a, b = (x.type for x in args[:2])
    dtype = str(np.result_type(*(np.dtype(t.dtype) if not (isinstance(t, Scalar) and t.py)
                                 else np.dtype(t.dtype).type(0).item() for t in (a, b))))
    arrays = [t for t in (a, b) if isinstance(t, Array)]
    shape = broadcast([t.shape for t in arrays], facts) if arrays else ()
    if shape:
        return Array(dtype, shape, ("K", tuple(t.layout for t in arrays)))
    return Scalar(dtype, not arrays and a.py and b.py)


def _positions(args: tuple, facts: Facts) -> Type:
    return Array("int64", (dims.runtime_sym(f"nonzero{args[0].uid}"),), "C")


def _unbroadcast(args: tuple, facts: Facts) -> Type:
    g, x = args[0].type, args[1].type
    return Array(g.dtype, x.shape, "A") if isinstance(x, Array) else Scalar(g.dtype, getattr(x, "py", False))


def _call(args: tuple, facts: Facts) -> Type:
    raise InternalError("the results of a call are typed by its callee")


_CONSTANT = Rule("constant")


def _register_all() -> None:
    """Structural operations have their derivative in the transforms, except those with a ``constant`` rule."""
    def op(name: str, params: str, infer: object, **flags: object) -> None:
        register(OpSpec(name, tuple(params.split()), infer, **flags))  # type: ignore[arg-type]

    op("view", "S path", _view, fresh=False, cheap=True)
    for name in ("setview", "addview", "subview"):
        op(name, "S v path", _written, inplace=0, fresh=False)
    op("dim", "x k", lambda a, f: INT, shape_only=(0,), cheap=True, rule=_CONSTANT)
    op("shape", "x", lambda a, f: Tuple((INT,) * rank_of(a[0].type)), shape_only=(0,), cheap=True, rule=_CONSTANT)
    op("size", "x", lambda a, f: INT, shape_only=(0,), cheap=True, rule=_CONSTANT)
    op("unbroadcast", "g x", _unbroadcast, shape_only=(1,), fresh=False)
    op("cast", "x dtype", _cast, fresh=False)
    op("as_scalar", "x type", lambda a, f: a[1].value)
    op("list", "items", _list)
    op("blanks", "n", lambda a, f: List(None, True), rule=_CONSTANT)
    op("copylist", "l", _same)
    op("append", "l v", _append, inplace=0, fresh=False)
    op("append_in", "l i v", _append_in, inplace=0, fresh=False)
    op("pop_in", "l i", _pop_in, inplace=0, fresh=False)
    op("pop", "l", _pop, inplace=0, fresh=False)
    op("getitem", "l i", lambda a, f: element_type(a[0].type, a[1]), fresh=False)
    op("setitem", "l i v", _setitem, inplace=0, fresh=False)
    op("additem", "l i v", _same, inplace=0, fresh=False)
    op("len", "l", lambda a, f: INT, cheap=True, rule=_CONSTANT)
    op("zeros_list", "l", _same)
    op("addlist", "l m", _same)
    op("tuple", "items", lambda a, f: Tuple(tuple(i.type for i in a[0])), fresh=False, cheap=True)
    op("untuple", "t k", lambda a, f: a[0].type.items[a[1].value], fresh=False, cheap=True)
    op("smul", "g p", _mixed)
    op("sdiv", "g p", _mixed)
    op("call", "args", _call)
    op("mark", "S", lambda a, f: (), effect=True)
    op("captured", "object", lambda a, f: a[0].type, fresh=False, cheap=True, rule=_CONSTANT)
    op("stop_gradient", "x", _same, fresh=False, cheap=True, rule=_CONSTANT)
    op("np.flatnonzero", "a", _positions, rule=_CONSTANT)
    op("range_length", "lo hi step", lambda a, f: INT, cheap=True, rule=_CONSTANT)
    op("find", "lists items", lambda a, f: INT, rule=_CONSTANT)
    op("not", "x", lambda a, f: BOOL, cheap=True, rule=_CONSTANT)
    op("fstring", "parts", lambda a, f: Object("str"), rule=_CONSTANT)
    op("split", "", lambda a, f: (), effect=True)
    op("print", "args kwargs", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("record", "how target key values", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("assert", "cond message", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("opaque", "fn args", _call, effect=True)
    op("outside", "receiver method args kwargs", _call, effect=True)
    op("text", "receiver method args kwargs", lambda a, f: Object("str"), rule=_CONSTANT)
    op("raise", "exception message", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("enter", "manager args kwargs", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("finally", "", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("leave", "caught message ignored", lambda a, f: (), effect=True, rule=_CONSTANT)
    op("needed", "values", lambda a, f: (), effect=True, rule=_CONSTANT)


_register_all()
