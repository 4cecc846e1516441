"""Planning the stash: whatever the plan, the numbers stay the same, also at second order; and what planning costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from files import module_of
from generator import generate, load, reject
from ir_eval import evaluate
from lowered import optimized
from stash_programs import CASES, POLICIES, joint, planned, same, vector

from srcdiff.errors import UnsupportedError
from srcdiff.ir.build import Builder
from srcdiff.ir.core import Block, Module
from srcdiff.ir.verify import verify
from srcdiff.transform.fit import apply
from srcdiff.transform.reverse import reverse
from srcdiff.transform.split import split_halves
from srcdiff.transform.stash import plan_stash


@pytest.mark.parametrize("rewind", POLICIES)
@pytest.mark.parametrize(("fun", "args"), CASES)
def test_numbers(fun: Callable[..., Any], args: tuple[Any, ...], rewind: bool | None) -> None:
    planned(fun, *args, rewind=rewind)


@pytest.mark.parametrize("rewind", POLICIES)
@pytest.mark.parametrize(("fun", "args"), CASES)
def test_halves(fun: Callable[..., Any], args: tuple[Any, ...], rewind: bool | None) -> None:
    """The two halves compute what the joint function does, and the backward half can be called again."""
    after, _ = planned(fun, *args, rewind=rewind)
    split = verify(split_halves(after))
    bwd = split.functions[after.main.halves.bwd]
    value, *stash = evaluate(split, *args)
    gradient = evaluate(Module(bwd, split.functions), *stash)
    same(evaluate(after, *args), (value, *gradient))
    same(gradient, evaluate(Module(bwd, split.functions), *stash))


@pytest.mark.parametrize("rewind", POLICIES)
@pytest.mark.parametrize(("fun", "args"), CASES)
def test_plan_can_be_differentiated_again(fun: Callable[..., Any], args: tuple[Any, ...], rewind: bool | None) -> None:
    first, _ = planned(fun, *args, rewind=rewind)
    before = optimized(reverse(square_of_gradient(first), (0,), keep_value=True)[0])
    want = evaluate(before, *args)
    gradient = evaluate(first, *args)[1]
    same(want[:1], (np.sum(gradient * gradient),))
    for policy in POLICIES:
        after, _ = plan_stash(before, rewind=policy)
        verify(after)
        same(want, evaluate(after, *args))


def square_of_gradient(module: Module) -> Module:
    """The sum of the squares of the last result of a gradient function, as a function of its own."""
    b = Builder(module.facts)
    g = module.main.body.results[-1]
    total = apply(b, "np.sum", b.emit("np.multiply", g, g))
    body = Block((*module.main.body.stmts, *b.stmts), (total,))
    return replace(module, main=replace(module.main, body=body, halves=None))


def nest(depth: int) -> str:
    lines = ["def f(x):"]
    for d in range(depth):
        lines.append("    " * (d + 1) + f"for i{d} in range(2):")
        lines.append("    " * (d + 2) + f"x[{d}] = np.sin(x[{d}]) * x[{d + 1}]")
    lines.append("    return np.sum(x)")
    return "\n".join(lines)


def test_a_deep_nest_costs_no_more_than_its_text(tmp_path):
    sizes = {}
    for depth in (3, 6):
        file = tmp_path / f"nest{depth}.py"
        file.write_text("import numpy as np\n" + nest(depth) + "\n")
        before = joint(module_of(file).f, vector(8))
        start = time.perf_counter()
        plan_stash(before)
        sizes[depth] = time.perf_counter() - start
    assert sizes[6] < 20 * sizes[3] + 0.05


@pytest.mark.parametrize("start", range(0, 60, 10))
def test_random_programs(start: int) -> None:
    """Every policy computes what the unplanned function does."""
    tried = 0
    for seed in range(start, start + 10):
        program = generate(seed)
        if reject(program) or not all(isinstance(a, (int, float, np.ndarray)) for a in program.args):
            continue
        wrt = tuple(k for k, a in enumerate(program.args) if isinstance(a, np.ndarray))
        for rewind in POLICIES:
            try:
                planned(load(program), *program.args, rewind=rewind, wrt=wrt)
            except UnsupportedError:
                break
            tried += 1
    assert tried
