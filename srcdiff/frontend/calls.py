"""Calls: which of the tables a callee is found in, and how its arguments are bound."""

from __future__ import annotations

import ast
import functools
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from ..composed import python_library
from ..composed.elementwise import masked
from ..custom import Custom
from ..errors import NoRuleError, SrcdiffError
from ..flatten import Unravel
from ..ir.build import const
from ..ir.core import Arg, Const, Slice, Var
from ..ir.dims import Attribute
from ..ir.ops import OPS
from ..ir.types import Scalar, is_active_type, shape_of
from ..rules import table
from ..wrappers import python_function
from . import objects, prelude, subclassed
from .blanks import reshaped
from .choices import chosen_argument, for_either, for_maybe, view_of_one
from .classes import is_user_class
from .context import Lowerer
from .enumerations import chosen_member, is_enumeration
from .exprs import as_array, expression
from .externals import call_external, external_method
from .iteration import items_of
from .iterators import progress
from .libraries import WAYS_OUT
from .namespaces import as_dict, call_on_namespace, is_namespace
from .nests import is_table
from .outside import recording_call
from .refused import refuse_call, refuse_library_call, refuse_method
from .unfollowed import call_unfollowed
from .values import (
    Bound,
    Closure,
    Derived,
    DynList,
    Either,
    Fields,
    Iter,
    Maybe,
    Obj,
    Once,
    Partial,
    Ref,
    Rows,
    Tup,
    Value,
    definite,
)

__all__ = ["apply", "arguments", "bind_operation", "call", "operation"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]

# Parameters that are arrays wherever they occur, also where nothing is differentiated with respect to them.
ALWAYS_ARRAYS = frozenset({"a", "b", "a1", "a2", "v", "x", "condition", "where", "bins", "sorter"})


def call(cx: Lowerer, node: ast.Call) -> Value:
    if (noted := recording_call(cx, node)) is not None:
        return noted
    fun = expression(cx, node.func)
    if isinstance(fun, Const) and fun.value is zip and len(node.args) == 1 and isinstance(node.args[0], ast.Starred):
        rows = expression(cx, node.args[0].value)
        if (turned := columns_of(cx, rows, node)) is not None:
            return turned
        return apply(cx, fun, items_of(cx, rows, node), arguments(cx, node, 1)[1], node)
    return apply(cx, fun, *arguments(cx, node), node)


def columns_of(cx: Lowerer, rows: Value, node: ast.AST) -> Value | None:
    """``zip(*rows)`` of a list of unknown length: its columns; None for anything else."""
    found = cx.contents(rows.oid) if isinstance(rows, Obj) else None
    if not isinstance(found, DynList):
        return None
    if isinstance(found.template, Rows):
        return prelude.call(cx, python_library.columns, (rows,), node)
    if not isinstance(found.template, Tup) or not all(isinstance(item, int) for item in found.template.items):
        return None
    return Tup(tuple(cx.new_obj(DynList((lst,), 0)) for lst in found.lists))


