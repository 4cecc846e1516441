"""A random program: text and arguments made from a seed, and nothing else."""

from __future__ import annotations

import ast
import linecache
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType, FunctionType
from typing import Any
from unittest import mock

import differences
import numpy as np
import trees

from generator import helpers, statements
from generator.expressions import scalar, value
from generator.scope import Scope

__all__ = ["Program", "features", "generate", "load", "reject"]


@dataclass(frozen=True)
class Program:
    """``text`` defines ``f`` and what it calls; ``args`` are nests of floats and arrays."""

    text: str
    args: tuple[Any, ...]
    seed: int = 0


def generate(seed: int) -> Program:
    """The program of a seed."""
    rng = Random(seed)
    lengths = tuple(rng.sample((2, 3, 3, 4, 4, 5), 2))
    scope = Scope(rng, lengths, budget=rng.choice((3, 6, 10, 16, 26)))
    lines: list[str] = ["import math", "import numpy as np"]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        function, text = helpers.helper(scope)
        scope.functions.append(function)
        lines += text
    params, args = _arguments(scope)
    lines.append(f"def f({', '.join(params)}):")
    _body(scope)
    return Program(ast.unparse(ast.parse("\n".join([*lines, *scope.lines]))) + "\n", args, seed)


def _arguments(scope: Scope) -> tuple[list[str], tuple[Any, ...]]:
    rng = scope.rng
    params: list[str] = []
    args: list[Any] = []

    def number() -> float:
        return round(rng.uniform(-1.2, 1.6), 3)

    def numbers(*shape: int) -> np.ndarray:
        flat = np.array([number() for _ in range(int(np.prod(shape)))])
        return np.asarray(flat.reshape(shape), order="F" if len(shape) == 2 and rng.random() < 0.15 else "C")

    def add(name: str, arg: Any) -> None:
        params.append(name)
        args.append(arg)

    for name in ("s", "c")[:rng.choice((1, 1, 2))]:
        scope.bind(name, ())
        add(name, number())
    for name in ("v", "w")[:rng.choice((1, 1, 2))]:
        n = rng.choice(scope.lengths)
        scope.bind(name, (n,))
        add(name, numbers(n))
    if rng.random() < 0.6:
        shape = (rng.choice(scope.lengths), rng.choice(scope.lengths))
        scope.bind("m", shape)
        add("m", numbers(*shape))
    if rng.random() < 0.15:
        n = rng.choice(scope.lengths)
        scope.bind('p["w"]', (n,), constant=True)
        scope.bind('p["b"]', (), writable=False, constant=True)
        add("p", {"w": numbers(n), "b": number()})
    elif rng.random() < 0.1:
        n = rng.choice(scope.lengths)
        scope.bind("layers[0][0]", (n, n), writable=False, constant=True)
        scope.bind("layers[1][1]", (n,), writable=False, constant=True)
        add("layers", [(numbers(n, n), numbers(n)), (numbers(n, n), numbers(n))])
    return params, tuple(args)


def _body(scope: Scope) -> None:
    rng = scope.rng
    if "layers[0][0]" in scope.names:
        n = scope.names["layers[1][1]"].shape[0]
        scope.emit(f"h = {value(scope, (n,), 1)}")
        with scope.block("for weight, bias in layers:"):
            scope.emit("h = np.tanh(weight @ h + bias)")
        scope.bind("h", (n,))
    for _ in range(rng.choice((1, 2, 3, 3, 4, 5)) if scope.budget > 5 else 2):
        if rng.random() < 0.12:
            helpers.closure(scope)
        statements.statement(scope)
    scope.emit(f"return {_result(scope)}")


