"""Random programs of another kind: programs of the corpus with statements repeated, moved, wrapped, or taken from each other.

They reach what the first generator has no words for: whatever the corpus uses, in combinations that nobody thought of.
"""

from __future__ import annotations

import ast
import copy
import inspect
import sys
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import trees

from generator.program import Program

__all__ = ["mutated"]

CONDITIONS = ("{0} > 0.2", "{0} < 0.4", "{0} * {0} < 0.5")


@cache
def _corpus() -> list[tuple[ast.FunctionDef, list[ast.stmt], tuple[Any, ...]]]:
    """Every answered program: its function, what its module defines beside programs, and its arguments."""
    from programs import TABLE

    found = []
    for entry in TABLE:
        if entry.refused or entry.order < 2 or not all(map(trees.is_float, trees.leaves(entry.args))):
            continue
        module = ast.parse(inspect.getsource(sys.modules[entry.fun.__module__]))
        beside, function = [], None
        for node in module.body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and "program" in ast.unparse(node.decorator_list[0]):
                function = node if node.name == entry.fun.__name__ else function
            elif not isinstance(node, ast.Expr) and "programs.registry" not in ast.unparse(node):
                beside.append(node)
        beside = [node for node in beside if not _uses(node, "array") and not isinstance(node, ast.ClassDef)]
        if function is not None and not _uses(function, "print"):
            found.append((function, beside, entry.args))
    return found


def _uses(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


def mutated(seed: int) -> Program:
    """The mutated program of a seed. It need not run: see :func:`generator.reject`."""
    rng = Random(seed)
    function, beside, args = rng.choice(_corpus())
    function = copy.deepcopy(function)
    function.name, function.decorator_list = "f", []
    other, more, _ = rng.choice(_corpus())
    for _ in range(rng.choice((1, 2, 2, 3, 4))):
        rng.choice(MUTATIONS)(function, other, rng)
    names = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
    body = _needed([*beside, *(n for n in more if isinstance(n, ast.FunctionDef))], names)
    module = ast.Module([*ast.parse("import functools\nimport math\nimport numpy as np\n").body, *body, _scalar(function)], [])
    return Program(ast.unparse(ast.fix_missing_locations(module)) + "\n", trees.copy(args), seed)


def _needed(beside: list[ast.stmt], names: set[str]) -> list[ast.stmt]:
    """Functions, constants and imports that the names ask for, and those that these ask for."""
    kept: dict[str, ast.stmt] = {}
    grew = True
    while grew:
        grew = False
        for node in beside:
            for name in _bound(node):
                if name in names and name not in kept:
                    kept[name] = node
                    names = names | {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                    grew = True
    return [node for node in dict.fromkeys(beside) if node in kept.values()]


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [t.id for t in node.targets if isinstance(t, ast.Name)]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [a.asname or a.name for a in node.names]
    return []


def _scalar(function: ast.FunctionDef) -> ast.FunctionDef:
    """Results made into a number where they may be an array; what nested functions return is left alone."""
    inside = {id(n) for f in ast.walk(function) if isinstance(f, ast.FunctionDef) and f is not function for n in ast.walk(f)}
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and id(node) not in inside and node.value is not None:
            node.value = ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "sum", ast.Load()), [node.value], [])
    return function


# -- mutations ---------------------------------------------------------------------------------------------------------


def _blocks(function: ast.FunctionDef) -> list[list[ast.stmt]]:
    return [block for node in ast.walk(function) for part in ("body", "orelse")
            if isinstance(block := getattr(node, part, None), list) and block]


def _place(function: ast.FunctionDef, rng: Random) -> tuple[list[ast.stmt], int]:
    block = rng.choice(_blocks(function))
    return block, rng.randrange(len(block))


def _repeat(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    block, k = _place(function, rng)
    block.insert(rng.randint(0, k), copy.deepcopy(block[k]))


def _exchange(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    (one, i), (two, j) = _place(function, rng), _place(function, rng)
    if one is two:
        one[i], one[j] = one[j], one[i]


def _remove(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    block, k = _place(function, rng)
    if len(block) > 1:
        del block[k]


def _wrap_in_loop(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    block, k = _place(function, rng)
    if not isinstance(block[k], ast.Return):
        head = rng.choice(("for _ in range(2):", "for r in range(1, 3):", "for r in reversed(range(2)):"))
        block[k:k + rng.choice((1, 1, 2))] = _under(head, block[k:k + 1])


def _wrap_in_branch(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    block, k = _place(function, rng)
    test = rng.choice(CONDITIONS).format(_number(function, rng))
    block[k:k + 1] = _under(f"if {test}:", block[k:k + 1])


def _insert(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    """A statement of another program, with its names replaced by names from here."""
    block, k = _place(function, rng)
    source, j = _place(other, rng)
    taken = copy.deepcopy(source[j])
    if isinstance(taken, ast.Return) and rng.random() < 0.7:
        return
    here = sorted({n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
                  | {a.arg for a in function.args.args})
    names: dict[str, str] = {}
    for node in ast.walk(taken):
        if isinstance(node, ast.Name) and node.id in {a.arg for a in other.args.args} | _stored(other):
            node.id = names.setdefault(node.id, rng.choice(here))
    block.insert(k, taken)


def _leave(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    """A conditional way out of a loop, or of the function."""
    loops = [n for n in ast.walk(function) if isinstance(n, (ast.For, ast.While))]
    test = rng.choice(CONDITIONS).format(_number(function, rng))
    if loops:
        body = rng.choice(loops).body
        way = ast.Break() if rng.random() < 0.5 else ast.Continue()
        body.insert(rng.randint(0, len(body)), *_under(f"if {test}:", [way]))
    else:
        function.body.insert(rng.randint(0, len(function.body)), *_under(f"if {test}:", [copy.deepcopy(function.body[-1])]))


def _alias(function: ast.FunctionDef, other: ast.FunctionDef, rng: Random) -> None:
    """A second name, or a view, for a variable; then uses of the first replaced by the second here and there."""
    block, k = _place(function, rng)
    name = rng.choice([a.arg for a in function.args.args] + sorted(_stored(function)))
    view = rng.choice(("{}", "{}[:]", "{}[::-1]", "{}.T", "{}[...]", "{}.reshape({}.shape)", "{}[::1]"))
    block.insert(k, *ast.parse(f"alias = {view.format(name, name)}").body)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and rng.random() < 0.3:
            node.id = "alias"


def _stored(function: ast.FunctionDef) -> set[str]:
    return {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _number(function: ast.FunctionDef, rng: Random) -> str:
    name = rng.choice([a.arg for a in function.args.args])
    return rng.choice((name, f"np.sum({name})", f"{name}[0]", f"np.sum({name})"))


def _under(head: str, statements: list[ast.stmt]) -> list[ast.stmt]:
    outer = ast.parse(f"{head}\n    pass").body
    outer[0].body = statements  # type: ignore[attr-defined]
    return outer


Mutation = Callable[[ast.FunctionDef, ast.FunctionDef, Random], None]

MUTATIONS: tuple[Mutation, ...] = (_repeat, _exchange, _remove, _wrap_in_loop, _wrap_in_loop, _wrap_in_branch, _insert, _insert, _insert,
                                   _leave, _alias, _alias)