def arguments(cx: Lowerer, node: ast.Call, start: int = 0) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call from the position ``start`` on, positional and by name."""
    args: list[Any] = []
    for arg in node.args[start:]:
        if isinstance(arg, ast.Starred):
            args.extend(items_of(cx, expression(cx, arg.value), arg))
        else:
            args.append(expression(cx, arg))
    kwargs: dict[str, Any] = {}
    for keyword in node.keywords:
        value = expression(cx, keyword.value)
        if keyword.arg is None:
            value = subclassed.plain(cx, as_dict(cx, value))
            contents = cx.contents(value.oid) if isinstance(value, Obj) else None
            if not isinstance(contents, Fields) or contents.keys is None or isinstance(contents.cls, type) or \
                    is_table(contents):
                cx.refuse("** of something that is not a dict of names", node)
            kwargs.update(zip(contents.keys, contents.items, strict=True))
        else:
            kwargs[keyword.arg] = value
    return tuple(args), kwargs


def apply(cx: Lowerer, fun: Value, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """Call a value."""
    from . import contexts
    from .inline import call_closure

    fun = definite(fun)
    if (manager := contexts.held(cx, fun, args, kwargs)) is not None:
        return manager
    if isinstance(fun, Either):
        fun = view_of_one(cx, fun, node)
    if isinstance(fun, Either):
        return for_either(cx, fun, lambda chosen: apply(cx, chosen, args, kwargs, node))
    if isinstance(fun, Const) and not isinstance(fun.value, FunctionType) and not keeps_arguments(fun.value):
        made = chosen_argument(cx, args, lambda given: apply(cx, fun, given, kwargs, node))
        if made is not None:
            return made
    if isinstance(fun, Closure):
        return call_closure(cx, fun, args, kwargs, node)
    if isinstance(fun, Bound):
        return call_method(cx, fun, args, kwargs, node)
    if isinstance(fun, Derived):
        from .nested import call_derived

        return call_derived(cx, fun, args, kwargs, node)
    if isinstance(fun, Partial):
        return apply(cx, fun.fun, (*fun.args, *args), {**dict(fun.kwargs), **kwargs}, node)
    if isinstance(fun, Const):
        return call_object(cx, fun, args, kwargs, node)
    if (method := objects.special(cx, fun, "__call__")) is not None:
        return apply(cx, method, args, kwargs, node)
    if isinstance(fun, (Ref, Tup)) or (isinstance(fun, Var) and isinstance(fun.type, Scalar)):
        cx.fails(TypeError, f"a {cx.describe(fun)} cannot be called", node)
    return cx.refuse(f"a {cx.describe(fun)} cannot be called", node)


def keeps_arguments(obj: Any) -> bool:
    """Whether a call only puts its arguments away: an iterator, ``functools.partial``."""
    return isinstance(obj, type) and (hasattr(obj, "__next__") or obj is functools.partial or is_user_class(obj))


def call_object(cx: Lowerer, fun: Const, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A Python object: a builtin, a NumPy function, a user's function."""
    if (blank := reshaped(fun.value, args, kwargs)) is not None:
        return blank
    obj = python_function(fun.value) or fun.value
    args, kwargs = tuple(as_dict(cx, a) for a in args), {k: as_dict(cx, v) for k, v in kwargs.items()}
    if args and isinstance(args[0], Maybe) and any(obj is asks for asks in (isinstance, hasattr, getattr, callable)):
        return for_maybe(cx, args[0], lambda v: apply(cx, fun, (v, *args[1:]), kwargs, node))
    if not isinstance(obj, (FunctionType, type)) and obj is not print:
        args, kwargs = tuple(map(definite, args)), {k: definite(v) for k, v in kwargs.items()}
    for way in (call_known, call_type, call_operation, call_derivative, call_python):
        if (made := way(cx, fun, obj, args, kwargs, node)) is not None:
            return made
    return opaque(cx, fun, args, kwargs, node)


