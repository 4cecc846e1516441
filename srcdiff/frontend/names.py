"""What names a function binds, and which are live where: a backward pass over the AST.

Only live names take part in the joins of :mod:`srcdiff.frontend.join`, so a temporary that is reused refuses nothing.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import field, replace

from ..records import dataclass

__all__ = ["Scope", "analyse", "assigned_names", "captures", "during", "has_exit", "own_nodes", "reads_of"]

Names = frozenset[str]
EMPTY: Names = frozenset()
_COMPREHENSIONS = (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
_FUNCTIONS = (ast.FunctionDef, ast.Lambda, *_COMPREHENSIONS)


@dataclass
class Scope:
    """One function's names. ``before[stmt]``, ``after[stmt]``: names live there; ``head[loop]``: live at a loop's head;
    ``kept``: those that functions inside may read after this one returned."""

    local: Names
    nonlocals: Names
    captured: Names
    kept: Names = EMPTY
    before: dict[ast.AST, Names] = field(default_factory=dict)
    after: dict[ast.AST, Names] = field(default_factory=dict)
    head: dict[ast.AST, Names] = field(default_factory=dict)


_SCOPES: dict[ast.AST, Scope] = {}


def analyse(node: ast.FunctionDef | ast.Lambda) -> Scope:
    """The scope of a function; computed once for each node."""
    scope = _SCOPES.get(node)
    if scope is None:
        scope = _SCOPES[node] = _analyse(node)
        if len(_SCOPES) > 512:
            _SCOPES.pop(next(iter(_SCOPES)))
    return scope


def _analyse(node: ast.FunctionDef | ast.Lambda) -> Scope:
    body: list[ast.stmt] = node.body if isinstance(node, ast.FunctionDef) else [ast.Expr(node.body)]
    own = own_nodes(body)
    nonlocals = frozenset(n for s in own if isinstance(s, ast.Nonlocal) for n in s.names)
    declared = nonlocals.union(n for s in own if isinstance(s, ast.Global) for n in s.names)
    local = (assigned_names(body) | parameters(node.args)) - declared
    inner = [s for s in own if isinstance(s, (*_FUNCTIONS, ast.ClassDef))]
    captured = frozenset().union(*(_free_reads(f) for f in inner)) & (local | nonlocals)
    outliving = [s for s in inner if isinstance(s, (ast.FunctionDef, ast.Lambda, ast.GeneratorExp))]
    scope = Scope(local, nonlocals, captured, EMPTY.union(*map(_free_reads, outliving)) & local)
    _block(scope, body, captured | nonlocals, _Ends())
    return scope


def during(scope: Scope, stmt: ast.stmt) -> Names:
    """Names that are live somewhere in a statement."""
    inside = reads_of(stmt) | scope.before.get(stmt, EMPTY) | scope.after.get(stmt, EMPTY) | scope.captured | scope.nonlocals
    return inside | {stmt.target.id} if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name) else inside


def parameters(args: ast.arguments) -> Names:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return frozenset(a.arg for a in every if a is not None)


def own_nodes(stmts: list[ast.stmt]) -> list[ast.AST]:
    """All nodes of the statements, without the insides of nested functions (the nested function itself is there)."""
    found: list[ast.AST] = []
    todo: list[ast.AST] = list(stmts)
    while todo:
        node = todo.pop()
        found.append(node)
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            if isinstance(node, ast.FunctionDef):
                todo.extend([*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)])
            continue
        for name in node._fields:  # as ast.iter_child_nodes, in half its time
            value = getattr(node, name, None)
            if isinstance(value, list):
                todo.extend(v for v in value if isinstance(v, ast.AST))
            elif isinstance(value, ast.AST):
                todo.append(value)
    return found


def assigned_names(stmts: list[ast.stmt]) -> Names:
    """Names that the statements bind."""
    names = set()
    for node in own_nodes(stmts):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((a.asname or a.name).split(".")[0] for a in node.names)
    return frozenset(names)


def _free_reads(function: ast.AST) -> Names:
    if isinstance(function, _COMPREHENSIONS):
        return reads_of(function).union(n.target.id for n in ast.walk(function) if isinstance(n, ast.NamedExpr))
    return frozenset(n.id for n in ast.walk(function) if isinstance(n, ast.Name)) | frozenset(
        name for n in ast.walk(function) if isinstance(n, (ast.Nonlocal, ast.Global)) for name in n.names)


@functools.lru_cache(4096)
def reads_of(node: ast.AST | None) -> Names:
    """Names that an expression or statement mentions, nested functions included; not those that a comprehension binds."""
    if node is None:
        return EMPTY
    if isinstance(node, ast.Name):
        return frozenset((node.id,)) if isinstance(node.ctx, ast.Load) else EMPTY
    reads = EMPTY.union(*map(reads_of, ast.iter_child_nodes(node)))
    if isinstance(node, _COMPREHENSIONS):
        reads = (reads - EMPTY.union(*(_writes_of(gen.target) for gen in node.generators))) | reads_of(node.generators[0].iter)
    return reads


def _writes_of(node: ast.AST) -> Names:
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Store, ast.Del)))


def has_exit(stmts: list[ast.stmt], in_loop: bool = False) -> bool:
    """Whether a statement may leave its list early: break, continue (of this level) or return."""
    for s in stmts:
        if isinstance(s, (ast.Return, ast.Raise)) or (not in_loop and isinstance(s, (ast.Break, ast.Continue))):
            return True
        if isinstance(s, (ast.For, ast.While)):
            if has_exit(s.body, True) or has_exit(s.orelse, in_loop):
                return True
        elif any(has_exit(part, in_loop) for part in _parts(s)):
            return True
    return False


def _parts(stmt: ast.stmt) -> list[list[ast.stmt]]:
    """The lists of statements that a statement owns, if it is no loop and no definition."""
    if isinstance(stmt, ast.If):
        return [stmt.body, stmt.orelse]
    if isinstance(stmt, ast.With):
        return [stmt.body]
    if isinstance(stmt, ast.Try):
        return [stmt.body, *(h.body for h in stmt.handlers), stmt.orelse, stmt.finalbody]
    return [case.body for case in stmt.cases] if isinstance(stmt, ast.Match) else []


def has_break(stmts: list[ast.stmt]) -> bool:
    """Whether a break of this level is among the statements."""
    for s in stmts:
        if isinstance(s, ast.Break):
            return True
        parts = [s.orelse] if isinstance(s, (ast.For, ast.While)) else _parts(s)
        if any(map(has_break, parts)):
            return True
    return False


# -- liveness ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ends:
    """Names that are live where control may go from inside a statement: after the loop, at its head, at what a ``return`` has
    still to do, and at the handlers around."""

    brk: Names = EMPTY
    cont: Names = EMPTY
    ret: Names = EMPTY
    caught: Names = EMPTY


def _block(scope: Scope, stmts: list[ast.stmt], after: Names, ends: _Ends) -> Names:
    after |= ends.caught
    for stmt in reversed(stmts):
        scope.after[stmt] = scope.after.get(stmt, EMPTY) | after
        after = _statement(scope, stmt, after, ends) | ends.caught
        scope.before[stmt] = scope.before.get(stmt, EMPTY) | after
    return after


def _statement(scope: Scope, stmt: ast.stmt, after: Names, ends: _Ends) -> Names:
    keep = scope.captured | scope.nonlocals
    if isinstance(stmt, (ast.Return, ast.Raise)):
        return reads_of(stmt) | keep | ends.ret
    if isinstance(stmt, ast.Break):
        return ends.brk
    if isinstance(stmt, ast.Continue):
        return ends.cont
    if isinstance(stmt, ast.If):
        then = _block(scope, stmt.body, after, ends)
        orelse = _block(scope, stmt.orelse, after, ends)
        return then | orelse | reads_of(stmt.test)
    if isinstance(stmt, (ast.For, ast.While)):
        return _loop(scope, stmt, after, ends)
    if isinstance(stmt, ast.With):
        bound = frozenset(n.id for i in stmt.items if i.optional_vars is not None for n in _plain_targets(i.optional_vars))
        read = EMPTY.union(*(reads_of(i.context_expr) | reads_of(i.optional_vars) for i in stmt.items))
        return (_block(scope, stmt.body, after, ends) - bound) | read
    if isinstance(stmt, ast.Try):
        return _try(scope, stmt, after, ends)
    if isinstance(stmt, ast.Match):
        return _match(scope, stmt, after, ends)
    if isinstance(stmt, (ast.FunctionDef, ast.ClassDef)):
        return (after - {stmt.name}) | _free_reads(stmt) | keep
    killed = EMPTY
    if isinstance(stmt, (ast.Assign, ast.Delete)):
        killed = frozenset(n.id for t in stmt.targets for n in _plain_targets(t))
    elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None and isinstance(stmt.target, ast.Name):
        killed = frozenset({stmt.target.id})
    reads = reads_of(stmt)
    if isinstance(stmt, ast.AugAssign):
        reads |= _writes_of(stmt.target)
    return (after - killed) | reads | keep


def _try(scope: Scope, stmt: ast.Try, after: Names, ends: _Ends) -> Names:
    """Every statement of the body may be followed by a handler, and every way out by the ``finally``."""
    if stmt.finalbody:
        after = _block(scope, stmt.finalbody, after.union(ends.brk, ends.cont, ends.ret), ends)
        ends = _Ends(after, after, after, after)
    handlers = EMPTY
    for handler in stmt.handlers:
        handlers |= reads_of(handler.type) | (_block(scope, handler.body, after, ends) - {handler.name or ""})
    orelse = _block(scope, stmt.orelse, after, ends)
    return _block(scope, stmt.body, orelse, replace(ends, caught=ends.caught | handlers)) | handlers


def _match(scope: Scope, stmt: ast.Match, after: Names, ends: _Ends) -> Names:
    live = after | reads_of(stmt.subject)
    for case in stmt.cases:
        inside = _block(scope, case.body, after, ends) | reads_of(case.guard)
        live |= (inside - captures(case.pattern)) | reads_of(case.pattern)
    return live


@functools.lru_cache(1024)
def captures(pattern: ast.pattern) -> Names:
    """The names that a pattern binds."""
    return assigned_names([ast.Match(ast.Constant(None), [ast.match_case(pattern, None, [])])])


def _plain_targets(target: ast.expr) -> list[ast.Name]:
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [n for e in target.elts for n in _plain_targets(e)]
    if isinstance(target, ast.Starred):
        return _plain_targets(target.value)
    return []


def _loop(scope: Scope, stmt: ast.For | ast.While, after: Names, ends: _Ends) -> Names:
    end = _block(scope, stmt.orelse, after, ends) | after
    test = reads_of(stmt.iter if isinstance(stmt, ast.For) else stmt.test)
    written = _writes_of(stmt.target) if isinstance(stmt, ast.For) else EMPTY
    head = end | (EMPTY if isinstance(stmt, ast.For) else test)
    while True:
        inside = _block(scope, stmt.body, head, replace(ends, brk=after, cont=head))
        grown = head | (inside - written) | (EMPTY if isinstance(stmt, ast.For) else test)
        if grown == head:
            break
        head = grown
    scope.head[stmt] = head
    return head | test
