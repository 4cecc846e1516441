"""One function for each kind of expression. Operands stay references until the operation runs."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.build import const
from ..ir.core import Atom, Const, Slice, Var
from ..ir.structural import is_fancy, sym_of
from ..ir.types import Array, Object, Scalar
from . import subclassed
from .choices import alternatives, for_either, sure
from .context import AliasError, Lowerer
from .control import select
from .enumerations import as_number
from .generators import lower_yield, lower_yield_from
from .nests import is_table
from .objects import class_of
from .operators import operate, special_truth, unary_object
from .refused import OPERANDS, instead_of, refuse_expression
from .static_values import evaluated, is_static, is_text, python_value, set_of, text, truth_of, unroll_for
from .values import Blank, DynList, Either, Fields, Generator, Iter, Maybe, Obj, Poison, Ref, Tup, Unset, Value, definite

__all__ = ["BINARY", "UNARY", "binary", "condition", "expression", "in_place_operator", "negated", "truth", "unary"]

BINARY: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("np.add", operator.add), ast.Sub: ("np.subtract", operator.sub), ast.Mult: ("np.multiply", operator.mul),
    ast.Div: ("np.divide", operator.truediv), ast.FloorDiv: ("np.floor_divide", operator.floordiv),
    ast.Mod: ("np.remainder", operator.mod), ast.Pow: ("np.power", operator.pow), ast.MatMult: ("np.matmul", operator.matmul),
    ast.BitAnd: ("np.bitwise_and", operator.and_), ast.BitOr: ("np.bitwise_or", operator.or_),
    ast.BitXor: ("np.bitwise_xor", operator.xor), ast.LShift: ("np.left_shift", operator.lshift),
    ast.RShift: ("np.right_shift", operator.rshift),
}
UNARY: dict[type, tuple[str, Callable[[Any], Any]]] = {
    ast.USub: ("np.negative", operator.neg), ast.UAdd: ("np.positive", operator.pos),
    ast.Invert: ("np.invert", operator.invert),
}
CONVERSIONS: dict[int, Callable[[Any], Any]] = {115: str, 114: repr, 97: ascii}
FOLDABLE = (int, float, complex, bool, str, bytes, type(None), tuple)


def expression(cx: Lowerer, node: ast.expr) -> Value:
    handler = EXPRESSIONS.get(type(node))
    if handler is None:
        refuse_expression(cx, node)
    with cx.at(node):
        try:
            value = handler(cx, node)
            if type(value) in (Obj, Either):
                for one in alternatives(value):
                    check_agreed(cx, one, node)
            if type(value) is Poison and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                raise AliasError(value.reason, cx.loc(node), "give it one type on every path")
            return value
        except UnsupportedError as error:
            if error.loc is None:
                error.loc = cx.loc(node)
            raise


def check_agreed(cx: Lowerer, value: Value, node: ast.expr) -> None:
    """Refuse a list or dict whose structure two branches left in two ways."""
    contents = cx.state.objs.get(value.oid) if isinstance(value, Obj) else None
    if isinstance(contents, Fields) and contents.keys == ("<poison>",):
        reason = contents.items[0].reason
        name = node.id if isinstance(node, ast.Name) else "this"
        raise AliasError(reason.replace("a list", name, 1), cx.loc(node),
                         "let both branches leave the same keys, or the same number of items")


def lower_constant(cx: Lowerer, node: ast.Constant) -> Value:
    return const(node.value)


def lower_name(cx: Lowerer, node: ast.Name) -> Value:
    value = cx.lookup(node.id, node)
    return sure(cx, value, node) if isinstance(value, Unset) else value


# -- operators ---------------------------------------------------------------------------------------------------------


def lower_binop(cx: Lowerer, node: ast.BinOp) -> Value:
    return binary(cx, node.op, sure(cx, expression(cx, node.left), node), sure(cx, expression(cx, node.right), node), node)


def binary(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value:
    name, python = BINARY[type(op)]
    if isinstance(a, Const) and isinstance(b, Const) and isinstance(a.value, FOLDABLE) and isinstance(b.value, FOLDABLE):
        try:
            return const(python(a.value, b.value))
        except (ArithmeticError, TypeError, ValueError) as error:
            if cx.tries:
                cx.fails(type(error), str(error), node, args=tuple(map(const, error.args)))
            # else the generated code raises there what Python raises here
    if isinstance(a, Either) or isinstance(b, Either):
        return for_either(cx, a, lambda x: for_either(cx, b, lambda y: binary(cx, op, x, y, node)))
    if is_text(a) or (is_text(b) and not isinstance(a, (Tup, Obj))):
        return text_operator(cx, op, a, b, node)
    if (result := operate(cx, op, a, b, node)) is not None:
        return result
    if isinstance(a, (Tup, Obj)) or isinstance(b, (Tup, Obj)):
        from .containers import sequence_operator

        found = sequence_operator(cx, op, a, b, node)
        if found is not None:
            return found
        a, b = as_array(cx, a, node), as_array(cx, b, node)
    return arithmetic(cx, name, a, b, node)


def text_operator(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value:
    """``+``, ``%`` and ``*`` of strings: now if everything is known."""
    if is_static(cx, a) and is_static(cx, b):
        return evaluated(cx, BINARY[type(op)][1], (a, b), {}, node)
    if isinstance(op, ast.Add) and is_text(a) is not is_text(b):
        cx.refuse(f"a {cx.describe(b if is_text(a) else a)} added to a text", node, "str(x) or an f-string makes a text of it")
    names = {ast.Add: "__add__", ast.Mod: "__mod__"}
    if type(op) not in names or (isinstance(op, ast.Add) and not is_text(b)):
        cx.refuse("this operation on strings that only the run knows", node)
    return text(cx, a, names[type(op)], (b,), {})


def as_array(cx: Lowerer, value: Value, node: ast.AST | None) -> Value:
    """A sequence of numbers as NumPy would see it in an operation with an array."""
    if isinstance(value, (Tup, Obj)):
        return cx.emit("np.array", *cx.bind("np.array", (subclassed.plain(cx, value),), {}, node))
    return value


def arithmetic(cx: Lowerer, name: str, a: Value, b: Value, node: ast.AST | None) -> Value:
    """An operation of two numbers or arrays; integers keep their symbolic value."""
    x, y = numeric(cx, a, node), numeric(cx, b, node)
    sym = symbolic(name, x, y)
    if isinstance(sym, int) and _py_int(x) and _py_int(y):
        return const(sym)
    result = cx.emit(name, x, y)
    if isinstance(result, Var) and sym is not None and np.dtype(result.type.dtype).kind == "i":  # type: ignore[union-attr]
        result.sym = sym
    return result


def numeric(cx: Lowerer, value: Value, node: ast.AST | None) -> Atom:
    x = cx.read(as_number(value))
    if not isinstance(x.type, (Scalar, Array)):
        if isinstance(value, Const) and value.value is None:
            cx.fails(TypeError, "None in arithmetic", node)
        cx.refuse(f"a {cx.describe(value)} in arithmetic", node, instead_of(value))
    if np.dtype(x.type.dtype).kind in OPERANDS:
        cx.refuse(f"a value of dtype {np.dtype(x.type.dtype)} in arithmetic", node, OPERANDS[np.dtype(x.type.dtype).kind])
    return x


def _py_int(x: Atom) -> bool:
    return isinstance(x.type, Scalar) and x.type.py and x.type.dtype == "int64"


def symbolic(name: str, x: Atom, y: Atom) -> dims.DimLike | None:
    """The symbolic value of an integer operation, if shape arithmetic can express it."""
    a, b = sym_of(x), sym_of(y)
    if a is None or b is None or isinstance(x.type, Array) or isinstance(y.type, Array):
        return None
    if name == "np.add":
        return dims.add(a, b)
    if name == "np.subtract":
        return dims.sub(a, b)
    if name == "np.multiply":
        return dims.mul(a, b)
    if name == "np.floor_divide" and isinstance(b, int) and b > 0:
        return dims.floordiv(a, b)
    return None


def in_place_operator(cx: Lowerer, op: ast.operator, ref: Ref, value: Value, node: ast.AST) -> None:
    """``ref op= value`` on an array or on elements of one."""
    name, _ = BINARY[type(op)]
    value = as_array(cx, value, node)
    base = cx.state.store[ref.sid].type
    v = numeric(cx, value, node)
    assert isinstance(base, Array)
    if isinstance(v.type, (Scalar, Array)) and not np.can_cast(np.dtype(v.type.dtype), np.dtype(base.dtype), "same_kind"):
        cx.refuse(f"an in-place operation that casts {v.type} to {base.dtype}", node, "use an array of floats")
    if name in ("np.add", "np.subtract") and not is_fancy(ref.path):
        return cx.write(ref, v, "addview" if name == "np.add" else "subview", node)
    old = cx.wrap_atom(cx.var("view", cx.state.store[ref.sid], ref.path)) if is_fancy(ref.path) else ref
    return cx.write(ref, arithmetic(cx, name, old, value, node), "setview", node)


LITERAL_NAMES = ("", "np.inf", "numpy.inf", "math.inf")  # constants that are folded like literals


def lower_unary(cx: Lowerer, node: ast.UnaryOp) -> Value:
    value = expression(cx, node.operand)
    return negated(cx, truth(cx, value, node)) if isinstance(node.op, ast.Not) else unary(cx, node.op, definite(value), node)


def negated(cx: Lowerer, value: Value) -> Value:
    if isinstance(value, Const):
        return const(not value.value)
    made = cx.var("not", cx.read(value))
    cx.negations[made] = cx.read(value)
    return made


def unary(cx: Lowerer, op: ast.unaryop, value: Value, node: ast.AST) -> Value:
    """``-``, ``+`` or ``~``."""
    name, python = UNARY[type(op)]
    if isinstance(value, Const) and isinstance(value.value, (int, float, complex)) and value.name in LITERAL_NAMES:
        if isinstance(op, ast.Invert) and not isinstance(value.value, int):
            cx.refuse(f"~ of a {cx.describe(value)}", node)
        return const(python(value.value))
    if (result := unary_object(cx, op, value, node)) is not None:
        return result
    x = numeric(cx, value, node)
    result = cx.emit(name, x)
    if isinstance(result, Var) and (s := sym_of(x)) is not None and name == "np.negative":
        result.sym = dims.scale(s, -1)
    return result


def lower_compare(cx: Lowerer, node: ast.Compare) -> Value:
    return compare_chain(cx, expression(cx, node.left), node.ops, node.comparators, node)


def compare_chain(cx: Lowerer, left: Value, ops: list[ast.cmpop], rest: list[ast.expr], node: ast.Compare) -> Value:
    from .comparisons import compare

    right = expression(cx, rest[0])
    first = compare(cx, ops[0], left, right, node)
    if len(ops) == 1:
        return first
    return select(cx, truth(cx, first, node), lambda: compare_chain(cx, right, ops[1:], rest[1:], node), lambda: first, "and")


def condition(cx: Lowerer, node: ast.expr) -> Atom:
    """An expression as a condition: of ``a and b`` only the truth of either is wanted."""
    if isinstance(node, ast.BoolOp):
        return all_conditions(cx, node, node.values)
    return truth(cx, expression(cx, node), node)


def all_conditions(cx: Lowerer, node: ast.BoolOp, values: list[ast.expr]) -> Atom:
    first = condition(cx, values[0])
    if len(values) == 1:
        return first
    if isinstance(node.op, ast.And):
        return truth(cx, select(cx, first, lambda: all_conditions(cx, node, values[1:]), lambda: first, "and"), node)
    return truth(cx, select(cx, first, lambda: first, lambda: all_conditions(cx, node, values[1:]), "or"), node)


def truth(cx: Lowerer, value: Value, node: ast.AST | None) -> Atom:
    """The truth value of ``value``: a Const where it is known."""
    if isinstance(value, Poison):
        definite(value)
    if isinstance(value, Const) and class_of(cx, value) is None:
        return const(truth_of(cx, value))
    if isinstance(value, Var):
        return value
    if isinstance(value, Either):
        return truth(cx, for_either(cx, value, lambda chosen: truth(cx, chosen, node)), node)
    if isinstance(value, Maybe):
        return cx.read(select(cx, value.none, lambda: const(False), lambda: truth(cx, value.value, node), "and"))
    if class_of(cx, value) is not None and (result := special_truth(cx, value, node or ast.Pass())) is not None:
        return truth(cx, result, node)
    if isinstance(value, Tup):
        return const(bool(value.items))
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        if isinstance(contents, Fields) and isinstance(contents.cls, type):
            return const(True)
        if isinstance(contents, Fields) and is_table(contents):
            return truth(cx, contents.items[0], node)
        if isinstance(contents, Fields):
            return const(bool(contents.items))
        return cx.var("np.greater", cx.var("len", contents.lists[0]), const(0))
    if isinstance(value, Iter):
        return cx.read(arithmetic(cx, "np.greater", value.count, const(0), node))
    if isinstance(value, Ref):
        t = cx.type_of(value)
        if isinstance(t, Array) and len(t.shape) == 0:
            return cx.var("as_scalar", cx.read(value), Const(Scalar(t.dtype), Object("type")))
        cx.refuse("the truth value of an array", node, "use np.any or np.all")
    return const(True)


def lower_boolop(cx: Lowerer, node: ast.BoolOp) -> Value:
    return bool_chain(cx, node, node.values)


def bool_chain(cx: Lowerer, node: ast.BoolOp, values: list[ast.expr]) -> Value:
    first = expression(cx, values[0])
    if len(values) == 1:
        return first
    cond = truth(cx, first, node)
    if isinstance(node.op, ast.And):
        return select(cx, cond, lambda: bool_chain(cx, node, values[1:]), lambda: first, "and")
    return select(cx, cond, lambda: first, lambda: bool_chain(cx, node, values[1:]), "or")


def lower_ifexp(cx: Lowerer, node: ast.IfExp) -> Value:
    return select(cx, condition(cx, node.test), lambda: expression(cx, node.body), lambda: expression(cx, node.orelse), "ifexp")


# -- containers and strings ---------------------------------------------------------------------------------------------


def elements(cx: Lowerer, nodes: list[ast.expr]) -> tuple[Value, ...]:
    from .iteration import items_of

    found: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            found.extend(items_of(cx, expression(cx, node.value), node))
        else:
            found.append(expression(cx, node))
    return tuple(found)


def lower_tuple(cx: Lowerer, node: ast.Tuple) -> Value:
    return Tup(elements(cx, node.elts))


def lower_list(cx: Lowerer, node: ast.List) -> Value:
    from .containers import append, list_method
    from .iteration import items_of

    if not any(isinstance(v, ast.Starred) for v in node.elts):
        return cx.new_list(elements(cx, node.elts))
    out = cx.new_list(())
    key = (cx.frames[-1].fid, f"<list {next(cx.ids)}>")
    cx.state.env[key] = out
    for part in node.elts:
        value = expression(cx, part.value if isinstance(part, ast.Starred) else part)
        value = subclassed.plain(cx, value) if isinstance(part, ast.Starred) else value
        if not isinstance(part, ast.Starred):
            append(cx, out, [value], node)
        elif isinstance(value, Generator) or (isinstance(value, Obj) and isinstance(cx.contents(value.oid), DynList)):
            list_method(cx, out, "extend", [value], part)
        else:
            list_method(cx, out, "extend", [Tup(items_of(cx, value, part))], part)
    del cx.state.env[key]
    return out


def lower_set(cx: Lowerer, node: ast.Set) -> Value:
    from .dicts import new_set

    keys = tuple(static_key(cx, v, node) for v in elements(cx, node.elts))
    return new_set(cx, lambda: set_of(keys))


def lower_dict(cx: Lowerer, node: ast.Dict) -> Value:
    from .dicts import gathered

    parts: list[Any] = []
    for key, value in zip(node.keys, node.values, strict=True):
        k = None if key is None else expression(cx, key)
        v = expression(cx, value)
        if k is None:
            v = subclassed.plain(cx, v)
            contents = cx.contents(v.oid) if isinstance(v, Obj) else None
            if not isinstance(contents, Fields) or contents.keys is None or isinstance(contents.cls, type):
                cx.refuse("** of something that is not a dict", value)
            # as it is now: what stands behind it may change it
            now = dict(zip(contents.keys, contents.items, strict=True))
            parts.append(gathered(cx, (v,), None, node) if is_table(contents) else now)
            continue
        parts.append({static_key(cx, k, key): v})
    return gathered(cx, parts, None, node)


def static_key(cx: Lowerer, value: Value, node: ast.AST | None) -> Any:
    if isinstance(value, (Const, Tup)) and is_static(cx, value):
        key = python_value(cx, value, node)
        try:
            hash(key)
        except TypeError as error:
            cx.refuse(str(error), node)
        return key
    if isinstance(value, Tup):
        return tuple(static_key(cx, i, node) for i in value.items)
    if isinstance(value, Var):
        for sym in value.sym if isinstance(value.sym, tuple) else (value.sym,):
            if isinstance(sym, dims.Dim):
                cx.need_unroll(sym)
        if isinstance(value.sym, dims.Dim):
            return cx.static_int(value, node, "a dict key")
        unroll_for(cx, value)
    return cx.refuse("a key of a dict, or an element of a set, that is known only at run time", node,
                     "use keys that do not depend on data, or an array or a list indexed by an integer")


def lower_fstring(cx: Lowerer, node: ast.JoinedStr) -> Value:
    parts: list[Any] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(const(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        spec = expression(cx, part.format_spec) if part.format_spec is not None else const("")
        if not isinstance(spec, Const):
            cx.refuse("a computed format", part)
        value = expression(cx, part.value)
        known = isinstance(value, (Tup, Obj)) and is_static(cx, value)
        shown = const(python_value(cx, value, part)) if known else cx.printable(value)
        if isinstance(shown, Const) and not shown.name and isinstance(value, (Const, Tup, Obj)):
            converted = CONVERSIONS.get(part.conversion, lambda v: v)(shown.value)
            parts.append(const(format(converted, spec.value)))
        else:
            parts.append((shown, const(part.conversion), spec))
    if all(isinstance(p, Const) for p in parts):
        return const("".join(p.value for p in parts))
    text = cx.var("fstring", tuple(parts))
    text.sym = tuple(s for p in parts if isinstance(p, tuple) and isinstance(s := sym_of(p[0]), dims.Dim))
    return text


def lower_lambda(cx: Lowerer, node: ast.Lambda) -> Value:
    from .statements import closure

    return closure(cx, node)


def lower_named(cx: Lowerer, node: ast.NamedExpr) -> Value:
    from .statements import bind_name

    value = expression(cx, node.value)
    bind_name(cx, node.target.id, value)
    return value


def lower_slice(cx: Lowerer, node: ast.Slice) -> Any:
    parts = [None if p is None else _bound(cx, expression(cx, p), p) for p in (node.lower, node.upper, node.step)]
    return Slice(*parts)


def _bound(cx: Lowerer, value: Value, node: ast.expr) -> Atom | None:
    if isinstance(value, Const) and value.value is None:
        return None
    x = cx.read(value)
    if not isinstance(x.type, Scalar) or np.dtype(x.type.dtype).kind not in "iu":
        cx.refuse(f"a slice bound that is a {cx.describe(value)}", node, "slice bounds are integers")
    return x


def lower_call(cx: Lowerer, node: ast.Call) -> Value:
    from .calls import call

    return call(cx, node)


def lower_attribute(cx: Lowerer, node: ast.Attribute) -> Value:
    from .attributes import attribute
    from .blanks import blank_attribute

    base = expression(cx, node.value)
    if isinstance(base, Blank) and (found := blank_attribute(base, node.attr)) is not None:
        return found
    return attribute(cx, sure(cx, base, node), node.attr, node)


def lower_subscript(cx: Lowerer, node: ast.Subscript) -> Value:
    from .subscripts import read_item

    return read_item(cx, sure(cx, expression(cx, node.value), node), definite(expression(cx, node.slice)), node)


def lower_comprehension(cx: Lowerer, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> Value:
    from .comprehensions import comprehension

    return comprehension(cx, node)


EXPRESSIONS: dict[type, Callable[[Lowerer, Any], Any]] = {
    ast.Constant: lower_constant, ast.Name: lower_name, ast.BinOp: lower_binop, ast.UnaryOp: lower_unary,
    ast.Compare: lower_compare, ast.BoolOp: lower_boolop, ast.IfExp: lower_ifexp, ast.Tuple: lower_tuple,
    ast.List: lower_list, ast.Set: lower_set, ast.Dict: lower_dict, ast.JoinedStr: lower_fstring, ast.Lambda: lower_lambda,
    ast.NamedExpr: lower_named, ast.Slice: lower_slice, ast.Call: lower_call, ast.Attribute: lower_attribute,
    ast.Subscript: lower_subscript, ast.ListComp: lower_comprehension, ast.GeneratorExp: lower_comprehension,
    ast.DictComp: lower_comprehension, ast.SetComp: lower_comprehension, ast.Yield: lower_yield,
    ast.YieldFrom: lower_yield_from,
}
