"""What is refused for what it is, with the words for it: statements, expressions and calls that nobody can follow."""

from __future__ import annotations

import abc
import ast
import builtins
import inspect
import sys
from typing import Any, NoReturn

import numpy as np

from ..ir.core import Const, Var
from ..ir.types import Object
from .classes import LIBRARIES
from .context import Lowerer
from .source import COROUTINE
from .values import Generator, Ref, Value

__all__ = ["OPERANDS", "instead_of", "refuse_call", "refuse_expression", "refuse_library_call", "refuse_method",
           "refuse_statement"]

DERIVED = (list, dict, set, tuple, str, int, float)  # whose methods are written in C
Words = tuple[str, str]  # what it is, and what to write instead

STATEMENTS: dict[str, Words] = {
    "AsyncFunctionDef": ("async def", COROUTINE),
    "AsyncFor": ("async for", COROUTINE),
    "AsyncWith": ("async with", COROUTINE),
    "TryStar": ("except*", "raise and catch single exceptions: except ValueError:"),
    "TypeAlias": ("type inside of a function", "define the type outside of the function"),
}
EXPRESSIONS: dict[str, Words] = {
    "Await": ("await", COROUTINE),
    "TemplateStr": ("a template string", "use an f-string"),
}
TEXT = "write what the text says as ordinary code"
NAMES = "use the names themselves"
CALLS: dict[Any, Words] = {
    eval: ("eval runs a text, which is not known when the function is compiled", TEXT),
    exec: ("exec runs a text, which is not known when the function is compiled", TEXT),
    compile: ("compile makes code of a text, which is not known when the function is compiled", TEXT),
    globals: ("globals() looks names up in a way that cannot be followed", NAMES),
    locals: ("locals() looks names up in a way that cannot be followed", NAMES),
    vars: ("vars() looks names up in a way that cannot be followed", f"{NAMES}, or getattr(instance, 'name')"),
    builtins.__import__: ("__import__ cannot be followed", "write an import statement"),
    input: ("input asks a person each time", "ask before, and pass the answer as an argument"),
    open: ("open outside of with", "with open(...) as file: writes; read before, and pass what was read as an argument"),
    id: ("id() is another number in each run", "compare with is"),
    hash: ("hash() is another number in each run", "use the value itself"),
    breakpoint: ("breakpoint() stops the function while it is compiled or nowhere", "set it in the generated code"),
    delattr: ("delattr is not supported", "del instance.name"),
    sys._getframe: ("sys._getframe looks into the running program", "pass what you look for as an argument"),
    inspect.currentframe: ("inspect.currentframe looks into the running program", "pass what you look for as an argument"),
    inspect.stack: ("inspect.stack looks into the running program", "pass what you look for as an argument"),
}


LIBRARY_CALLS: dict[str, Words] = {  # by name, so that nothing is imported for it
    "weakref.ReferenceType": ("a weak reference made inside of the function", "use the object itself"),
    "threading.Thread": ("a thread that is started inside of the function", "call the function that it would run"),
    "decimal.Decimal": ("Decimal computes in decimal digits", "compute with floats"),
    "fractions.Fraction": ("Fraction computes with integers", "compute with floats, or pass it as a float"),
    "_pickle.dumps": ("pickling: bytes have no derivative", "use the value itself"),
    "_pickle.loads": ("unpickling", "read before, and pass what was read as an argument"),
}

OPERANDS: dict[str, str] = {  # by the kind of an array's dtype
    "O": "use an array of numbers: astype(float) outside of the function",
    "U": "compare texts outside of the function, and pass the mask or the numbers",
    "S": "compare texts outside of the function, and pass the mask or the numbers",
    "V": "use one array for each field: take them out before",
    "M": "pass numbers, such as days since a date: (t - t0) / np.timedelta64(1, 'D')",
    "m": "pass numbers: t / np.timedelta64(1, 'D')",
}


