"""An interpreter for the IR: the oracle for passes. It is slow, copies at every write, and shares no code with the compiler.

A joint function whose stash is not planned yet can be evaluated too: each run of a loop or branch of the forward half is
remembered, and a mirror in the backward half looks up primal variables in the run that it undoes.
"""

from __future__ import annotations

import builtins
import copy
import math
import operator
import sys
from typing import Any

import numpy as np

from srcdiff import runtime
from srcdiff.ir.core import Block, Const, Diagonal, Function, If, Index, Loop, Module, Op, Path, Reshape, Slice, Transpose, Var
from srcdiff.ir.ops import OPS

__all__ = ["evaluate"]


def evaluate(module: Module, *args: Any) -> tuple[Any, ...]:
    """The flat results of ``module.main`` for flat ``args``."""
    return _Run(module).call(module.main, [copy.deepcopy(a) for a in args])


class _Frame:
    """The variables of one run of a block, and the runs of the loops and branches inside it."""

    def __init__(self, parent: _Frame | None = None, primal: _Frame | None = None) -> None:
        self.parent = parent
        self.primal = primal
        self.values: dict[Var, Any] = {}
        self.runs: dict[int, list[_Frame]] = {}

    def __getitem__(self, var: Var) -> Any:
        frame: _Frame | None = self
        while frame is not None:
            if var in frame.values:
                return frame.values[var]
            frame = frame.parent
        if self.primal is not None and self.primal is not self:
            return self.primal[var]
        raise NameError(f"{var!r} has no value")


class _Run:
    def __init__(self, module: Module) -> None:
        self.module = module

    def call(self, fn: Function, args: list[Any]) -> tuple[Any, ...]:
        frame = _Frame()
        frame.values.update(zip(fn.params, args, strict=True))
        return self.block(fn.body, frame)

    def kept(self, name: str, args: list[Any]) -> tuple[Any, ...]:
        """A kept function, or a half of one that is still in joint form: the stash is then the whole forward frame."""
        if name in self.module.functions:
            return self.call(self.module.functions[name], args)
        joint = next(f for f in self.module.functions.values() if f.halves is not None and name in (f.halves.fwd, f.halves.bwd))
        halves, stmts = joint.halves, joint.body.stmts
        assert halves is not None
        at = next(k for k, s in enumerate(stmts) if isinstance(s, Op) and s.name == "split")
        if name == halves.fwd:
            frame = _Frame()
            frame.values.update(zip(joint.params[:halves.params], args, strict=True))
            results = self.block(Block(stmts[:at], joint.body.results[:halves.results]), frame)
            return (*results, frame)
        stash, *bars = args
        frame = _Frame(primal=stash)
        frame.values.update(zip(joint.params[halves.params:], bars, strict=True))
        return self.block(Block(stmts[at + 1:], joint.body.results[halves.results:]), frame)

    def block(self, block: Block, frame: _Frame) -> tuple[Any, ...]:
        for stmt in block.stmts:
            if isinstance(stmt, Op) and stmt.name == "split":
                frame.primal = frame
            elif isinstance(stmt, Op):
                self.op(stmt, frame)
            elif isinstance(stmt, If):
                self.branch(stmt, frame)
            else:
                self.loop(stmt, frame)
        return tuple(self.arg(r, frame) for r in block.results)

    # -- structures ----------------------------------------------------------------------------------------------------

    def enter(self, stmt: If | Loop, frame: _Frame, trip: int | None = None) -> _Frame:
        """A frame for one run of a block of ``stmt``; ``trip``: for a mirror, how many later trips there were."""
        inner = _Frame(frame)
        mirrored = None if frame.primal is None else frame.primal.runs.get(stmt.twin)
        if mirrored:
            inner.primal = mirrored[-1 if trip is None else -1 - trip]
        elif frame.primal is not None:
            inner.primal = frame.primal
        if frame.primal is None:
            frame.runs.setdefault(stmt.twin, []).append(inner)
        return inner

    def branch(self, stmt: If, frame: _Frame) -> None:
        arm = stmt.then if self.arg(stmt.cond, frame) else stmt.orelse
        results = self.block(arm, self.enter(stmt, frame))
        frame.values.update(zip(stmt.outs, results, strict=True))

    def loop(self, loop: Loop, frame: _Frame) -> None:
        state = [self.arg(i, frame) for i in loop.inits]
        trips = 0
        indices = self.indices(loop, frame)
        while loop.index is None or trips < len(indices):
            if loop.cond is not None and not self.test(loop, state, frame):
                break
            inner = self.enter(loop, frame, trips)
            if loop.index is not None:
                inner.values[loop.index] = indices[trips]
            inner.values.update(zip(loop.params, state, strict=True))
            results = list(self.block(loop.body, inner))
            trips += 1
            stopped = loop.stop and results.pop(0)
            state = results
            if stopped:
                break
        frame.values.update(zip(loop.outs, state, strict=True))
        if loop.trips is not None:
            frame.values[loop.trips] = trips

    def indices(self, loop: Loop, frame: _Frame) -> list[int]:
        if loop.index is None:
            return []
        found = range(*(self.arg(a, frame) for a in (loop.lo, loop.hi, loop.step)))
        return list(reversed(found) if loop.reverse else found)

    def test(self, loop: Loop, state: list[Any], frame: _Frame) -> Any:
        inner = _Frame(frame, frame.primal)
        inner.values.update(zip(loop.params, state, strict=True))
        assert loop.cond is not None
        return self.block(loop.cond, inner)[0]

    # -- operations ----------------------------------------------------------------------------------------------------

    def op(self, op: Op, frame: _Frame) -> None:
        args = [self.arg(a, frame) for a in op.args]
        if op.name == "call":
            results = self.kept(op.callee, args)
        elif op.name in _STRUCTURAL:
            results = _STRUCTURAL[op.name](*args)
        else:
            results = _canonical(op, args)
        single = len(op.outs) == 1 and (op.name in ("tuple", "shape", "untuple", "getitem") or not isinstance(results, tuple))
        if single or not isinstance(results, tuple) or len(results) != len(op.outs):
            results = (results,)
        frame.values.update(zip(op.outs, results if op.outs else (), strict=True))

    def arg(self, arg: Any, frame: _Frame) -> Any:
        if isinstance(arg, Var):
            return frame[arg]
        if isinstance(arg, Const):
            return arg.value
        if isinstance(arg, tuple):
            return tuple(self.arg(a, frame) for a in arg)
        if isinstance(arg, Path):
            return [self.step(s, frame) for s in arg.steps]
        return arg

    def step(self, step: Any, frame: _Frame) -> Any:
        if isinstance(step, Index):
            return tuple(self.item(i, frame) for i in step.items)
        if isinstance(step, Reshape):
            return Reshape(tuple(self.arg(a, frame) for a in step.shape))
        return step

    def item(self, item: Any, frame: _Frame) -> Any:
        if isinstance(item, Slice):
            return slice(*(None if p is None else self.arg(p, frame) for p in (item.start, item.stop, item.step)))
        return self.arg(item, frame)


