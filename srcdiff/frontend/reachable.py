"""What is alive: the names that may still be read, and the storages and objects that values lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .aliases import roots
from .names import reads_of
from .values import (
    Bound,
    Closure,
    Derived,
    Either,
    Fields,
    Generator,
    Inside,
    Iter,
    Maybe,
    Obj,
    Once,
    Partial,
    Ref,
    Super,
    Tup,
    Value,
)

if TYPE_CHECKING:
    from .context import Frame, Lowerer

__all__ = ["live_keys", "live_values", "looked_up", "names_of", "reachable"]

Key = tuple[int, str]  # a frame's number, and a name


def live_values(cx: Lowerer) -> list[Value]:
    env = cx.state.env
    return [env[k] for k in live_keys(cx) if k in env]


def live_keys(cx: Lowerer) -> set[Key]:
    """Names that may still be read, in all active frames."""
    keys = {(f.fid, n) for f in cx.frames for n in f.live}
    for f in cx.frames:  # a function that is kept is lowered without the one around it
        outer = f.parent
        while outer is not None:
            keys.update((outer.fid, n) for n in outer.scope.captured)
            outer = outer.parent
    keys.update(k for k in cx.state.env if k[1].startswith("<"))
    if cx.outlived:  # a function that was returned reads names of the one that made it
        keys |= names_of(cx, [cx.state.env[k] for k in keys if k in cx.state.env])
    return keys


def reachable(cx: Lowerer, values: Iterable[Value]) -> set[int]:
    """Storages and objects that can be reached from ``values``."""
    return _walk(cx, values)[0]


def names_of(cx: Lowerer, values: Iterable[Value]) -> set[Key]:
    """The names that functions among ``values`` look up."""
    return _walk(cx, values)[1]


def _walk(cx: Lowerer, values: Iterable[Value]) -> tuple[set[int], set[Key]]:
    """The storages and objects that can be reached from values, and the names that functions among them look up."""
    seen: set[int] = set()
    names: set[Key] = set()
    todo = list(values)
    while todo:
        value = todo.pop()
        if isinstance(value, Ref):
            seen |= roots(cx.state, value.sid)
        elif isinstance(value, Obj):
            if value.oid not in seen:
                seen.add(value.oid)
                contents = cx.state.objs[value.oid]
                todo.extend(contents.items if isinstance(contents, Fields) else ())
                if isinstance(contents, Inside):
                    todo.append(Obj(contents.owner))
        elif isinstance(value, Closure):
            found = looked_up(cx, value) - names
            names |= found
            todo.extend(cx.state.env[k] for k in found)
            todo.extend((*value.defaults, *(v for _, v in value.kw_defaults)))
        elif (parts := _PARTS.get(type(value))) is not None:
            todo.extend(parts(value))
    return seen, names


def looked_up(cx: Lowerer, function: Closure) -> set[Key]:
    """The names of the functions around it that a function looks up."""
    reads, found = reads_of(function.node), set()
    frame: Frame | None = function.frame
    while frame is not None:
        found |= {(frame.fid, n) for n in reads if (frame.fid, n) in cx.state.env}
        frame = frame.parent
    return found


def _of_generator(value: Generator) -> Iterable[Value]:
    yield from (v for _, v in value.bound)
    if value.frame.parent is not None:
        yield Closure(value.node, value.frame.parent)


_PARTS: dict[type, Callable[[Any], Iterable[Value]]] = {
    Tup: lambda v: v.items, Bound: lambda v: (v.receiver,), Derived: lambda v: (v.fun,), Maybe: lambda v: (v.value,),
    Either: lambda v: (v.then, v.orelse), Generator: _of_generator, Super: lambda v: (v.receiver,), Iter: lambda v: v.sources,
    Once: lambda v: v.sources, Partial: lambda v: (v.fun, *v.args, *(p for _, p in v.kwargs)),
}
