"""Names for the variables of emitted statements.

Variables that are never needed at the same time may share a name, and do where the user gave them the same one. A
name is numbered (``u_1``) only where two variables of that name are needed at once. Everything follows the order of
the text, so the same input gives the same names. The name of an adjoint follows that of its variable: ``u_1_bar``; that of a
value without a variable is called after none that there is.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterator
from typing import TypeGuard

from ..records import dataclass
from .tree import Branch, Cycle, Line, Node, Region, slot_of

__all__ = ["Leader", "Wish", "choose_names", "inner_blocks", "real_names", "rename", "slots_in", "written_slots"]

BARS = ("t", "s", "r", "q", "p", "v", "w")
INDICES = ("i", "j", "k", "l", "m")


@dataclass(frozen=True)
class Leader:
    """A variable from whose name another one is made, with ``suffix``: that of ``slot``, or of ``elsewhere``, in another
    function.
    """

    slot: int
    elsewhere: str | None
    suffix: str


@dataclass(frozen=True)
class Wish:
    """What a variable would like to be called: as all its ``leaders`` say if they agree, else ``hint``, else by ``kind``:
    "temp", "bar", "dot", "index", "list". ``depth``: names of less depth are chosen before. ``plain``: some of what has this
    name follows nobody.
    """

    hint: str = ""
    kind: str = "temp"
    leaders: tuple[Leader, ...] = ()
    depth: int = 0
    plain: bool = False

    @property
    def turn(self) -> tuple[bool, int, bool]:
        """Names are given to the least first: to what the user named, and to values before their adjoints."""
        return not self.hint, self.depth, self.kind in ("bar", "dot")

    def followed(self, names: dict[int, str]) -> str | None:
        """The name that the leaders give."""
        found = {(names.get(leader.slot, leader.elsewhere), leader.suffix) for leader in self.leaders}
        name, suffix = found.pop() if len(found) == 1 else (None, "")
        return None if name is None or (suffix and self.plain) else name + suffix

    def candidates(self, followed: str | None) -> Iterator[str]:
        if followed:
            yield followed
        if followed and self.hint:
            yield from (f"{followed}_{n}" for n in range(1, 10_000))
        elif self.hint:
            yield self.hint
            yield from (f"{self.hint}_{n}" for n in range(1, 10_000))
        elif self.kind in ("bar", "dot"):
            yield from (f"{b}_{self.kind}" for b in BARS)
            yield from (f"t{n}_{self.kind}" for n in range(1, 10_000))
        else:
            if self.kind == "index":
                yield from INDICES
            base = {"index": "i", "list": "stash"}.get(self.kind, "t")
            yield base
            yield from (f"{base}{n}" for n in range(1, 10_000))


def choose_names(body: list[Node], params: dict[int, str], wishes: dict[int, Wish], reserved: set[str]) -> dict[int, str]:
    """A name for each variable in ``body``. ``params`` have theirs already; ``reserved`` names are taken by others."""
    flow = _Flow()
    live = flow.block(body, 0, 0, 0)
    for slot in params:
        flow.define(slot, live | flow.mask(params))
    order = [s for s in dict.fromkeys(_appearing(body)) if s not in params]
    order.sort(key=lambda s: wishes.get(s, Wish()).turn)
    names = dict(params)
    taken = _Taken(flow.conflicts, names)
    fixed = set(params.values()) | {w.hint for w in wishes.values()}
    for slot in order:
        wish = wishes.get(slot, Wish())
        followed = wish.followed(names)
        stems = () if wish.hint or followed else {f"{name}_{wish.kind}" for name in (*names.values(), *fixed)}
        names[slot] = next(c for c in wish.candidates(followed)
                           if not (c in reserved or keyword.iskeyword(c) or taken.near(slot, c))
                           and (c in (wish.hint, followed) or c not in fixed) and c not in stems)
        taken.note(slot, names[slot])
    return names


class _Taken:
    """Which names are taken where. ``conflicts``: for each variable a mask of some that interfere with it; of any two that do,
    at least one knows.
    """

    def __init__(self, conflicts: dict[int, int], names: dict[int, str]) -> None:
        self._conflicts = conflicts
        self._having: dict[str, int] = {}  # for each name the variables that have it
        self._against: dict[str, int] = {}  # and what interferes with them
        for slot, name in names.items():
            self.note(slot, name)

    def note(self, slot: int, name: str) -> None:
        self._having[name] = self._having.get(name, 0) | 1 << slot
        self._against[name] = self._against.get(name, 0) | self._conflicts.get(slot, 0)

    def near(self, slot: int, name: str) -> bool:
        """Whether a variable that interferes with ``slot`` has the name."""
        return bool(self._having.get(name, 0) & self._conflicts.get(slot, 0) or self._against.get(name, 0) >> slot & 1)


def rename(body: list[Node], names: dict[int, str]) -> None:
    """Put names in the place of placeholders; assignments of a variable to itself disappear."""
    for expr in _expressions(body):
        for node in _names(expr):
            if (slot := slot_of(node.id)) is not None:
                node.id = names[slot]
    _drop_moves(body)
    _augment(body)


def _augment(body: list[Node]) -> None:
    """``x = x + v`` as ``x += v`` where that is the same."""
    for n in body:
        if isinstance(n, Line) and n.augments and isinstance(n.stmt, ast.Assign) and isinstance(n.stmt.value, ast.BinOp):
            target, value = n.stmt.targets[0], n.stmt.value
            if isinstance(target, ast.Name) and isinstance(value.left, ast.Name) and target.id == value.left.id:
                n.stmt = ast.AugAssign(target, value.op, value.right)
        for inner in inner_blocks(n):
            _augment(inner)


def _drop_moves(body: list[Node]) -> None:
    body[:] = [n for n in body if not (isinstance(n, Line) and _is_self_move(n.stmt))] or [
        Line(ast.Pass(), body[0].loc, body[0].role)] if body else []
    for n in body:
        for inner in inner_blocks(n):
            _drop_moves(inner)


def _is_move(stmt: ast.stmt) -> TypeGuard[ast.Assign]:
    """Whether a statement is ``a = b``."""
    return isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name) and isinstance(stmt.value, ast.Name)


def _is_self_move(stmt: ast.stmt) -> bool:
    return _is_move(stmt) and stmt.targets[0].id == stmt.value.id  # type: ignore[attr-defined]


def real_names(body: list[Node]) -> set[str]:
    """The names in ``body`` that are no placeholders, nor those of arguments: modules, functions, objects."""
    return {n.id for e in _expressions(body) for n in _names(e) if slot_of(n.id) is None and not hasattr(n, "of_argument")}


def _names(tree: ast.AST) -> list[ast.Name]:
    """Every name in an expression or statement, as ``ast.walk`` orders them (which takes many times as long)."""
    found: list[ast.AST] = [tree]
    for node in found:
        for name in _children(type(node)):
            value = getattr(node, name, None)
            if isinstance(value, list):
                found.extend(v for v in value if isinstance(v, ast.AST))
            elif isinstance(value, ast.AST):
                found.append(value)
    return [n for n in found if isinstance(n, ast.Name)]


_LEAVES = frozenset({"ctx", "op", "ops", "id", "attr"})
_FIELDS: dict[type, tuple[str, ...]] = {}


def _children(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a node in which names may be."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(f for f in kind._fields if f not in _LEAVES)
    return _FIELDS[kind]


def inner_blocks(node: Node) -> tuple[list[Node], ...]:
    """The lists of statements that a compound statement owns."""
    if isinstance(node, Branch):
        return (node.then, node.orelse)
    if isinstance(node, Region):
        return (node.body, node.handler, node.final)
    return (node.body,) if isinstance(node, Cycle) else ()


def _heads(node: Node) -> list[ast.AST]:
    """What a statement says before its blocks."""
    if isinstance(node, Line):
        return [node.stmt]
    if isinstance(node, Branch):
        return [node.test]
    parts = (node.manager, node.target, node.caught) if isinstance(node, Region) else (node.target, node.source)
    return [p for p in parts if p is not None]


def _expressions(body: list[Node]) -> Iterator[ast.AST]:
    for node in body:
        yield from _heads(node)
        for inner in inner_blocks(node):
            yield from _expressions(inner)


def _slots(tree: ast.AST | None) -> list[int]:
    if tree is None:
        return []
    return [s for n in _names(tree) if (s := slot_of(n.id)) is not None]


def slots_in(node: Node) -> set[int]:
    """The variables that a statement mentions, also in its blocks."""
    inside = (s for block in inner_blocks(node) for n in block for s in slots_in(n))
    return {s for head in _heads(node) for s in _slots(head)}.union(inside)


def _appearing(body: list[Node]) -> Iterator[int]:
    for node in body:
        for head in _heads(node):
            yield from _slots(head)
        for inner in inner_blocks(node):
            yield from _appearing(inner)


def written_slots(stmt: ast.stmt) -> list[int]:
    """The variables that a statement assigns: not those into whose elements it writes."""
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target] if isinstance(stmt, ast.AugAssign) else []
    flat = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return [s for t in flat for n in _target_names(t) if (s := slot_of(n.id)) is not None]


def _target_names(t: ast.expr) -> Iterator[ast.Name]:
    if isinstance(t, ast.Name):
        yield t
    elif isinstance(t, (ast.Tuple, ast.List)):
        for e in t.elts:
            yield from _target_names(e)


def _read(stmt: ast.stmt) -> list[int]:
    if isinstance(stmt, ast.Assign):
        inner = [t for t in stmt.targets if not isinstance(t, ast.Name)]
        names = set(written_slots(stmt))
        return _slots(stmt.value) + [s for t in inner for s in _slots(t) if s not in names]
    return _slots(stmt)


class _Flow:
    """Liveness of variables in emitted statements, and which of them interfere. Sets are bit masks."""

    def __init__(self) -> None:
        self.conflicts: dict[int, int] = {}

    @staticmethod
    def mask(slots: object) -> int:
        result = 0
        for s in slots:  # type: ignore[attr-defined]
            result |= 1 << s
        return result

    def define(self, slot: int, live: int) -> None:
        self.conflicts[slot] = self.conflicts.get(slot, 0) | (live & ~(1 << slot))

    def block(self, body: list[Node], after: int, at_break: int, at_continue: int) -> int:
        live = after
        for node in reversed(body):
            if isinstance(node, Line):
                live = self._line(node.stmt, live, at_break, at_continue)
            elif isinstance(node, Branch):
                arms = [self.block(arm, live, at_break, at_continue) for arm in (node.then, node.orelse)]
                live = arms[0] | arms[1] | self.mask(_slots(node.test))
            elif isinstance(node, Region):
                live = self._region(node, live, at_break, at_continue)
            else:
                live = self._cycle(node, live)
        return live

    def _region(self, node: Region, after: int, at_break: int, at_continue: int) -> int:
        """What the handler or the ``finally`` reads is alive in all of the body."""
        last = self.block(node.final, after, at_break, at_continue)
        always = self.block(node.handler, last, at_break, at_continue) | (last if node.final else 0)
        live = self.block(node.body, last | always, at_break | always, at_continue | always) | always
        for slot in _slots(node.target):
            self.define(slot, live)
        return live & ~self.mask(_slots(node.target)) | self.mask(_slots(node.manager))

    def _line(self, stmt: ast.stmt, live: int, at_break: int, at_continue: int) -> int:
        if isinstance(stmt, ast.Break):
            return at_break
        if isinstance(stmt, ast.Continue):
            return at_continue
        if isinstance(stmt, (ast.Return, ast.Raise)):
            return self.mask(_slots(stmt))
        written = written_slots(stmt)
        source = self.mask(_slots(stmt.value)) if _is_move(stmt) else 0  # both names hold the same: they may be one
        together = self.mask(written)
        for slot in written:
            self.define(slot, (live | together) & ~source)
        return live & ~together | self.mask(_read(stmt))

    def _cycle(self, node: Cycle, after: int) -> int:
        target, source = self.mask(_slots(node.target)), self.mask(_slots(node.source))
        head = after | (source if node.target is None else 0)
        while True:
            start = self.block(node.body, head, after, head)
            for slot in _slots(node.target):
                self.define(slot, start | head)
            grown = head | start & ~target
            if grown == head:
                return head | source
            head = grown
