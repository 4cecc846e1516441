"""Emitted statements -> lines of Python text, with comments that name the user's lines. The only module that imports astor."""

from __future__ import annotations

import ast
import warnings

from ..errors import Loc
from .tree import Branch, Line, Node, Region

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it looks for ast.Num and its kind, which Python deprecates
    from astor.code_gen import SourceGenerator

__all__ = ["Text", "source_of"]


class _Generator(SourceGenerator):
    """Prints f-strings by ``ast``: astor asks for node classes that Python deprecates."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.write(ast.unparse(node))


def source_of(node: ast.AST) -> str:
    """The text of one simple statement or expression, on one line."""
    generator = _Generator("    ")
    if not isinstance(node, ast.expr):
        generator.visit(node)
        return "".join(generator.result).strip()
    generator.visit(ast.Assign([ast.Name("_", ast.Store())], node))  # where no parentheses are needed
    return "".join(generator.result).strip().removeprefix("_ = ")


class Text:
    """Collects lines; ``places[k]`` is where line ``k`` (from 1) comes from."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: dict[int, Loc] = {}

    def add(self, text: str, depth: int = 0, loc: Loc | None = None) -> None:
        self.lines.append("    " * depth + text if text else "")
        if loc is not None:
            self.places[len(self.lines)] = loc

    def block(self, body: list[Node], depth: int) -> None:
        """Statements, and before each group of adjoint statements the line that they are the adjoint of."""
        told: int | None = None
        for node in body:
            if isinstance(node, Line):
                if _wants_comment(node) and node.loc is not None and node.loc.line != told:
                    told = node.loc.line
                    self.add(f"# line {told}: {node.loc.text}", depth, node.loc)
                self.add(source_of(node.stmt) + (f"  # {node.note}" if node.note else ""), depth, node.loc)
                continue
            if isinstance(node, Branch):
                self._branch(node, depth, "if")
            elif isinstance(node, Region):
                self._region(node, depth)
            else:
                head = f"while {source_of(node.source)}:"
                if node.target is not None:
                    head = f"for {source_of(node.target)} in {source_of(node.source)}:"
                self.add(head, depth, node.loc)
                self.block(node.body, depth + 1)
            told = None

    def _branch(self, node: Branch, depth: int, word: str) -> None:
        self.add(f"{word} {source_of(node.test)}:", depth, node.loc)
        self.block(node.then, depth + 1)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], Branch):
            self._branch(node.orelse[0], depth, "elif")
        elif node.orelse:
            self.add("else:", depth, node.loc)
            self.block(node.orelse, depth + 1)


    def _region(self, node: Region, depth: int) -> None:
        head = "try"
        if node.manager is not None:
            head = f"with {source_of(node.manager)}" + ("" if node.target is None else f" as {source_of(node.target)}")
        self.add(f"{head}:", depth, node.loc)
        self.block(node.body, depth + 1)
        if node.caught is not None:
            self.add(f"except {source_of(node.caught)} as error:", depth, node.loc)
            self.block(node.handler, depth + 1)
        if node.final:
            self.add("finally:", depth, node.loc)
            self.block(node.final, depth + 1)


def _wants_comment(node: Line) -> bool:
    """Adjoint statements of a primal statement do; what only prepares or hands on does not, nor what belongs to a loop
    as such.
    """
    if node.role != "adjoint" or node.setup or node.loc is None or isinstance(node.stmt, (ast.Break, ast.Pass, ast.Return)):
        return False
    return not node.loc.text.startswith(("for ", "while ", "if ", "elif ", "def "))