def _result(scope: Scope) -> str:
    """A sum over names in scope, those of arrays above all, so that little of the program is without effect."""
    rng = scope.rng
    arrays = [name.text for name in scope.names.values() if name.shape]
    scalars = [name.text for name in scope.names.values() if not name.shape]
    terms = [rng.choice(("np.sum({0} * {0})", "np.sum(np.sin({0}))", "np.sum({0})", "np.mean(np.tanh({0}))",
                         "0.5 * ({0} ** 2).sum()")).format(name)
             for name in arrays if rng.random() < (0.75 if len(name) < 3 else 0.5)]
    terms += [rng.choice(("{0}", "{0} ** 2", "np.sin({0})", "0.5 * {0}")).format(name)
              for name in scalars if rng.random() < (0.75 if len(name) < 3 else 0.4)]
    if rng.random() < 0.3 or not terms:
        terms.append(scalar(scope, 2))
    rng.shuffle(terms)
    return " + ".join(terms[:6])


def load(program: Program) -> FunctionType:
    """The function ``f`` of the program, with a source that can be inspected."""
    file = f"<program {program.seed}:{zlib.crc32(program.text.encode()):08x}>"
    linecache.cache[file] = (len(program.text), None, program.text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"__name__": f"program_{program.seed}"}
    exec(compile(program.text, file, "exec"), namespace)
    function = namespace["f"]
    assert isinstance(function, FunctionType)
    return function


def reject(program: Program) -> str:
    """Why a program is no use as a test, or an empty string: it fails, is not finite, or has a kink here."""
    try:
        with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"), _limited(20_000), _nothing_undefined():
            warnings.simplefilter("error")
            out = load(program)(*trees.copy(program.args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if not trees.is_float(out) or np.ndim(out) != 0:
        return "the result is no float"
    if not np.isfinite(out) or abs(out) > 1e4:
        return "the value is too large"
    try:
        found = differences.gradient(load(program), program.args)
    except Exception as error:
        return f"near here {type(error).__name__}: {error}"
    if not found.reliable or np.max(np.abs(found.value), initial=0.0) > 1e4:
        return "not smooth enough here"
    return ""


@contextmanager
def _nothing_undefined() -> Iterator[None]:
    """Let ``np.empty`` give NaN, so that a result which depends on memory that was never written is not finite."""
    def poisoned(shape: Any, *args: Any, **kwargs: Any) -> np.ndarray:
        return np.full(shape, np.nan)

    with mock.patch.object(np, "empty", poisoned), mock.patch.object(np, "empty_like", lambda a, **kwargs: poisoned(np.shape(a))):
        yield


@contextmanager
def _limited(lines: int) -> Iterator[None]:
    """Stop what runs for more than so many lines: a shrunk ``while`` may have lost its end."""
    before = sys.gettrace()
    left = lines

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise TimeoutError("the program does not end")
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def features(text: str) -> Counter[str]:
    """What a program uses, by name."""
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(text)):
        kind = type(node).__name__
        if kind in ("If", "IfExp", "For", "While", "Break", "Continue", "Lambda", "AugAssign", "BoolOp", "Starred", "NamedExpr",
                    "Dict"):
            found[kind] += 1
        if isinstance(node, ast.FunctionDef):
            found["nested function" if node.col_offset else "function"] += 1
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            found["item write"] += 1
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
            found["augmented item"] += 1
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
            found["swap or unpack"] += 1
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            found["alias"] += 1
        if isinstance(node, ast.Return) and node.col_offset > 4:
            found["early return"] += 1
        if isinstance(node, (ast.For, ast.While)) and node.orelse:
            found["loop else"] += 1
        if isinstance(node,
                      (ast.For, ast.While)) and any(isinstance(n,
                                                               (ast.For, ast.While)) for n in ast.walk(node) if n is not node):
            found["nested loop"] += 1
        if isinstance(node, ast.Call):
            found[f"call {ast.unparse(node.func).split('.')[-1]}" if isinstance(node.func, ast.Attribute)
                  else f"call {ast.unparse(node.func).rstrip('0123456789')}"] += 1
        if isinstance(node, ast.Attribute) and node.attr == "T":
            found[".T"] += 1
    return found