def call_known(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A function that lowering knows by itself; None for any other, as for the ways of a call that follow."""
    from . import array_calls, builtin_calls, dataclass_calls, namespaces, own_iterators
    from .operator_calls import OPERATORS

    for table_of_calls in (builtin_calls.BUILTINS, namespaces.BUILTINS, own_iterators.BUILTINS, OPERATORS,
                           array_calls.FUNCTIONS, objects.BUILTINS, dataclass_calls.BUILTINS, subclassed.BUILTINS):
        if (handler := lookup(table_of_calls, obj)) is not None:
            if isinstance(obj, FunctionType):
                made = chosen_argument(cx, args, lambda given: apply(cx, fun, given, kwargs, node))
                if made is not None:
                    return made
            return handler(cx, args, kwargs, node)
    return None


def call_type(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A type of NumPy's, a class of exceptions or named tuples, an enumeration."""
    from . import array_calls

    if isinstance(obj, np.dtype) or (isinstance(obj, type) and issubclass(obj, np.generic)):
        return array_calls.to_scalar_type(cx, np.dtype(obj), args, node)
    if is_enumeration(fun) and len(args) == 1 and not kwargs:
        return chosen_member(cx, fun, args[0], False, node)
    if isinstance(obj, MethodType) and obj.__name__ == "_make" and hasattr(obj.__self__, "_fields"):
        return objects.construct(cx, obj.__self__, tuple(items_of(cx, args[0], node)), {}, node)  # type: ignore[arg-type]
    if isinstance(obj, type) and issubclass(obj, BaseException):
        from .exceptions import make

        return make(cx, obj, args, kwargs, node)
    return None


def call_operation(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A function of a library's: one that runs as it is, an operation, or one that is written out in Python."""
    from . import frozen
    from .inline import call_function
    from .resolve import canonical, composition

    if (made := call_external(cx, fun, args, kwargs, node)) is not None:
        return made
    if frozen.is_distribution(obj):
        return frozen.freeze(cx, fun, args, kwargs, node)
    name = canonical(obj)
    if (written_out := composition(obj)) is not None and not inside(cx, written_out):
        return call_function(cx, written_out, args, kwargs, node)
    if name is not None:
        return operation(cx, name, args, kwargs, node)
    return None


def call_derivative(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A function with a rule of its own, or the derivative of one."""
    from . import nested

    if isinstance(obj, Custom):
        from .customs import call_custom

        return call_custom(cx, obj, args, kwargs, node)
    if isinstance(obj, Unravel):
        from .unravel import call_unravel

        return call_unravel(cx, obj, args, kwargs, node)
    if nested.is_transform(obj):
        return nested.call_transform(cx, obj, args, kwargs, node)
    if (gradient := nested.derived(cx, obj, fun.name)) is not None:
        return nested.call_derived(cx, gradient, args, kwargs, node)
    return None


def call_python(cx: Lowerer, fun: Const, obj: Any, args: Args, kwargs: Keywords, node: ast.AST) -> Value | None:
    """A class, function, method or partial object of the user's."""
    from .inline import call_function

    if (items := progress(cx, obj, args, kwargs, node)) is not None:
        return items
    if is_user_class(obj):
        return objects.construct(cx, obj, args, kwargs, node)
    if (method := objects.special(cx, fun, "__call__")) is not None:
        return apply(cx, method, args, kwargs, node)
    if obj is functools.partial:
        return Partial(args[0], args[1:], tuple(kwargs.items()))
    if isinstance(obj, functools.partial):
        watch_partial(cx, obj)
        bound = tuple(cx.captured(a, "partial") for a in obj.args), {k: cx.captured(v, k) for k, v in obj.keywords.items()}
        return apply(cx, cx.captured(obj.func, fun.name), (*bound[0], *args), bound[1] | kwargs, node)
    if isinstance(obj, FunctionType):
        return call_function(cx, obj, args, kwargs, node)
    if isinstance(obj, MethodType):
        receiver = cx.captured(obj.__self__, f"{fun.name}.__self__")
        return apply(cx, cx.captured(obj.__func__, fun.name), (receiver, *args), kwargs, node)
    return None


def watch_partial(cx: Lowerer, obj: functools.partial[Any]) -> None:
    """Note what a partial object binds: its keywords are a dict, and the rest can be set as well."""
    for part in ("func", "args", "keywords"):
        cx.facts.capture(obj, Attribute(part), getattr(obj, part))
    for name, value in obj.keywords.items():
        cx.facts.capture(obj.keywords, name, value)
    if not obj.keywords:
        cx.facts.assume(f"not {cx.label(obj.keywords, 'keywords')}")


def lookup(table: dict[Any, Any], obj: Any) -> Any:
    try:
        return table.get(obj)
    except TypeError:
        return None


STORING = frozenset({"append", "appendleft", "insert", "setdefault", "get"})  # what is None may be put away


def call_method(cx: Lowerer, fun: Bound, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    from . import array_calls, containers
    from .resolve import method
    from .subscripts import read_item

    base = definite(fun.receiver)
    stores = isinstance(base, Obj) and fun.name in STORING
    args = tuple(as_dict(cx, a if stores and isinstance(a, Maybe) else definite(a)) for a in args)
    if isinstance(base, Bound) and is_namespace(base):
        return call_on_namespace(cx, base, fun.name, args, kwargs, node)
    if fun.name == "__getitem__" and objects.class_of(cx, base) is None:
        return read_item(cx, base, args[0], node)
    if isinstance(base, Obj):
        return containers.method(cx, base, fun.name, args, kwargs, node)
    if isinstance(base, Tup):
        return containers.tuple_method(cx, base, fun.name, args, node)
    if isinstance(base, Bound) and (made := external_method(cx, base, fun.name, args, kwargs, node)) is not None:
        return made
    if isinstance(base, (Ref, Var, Const)):
        handler = array_calls.METHODS.get(fun.name)
        if handler is not None:
            return handler(cx, (base, *args), kwargs, node)
        if (made := external_method(cx, base, fun.name, args, kwargs, node)) is not None:
            return made
        if method(fun.name) is not None:
            return method_operation(cx, fun.name, (base, *args), kwargs, node)
    return refuse_method(cx, base, fun.name, node)


# -- operations of the table -------------------------------------------------------------------------------------------


def operation(cx: Lowerer, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST | None) -> Value:
    """One operation of the table; ``out=`` becomes a write."""
    from .resolve import bind, variant

    function = table.function_of(name)
    if "where" in kwargs and isinstance(function, np.ufunc):
        return where_true(cx, function, args, dict(kwargs), node)
    if "dtype" in kwargs and isinstance(function, np.ufunc):
        from .array_others import in_dtype

        args, kwargs = in_dtype(cx, function, args, kwargs, node)
    name = variant(name, kwargs)
    bound = bind(name, args, kwargs)
    return finish(cx, name, bound.args, bound.out, node)


def inside(cx: Lowerer, fun: FunctionType) -> bool:
    """Whether the call stands in ``fun`` itself: there a library function that is written out is the bare operation."""
    frame = cx.frames[-1] if cx.frames else None
    while frame is not None and frame.code is not fun.__code__:
        frame = frame.parent
    return frame is not None


def where_true(cx: Lowerer, ufunc: np.ufunc, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST | None) -> Value:
    """A ufunc with ``where=``: it computes nothing elsewhere, and leaves ``out`` as it is."""
    from .inline import call_function

    where, out = kwargs.pop("where"), kwargs.pop("out", None)
    if isinstance(out, Tup) and len(out.items) == 1:
        out = out.items[0]
    if kwargs or not isinstance(out, Ref) or len(args) != ufunc.nin:
        cx.refuse(f"where= of {ufunc.__name__} " + ("without an array as out=" if not kwargs else f"with {min(kwargs)}="), node,
                  "give out=, which holds the elements where the mask is False")
    assert isinstance(masked, FunctionType)
    return call_function(cx, masked, (const(ufunc), where, out, *args), {}, node or ast.Pass())


def method_operation(cx: Lowerer, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    from .resolve import bind_method, method, variant

    bound = bind_method(name, args, kwargs)
    return finish(cx, variant(method(name) or name, kwargs), bound.args, bound.out, node)


def finish(cx: Lowerer, name: str, values: tuple[Any, ...], out: Any, node: ast.AST | None) -> Value:
    args = to_args(cx, name, values, node)
    try:
        result = cx.emit(name, *args, type=numpy_scalar(name, args))
    except SrcdiffError:
        raise
    except (IndexError, KeyError, TypeError, ValueError) as error:  # ranks or axes for which the operation has no result
        cx.refuse(f"{name} of these arguments: {error}", node, "see which ones NumPy takes")
    if out is None or (isinstance(out, Const) and out.value is None):
        return result
    if isinstance(out, Tup) and len(out.items) == 1:
        out = out.items[0]
    if not isinstance(out, Ref):
        cx.refuse(f"out= that is a {cx.describe(out)}", node)
    cx.write(out, result, "setview", node)
    return out


def numpy_scalar(name: str, args: tuple[Any, ...]) -> Any:
    """The type of a NumPy function of Python scalars, where the operator's would be a Python scalar; else None."""
    spec = OPS.get(name)
    if spec is None or not name.startswith("np.") or not args:
        return None
    if all(isinstance(a, (Var, Const)) and isinstance(a.type, Scalar) and a.type.py for a in args):
        from ..ir.dims import Facts

        t = spec.infer(args, Facts())
        if isinstance(t, Scalar) and t.py:
            return Scalar(t.dtype)
    return None


def bind_operation(cx: Lowerer, name: str, args: tuple[Any, ...], kwargs: dict[str, Any],
                   node: ast.AST | None) -> tuple[Arg, ...]:
    from .resolve import bind

    return to_args(cx, name, bind(name, args, kwargs).args, node)


def to_args(cx: Lowerer, name: str, values: tuple[Any, ...], node: ast.AST | None) -> tuple[Arg, ...]:
    """Values as arguments of an operation: all references are read here, at once."""
    spec = OPS[name]
    return tuple(to_arg(cx, name, p, v, node, k) for k, (p, v) in enumerate(zip(spec.params, values, strict=True)))


def to_arg(cx: Lowerer, name: str, param: str, value: Any, node: ast.AST | None, place: int) -> Arg:
    if param in table.static_params(name):
        value = static_argument(cx, value, node)
    value = subclassed.plain(cx, value)
    if param == "indices" and isinstance(value, (Tup, Obj)):
        value = as_array(cx, value, node)
    if param == "dtype" and isinstance(value, (Tup, Obj)):
        cx.refuse("an array with named fields", node, "use one array for each field")
    if param == "dtype" and isinstance(value, Const) and value.value is not None:
        if np.dtype(value.value).kind in "OV":
            cx.refuse(f"an array of dtype {np.dtype(value.value)}", node, "use an array of numbers, or a list of arrays")
        return const(str(np.dtype(value.value)))
    if isinstance(value, tuple):  # what a parameter with a star collected
        value = Tup(value)
    if isinstance(value, Iter):
        value = cx.new_list(items_of(cx, value, node))
    if isinstance(value, Once):
        cx.refuse(f"a {value.kind} where NumPy wants a sequence", node, "make a list of it: list(...)")
    rule = OPS[name].rule
    if isinstance(value, (Tup, Obj)) and rule is not None:
        if param in table.SEQUENCES:
            value = value if param == "object" else sequence_of_arrays(cx, value, node)
        elif param in rule.vjp or param in ALWAYS_ARRAYS:
            value = as_array(cx, value, node)
    if isinstance(value, Tup) and value.shape_of is not None and param == "shape":
        return cx.var("shape", value.shape_of, sym=shape_of(value.shape_of.type))
    if isinstance(value, Slice):
        cx.refuse("a slice as an argument", node)
    if isinstance(value, (Closure, Bound)):
        cx.refuse(f"a function as an argument of {name}", node)
    return cx.arg(value)


def sequence_of_arrays(cx: Lowerer, value: Tup | Obj, node: ast.AST | None) -> Value:
    """A sequence in which lists that carry a derivative are arrays."""
    contents = value if isinstance(value, Tup) else cx.contents(value.oid)
    items = contents.items if isinstance(contents, Tup) or (isinstance(contents, Fields) and contents.keys is None) else ()
    if not any(isinstance(v, (Tup, Obj)) and may_carry(cx, v) for v in items):
        return value
    return Tup(tuple(as_array(cx, v, node) if isinstance(v, (Tup, Obj)) and may_carry(cx, v) else v for v in items))


def static_argument(cx: Lowerer, value: Any, node: ast.AST | None) -> Any:
    """An axis and the like: the value of an integer argument becomes a fact."""
    if isinstance(value, Var) and isinstance(value.type, Scalar) and value.type.dtype == "int64":
        return const(cx.static_int(value, node))
    if isinstance(value, Tup) and value.shape_of is None:
        return Tup(tuple(static_argument(cx, v, node) for v in value.items))
    return value


# -- calls that srcdiff cannot look into -------------------------------------------------------------------------------


def opaque(cx: Lowerer, fun: Const, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A callee without source and without a rule: an error if a derivative could go through it."""
    if not callable(fun.value):
        cx.fails(TypeError, f"a {cx.describe(fun)} cannot be called", node)
    refuse_call(cx, fun.value, node)
    if (made := call_unfollowed(cx, fun, args, kwargs, node)) is not None:
        return made
    refuse_library_call(cx, fun.value, node)
    name = fun.name if "." in fun.name else getattr(fun.value, "__qualname__", "") or fun.name
    carried = [a for a in (*args, *kwargs.values()) if may_carry(cx, a)]
    if carried or isinstance(fun.value, type):
        raise NoRuleError(f"{name} has no derivative rule, and no Python source to look into", cx.loc(node),
                          WAYS_OUT)
    return cx.refuse(f"the call of {name} is not supported", node, "call it outside of the function and pass the result")


def may_carry(cx: Lowerer, value: Any) -> bool:
    if isinstance(value, (Tup, Obj)):
        contents = value if isinstance(value, Tup) else cx.contents(value.oid)
        return any(may_carry(cx, v) for v in getattr(contents, "items", ())) or not hasattr(contents, "items")
    return isinstance(value, (Ref, Var)) and is_active_type(cx.type_of(value))


