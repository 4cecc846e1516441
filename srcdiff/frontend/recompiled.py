"""Whether the source that was found for a function is the one that its code was compiled from.

A file may have changed after it was imported; the function runs as it was. So the definition is compiled once more, by itself,
in surroundings in which its names mean what they did, and the instructions are compared; if they differ, the whole file is.
"""

from __future__ import annotations
import __future__

import ast
import copy
import warnings
from collections.abc import Iterator
from functools import reduce
from types import CodeType, FunctionType, ModuleType
from typing import Any

__all__ = ["agrees"]

_FUTURE = reduce(int.__or__, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))


def agrees(node: ast.FunctionDef | ast.Lambda, fun: FunctionType, text: str) -> bool:
    """Whether ``fun`` is what ``node`` means, which was found in the file with this text."""
    code = fun.__code__
    modules = tuple(n for n in code.co_names if isinstance(fun.__globals__.get(n), ModuleType))
    if any(same(code, c) for c in compiled(surrounded(node, code, modules), code)):
        return True
    if "@pytest_ar" in code.co_names:
        return any(rewritten(code, c) for c in compiled(surrounded(_without_assertions(node), code), code))
    return any(same(code, c) for c in compiled(text, code))


def compiled(program: str | ast.Module, code: CodeType) -> list[CodeType]:
    """The functions in a program that could be ``code``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they were shown when the program was compiled first
        try:
            made = compile(program, code.co_filename, "exec", code.co_flags & _FUTURE, dont_inherit=True)
        except (SyntaxError, ValueError):
            return []
    return [c for c in _nested(made) if c.co_name == code.co_name]


def surrounded(node: ast.FunctionDef | ast.Lambda, code: CodeType, modules: tuple[str, ...] = ()) -> ast.Module:
    """The definition in a function that binds its free names, and in a class of the same name if it is a method.

    ``modules``: names that are imported before it: calls of what is in a module get other instructions than calls of methods.
    """
    cls = code.co_qualname.split(".")[-2:][0]
    method = "." in code.co_qualname and not cls.startswith("<")
    stmt: ast.stmt
    if isinstance(node, ast.Lambda):
        stmt = ast.Expr(node)
    else:
        stmt = copy.copy(node)
        stmt.decorator_list = []
    made = ast.parse(f"def around():\n class {cls if method else 'Class'}: pass")
    outer: Any = made.body[0]
    outer.args.args = [ast.arg(name) for name in code.co_freevars if not (method and name == "__class__")]
    if method:
        outer.body[0].body = [stmt]
    else:
        outer.body = [stmt]
    made.body[:0] = [ast.Import([ast.alias("module", name)]) for name in modules]
    return ast.fix_missing_locations(made)


def same(a: CodeType, b: CodeType) -> bool:
    """Whether two code objects do the same, wherever they stand."""
    return (a.co_code == b.co_code and a.co_names == b.co_names and a.co_varnames == b.co_varnames
            and a.co_freevars == b.co_freevars and a.co_cellvars == b.co_cellvars and _arguments(a) == _arguments(b)
            and _alike(a.co_consts, b.co_consts))


def _arguments(code: CodeType) -> tuple[int, ...]:
    return code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & 0x0C  # *args, **kwargs


def _alike(a: object, b: object) -> bool:
    """Whether two constants are equal and of one type, NaN and the sign of zero included."""
    if isinstance(a, CodeType) and isinstance(b, CodeType):
        return same(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_alike, a, b))
    if isinstance(a, str) and isinstance(b, str):  # the full name of a local class tells where it stands
        return a.rpartition(".<locals>.")[2] == b.rpartition(".<locals>.")[2]
    return type(a) is type(b) and (a == b if isinstance(a, frozenset) else repr(a) == repr(b))


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)


# -- what pytest makes of assertions -----------------------------------------------------------------------------------


def rewritten(code: CodeType, plain: CodeType) -> bool:
    """Whether ``code``, whose assertions pytest wrote out at length, has all that is in the program without them."""
    return (_arguments(code) == _arguments(plain) and set(plain.co_names) <= set(code.co_names)
            and set(plain.co_varnames) <= set(code.co_varnames) and {*map(repr, _plain(plain))} <= {*map(repr, _plain(code))})


def _plain(code: CodeType) -> list[object]:
    return [c for c in code.co_consts if c is not None and not isinstance(c, CodeType)]


class _Assertions(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return ast.copy_location(ast.Pass(), node)


def _without_assertions(node: ast.FunctionDef | ast.Lambda) -> ast.FunctionDef | ast.Lambda:
    found: ast.FunctionDef | ast.Lambda = _Assertions().visit(copy.deepcopy(node))
    return found
