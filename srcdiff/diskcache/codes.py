"""What a code object says: its text for a key, and the names by which it reaches other things."""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from opcode import opmap
from types import CodeType

from ..records import dataclass

__all__ = ["Reads", "nested", "reads", "source_text", "summary"]

_EXTENDED = opmap["EXTENDED_ARG"]
_GLOBAL = opmap["LOAD_GLOBAL"]
_IMPORT = opmap["IMPORT_NAME"]
_OPTIMIZED = 0x1  # CO_OPTIMIZED: the code of a function, whose locals are numbered


@dataclass(frozen=True)
class Reads:
    """``globals``: names looked up in the module; ``names``: these and all that can be attributes; ``imports``: modules."""

    globals: tuple[str, ...]
    names: frozenset[str]
    imports: tuple[str, ...]


def nested(code: CodeType) -> Iterator[CodeType]:
    """The code object, and those of the functions, classes and comprehensions in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from nested(const)


def reads(code: CodeType) -> Reads:
    """The names that a code object and those in it mention."""
    found: dict[str, None] = {}
    names: set[str] = set()
    imports: list[str] = []
    for part in nested(code):
        names.update(part.co_names, *map(_words, part.co_consts))
        if part.co_flags & _OPTIMIZED:
            found.update(dict.fromkeys(part.co_names[arg >> 1] for arg in _args(part, _GLOBAL)))
        else:  # the body of a class looks names up in many ways
            found.update(dict.fromkeys(part.co_names))
        imports += [part.co_names[arg] for arg in _args(part, _IMPORT)]
    return Reads(tuple(found), frozenset(names), tuple(imports))


def _args(code: CodeType, wanted: int) -> Iterator[int]:
    """The arguments of all instructions of one kind."""
    ops, args = code.co_code[::2], code.co_code[1::2]
    at = ops.find(wanted)
    while at >= 0:
        arg, shift, before = args[at], 8, at - 1
        while before >= 0 and ops[before] == _EXTENDED:
            arg |= args[before] << shift
            shift, before = shift + 8, before - 1
        yield arg
        at = ops.find(wanted, at + 1)


def _words(const: object) -> Iterator[str]:
    """Strings that may be names of attributes: ``getattr(x, "name")``, the keywords of a class pattern."""
    if isinstance(const, str) and const.isidentifier():
        yield const
    elif isinstance(const, tuple):
        for item in const:
            yield from _words(item)


def summary(code: CodeType) -> tuple[object, ...]:
    """All of a code object but its constants."""
    return (code.co_filename, code.co_qualname, code.co_firstlineno, code.co_flags, code.co_argcount, code.co_posonlyargcount,
            code.co_kwonlyargcount, code.co_varnames, code.co_cellvars, code.co_freevars, code.co_names, code.co_code,
            code.co_linetable, code.co_exceptiontable)


def source_text(code: CodeType, module_globals: dict[str, object]) -> str:
    """The lines of the definition, and what follows them indented deeper; empty where there is no source."""
    lines = linecache.getlines(code.co_filename, module_globals)
    first = code.co_firstlineno
    stop = max((line for part in nested(code) for _, _, line in part.co_lines() if line is not None), default=first)
    depth = _indent("".join(lines[first - 1:first]))
    while stop < len(lines) and (_indent(lines[stop]) > depth or not lines[stop].strip()):
        stop += 1
    return "".join(lines[first - 1:stop]).rstrip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