def _canonical(op: Op, args: list[Any]) -> Any:
    spec = OPS[op.name]
    if op.name in _OPERATORS:
        return _OPERATORS[op.name](*args)
    root, _, rest = op.name.partition(".")
    modules = {"np": np, "rt": runtime, "math": math, "scipy": sys.modules.get("scipy")}
    fn: Any = modules.get(root) if rest else getattr(builtins, root)
    for part in rest.split(".") if rest else ():
        fn = getattr(fn, part)
    named = {p: a for p, a in zip(spec.params, args, strict=True) if p in spec.defaults}
    named = {p: a for p, a in named.items() if not (type(a) is type(spec.defaults[p]) and a == spec.defaults[p])}
    if root == "math":
        return fn(*(a for a in args if a is not None))
    return fn(*(a for p, a in zip(spec.params, args, strict=True) if p not in spec.defaults), **named)


_OPERATORS = {
    "np.add": operator.add, "np.subtract": operator.sub, "np.multiply": operator.mul, "np.divide": operator.truediv,
    "np.power": operator.pow, "np.negative": operator.neg, "np.floor_divide": operator.floordiv, "np.remainder": operator.mod,
    "np.less": operator.lt, "np.greater": operator.gt, "np.less_equal": operator.le, "np.greater_equal": operator.ge,
    "np.equal": operator.eq, "np.not_equal": operator.ne, "not": operator.not_, "is": operator.is_,
    "np.matmul": operator.matmul, "math.isclose": lambda a, b, rel, abs_: math.isclose(a, b, rel_tol=rel, abs_tol=abs_),
    "np.positive": operator.pos, "np.absolute": builtins.abs,
    "np.einsum": lambda subscripts, operands, *_: np.einsum(subscripts, *operands),
    "np.arange": lambda start, stop=None, step=None, dtype=None: np.arange(*(a for a in (start, stop, step) if a is not None)),
}


