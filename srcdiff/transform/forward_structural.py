"""Tangents of the structural operations: most are linear, so the tangent is the operation itself on tangents.

::

    t = view(S, p)            t_dot  = view(S_dot, p)
    S1 = setview(S0, v, p)    S1_dot = setview(S0_dot, v_dot, p)
    v, l1 = pop(l0)           v_dot, l1_dot = pop(l0_dot)
    y = smul(g, p)            y_dot  = smul(g_dot, p) + smul(g, p_dot)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..ir.build import const
from ..ir.core import Atom, Op, Var
from ..ir.types import Scalar, Stash, is_active_type
from .bars import bar_type
from .fit import apply, as_result, fit, zeros

if TYPE_CHECKING:
    from .forward import Forwarder

__all__ = ["HANDLERS"]

Handler = Callable[["Forwarder", Op], None]


def _on_first(f: Forwarder, op: Op) -> None:
    """One tangent in, one out. A 0-d array's may be a scalar, which has no views."""
    first = op.args[0]
    if (dot := f.dot(first)) is not None:
        if op.name == "view" and isinstance(first, Var) and isinstance(dot.type, Scalar):
            dot = as_result(f.builder, dot, first.type)
        f.put(op.outs[0], f.builder.emit(op.name, dot, *op.args[1:]))


def _converted(f: Forwarder, op: Op) -> None:
    """``cast`` and ``as_scalar``: from or to integers there is no tangent."""
    dot, out = f.dot(op.args[0]), op.outs[0]
    if dot is not None and is_active_type(out.type):
        t = Scalar(out.type.dtype) if isinstance(out.type, Scalar) else out.type
        f.put(out, fit(f.builder, dot, t, out))


def _write(f: Forwarder, op: Op) -> None:
    storage, value, path = op.args
    old, new = f.dot(storage), f.dot(value)
    if old is None and new is None:
        return
    if new is None and op.name != "setview":
        f.put(op.outs[0], old)
        return
    base = zeros(f.builder, storage) if old is None else old
    f.put(op.outs[0], f.builder.emit(op.name, base, const(0.0) if new is None else new, path))


def _list(f: Forwarder, op: Op) -> None:
    if any(f.dot(item) is not None for item in op.args[0]):
        f.put(op.outs[0], f.builder.emit("list", tuple(f.full(i) for i in op.args[0]), type=op.outs[0].type))


def _tuple(f: Forwarder, op: Op) -> None:
    if any(f.dot(item) is not None for item in op.args[0]):
        items = tuple(f.full(i) if is_active_type(i.type) else const(0.0) for i in op.args[0])
        t = op.outs[0].type
        f.put(op.outs[0], f.builder.emit("tuple", items, type=t if isinstance(t, Stash) else None))


def _untuple(f: Forwarder, op: Op) -> None:
    dot, out = f.dot(op.args[0]), op.outs[0]
    if dot is not None and is_active_type(out.type):
        f.put(out, f.builder.emit("untuple", dot, op.args[1], type=bar_type(out)))


def _append(f: Forwarder, op: Op) -> None:
    old, value = op.args
    if f.dot(old) is not None or f.dot(value) is not None:
        f.put(op.outs[0], f.builder.emit("append", f.full(old), f.full(value), type=op.outs[0].type))


def _pop(f: Forwarder, op: Op) -> None:
    if (dot := f.dot(op.args[0])) is not None:
        for out, part in zip(op.outs, f.builder.emit_all("pop", dot), strict=True):
            f.put(out, part)


def _append_in(f: Forwarder, op: Op) -> None:
    old, index, value = op.args
    if f.dot(old) is not None or f.dot(value) is not None:
        f.put(op.outs[0], f.builder.emit("append_in", f.full(old), index, f.full(value), type=op.outs[0].type))


def _pop_in(f: Forwarder, op: Op) -> None:
    if (dot := f.dot(op.args[0])) is not None:
        for out, part in zip(op.outs, f.builder.emit_all("pop_in", dot, op.args[1]), strict=True):
            f.put(out, part)


def _setitem(f: Forwarder, op: Op) -> None:
    items, index, value = op.args
    old, new = f.dot(items), f.dot(value)
    if old is None and new is None:
        return
    if new is None and op.name == "additem":
        f.put(op.outs[0], old)
        return
    f.put(op.outs[0], f.builder.emit(op.name, f.full(items), index, f.full(value)))


def _addlist(f: Forwarder, op: Op) -> None:
    a, b = (f.dot(x) for x in op.args)
    if a is not None or b is not None:
        f.put(op.outs[0], f.add(a, b, op.outs[0].type))


def _unbroadcast(f: Forwarder, op: Op) -> None:
    if (dot := f.dot(op.args[0])) is not None:
        f.put(op.outs[0], f.builder.emit("unbroadcast", dot, op.args[1]))


def _smul(f: Forwarder, op: Op) -> None:
    g, p = op.args
    g_dot, p_dot, b = f.dot(g), f.dot(p), f.builder
    first: Atom | None = None if g_dot is None else b.emit("smul", g_dot, p)
    second: Atom | None = None if p_dot is None else b.emit("smul", g, p_dot)
    f.put(op.outs[0], f.add(first, second, op.outs[0].type))


def _sdiv(f: Forwarder, op: Op) -> None:
    g, p = op.args
    g_dot, p_dot, b = f.dot(g), f.dot(p), f.builder
    first: Atom | None = None if g_dot is None else b.emit("sdiv", g_dot, p)
    second: Atom | None = None
    if p_dot is not None:
        second = apply(b, "np.negative", b.emit("sdiv", b.emit("smul", op.outs[0], p_dot), p))
    f.put(op.outs[0], f.add(first, second, op.outs[0].type))


def _none(f: Forwarder, op: Op) -> None:
    """No tangent."""


HANDLERS: dict[str, Handler] = {
    "view": _on_first, "copylist": _on_first, "getitem": _on_first, "untuple": _untuple, "cast": _converted,
    "as_scalar": _converted, "setview": _write, "addview": _write, "subview": _write, "list": _list, "tuple": _tuple,
    "append": _append, "append_in": _append_in, "pop": _pop, "pop_in": _pop_in, "setitem": _setitem, "additem": _setitem,
    "addlist": _addlist, "zeros_list": _none,
    "unbroadcast": _unbroadcast, "smul": _smul, "sdiv": _sdiv,
}
