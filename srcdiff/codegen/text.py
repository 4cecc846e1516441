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

    def block(self, body: list[Node], depth: int, told: int | None = None) -> None:
        """Statements, and before each group of adjoint statements the line that they are the adjoint of, unless it was ``told``
        already.
        """
        for node in body:
            if isinstance(node, Line):
                told = self._tell(node, depth, told)
                self.add(source_of(node.stmt) + (f"  # {node.note}" if node.note else ""), depth, node.loc)
            elif isinstance(node, Branch):
                told = self._tell_once(node, depth, told)
                self._branch(node, depth, "if", told)
            elif isinstance(node, Region):
                self._region(node, depth)
                told = None
            else:
                head = f"while {source_of(node.source)}:"
                if node.target is not None:
                    head = f"for {source_of(node.target)} in {source_of(node.source)}:"
                self.add(head, depth, node.loc)
                self.block(node.body, depth + 1)
                told = None

    def _tell(self, node: Line, depth: int, told: int | None) -> int | None:
        """The comment before a line, if one is due; the line that is told then."""
        if not _wants_comment(node) or node.about is None or node.about.line == told:
            return told
        self.add(f"# line {node.about.line}: {node.about.text}", depth, node.about)
        return node.about.line

    def _tell_once(self, node: Branch, depth: int, told: int | None) -> int | None:
        """Tell before a branch what all arms would tell, if it is one line; None if the arms tell of others than ``told``."""
        arms = [_told_in(arm) for arm in (node.then, node.orelse)]
        lines = {line.about.line for arm in arms for line in arm if line.about is not None}
        if lines <= {told}:
            return told
        return self._tell(arms[0][0], depth, told) if len(lines) == 1 and all(arms) else None

    def _branch(self, node: Branch, depth: int, word: str, told: int | None) -> None:
        self.add(f"{word} {source_of(node.test)}:", depth, node.loc)
        self.block(node.then, depth + 1, told)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], Branch):
            self._branch(node.orelse[0], depth, "elif", told)
        elif node.orelse:
            self.add("else:", depth, node.loc)
            self.block(node.orelse, depth + 1, told)

    def _region(self, node: Region, depth: int) -> None:
        head = "try"
        if node.manager is not None:
            head = f"with {source_of(node.manager)}" + ("" if node.target is None else f" as {source_of(node.target)}")
        self.add(f"{head}:", depth, node.loc)
        self.block(node.body, depth + 1)
        if node.caught is not None:
            classes = source_of(node.caught)
            self.add(f"except {f'({classes})' if isinstance(node.caught, ast.Tuple) else classes} as error:", depth, node.loc)
            self.block(node.handler, depth + 1)
        if node.final:
            self.add("finally:", depth, node.loc)
            self.block(node.final, depth + 1)


def _wants_comment(node: Line) -> bool:
    """Adjoint statements of a primal statement do; what only prepares or hands on does not, nor what belongs to a loop
    as such.
    """
    if node.role != "adjoint" or node.about is None or isinstance(node.stmt, (ast.Break, ast.Pass, ast.Return)):
        return False
    return bool(node.about.text) and not node.about.text.startswith(("for ", "while ", "if ", "elif ", "def ", "@"))


def _told_in(body: list[Node]) -> list[Line]:
    """The statements that a comment may stand before."""
    found: list[Line] = []
    for node in body:
        if isinstance(node, Line):
            found += [node] if _wants_comment(node) else []
        elif isinstance(node, Branch):
            found += _told_in(node.then) + _told_in(node.orelse)
        else:
            blocks = (node.body, node.handler, node.final) if isinstance(node, Region) else (node.body,)
            found += [line for block in blocks for line in _told_in(block)]
    return found
