"""Small moves before memory is assigned, so that variables end before their successors begin.

*Shapes*: a shape is asked of a value that is needed anyway, so that it keeps no other alive::

    h1 = for ... (h = h0): ...              h1 = for ... (h = h0): ...
    g = np.zeros_like(h0)                   g = np.zeros_like(h1)           h1 is needed later, h0 is not

*Slices*: what is computed from a slice is computed before the slice is overwritten, so that it needs no copy::

    v = view(u_bar, [1:-1])                 v = view(u_bar, [1:-1])
    u_bar1 = setview(u_bar, 0.0, [1:-1])    t = np.multiply(v, c)
    t = np.multiply(v, c)                   u_bar1 = setview(u_bar, 0.0, [1:-1])

*Order*: what becomes the next value of a name is computed after the last use of the value before::

    x_bar1 = x_bar * a                      y_bar = x_bar * b
    y_bar = x_bar * b                       x_bar1 = x_bar * a              one variable: x_bar *= a
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace

from ..analysis.liveness import Liveness, liveness
from ..ir.core import (
    UNDEF,
    Block,
    Const,
    Function,
    If,
    Loop,
    Module,
    Op,
    Stmt,
    Var,
    all_uses_of,
    arg_vars,
    blocks_of,
    defs_of,
    uses_of,
)
from ..ir.dims import is_static
from ..ir.ops import OPS
from ..ir.structural import is_fancy
from ..ir.types import Array, Scalar, Stash, Type
from .inplace_effects import is_fresh, phi_sources, updates

__all__ = ["before_split", "run"]


def run(module: Module) -> Module:
    """See the module's docstring."""
    unsafe = _undefined_in_stash(module)

    def both(fn: Function) -> Function:
        fn = _ask_the_living(fn, unsafe)
        return replace(fn, body=_ordered(fn.body, module, (), set(arg_vars(fn.body.results))))

    return replace(module, main=both(module.main), functions={n: both(f) for n, f in module.functions.items()})


def before_split(module: Module) -> Module:
    """Let the backward half of the main function ask for shapes what it needs anyway: nothing is stashed for its shape."""
    main = module.main
    assert main.halves is not None
    gradients = main.body.results[main.halves.results:]
    asked = _ask_the_living(replace(main, body=Block(main.body.stmts, gradients)))
    at = next(k for k, s in enumerate(main.body.stmts) if isinstance(s, Op) and s.name == "split")
    stmts = main.body.stmts[:at] + asked.body.stmts[at:]  # the forward half cannot ask the seeds, which come with the other
    return replace(module, main=replace(main, body=Block(stmts, main.body.results)))


# -- shapes ------------------------------------------------------------------------------------------------------------


def _undefined_in_stash(module: Module) -> set[Var]:
    """What comes out of a stash and may be without a value, in backward halves."""
    halves = module.main.halves
    back = module.functions.get(halves.bwd) if halves is not None else None
    found: set[Var] = set()
    if back is not None and halves is not None:
        maybe = _maybe_undefined(module.main.body)
        found = {p for p, r in zip(back.params, module.main.body.results[halves.results:], strict=False) if r in maybe}
    places: dict[Type, set[int]] = {}
    for fn in module.functions.values():
        packs = [s for s in _all(fn.body) if isinstance(s, Op) and s.name == "tuple" and isinstance(s.outs[0].type, Stash)]
        maybe = _maybe_undefined(fn.body) if packs else set()
        for op in packs:
            places.setdefault(op.outs[0].type, set()).update(k for k, v in enumerate(op.args[0]) if v in maybe)
    for fn in module.functions.values():
        found |= {s.outs[0] for s in _all(fn.body) if isinstance(s, Op) and s.name == "untuple"
                  and s.args[1].value in places.get(s.args[0].type, ())}
    return found


def _ask_the_living(fn: Function, unsafe: Set[Var] = frozenset()) -> Function:
    asking = {s for s in _all(fn.body) if isinstance(s, Op) and OPS[s.name].shape_only}
    if not asking:
        return fn
    masked: dict[Stmt, Stmt] = {}
    live = liveness(replace(fn, body=_map(fn.body, lambda op: _masked(op) if op in asking else op, masked)))
    unsafe = unsafe | _maybe_undefined(fn.body)
    chosen = {op: _choose(op, live, masked[op], unsafe) for op in asking}
    return replace(fn, body=_map(fn.body, lambda op: chosen.get(op, op), {}))


def _masked(op: Op) -> Op:
    """``op`` without the arguments of which only the shape is used."""
    hidden = OPS[op.name].shape_only
    nothing = Const(None, Scalar("bool", True))
    return replace(op, args=tuple(nothing if k in hidden and isinstance(a, Var) else a for k, a in enumerate(op.args)))


def _maybe_undefined(block: Block) -> set[Var]:
    """Results of branches and loops that may be without a value."""
    found: set[Var] = set()
    phis = [(t, phi_sources(s, k)) for s in _all(block) if not isinstance(s, Op) for k, o in enumerate(s.outs)
            for t in ((o, s.params[k]) if isinstance(s, Loop) else (o,))]
    size = -1
    while len(found) > size:
        size = len(found)
        found |= {t for t, sources in phis if any(a in found if isinstance(a, Var) else a.value is UNDEF for a in sources)}
    return found


