"""From a Python function to its text and its AST node, with line numbers and columns of the file.

The whole file is parsed (once for each text) and the node is found by position, so functions, methods, nested functions
and several lambdas in one line all work, and so do cells of a notebook and lines typed at a prompt (through ``linecache``).
"""

from __future__ import annotations

import ast
import linecache
from types import CodeType, FunctionType

from ..errors import Source, UnsupportedError
from ..records import dataclass

__all__ = ["FunctionSource", "function_source"]

FunctionNode = ast.FunctionDef | ast.Lambda

_PARSED: dict[str, tuple[str, Source, ast.Module]] = {}


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
        If the text cannot be found, or the function is a coroutine or generator.
    """
    code = fun.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, fun.__globals__)
    if not lines:
        raise UnsupportedError(f"the source of {fun.__qualname__} is not available",
                               advice="define it in a file, a notebook or at a prompt; or give it a rule")
    source, tree = _parsed(code.co_filename, "".join(lines))
    node = _find(tree, code)
    if node is None:
        raise UnsupportedError(f"the source of {fun.__qualname__} was not found in {code.co_filename}",
                               advice="the file may have changed since it was imported: start again")
    return FunctionSource(node, source)


def _parsed(file: str, text: str) -> tuple[Source, ast.Module]:
    cached = _PARSED.get(file)
    if cached is None or cached[0] != text:
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise UnsupportedError(f"{file} cannot be parsed: {error}") from error
        cached = _PARSED[file] = (text, Source(file, text), tree)
        if len(_PARSED) > 64:
            _PARSED.pop(next(iter(_PARSED)))
    return cached[1], cached[2]


def _find(tree: ast.Module, code: CodeType) -> FunctionNode | None:
    if code.co_name == "<lambda>":
        found = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and _covers(n, code)]
        return min(found, key=_extent, default=None)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                if isinstance(node, ast.AsyncFunctionDef):
                    raise UnsupportedError("coroutines have no derivative", advice="write an ordinary function")
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
    return seen and node.lineno <= body.lineno


def _extent(node: ast.Lambda) -> tuple[int, int]:
    body = node.body
    return ((body.end_lineno or 0) - body.lineno, (body.end_col_offset or 0) - body.col_offset)
