"""``match``: a chain of branches, each a test of one pattern, which binds its names where it holds.

The subject is computed once, under a name that no program can have. A test is decided by the structure of the value where
that is enough, and is a condition like any other where it compares numbers. Names are bound where the whole pattern holds; a
guard sees them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..ir.build import const
from ..ir.core import Atom, Const, Slice, Var
from ..ir.types import BOOL
from .comparisons import compare
from .context import Lowerer
from .control import branch, is_false, is_true, select
from .exprs import EXPRESSIONS, expression, negated, truth
from .names import captures, during
from .nests import is_table
from .objects import class_of
from .tentative import quiet
from .values import DynList, Either, Fields, Iter, Kind, Maybe, Obj, Poison, Ref, Tup, Value, definite

__all__ = ["Captures", "as_branches", "lower_captures"]

SELF = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)  # a positional pattern is the value itself


class Matches(ast.expr):
    """Whether ``subject`` matches ``pattern``."""

    _fields = ("pattern", "subject")

    def __init__(self, pattern: ast.pattern, subject: ast.Name) -> None:
        super().__init__()
        self.pattern, self.subject = pattern, subject


class Captured(Matches):
    """Binds the names of a pattern that matches, for the guard that follows; True."""


class Captures(ast.stmt):
    """Binds the names of a pattern that matches."""

    _fields = ("pattern", "subject")

    def __init__(self, pattern: ast.pattern, subject: ast.Name) -> None:
        super().__init__()
        self.pattern, self.subject = pattern, subject


def as_branches(cx: Lowerer, node: ast.Match) -> ast.If:
    """Compute the subject; the cases as branches."""
    from .exceptions import keep_computed

    frame = cx.frames[-1]
    frame.live = during(frame.scope, node)
    made: ast.If | None = cx.memo.get(("match", node))
    if made is None:
        made = cx.memo["match", node] = _branches(cx, node, f"match subject {node.lineno}.{node.col_offset}")
    stmts, start = cx.builder.stmts, len(cx.builder.stmts)
    with cx.at(node.subject):
        subject = expression(cx, node.subject)
        if cx.tries:
            keep_computed(cx, stmts, start)
    cx.state.env[frame.fid, made.test.values[0].subject.id] = subject  # type: ignore[attr-defined]
    return made


def _branches(cx: Lowerer, node: ast.Match, name: str) -> ast.If:
    """``if matches and guard: bind the names; body`` for each case, the later ones in the ``else`` of the earlier."""
    scope = cx.frames[-1].scope
    orelse: list[ast.stmt] = []
    for case in reversed(node.cases):
        subject = ast.Name(name, ast.Load())
        test: list[ast.expr] = [Matches(case.pattern, subject)]
        if case.guard is not None:
            test += [Captured(case.pattern, subject), case.guard]
        bind = Captures(case.pattern, subject)
        made = ast.If(ast.BoolOp(ast.And(), test), [bind, *case.body], orelse)
        for inner in (subject, *test[:2], made.test, bind, made):
            if not hasattr(inner, "lineno"):
                ast.copy_location(inner, case.pattern)
        scope.after[bind] = scope.before.get(case.body[0], frozenset()) | captures(case.pattern)
        scope.after[made] = scope.after.get(node, frozenset())
        orelse = [made]
    return made


def subject_of(cx: Lowerer, node: Matches | Captures) -> Value:
    return cx.state.env[cx.frames[-1].fid, node.subject.id]


def lower_matches(cx: Lowerer, node: Matches) -> Value:
    return matches(cx, node.pattern, subject_of(cx, node), node)


def lower_captured(cx: Lowerer, node: Captured) -> Value:
    bind(cx, node.pattern, subject_of(cx, node), node)
    return const(True)


def lower_captures(cx: Lowerer, node: Captures) -> None:
    bind(cx, node.pattern, subject_of(cx, node), node)


# -- does it match? ----------------------------------------------------------------------------------------------------


Test = Callable[[], Atom]


def chain(cx: Lowerer, tests: list[Test], style: str) -> Atom:
    """Whether all tests hold ("and"), or one of them ("or"); a test may rely on those before it."""
    if not tests:
        return const(style == "and")
    first = tests[0]()

    def rest() -> Value:
        return chain(cx, tests[1:], style)
    if len(tests) == 1:
        return first
    made = select(cx, first, rest, lambda: first, "and") if style == "and" else select(cx, first, lambda: first, rest, "or")
    assert isinstance(made, (Var, Const))
    return made


def matches(cx: Lowerer, pattern: ast.pattern, value: Value, node: ast.expr) -> Atom:
    """The condition under which ``value`` matches; a constant where its structure tells."""
    if isinstance(value, Maybe) and not isinstance(pattern, (ast.MatchAs, ast.MatchOr)):
        return matches_maybe(cx, pattern, value, node)
    if isinstance(value, Either) and not isinstance(pattern, (ast.MatchAs, ast.MatchOr)):
        return matches_either(cx, pattern, value, node)
    if isinstance(value, Poison):
        definite(value)
    if isinstance(pattern, ast.MatchAs):
        return const(True) if pattern.pattern is None else matches(cx, pattern.pattern, value, node)
    if isinstance(pattern, ast.MatchOr):
        return chain(cx, [lambda p=p: matches(cx, p, value, node) for p in pattern.patterns], "or")  # type: ignore[misc]
    if isinstance(pattern, ast.MatchValue):
        return equal(cx, value, expression(cx, pattern.value), node)
    if isinstance(pattern, ast.MatchSingleton):
        return same(cx, value, pattern.value)
    form = taken_apart(cx, pattern, value, node)
    if form is None:
        return const(False)
    tests = [lambda p=p, v=v: matches(cx, p, v(), node) for p, v in form[1] if not matches_all(p)]
    return chain(cx, [*form[0], *tests], "and")


def matches_maybe(cx: Lowerer, pattern: ast.pattern, value: Maybe, node: ast.expr) -> Atom:
    """The same for a value that may be None."""
    if isinstance(pattern, ast.MatchSingleton) and pattern.value is None:
        return value.none
    made = select(cx, value.none, lambda: const(False), lambda: matches(cx, pattern, value.value, node), "and")
    assert isinstance(made, (Var, Const))
    return made


def matches_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchStar) or (isinstance(pattern, ast.MatchAs) and pattern.pattern is None)


def matches_either(cx: Lowerer, pattern: ast.pattern, value: Either, node: ast.expr) -> Atom:
    """The same for one of two values: the condition itself, where their structure tells which of them match."""
    if value.cond in cx.known:
        return matches(cx, pattern, value.then if cx.known[value.cond] else value.orelse, node)
    with quiet(cx):
        sure = [matches(cx, pattern, side, node) for side in (value.then, value.orelse)]
    if is_true(sure[0]) and is_false(sure[1]):
        return value.cond
    made = negated(cx, value.cond) if is_false(sure[0]) and is_true(sure[1]) else select(
        cx, value.cond, lambda: matches(cx, pattern, value.then, node), lambda: matches(cx, pattern, value.orelse, node), "and")
    assert isinstance(made, (Var, Const))
    return made


def equal(cx: Lowerer, value: Value, literal: Value, node: ast.expr) -> Atom:
    if isinstance(value, (Var, Const, Ref)) or class_of(cx, value) is not None:
        return truth(cx, compare(cx, ast.Eq(), value, literal, node), node)
    return const(False)  # a list, a tuple, a function is no number and no text


def same(cx: Lowerer, value: Value, literal: bool | None) -> Atom:
    """Whether ``value is literal``."""
    if isinstance(value, Const):
        return const(value.value is literal)
    if literal is None or not isinstance(value, Var) or value.type != BOOL:
        return const(False)
    return value if literal else cx.var("not", value)


Part = tuple[ast.pattern, Callable[[], Value]]


def taken_apart(cx: Lowerer, pattern: ast.pattern, value: Value, node: ast.expr) -> tuple[list[Test], list[Part]] | None:
    """The tests of a value's own form, and its parts with their patterns; None if the form does not fit."""
    if isinstance(pattern, ast.MatchSequence):
        return sequence(cx, pattern, value, node)
    if isinstance(pattern, ast.MatchMapping):
        return mapping(cx, pattern, value, node)
    assert isinstance(pattern, ast.MatchClass)
    return instance(cx, pattern, value, node)