def _choose(op: Op, live: Liveness, there: Stmt, unsafe: Set[Var]) -> Op:
    args = list(op.args)
    for k in OPS[op.name].shape_only:
        x = args[k]
        if isinstance(x, Var) and isinstance(x.type, Array) and not live.is_live_after(x, there):
            args[k] = _stand_in(op, x, [v for v in live.live_after(there) if v not in unsafe])
    return replace(op, args=tuple(args))


def _stand_in(op: Op, x: Var, candidates: list[Var]) -> Var:
    """A variable of the same shape (and for arrays made like it, of the same type) that lives on anyway.

    A dimension that only the run can tell may differ from trip to trip, and what may be a scalar has no shape.
    """
    if not isinstance(x.type, Array) or not is_static(x.type.shape):
        return x
    for v in reversed(candidates):
        if v in op.outs or not isinstance(v.type, Array) or v.type.weak:
            continue
        if v.type.shape == x.type.shape and (op.name in ("dim", "size", "shape") or v.type == x.type):
            return v
    return x


# -- order ---------------------------------------------------------------------------------------------------------------


def _ordered(block: Block, module: Module, params: tuple[Var, ...], results: set[Var]) -> Block:
    """``params``: of the loop whose body this is."""
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        if isinstance(stmt, If):
            arms = [_ordered(b, module, (), set(arg_vars(b.results))) for b in (stmt.then, stmt.orelse)]
            stmt = replace(stmt, then=arms[0], orelse=arms[1])
        elif isinstance(stmt, Loop):
            stmt = replace(stmt, body=_ordered(stmt.body, module, stmt.params, set(arg_vars(stmt.body.results))))
        stmts.append(stmt)
    for op in [s for s in stmts if isinstance(s, Op) and s.name == "view" and s.role != "primal"]:
        if op.outs[0] not in results:
            _hoist_users(stmts, op, module)
    for r in block.results if params else ():
        if isinstance(r, Var) and r.hint:
            _sink_one(stmts, r, params, module)
    return Block(tuple(stmts), block.results)


def _hoist_users(stmts: list[Stmt], view: Op, module: Module) -> None:
    """Move what is computed from a slice before the update that ends its storage's version, if all of it can be moved."""
    storage, v = view.args[0], view.outs[0]
    at = stmts.index(view)
    end = next((k for k in range(at + 1, len(stmts)) if _updates(stmts[k], storage, module)), None)
    if end is None or not isinstance(v.type, Array) or is_fancy(view.args[1]):
        return
    late = [k for k in range(end + 1, len(stmts)) if v in all_uses_of(stmts[k])]
    if not late or len(late) > 2 or not all(_is_pure(stmts[k], module) for k in late):
        return
    defined = {d for s in stmts[end:] for d in defs_of(s)}
    for k in late:
        if not defined.isdisjoint(uses_of(stmts[k])):
            return
    for n, k in enumerate(late):
        stmts.insert(end + n, stmts.pop(k))


def _updates(stmt: Stmt, storage: object, module: Module) -> bool:
    return isinstance(stmt, Op) and stmt.name != "call" and any(stmt.args[at] is storage for at, _ in updates(stmt, module))


def _is_pure(stmt: Stmt, module: Module) -> bool:
    """Whether a statement computes a fresh value, and nothing else."""
    return (isinstance(stmt, Op) and len(stmt.outs) == 1 and not OPS[stmt.name].effect and not updates(stmt, module)
            and stmt.name not in ("call", "pop", "pop_in", "opaque", "list", "tuple") and is_fresh(stmt, 0, module))


def _sink_one(stmts: list[Stmt], r: Var, params: tuple[Var, ...], module: Module) -> None:
    """Move the operation that makes ``r`` behind the last use of another variable of its name, if nothing is in the way."""
    at = next((k for k, s in enumerate(stmts) if isinstance(s, Op) and s.outs == (r,)), None)
    if at is None:
        return
    op = stmts[at]
    assert isinstance(op, Op)
    if not _is_pure(op, module):
        return
    if any(isinstance(a.type, Array) for a in arg_vars(op.args)):
        return  # an array may be written in between
    rivals = {v for s in stmts[:at] for v in s.outs if v.hint == r.hint} | {p for p in params if p.hint == r.hint}
    last = max((k for k in range(at + 1, len(stmts)) if not rivals.isdisjoint(all_uses_of(stmts[k]))), default=at)
    if any(r in all_uses_of(s) for s in stmts[at + 1:last + 1]):
        return
    stmts.insert(last, stmts.pop(at))


# -- walking ---------------------------------------------------------------------------------------------------------------


def _all(block: Block) -> list[Stmt]:
    return [x for s in block.stmts for x in (s, *(y for b in blocks_of(s) for y in _all(b)))]


def _map(block: Block, change: Callable[[Op], Op], seen: dict[Stmt, Stmt]) -> Block:
    """``block`` with every operation changed; ``seen``: old statement -> new one."""
    stmts = []
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            new: Stmt = change(stmt)
        elif isinstance(stmt, If):
            new = replace(stmt, then=_map(stmt.then, change, seen), orelse=_map(stmt.orelse, change, seen))
        else:
            cond = None if stmt.cond is None else _map(stmt.cond, change, seen)
            new = replace(stmt, cond=cond, body=_map(stmt.body, change, seen))
        seen[stmt] = new
        stmts.append(new)
    return Block(tuple(stmts), block.results)