def instead_of(value: Value) -> str:
    """What to use in place of an object that arithmetic cannot take."""
    obj = value.value if isinstance(value, Const) else None
    name = getattr(value, "name", "") or "x"
    if isinstance(obj, (np.ndarray, np.generic)):
        return OPERANDS.get(obj.dtype.kind, f"use an array: np.asarray({name}), outside of the function")
    if hasattr(obj, "toarray"):  # a sparse matrix
        return f"use a dense array, {name}.toarray(), or give the product a rule (srcdiff.custom_vjp)"
    if hasattr(obj, "to_numpy"):
        return f"use an array: {name}.to_numpy(), outside of the function"
    if isinstance(obj, str) or (isinstance(value, Var) and value.type == Object("str")):
        return "use the number that the text was made of"
    return "operands are numbers, arrays, or lists of them"


METHODS: dict[str, str] = {  # of arrays and numbers
    "tobytes": "bytes have no derivative: use the array itself",
    "tofile": "write it outside of the function",
    "dump": "write it outside of the function",
    "dumps": "bytes have no derivative: use the array itself",
    "resize": "np.resize makes a new array",
    "setflags": "leave it out: the function's own arrays can be written",
    "byteswap": "use the array as it is",
    "view": "x.astype(dtype) converts the values; their bits have no derivative",
    "getfield": "their bits have no derivative",
    "setfield": "x[...] = v",
    "hex": "text has no derivative: use the number itself",
    "as_integer_ratio": "use the number itself",
}


def refuse_statement(cx: Lowerer, node: ast.stmt) -> NoReturn:
    what, instead = STATEMENTS.get(type(node).__name__, (f"the statement {type(node).__name__.lower()}", ""))
    cx.refuse(f"{what} is not supported", node, instead)


def refuse_expression(cx: Lowerer, node: ast.expr) -> NoReturn:
    what, instead = EXPRESSIONS.get(type(node).__name__, (f"the expression {type(node).__name__}", ""))
    cx.refuse(f"{what} is not supported", node, instead)


def refuse_method(cx: Lowerer, base: Value, name: str, node: ast.AST) -> NoReturn:
    """A method that nobody can follow."""
    instead = METHODS.get(name, "")
    if isinstance(base, Generator):
        instead = "loop over it with for; what goes in are arguments of its function"
    elif isinstance(base, Ref) and not instead:
        instead = "write it with operations that have a derivative, or give it a rule (docs/custom_rules.md)"
    cx.refuse(f"the method {name} of a {cx.describe(base)} is not supported", node, instead)


def refuse_call(cx: Lowerer, obj: Any, node: ast.AST) -> None:
    """Say why a call cannot be followed, if there is more to say than that there is no rule."""
    try:
        words = CALLS.get(obj)
    except TypeError:
        words = None
    if words is not None:
        cx.refuse(words[0], node, words[1])
    if isinstance(obj, type) and issubclass(obj, np.ndarray) and obj is not np.ndarray:
        cx.refuse(f"{obj.__name__} is a subclass of numpy.ndarray, whose operations may mean anything", node,
                  "use an array, and functions instead of methods")
    base = next((c for c in DERIVED if isinstance(obj, type) and issubclass(obj, c)), None)
    if base is not None and str(obj.__module__).partition(".")[0] not in {*LIBRARIES, "builtins"}:
        cx.refuse(f"{obj.__name__} is derived from {base.__name__}", node, f"hold a {base.__name__} in an attribute of it")
    if isinstance(obj, type) and type(obj) is not type and not issubclass(type(obj), abc.ABCMeta):
        cx.refuse(f"{obj.__name__} has a metaclass, {type(obj).__name__}, which may make anything of the call", node,
                  "make the instance with a function, or outside and pass it as an argument")


def refuse_library_call(cx: Lowerer, obj: Any, node: ast.AST) -> None:
    """The same for functions of Python's library that can be called where nothing active goes in."""
    words = LIBRARY_CALLS.get(f"{getattr(obj, '__module__', '')}.{getattr(obj, '__qualname__', '')}")
    if words is not None:
        cx.refuse(words[0], node, words[1])