def sequence(cx: Lowerer, pattern: ast.MatchSequence, value: Value, node: ast.expr) -> tuple[list[Test], list[Part]] | None:
    """``[a, b]``, ``[a, *rest]``: of a list or tuple; whether an array is a sequence for ``match`` is up to NumPy."""
    if isinstance(value, Ref) and np.ndarray.__flags__ & SEQUENCE:
        cx.refuse("matching an array against a sequence", node, "unpack it: a, b = x")
    if isinstance(value, (Iter, Const)) and (isinstance(value, Iter) or is_sequence(type(value.value))):
        cx.refuse(f"matching a {cx.describe(value)} against a sequence", node, "make a list of it first: list(...)")
    count = len(pattern.patterns)
    star = next((k for k, p in enumerate(pattern.patterns) if isinstance(p, ast.MatchStar)), None)
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if isinstance(contents, DynList):
        return [lambda: long_enough(cx, contents, count, star)], unknown_items(cx, pattern.patterns, star, value, node)
    if isinstance(contents, Fields) and (contents.keys is not None or contents.cls is not None):
        return None
    items = value.items if isinstance(value, Tup) else contents.items if contents is not None else None
    if items is None or (len(items) != count if star is None else len(items) < count - 1):
        return None
    if star is None:
        return [], [(p, lambda v=v: v) for p, v in zip(pattern.patterns, items, strict=True)]  # type: ignore[misc]
    after = len(items) - (count - 1 - star)
    parts = [*items[:star], None, *items[after:]]
    return [], [(p, (lambda: cx.new_list(items[star:after])) if k == star else (lambda v=v: v))  # type: ignore[misc]
                for k, (p, v) in enumerate(zip(pattern.patterns, parts, strict=True))]


