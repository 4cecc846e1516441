"""Make a failing program small: drop statements, flatten blocks, replace expressions by their parts, shorten arguments."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np

from generator.program import Program, reject

__all__ = ["literal", "shrink"]


def shrink(program: Program, fails: Callable[[Program], bool], seconds: float = 30.0) -> Program:
    """The smallest program found that still runs, is smooth, and for which ``fails`` holds."""
    stop = perf_counter() + seconds
    tried = {_key(program)}
    progress = True
    while progress:
        progress = False
        for candidate in _smaller(program):
            if perf_counter() > stop:
                return program
            if _key(candidate) in tried:
                continue
            tried.add(_key(candidate))
            if not reject(candidate) and fails(candidate):
                program, progress = candidate, True
                break
    return program


def _key(program: Program) -> tuple[str, int]:
    return program.text, len(program.args)


def _smaller(program: Program) -> Iterator[Program]:
    """Candidates, the boldest first."""
    tree = ast.parse(program.text)
    count = sum(1 for _ in _lists(tree))
    for size in (4, 2, 1):
        for k in range(count):
            length = len(_nth_list(tree, k))
            for at in range(length - size, -1, -1):
                yield _edited(program, tree, lambda t, k=k, at=at, size=size: _drop(t, k, at, size))
    for k in range(count):
        for at in range(len(_nth_list(tree, k))):
            for part in ("body", "orelse"):
                yield _edited(program, tree, lambda t, k=k, at=at, part=part: _flatten(_nth_list(t, k), at, part))
    yield from _without_parameters(program, tree)
    places = sum(1 for _ in _expressions(tree))
    for k in range(places):
        for choice in range(6):
            yield _edited(program, tree, lambda t, k=k, choice=choice: _simplify(t, k, choice))


def _edited(program: Program, tree: ast.Module, edit: Callable[[ast.Module], None]) -> Program:
    new = copy.deepcopy(tree)
    try:
        edit(new)
        text = ast.unparse(ast.fix_missing_locations(new)) + "\n"
    except (ValueError, IndexError, AttributeError):
        return program
    return replace(program, text=text)


def _lists(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for part in ("body", "orelse"):
            statements = getattr(node, part, None)
            if isinstance(statements, list) and statements:
                yield statements


def _nth_list(tree: ast.Module, k: int) -> list[ast.stmt]:
    return list(_lists(tree))[k]


def _drop(tree: ast.Module, k: int, at: int, size: int) -> None:
    """Take ``size`` statements out of the ``k``-th list; an else goes with its last statement."""
    statements = _nth_list(tree, k)
    del statements[at:at + size]
    if not statements and not any(getattr(node, "orelse", None) is statements for node in ast.walk(tree)):
        statements.append(ast.Pass())


def _flatten(statements: list[ast.stmt], at: int, part: str) -> None:
    """An if or a loop replaced by one of its blocks."""
    inner = getattr(statements[at], part, None)
    if isinstance(statements[at], ast.FunctionDef) or not isinstance(inner, list):
        raise ValueError
    statements[at:at + 1] = inner or [ast.Pass()]


def _without_parameters(program: Program, tree: ast.Module) -> Iterator[Program]:
    """Parameters of ``f`` replaced by a constant in its body."""
    (main,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "f")
    for k in range(len(main.args.args)):
        if len(program.args) < 2:
            return

        def edit(new: ast.Module, k: int = k) -> None:
            (function,) = (n for n in new.body if isinstance(n, ast.FunctionDef) and n.name == "f")
            name = function.args.args.pop(k).arg
            if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(function)):
                raise ValueError

        smaller = _edited(program, tree, edit)
        if smaller is not program:
            yield replace(smaller, args=program.args[:k] + program.args[k + 1:])


def _expressions(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Every place that holds an expression: (owner, field, position in the field's list)."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.arguments)):
            continue
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                yield from ((node, field, k) for k, item in enumerate(value) if isinstance(item, ast.expr))
            elif isinstance(value, ast.expr):
                yield node, field, None


def _simplify(tree: ast.Module, k: int, choice: int) -> None:
    owner, field, position = list(_expressions(tree))[k]
    held = getattr(owner, field)
    old = held if position is None else held[position]
    if isinstance(getattr(old, "ctx", None), ast.Store) or (field in ("func", "targets", "target")):
        raise ValueError
    parts: list[ast.expr] = [n for n in ast.iter_child_nodes(old) if isinstance(n, ast.expr)]
    if isinstance(old, ast.Call):
        parts = [*old.args, *(word.value for word in old.keywords)]
    if not isinstance(old, (ast.Constant, ast.Name)):
        parts.append(ast.Constant(0.5))
    new = parts[choice]
    if position is None:
        setattr(owner, field, new)
    else:
        held[position] = new


def literal(program: Program) -> str:
    """The program's arguments as Python text."""
    with np.printoptions(threshold=10**6, precision=17):
        return repr(program.args).replace("array(", "np.array(")
