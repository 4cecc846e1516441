"""Objects of Python's own library that a function only uses: locks, files, what ``with`` gives a name to.

Their methods are called where they stand, once, in the forward part; what they return can be printed, and no more.
"""

from __future__ import annotations

import ast
import sys
from types import BuiltinMethodType
from typing import Any

from ..ir.build import const
from ..ir.core import Const
from ..ir.types import Object
from .context import Lowerer
from .values import Value

__all__ = ["MANAGER", "is_of_library", "of_library", "used"]

MANAGER = "library object"
NOTHING = frozenset({"write", "writelines", "flush", "close", "seek", "truncate", "acquire", "release", "set", "clear",
                     "notify", "notify_all", "wait"})  # what these return is seldom asked for
USED = ("_thread", "_io", "threading", "io", "_queue", "queue")


def is_of_library(obj: Any) -> bool:
    """Whether something is defined in Python's standard library or in NumPy."""
    root = str(getattr(obj, "__module__", None) or "").partition(".")[0]
    return root in sys.stdlib_module_names or root in ("numpy", "_io")


def used(cx: Lowerer, base: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Value:
    """``base.name(*args)``, in its place."""
    if name.startswith("read"):
        cx.refuse("reading a file inside of the function", None, "read it before, and pass what it holds as an argument")
    pairs = tuple((const(k), cx.printable(v)) for k, v in kwargs.items())
    types = () if name in NOTHING else (Object(MANAGER),)
    outs = cx.builder.emit_all("outside", base, const(name), tuple(cx.printable(a) for a in args), pairs, types=types)
    return outs[0] if outs else const(None)


def of_library(cx: Lowerer, fun: Const, obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value | None:
    """A method of a lock, a file, an event that the function finds outside of itself."""
    receiver = getattr(obj, "__self__", None)
    if receiver is None or str(type(receiver).__module__).partition(".")[0] not in USED or isinstance(receiver, type):
        return None
    if not isinstance(obj, BuiltinMethodType) and not callable(obj):
        return None
    shown = Const(receiver, Object("static"), cx.label(receiver, fun.name.rpartition(".")[0] or "lock"))
    return used(cx, shown, obj.__name__, args, kwargs)