SEQUENCE = 1 << 5  # Py_TPFLAGS_SEQUENCE


def is_sequence(cls: type) -> bool:
    return issubclass(cls, Sequence) and not issubclass(cls, (str, bytes, bytearray))


def long_enough(cx: Lowerer, contents: DynList, count: int, star: int | None) -> Atom:
    length = cx.var("len", contents.lists[0])
    return cx.var("np.equal", length, const(count)) if star is None else cx.var("np.greater_equal", length, const(count - 1))


def unknown_items(cx: Lowerer, patterns: list[ast.pattern], star: int | None, value: Value, node: ast.expr) -> list[Part]:
    """The items of a list of unknown length; those after a star are counted from the end."""
    from .subscripts import read_item

    def part(k: int) -> Value:
        if star is None or k < star:
            return read_item(cx, value, const(k), node)
        after = len(patterns) - 1 - star
        rest = Slice(const(star), const(-after) if after else None)
        return read_item(cx, value, const(k - len(patterns)) if k > star else rest, node)
    return [(p, lambda k=k: part(k)) for k, p in enumerate(patterns)]  # type: ignore[misc]


def mapping(cx: Lowerer, pattern: ast.MatchMapping, value: Value, node: ast.expr) -> tuple[list[Test], list[Part]] | None:
    """``{"a": pattern, **rest}``: of a dict, which may have other keys."""
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if isinstance(value, Const) and isinstance(value.value, Mapping):
        cx.refuse(f"matching a {cx.describe(value)} against a mapping", node, "make a dict of it first: dict(...)")
    if not isinstance(contents, Fields) or contents.keys is None or not is_mapping(contents.cls):
        return None
    if is_table(contents):
        cx.refuse("matching a dict with keys that only the run knows", node, "test for the key: if key in d")
    keys = [expression(cx, k) for k in pattern.keys]
    names = [k.value if isinstance(k, Const) else cx.refuse("a key of a pattern that is not a constant", node) for k in keys]
    there = dict(zip(contents.keys, contents.items, strict=True))
    if any(n not in there for n in names):
        return None
    return [], [(p, lambda n=n: there[n]) for p, n in zip(pattern.patterns, names, strict=True)]  # type: ignore[misc]


