"""Operations as expressions: ``np.add(a, b)`` as ``a + b``, ``view(u, [1:-1])`` as ``u[1:-1]``, all others as calls."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import InternalError
from ..ir.core import UNDEF, Arg, Const, Diagonal, Index, Op, Path, Reshape, Slice, Transpose, Var
from ..ir.ops import OPS
from ..ir.types import Array, List, Scalar, Stash, Tuple, Type, rank_of
from ..rules.infer import MASKED
from ..rules.table import SIGNATURES, registered_function
from .tree import literal

__all__ = ["BINARY", "Print", "attribute", "call", "const_node", "dotted", "implied", "object_name", "op_node", "path_node",
           "range_args", "subscript"]

Print = Callable[[Arg], ast.expr]

BINARY: dict[str, type[ast.operator]] = {
    "np.add": ast.Add, "np.subtract": ast.Sub, "np.multiply": ast.Mult, "np.divide": ast.Div, "np.floor_divide": ast.FloorDiv,
    "np.remainder": ast.Mod, "np.power": ast.Pow, "np.matmul": ast.MatMult, "np.bitwise_and": ast.BitAnd,
    "np.bitwise_or": ast.BitOr, "np.bitwise_xor": ast.BitXor, "np.left_shift": ast.LShift, "np.right_shift": ast.RShift}
COMPARE: dict[str, type[ast.cmpop]] = {
    "np.less": ast.Lt, "np.less_equal": ast.LtE, "np.greater": ast.Gt, "np.greater_equal": ast.GtE, "np.equal": ast.Eq,
    "np.not_equal": ast.NotEq, "is": ast.Is, "is_not": ast.IsNot, "in": ast.In}
UNARY: dict[str, type[ast.unaryop]] = {
    "np.negative": ast.USub, "np.positive": ast.UAdd, "not": ast.Not, "np.invert": ast.Invert}
SCALAR_CALLS = {"np.absolute": "abs"}
SHORT = {"np.absolute": "np.abs", "smul": "rt.smul", "sdiv": "rt.sdiv", "unbroadcast": "rt.unbroadcast",
         "addlist": "rt.add_lists", "zeros_list": "rt.zeros_list"}


def dotted(path: str) -> ast.expr:
    """``np.linalg.solve`` as an expression."""
    head, *rest = path.split(".")
    node: ast.expr = ast.Name(head, ast.Load())
    for attr in rest:
        node = ast.Attribute(node, attr, ast.Load())
    return node


def attribute(base: ast.expr, name: str) -> ast.expr:
    return ast.Attribute(base, name, ast.Load())


def call(fn: str | ast.expr, *args: ast.expr, **kwargs: ast.expr) -> ast.Call:
    return ast.Call(dotted(fn) if isinstance(fn, str) else fn, list(args), [ast.keyword(k, v) for k, v in kwargs.items()])


def subscript(base: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(base, index, ast.Load())


def const_node(c: Const) -> ast.expr:
    """A literal, or the name of an object."""
    v = c.value
    if v is None or v is Ellipsis or type(v) in _PLAIN:
        return literal(v)
    if v is UNDEF:
        return ast.Constant(None)
    if isinstance(v, np.generic):
        return ast.Call(dtype_node(np.dtype(type(v)).name), [literal(v.item())], [])
    if isinstance(v, (np.dtype, type)) and (known := _known_type(v)) is not None:
        return known
    if isinstance(v, list) and c.name:  # an object of the user's
        return dotted(c.name)
    if isinstance(v, (tuple, list)):
        items = [const_node(Const(i, c.type)) for i in v]
        return ast.Tuple(items, ast.Load()) if isinstance(v, tuple) else ast.List(items, ast.Load())
    if isinstance(v, (set, frozenset)):
        items = [const_node(Const(i, c.type)) for i in v]
        node = ast.Set(items) if items else call("set")
        return node if isinstance(v, set) else call("frozenset", node)
    if isinstance(v, slice):  # a slice object is legal outside of x[...] only this way
        parts = [None if p is None else const_node(Const(p, c.type)) for p in (v.start, v.stop, v.step)]
        return subscript(dotted("np.s_"), ast.Slice(*parts))
    if c.name:
        return dotted(c.name)
    raise InternalError(f"no text for the constant {v!r} of type {type(v).__name__}")


_PLAIN = {bool, int, float, complex, str, bytes}


def _known_type(v: np.dtype | type) -> ast.expr | None:
    """The name of a dtype, or of a type of NumPy's or Python's."""
    if isinstance(v, np.dtype):
        return dtype_node(v.name)
    for module, prefix in ((np, "np."), (builtins, "")):
        if getattr(module, v.__name__, None) is v:
            return dotted(prefix + v.__name__)
    return None


def dtype_node(name: str) -> ast.expr:
    return dotted("np.bool_" if name == "bool" else f"np.{name}")


# -- paths ---------------------------------------------------------------------------------------------------------------


def path_node(base: ast.expr, path: Path, rank: int, show: Print, *, write: bool = False) -> ast.expr:
    """``base`` seen through ``path``; as the target of a write if ``write``."""
    node = base
    for step in path.steps:
        node = _step_node(node, step, rank, show, write)
        rank = _rank_after(step, rank)
    return node


def _rank_after(step: object, rank: int) -> int:
    if isinstance(step, Index):
        return -1  # not needed: only an Index with integers may come before other steps, and those do not ask
    if isinstance(step, Transpose):
        return len(step.perm)
    return len(step.shape) if isinstance(step, Reshape) else rank - 1


def _step_node(node: ast.expr, step: object, rank: int, show: Print, write: bool) -> ast.expr:
    if isinstance(step, Index):
        return subscript(node, _index_node(step.items, show))
    if isinstance(step, Transpose):
        if step.perm == tuple(range(len(step.perm))):
            return node
        if step.perm == tuple(reversed(range(len(step.perm)))):
            return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else attribute(node, "T")
        return call(attribute(node, "transpose"), *map(literal, step.perm))
    if isinstance(step, Reshape):
        return call(attribute(node, "reshape"), *_reshape_args(step, show))
    assert isinstance(step, Diagonal)
    args = [literal(v) for v in (step.offset, step.axis1, step.axis2)]
    while args and not write and ast.dump(args[-1]) == ast.dump(ast.Constant((0, 0, 1)[len(args) - 1])):
        args.pop()
    if write:
        return call("rt.diagonal", node, *args)
    return call(attribute(node, "diagonal"), *args)


def implied(step: Reshape) -> Var | None:
    """The dimension for which a reshape says -1: the only one that is no literal."""
    computed = [a for a in step.shape if isinstance(a, Var)]
    literal_zero = any(isinstance(a, Const) and a.value == 0 for a in step.shape)
    return computed[0] if len(computed) == 1 and not literal_zero else None


def _reshape_args(step: Reshape, show: Print) -> list[ast.expr]:
    """The new shape, with -1 where one dimension follows from the others."""
    if not step.shape:
        return [ast.Tuple([], ast.Load())]
    if len(step.shape) == 1 and not (isinstance(step.shape[0], Const) and step.shape[0].value == 0):
        return [literal(-1)]
    unsaid = implied(step)
    return [literal(-1) if a is unsaid else show(a) for a in step.shape]


def _index_node(items: tuple[Any, ...], show: Print) -> ast.expr:
    nodes = [_item_node(i, show) for i in items]
    return nodes[0] if len(nodes) == 1 else ast.Tuple(nodes, ast.Load())


def _item_node(item: Any, show: Print) -> ast.expr:
    if isinstance(item, Slice):
        parts = (item.start, item.stop, item.step)
        return ast.Slice(*(None if p is None or (isinstance(p, Const) and p.value is None) else show(p) for p in parts))
    return ast.Constant(item) if item is None or item is Ellipsis else show(item)


# -- operations ------------------------------------------------------------------------------------------------------------


def object_name(name: str) -> str:
    """How generated code calls the function of an operation that a user registered."""
    return "".join(c if c.isalnum() else "_" for c in name.rpartition(".")[2])


def op_node(op: Op, show: Print) -> ast.expr:
    """The expression of an operation; ``show`` gives the expressions of its arguments, and is called from left to right."""
    special = _SPECIAL.get(op.name)
    if special is not None:
        return special(op, show)
    if op.name in BINARY and _as_operator(op):
        left, right = (show(a) for a in op.args[:2])
        return ast.BinOp(left, BINARY[op.name](), right)
    if op.name in COMPARE and _as_operator(op):
        left, right = (show(a) for a in op.args[:2])
        return ast.Compare(left, [COMPARE[op.name]()], [right])
    if op.name in UNARY and _as_operator(op):
        return ast.UnaryOp(UNARY[op.name](), show(op.args[0]))
    return _call_node(op, show)


def _as_operator(op: Op) -> bool:
    """Operators on Python scalars are Python's: NumPy's result needs NumPy's function (or an operand of NumPy's)."""
    out = op.outs[0].type
    operands = [a.type for a in op.args[:2] if isinstance(a, (Var, Const))]
    if not (isinstance(out, Scalar) and all(isinstance(t, Scalar) and t.py for t in operands)):
        return True
    return out.py


# Functions whose defaults are not those of every supported NumPy: the axis is required before 2.3.
SPELT_OUT = frozenset({"np.take_along_axis"})


def _call_node(op: Op, show: Print) -> ast.expr:
    out = op.outs[0].type if op.outs else None
    name = SHORT.get(op.name, op.name.removesuffix(MASKED)) if registered_function(op.name) is None else object_name(op.name)
    if op.name in SCALAR_CALLS and isinstance(out, Scalar) and (out.py or _real_scalar(op.args[0])):
        name = SCALAR_CALLS[op.name]
    spec = OPS[op.name]
    signature = SIGNATURES.get(op.name)
    star = signature.star if signature else ""
    unnamed = spec.params[:signature.positional] if signature else spec.params
    positional: list[ast.expr] = []
    keywords: dict[str, ast.expr] = {}
    by_name = False
    for param, arg in zip(spec.params, op.args, strict=True):
        if param == star and isinstance(arg, tuple):
            positional += [show(a) for a in arg]
            continue
        if param in spec.defaults and op.name not in SPELT_OUT:
            if isinstance(arg, Const) and _is_default(arg.value, spec.defaults[param]):
                by_name = True
                continue
            if param not in unnamed or (not op.name.startswith("math.") and (by_name or not isinstance(arg, Var))):
                by_name = True
                keywords[param] = show(arg)
                continue
        positional.append(show(arg))
    return call(name, *positional, **keywords)


def _real_scalar(a: Arg) -> bool:
    """A NumPy scalar of which ``abs`` and ``np.abs`` are the same bit by bit."""
    return isinstance(a, Var) and isinstance(a.type, Scalar) and not a.type.py and np.dtype(a.type.dtype).kind != "c"


def _is_default(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


def _item(op: Op, show: Print) -> ast.expr:
    """``x.item()``: of a Python number, as a tangent may be one, the number itself."""
    t = op.args[0].type
    return show(op.args[0]) if isinstance(t, Scalar) and t.py else call(attribute(show(op.args[0]), "item"))


def _copy(op: Op, show: Print) -> ast.expr:
    """``x.copy()``, in the memory order that the type promises; in that of x where it promises none."""
    x = op.args[0]
    base = show(x)
    if isinstance(x.type, (Stash, Tuple)):
        return call("rt.copy_nest", base)
    if isinstance(x.type, Scalar) or (isinstance(x.type, Array) and x.type.weak):  # a number, or perhaps one, has no method
        return call("np.copy", base)
    layout = x.type.layout if isinstance(x.type, Array) and rank_of(x.type) > 1 else "C"
    if isinstance(layout, tuple) and layout[0] == "arg":
        layout = layout[-1]
    if getattr(op.outs[0].type, "layout", "") == "C":
        layout = "C"
    if layout == "C" or (layout == "A" and isinstance(base, (ast.Subscript, ast.Attribute))):
        return call(attribute(base, "copy"))
    return call(attribute(base, "copy"), order=literal("F" if layout == "F" else "K"))


def _cast(op: Op, show: Print) -> ast.expr:
    x, target = op.args[0], op.outs[0].type
    if x.type == target:
        return show(x)
    if isinstance(x.type, Array):
        return call(attribute(show(x), "astype"), dtype_node(op.args[1].value))
    assert isinstance(target, Scalar)
    return _to_scalar(show(x), target)


def _to_scalar(node: ast.expr, target: Scalar) -> ast.expr:
    if target.py:
        return call({"f": "float", "i": "int", "u": "int", "b": "bool", "c": "complex"}[np.dtype(target.dtype).kind], node)
    return ast.Call(dtype_node(target.dtype), [node], [])


def range_args(args: tuple[Arg, ...], show: Print) -> list[ast.expr]:
    """The arguments of ``range``: those that are not the default."""
    lo, hi, step = args
    if isinstance(step, Const) and step.value == 1:
        return [show(hi)] if isinstance(lo, Const) and lo.value == 0 else [show(lo), show(hi)]
    return [show(lo), show(hi), show(step)]


def _tuple(items: Arg, show: Print) -> list[ast.expr]:
    return [show(i) for i in items]


def _view(op: Op, show: Print) -> ast.expr:
    base = show(op.args[0])
    return path_node(base, op.args[1], rank_of(op.args[0].type), show)


def _is_nest(t: Type) -> bool:
    return isinstance(t, List) and isinstance(t.elem, List)


def item_node(base: ast.expr, index: Arg, show: Print) -> ast.Subscript:
    """``base[i]``, or ``base[i][j]`` for an item of an item."""
    first, *others = index if isinstance(index, tuple) else (index,)
    item = ast.Subscript(base, show(first), ast.Load())
    for i in others:
        item = ast.Subscript(item, show(i), ast.Load())
    return item


def _zeros_list(op: Op, show: Print) -> ast.expr:
    t = op.outs[0].type
    elem = t.elem if isinstance(t, List) else None
    if isinstance(elem, Scalar) and elem.py:
        zero = literal(0j if np.dtype(elem.dtype).kind == "c" else 0.0)
        return ast.BinOp(ast.List([zero], ast.Load()), ast.Mult(), call("len", show(op.args[0])))
    if isinstance(t, List) and elem is None and not t.blank:
        return ast.List([], ast.Load())
    return call("rt.zeros_list", show(op.args[0]))


def _fstring(op: Op, show: Print) -> ast.expr:
    """Parts are text, or (value, conversion, format)."""
    parts: list[ast.expr] = []
    for part in op.args[0]:
        if isinstance(part, Const):
            parts.append(ast.Constant(part.value))
            continue
        value, conversion, form = part
        spec = ast.JoinedStr([ast.Constant(form.value)]) if form.value else None
        parts.append(ast.FormattedValue(show(value), conversion.value, spec))
    return ast.JoinedStr(parts)


def _opaque(op: Op, show: Print) -> ast.expr:
    fn, args = op.args[0], op.args[1] if len(op.args) > 1 else ()
    kwargs = op.args[2] if len(op.args) > 2 else ()
    head = show(fn)
    return ast.Call(head, [show(a) for a in args], keywords(kwargs, show))


def _method_call(op: Op, show: Print) -> ast.expr:
    """``receiver.method(*args)``, an operator for the special methods of strings, ``receiver(*args)`` for no method."""
    receiver, method, args, pairs = op.args
    if method.value in ("[]", "{}"):
        items = [show(a) for a in args]
        return ast.Dict([const_node(k) for k, _ in pairs], items) if method.value == "{}" else ast.List(items, ast.Load())
    head = show(receiver)
    if method.value in _TEXT_OPERATORS:
        return ast.BinOp(head, _TEXT_OPERATORS[method.value](), show(args[0]))
    return ast.Call(attribute(head, method.value) if method.value else head, [show(a) for a in args], keywords(pairs, show))


_TEXT_OPERATORS: dict[str, type[ast.operator]] = {"__mod__": ast.Mod, "__add__": ast.Add}


def keywords(pairs: Arg, show: Print) -> list[ast.keyword]:
    """Keyword arguments from ((name, value), ...), names as Consts or strings; None or () for none."""
    if isinstance(pairs, Const):
        pairs = tuple((k, Const(v, pairs.type)) for k, v in (pairs.value or {}).items())
    return [ast.keyword(k.value if isinstance(k, Const) else k, show(v)) for k, v in pairs]


_SPECIAL: dict[str, Callable[[Op, Print], ast.expr]] = {
    "view": _view,
    "np.copy": _copy,
    "cast": _cast,
    "as_scalar": lambda op, show: _to_scalar(show(op.args[0]), op.args[1].value),
    "dim": lambda op, show: subscript(attribute(show(op.args[0]), "shape"), show(op.args[1])),
    "size": lambda op, show: attribute(show(op.args[0]), "size"),
    "shape": lambda op, show: attribute(show(op.args[0]), "shape"),
    "list": lambda op, show: ast.List(_tuple(op.args[0], show), ast.Load()),
    "tuple": lambda op, show: ast.Tuple(_tuple(op.args[0], show), ast.Load()),
    "untuple": lambda op, show: subscript(show(op.args[0]), show(op.args[1])),
    "getitem": lambda op, show: item_node(show(op.args[0]), op.args[1], show),
    "find": lambda op, show: call("rt.find", *(show(a[0]) if len(a) == 1 else show(a) for a in op.args)),
    "blanks": lambda op, show: ast.BinOp(ast.List([literal(None)], ast.Load()), ast.Mult(), show(op.args[0])),
    "copylist": lambda op, show: call("rt.copy_nest" if _is_nest(op.outs[0].type) else "list", show(op.args[0])),
    "len": lambda op, show: call("len", show(op.args[0])),
    "zeros_list": _zeros_list,
    "captured": lambda op, show: dotted(op.args[0].name),
    "stop_gradient": lambda op, show: show(op.args[0]),
    "range_length": lambda op, show: call("len", call("range", *range_args(op.args, show))),
    "item": _item,
    "np.astype": lambda op, show: call(attribute(show(op.args[0]), "astype"), dtype_node(np.dtype(op.args[1].value).name)),
    "fstring": _fstring,
    "opaque": _opaque,
    "outside": _method_call,
    "text": _method_call,
}
