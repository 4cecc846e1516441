"""One operation and its rule: the adjoints of its operands, or the tangent of its result.

``z = np.multiply(x, y)`` with rule ``a="g * b", b="g * a"`` gives, for the adjoint ``z_bar``, the pairs (x, z_bar * y) and
(y, z_bar * x); for the tangents ``x_dot``, ``y_dot``, the sum x_dot * y + y_dot * x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..errors import NoRuleError
from ..frontend.formula import lower_formula
from ..ir.build import Builder, const
from ..ir.core import Arg, Atom, Block, Const, Index, Loop, Op, Path, Var, arg_vars, map_arg
from ..ir.ops import OPS, Rule
from ..ir.types import FLOAT, INT, Array, List, Object, Scalar, Tuple, Type, is_active_type, rank_of
from .fit import add, fit, is_zero, zeros

__all__ = ["adjoints", "tangent"]

Active = Callable[[Var], bool]
STRETCHING = frozenset({"np.einsum", "np.choose"})  # operations whose elements of a sequence broadcast against each other
PRODUCTS = frozenset({"np.matmul", "np.dot", "np.inner", "np.outer"})  # of vectors and matrices: nothing broadcasts
TangentOf = Callable[[Var], "Atom | None"]


# -- reverse -----------------------------------------------------------------------------------------------------------


def adjoints(b: Builder, op: Op, bars: tuple[Atom | None, ...], active: Active) -> Iterator[tuple[Var, Atom]]:
    """The active operands of ``op`` with what each adjoint grows by, given the adjoints of the results."""
    rule = _rule(op)
    env = _environment(op)
    env["g"] = _one_or_tuple(tuple(zeros(b, o) if g is None else _seed(b, g, op) for g, o in zip(bars, op.outs, strict=True)))
    for k, (param, arg) in enumerate(zip(OPS[op.name].params, op.args, strict=True)):
        if k in OPS[op.name].shape_only or not any(active(v) for v in arg_vars(arg)):
            continue
        text = _formula(rule.vjp, param, op)
        if isinstance(arg, Var) and isinstance(arg.type, List):
            whole = rule.lists.get(param)
            yield arg, lower_formula(whole, rule.where, env, b) if whole else _list_adjoint(b, text, rule, env, arg)
            continue
        for i, operand in _elements(arg):
            if isinstance(operand, Var) and active(operand):
                start = len(b.stmts)
                bar = lower_formula(text, rule.where, {**env, "i": i}, b)
                _guard(b, start, env["g"])
                yield operand, bar if _broadcasts(op, operand is arg) else _as_element(b, bar, operand)


def _broadcasts(op: Op, whole: bool) -> bool:
    """Whether an operand (``whole``, or an element of one) may have been broadcast, and its adjoint has to be summed."""
    if whole:
        return op.name not in PRODUCTS or any(rank_of(v.type) > 2 for v in arg_vars(op.args))
    return op.name in STRETCHING


def _guard(b: Builder, start: int, g: Arg) -> None:
    """Guarded products in the place of those of ``g`` and a value, from statement ``start`` on: a zero adjoint stays zero."""
    of_g = set(arg_vars(g))
    for k in range(start, len(b.stmts)):
        op = b.stmts[k]
        if not isinstance(op, Op) or of_g.isdisjoint(arg_vars(op.args)):
            continue
        if op.name == "np.multiply" and not all(isinstance(a, Const) or a in of_g for a in op.args):
            adjoint, value = op.args if op.args[0] in of_g else op.args[::-1]
            b.stmts[k] = replace(op, name="smul", args=(adjoint, value))
        of_g.update(op.outs)


def _as_element(b: Builder, bar: Atom, operand: Var) -> Atom:
    """What does not broadcast (an element of a sequence) has an adjoint of its shape, also where that is not known.

    Where the element is itself a list, so is its adjoint: of the rows of ``bar``.
    """
    t = operand.type
    if isinstance(t, List) and isinstance(bar.type, Array):
        def row(i: Var, element: Var) -> Atom:
            return fit(b, _as_element(b, b.emit("view", bar, Path((Index((i,)),))), element), element.type, element)

        return _filled(b, operand, b.emit("dim", bar, const(0)), row)
    if isinstance(bar, Var) and isinstance(bar.type, Array) and isinstance(t, Array) and len(bar.type.shape) == len(t.shape):
        bar.type = replace(bar.type, shape=t.shape)
    return bar


def _seed(b: Builder, g: Atom, op: Op) -> Atom:
    """The adjoint of a Python float is made one again where a NumPy scalar would widen a narrower operand."""
    t = op.outs[0].type
    if isinstance(t, Scalar) and t == FLOAT and isinstance(g.type, Scalar) and not g.type.py:
        narrow = [v for v in arg_vars(op.args) if isinstance(v.type, Array) and v.type.dtype in ("float32", "float16")]
        if narrow:
            return b.emit("as_scalar", g, Const(FLOAT, Object("static")))
    return g


def _elements(arg: Arg, index: tuple[int, ...] = ()) -> Iterator[tuple[Const, Atom]]:
    """The atoms in an argument, each with its place: an integer, or a tuple of integers in a nest, or ()."""
    if isinstance(arg, tuple):
        for k, item in enumerate(arg):
            yield from _elements(item, (*index, k))
    else:
        yield (const(index[0]) if len(index) == 1 else Const(index, Object("static"))), arg


def _list_adjoint(b: Builder, text: str, rule: Rule, env: dict[str, Arg], arg: Var) -> Atom:
    """The adjoint of an operand that is a list."""
    def element_bar(i: Var, element: Var) -> Atom:
        bar = lower_formula(text, rule.where, {**env, "i": i}, b)
        return fit(b, _as_element(b, bar, element) if isinstance(element.type, List) else bar, element.type, element)

    return _filled(b, arg, b.emit("len", arg), element_bar)


def _filled(b: Builder, like: Var, length: Atom, make: Callable[[Var, Var], Atom]) -> Atom:
    """A list like ``like``, filled in a loop over its elements by what ``make(i, element)`` emits."""
    assert isinstance(like.type, List)
    start = b.emit("list", (), type=like.type)
    index, param, out = Var(INT, "i"), Var(like.type), Var(like.type)
    with b.block() as stmts:
        element = b.emit("getitem", like, index)
        grown = b.emit("append", param, make(index, element), type=like.type)
    body = Block(tuple(stmts), (grown,))
    b.add(Loop((param,), (start,), body, (out,), index, const(0), length, const(1), loc=b.loc, role=b.role))
    return out


# -- forward -----------------------------------------------------------------------------------------------------------


def tangent(b: Builder, op: Op, dot: TangentOf) -> tuple[Atom | None, ...]:
    """The tangents of the results of ``op``, given those of its operands (None where there is none)."""
    rule = _rule(op)
    make = {"linear": _linear, "bilinear": _bilinear}.get(rule.kind, _by_formula)
    total = make(b, op, rule, dot)
    if len(op.outs) == 1:
        out = op.outs[0]
        return (None if total is None or is_zero(total) else fit(b, total, out.type, out),)
    if total is None:
        return (None,) * len(op.outs)
    return tuple(b.emit("untuple", total, const(k)) for k in range(len(op.outs)))


def _by_formula(b: Builder, op: Op, rule: Rule, dot: TangentOf) -> Atom | None:
    """The sum over the operands of the formula with the operand's tangent for ``g``."""
    formulas = rule.jvp if rule.kind == "general" else rule.vjp
    env = _environment(op)
    total: Atom | None = None
    for k, (param, arg) in enumerate(zip(OPS[op.name].params, op.args, strict=True)):
        if k in OPS[op.name].shape_only:
            continue
        for i, operand in _elements(arg):
            if not isinstance(operand, Var) or (g := dot(operand)) is None:
                continue
            term = lower_formula(_formula(formulas, param, op), rule.where, {**env, "g": g, "i": i}, b)
            total = term if total is None else add(b, total, term, _result_type(op))
    return total