def is_mapping(cls: Any) -> bool:
    return cls is None or (isinstance(cls, Kind) and cls.name in ("Counter", "OrderedDict", "defaultdict")) or \
        (isinstance(cls, type) and issubclass(cls, Mapping))


def instance(cx: Lowerer, pattern: ast.MatchClass, value: Value, node: ast.expr) -> tuple[list[Test], list[Part]] | None:
    """``Point(x, y=0)``: of the class, with the attributes that its ``__match_args__`` or the pattern names."""
    from .attributes import attribute
    from .builtin_calls import call_isinstance

    cls = expression(cx, pattern.cls)
    if not isinstance(cls, Const) or not isinstance(cls.value, type):
        cx.refuse(f"a class pattern of a {cx.describe(cls)}", node)
    if is_false(truth(cx, call_isinstance(cx, (value, cls), {}, node), node)):
        return None
    if cls.value in SELF and pattern.patterns:
        return [], [(pattern.patterns[0], lambda: value)]
    given = getattr(cls.value, "__match_args__", ())
    if len(pattern.patterns) > len(given):
        cx.refuse(f"{cls.value.__name__} has {len(given)} positional patterns, {len(pattern.patterns)} were given", node,
                  "name the attributes: Point(x=..., y=...)")
    names = [*given[:len(pattern.patterns)], *pattern.kwd_attrs]
    patterns = [*pattern.patterns, *pattern.kwd_patterns]
    return [], [(p, lambda n=n: attribute(cx, value, n, node)) for p, n in zip(patterns, names, strict=True)]  # type: ignore[misc]


# -- binding -----------------------------------------------------------------------------------------------------------


def bind(cx: Lowerer, pattern: ast.pattern, value: Value, node: Any) -> None:
    """Bind the names of a pattern that matches."""
    from .statements import bind_name

    if not captures(pattern):
        return
    if isinstance(pattern, ast.MatchOr):
        alternatives(cx, pattern.patterns, value, node)
        return
    if isinstance(pattern, (ast.MatchAs, ast.MatchStar)):
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
            bind(cx, pattern.pattern, value, node)
        if pattern.name is not None:
            bind_name(cx, pattern.name, value)
        return
    value = definite(value)
    if isinstance(value, Either):
        bind_either(cx, pattern, value, node)
        return
    form = taken_apart(cx, pattern, value, node)
    if form is None:  # one of two, and the other one matches
        return
    for inner, part in form[1]:
        bind(cx, inner, part(), node)
    if isinstance(pattern, ast.MatchMapping) and pattern.rest is not None and isinstance(value, Obj):
        contents = cx.contents(value.oid)
        assert isinstance(contents, Fields)
        assert contents.keys is not None
        taken = [k.value for k in (expression(cx, key) for key in pattern.keys) if isinstance(k, Const)]
        rest = {k: v for k, v in zip(contents.keys, contents.items, strict=True) if k not in taken}
        bind_name(cx, pattern.rest, cx.new_obj(Fields(tuple(rest.values()), tuple(rest))))


def bind_either(cx: Lowerer, pattern: ast.pattern, value: Either, node: Any) -> None:
    """The names, for one of two values."""
    if value.cond in cx.known:
        bind(cx, pattern, value.then if cx.known[value.cond] else value.orelse, node)
    else:
        branch(cx, value.cond, lambda: bind(cx, pattern, value.then, node), lambda: bind(cx, pattern, value.orelse, node),
               cx.frames[-1].live | captures(pattern))


def alternatives(cx: Lowerer, patterns: list[ast.pattern], value: Value, node: Any) -> None:
    """The names of the first alternative that matches."""
    first = matches(cx, patterns[0], value, node) if len(patterns) > 1 else const(True)
    if is_true(first):
        bind(cx, patterns[0], value, node)
    else:
        branch(cx, first, lambda: bind(cx, patterns[0], value, node), lambda: alternatives(cx, patterns[1:], value, node),
               cx.frames[-1].live | captures(patterns[0]))


EXPRESSIONS[Matches] = lower_matches
EXPRESSIONS[Captured] = lower_captured