# -- structural operations ---------------------------------------------------------------------------------------------


def _walk(x: Any, steps: list[Any]) -> Any:
    for step in steps:
        if isinstance(step, Transpose):
            x = np.transpose(x, step.perm)
        elif isinstance(step, Reshape):
            x = np.reshape(x, step.shape)
        elif isinstance(step, Diagonal):
            x = np.diagonal(x, step.offset, step.axis1, step.axis2)
        else:
            x = x[step]
    return x


def _places(x: Any, steps: list[Any]) -> Any:
    """Flat positions in ``x`` of the elements at a path."""
    return _walk(np.arange(np.size(x)).reshape(np.shape(x)), steps)


def _setview(x: Any, v: Any, steps: list[Any]) -> Any:
    flat = np.array(x, order="C").reshape(-1)
    places = _places(x, steps)
    flat[places] = np.broadcast_to(v, np.shape(places))
    return flat.reshape(np.shape(x))


def _addview(x: Any, v: Any, steps: list[Any], sign: int = 1) -> Any:
    flat = np.array(x, order="C").reshape(-1)
    places = _places(x, steps)
    np.add.at(flat, places, sign * np.broadcast_to(v, np.shape(places)))
    return flat.reshape(np.shape(x))


def _zeros(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(_zeros(i) for i in x)
    return np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0


def _sum(x: Any, y: Any) -> Any:
    return type(x)(map(_sum, x, y)) if isinstance(x, (list, tuple)) else x + y


def _put(items: list[Any], k: Any, v: Any) -> list[Any]:
    first, *others = k if isinstance(k, tuple) else (k,)
    made = list(items)
    made[first] = _put(made[first], tuple(others), v) if others else v
    return made


def _at(items: list[Any], k: Any) -> Any:
    for i in k if isinstance(k, tuple) else (k,):
        items = items[i]
    return items


def _as_scalar(x: Any, t: Any) -> Any:
    value = np.asarray(x).reshape(())[()]
    return value.item() if t.py else np.dtype(t.dtype).type(value)


def _cast(x: Any, dtype: str) -> Any:
    return x.astype(dtype) if isinstance(x, np.ndarray) else np.dtype(dtype).type(x)


def _raise(kind: Any, args: tuple[Any, ...]) -> Any:
    raise kind(*args)


_STRUCTURAL: dict[str, Any] = {
    "view": lambda x, p: np.copy(_walk(x, p)) if isinstance(_walk(x, p), np.ndarray) else _walk(x, p),
    "setview": _setview, "addview": _addview, "subview": lambda x, v, p: _addview(x, v, p, -1),
    "dim": lambda x, k: np.shape(x)[k], "shape": np.shape, "size": np.size,
    "unbroadcast": runtime.unbroadcast, "cast": _cast, "as_scalar": _as_scalar,
    "list": list, "append": lambda items, v: [*items, v], "pop": lambda items: (items[-1], items[:-1]),
    "getitem": _at, "setitem": _put, "additem": lambda items, k, v: _put(items, k, _sum(_at(items, k), v)),
    "append_in": lambda items, k, v: _put(items, k, [*_at(items, k), v]),
    "pop_in": lambda items, k: (_at(items, k)[-1], _put(items, k, _at(items, k)[:-1])), "blanks": lambda n: [None] * n,
    "find": lambda lists, wanted: runtime.find(*((a[0] if len(a) == 1 else a) for a in (lists, wanted))),
    "len": len, "zeros_list": _zeros, "copylist": list, "addlist": _sum,
    "tuple": lambda items: items, "untuple": lambda items, k: items[k],
    "smul": runtime.smul, "sdiv": runtime.sdiv, "mark": lambda x: (), "print": lambda *a: (), "assert": lambda *a: (),
    "range_length": lambda lo, hi, step: len(range(lo, hi, step)), "captured": lambda x: x, "stop_gradient": lambda x: x,
    "fstring": lambda parts: "", "text": lambda *a: "", "raise": _raise,
    "item": lambda x: x.item() if hasattr(x, "item") else x,
    # where nothing is raised, regions only say where they begin and end
    "enter": lambda *a: (), "finally": lambda: (), "leave": lambda *a: (), "needed": lambda *a: (), "record": lambda *a: (),
    "opaque": lambda fn, args: fn(*args),
    "outside": lambda base, method, args, kwargs: (getattr(base, method) if method else base)(*args, **dict(kwargs)),
}
