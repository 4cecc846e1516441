"""From a Python function to its text and its AST node, with line numbers and columns of the file.

The file is parsed (once for each text; only the lines of the definition, where they can be told) and the node is found by
position, so functions, methods, nested functions and several lambdas in one line all work, and so do cells of a notebook,
modules in a zip file, doctests, and lines typed at a prompt that keeps them (through ``linecache``). Source that is
not what runs, because the file changed, is refused (:mod:`srcdiff.frontend.recompiled`).
"""

from __future__ import annotations

import ast
import linecache
from types import CodeType, FunctionType

from ..errors import Loc, Source, UnsupportedError
from ..records import dataclass
from .executed import executed_lines
from .recompiled import agrees

__all__ = ["COROUTINE", "FunctionSource", "function_source"]

FunctionNode = ast.FunctionDef | ast.Lambda

_FILES: dict[str, _File] = {}


@dataclass(frozen=True)
class FunctionSource:
    """A function's node in its file's tree."""

    node: FunctionNode
    source: Source

    @property
    def name(self) -> str:
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "<lambda>"


def function_source(fun: FunctionType) -> FunctionSource:
    """The source of ``fun``.

    Raises
    ------
    UnsupportedError
        If the text cannot be found, is not what the function was compiled from, or the function is a coroutine.
    """
    code = fun.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, fun.__globals__) or _typed_lines(code) or executed_lines(fun)
    if not lines:
        raise UnsupportedError(f"the source of {fun.__qualname__} is not available", advice=_NO_SOURCE)
    file = _file(code.co_filename, lines)
    node = _find(file.whole() if code.co_name == "<lambda>" else file.definition(code.co_firstlineno), code)
    if node is None:
        raise UnsupportedError(f"the source of {fun.__qualname__} was not found in {code.co_filename}",
                               advice="the file may have changed since it was imported: start again")
    if isinstance(node, ast.AsyncFunctionDef):
        raise UnsupportedError("a coroutine has no derivative", Loc(file.source, node.lineno, node.col_offset), COROUTINE)
    if not file.agrees(node, fun):
        raise UnsupportedError(f"{fun.__qualname__} does not do what {code.co_filename}, line {code.co_firstlineno}, says: "
                               "the file changed after it was imported, or a tool rewrote the code", advice=_CHANGED)
    return FunctionSource(node, file.source)


_NO_SOURCE = ("define it in a file or a notebook (what exec ran is found while a variable holds the text; Python's prompt "
              "keeps none before version 3.13), or give it a rule")
COROUTINE = "make it an ordinary function: def without async, calls without await"
_CHANGED = "start again, or import the module anew: importlib.reload(module)"


def _typed_lines(code: CodeType) -> list[str]:
    """What was typed at a prompt, from Python 3.13 on: it is kept for each code object."""
    find = getattr(linecache, "_getlines_from_code", None)
    return find(code) if find is not None else []


class _File:
    """The text of a file, and what has been parsed of it: the statements at some lines, or all of it."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.lines = lines
        self.source = Source(name, "".join(lines))
        self._parts: dict[int, ast.Module] = {}
        self._agreed: dict[int, CodeType] = {}

    def definition(self, line: int) -> ast.Module:
        """The definition that begins at a line, parsed by itself if it can be: of a long file only that is wanted."""
        if line not in self._parts:
            try:
                self._parts[line] = ast.parse(_cut_out(self.lines, line))
            except SyntaxError:  # a line that is not indented was no end: a string, say, or the decorators
                self._parts[line] = self.whole()
        return self._parts[line]

    def agrees(self, node: FunctionNode, fun: FunctionType) -> bool:
        """Whether the function was compiled from this text."""
        code = fun.__code__
        if id(code) not in self._agreed and agrees(node, fun, self.source.text):
            self._agreed[id(code)] = code  # and keeps its id
        return id(code) in self._agreed

    def whole(self) -> ast.Module:
        if 0 not in self._parts:
            try:
                self._parts[0] = ast.parse(self.source.text)
            except SyntaxError as error:
                raise UnsupportedError(f"{self.source.file} cannot be parsed: {error}") from error
        return self._parts[0]


def _file(name: str, lines: list[str]) -> _File:
    cached = _FILES.get(name)
    if cached is None or cached.lines != lines:
        cached = _FILES[name] = _File(name, lines)
        if len(_FILES) > 64:
            _FILES.pop(next(iter(_FILES)))
    return cached


def _cut_out(lines: list[str], first: int) -> str:
    """The text of the definition at line ``first``: up to the next line that is indented no further. All else is blank, so
    that positions are those of the file.
    """
    depth = _indent("".join(lines[first - 1:first]))
    stop = first
    while stop < len(lines) and (_indent(lines[stop]) > depth or lines[stop].strip()[:1] in ("", "#")):
        stop += 1
    head = ["\n"] * (first - 1)
    if depth:
        head[-1:] = ["if 1:\n"]
    return "".join(head + lines[first - 1:stop])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _find(tree: ast.Module, code: CodeType) -> FunctionNode | ast.AsyncFunctionDef | None:
    if code.co_name == "<lambda>":
        found = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and _covers(n, code)]
        return min(found, key=_extent, default=None)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def _covers(node: ast.Lambda, code: CodeType) -> bool:
    """Whether all positions of the lambda's code lie in the node's body, and the arguments agree."""
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    if list(code.co_varnames[: code.co_argcount]) != names:
        return False
    body = node.body
    low, high = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
    seen = False
    for line, end_line, col, end_col in code.co_positions():
        if line is None or col is None or end_line is None or end_col is None or (col, end_col) == (0, 0):
            continue
        if not (low <= (line, col) and (end_line, end_col) <= high):
            return False
        seen = True
    return (seen or _is_constant(node, code)) and node.lineno <= body.lineno


def _is_constant(node: ast.Lambda, code: CodeType) -> bool:
    """Whether the lambda is this constant one: Python 3.12 keeps no positions of a body that is a constant."""
    try:
        value, made = ast.literal_eval(node.body), code.co_consts[-1]
    except ValueError:
        return False
    return node.lineno == code.co_firstlineno and type(value) is type(made) and bool(value == made)


def _extent(node: ast.Lambda) -> tuple[int, int]:
    body = node.body
    return ((body.end_lineno or 0) - body.lineno, (body.end_col_offset or 0) - body.col_offset)