def _linear(b: Builder, op: Op, rule: Rule, dot: TangentOf) -> Atom | None:
    spec = OPS[op.name]
    differentiable = [k for k, p in enumerate(spec.params) if p in rule.vjp and k not in spec.shape_only]

    def replace(atom: Atom) -> Atom:
        if not isinstance(atom, Var):
            return atom if is_zero(atom) else const(0.0)
        found = dot(atom) if is_active_type(atom.type) else None
        return zeros(b, atom) if found is None else found

    for k, arg in enumerate(op.args):
        if k not in differentiable and k not in spec.shape_only and any(dot(v) is not None for v in arg_vars(arg)):
            _formula(rule.vjp, spec.params[k], op)
    if all(dot(v) is None for k in differentiable for v in arg_vars(op.args[k])):
        return None
    return b.emit(op.name, *(map_arg(a, replace) if k in differentiable else a for k, a in enumerate(op.args)))


def _bilinear(b: Builder, op: Op, rule: Rule, dot: TangentOf) -> Atom | None:
    total: Atom | None = None
    for k, arg in enumerate(op.args):
        if isinstance(arg, Var) and k not in OPS[op.name].shape_only and (g := dot(arg)) is not None:
            _formula(rule.vjp, OPS[op.name].params[k], op)
            term = b.emit(op.name, *op.args[:k], g, *op.args[k + 1:])
            total = term if total is None else add(b, total, term, _result_type(op))
    return total


# -- both --------------------------------------------------------------------------------------------------------------


def _rule(op: Op) -> Rule:
    rule = OPS[op.name].rule
    if rule is None and op.name == "opaque":
        name = op.args[0].value.__name__
        raise NoRuleError(f"{name} is called as it is, and cannot be differentiated again", op.loc,
                          "write it in what srcdiff differentiates, or give it a rule")
    if rule is None and op.name == "outside":
        name = op.args[1].value or getattr(op.args[0].value, "__name__", "this function")
        raise NoRuleError(f"a derivative through {name}, which is not followed", op.loc,
                          "draw from a fixed distribution and scale: mu + sigma * rng.normal()")
    if rule is None:
        raise NoRuleError(f"{op.name} has no derivative rule", op.loc,
                          "register one with srcdiff.rules, or cut the derivative with srcdiff.stop_gradient")
    return rule


def _formula(formulas: dict[str, str], param: str, op: Op) -> str:
    if param not in formulas:
        raise NoRuleError(f"{op.name} has no derivative with respect to its argument {param!r}", op.loc,
                          "cut the derivative with srcdiff.stop_gradient if none is wanted")
    return formulas[param]


def _environment(op: Op) -> dict[str, Arg]:
    env: dict[str, Arg] = dict(zip(OPS[op.name].params, op.args, strict=True))
    env["y"] = _one_or_tuple(op.outs)
    return env


def _result_type(op: Op) -> Type:
    return op.outs[0].type if len(op.outs) == 1 else Tuple(tuple(o.type for o in op.outs))


def _one_or_tuple(values: tuple[Atom, ...]) -> Arg:
    return values[0] if len(values) == 1 else values
