"""Golden cases: a function, its arguments, and the text that is generated for it, beside each other in ``tests/cases``.

``pytest tests/test_cases.py --update-cases`` rewrites the generated part; that run fails, so that nobody takes it for a test.
"""

from __future__ import annotations

import copy
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import trees
from files import module_of

import srcdiff
from srcdiff.api import derivative_for
from srcdiff.pipeline import Options

CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))
MARK = "# -- generated --\n"


def generated(module: ModuleType, name: str) -> str:
    fun, form = vars(module)[name], vars(module).get("FORM", "joint")
    mode, argnums = vars(module).get("MODE", "reverse"), vars(module).get("ARGNUMS", 0)
    return srcdiff.source(fun, *copy.deepcopy(module.ARGS), argnums=argnums, mode=mode, form=form)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_text(path: Path, request: pytest.FixtureRequest) -> None:
    before, _, expected = path.read_text().partition(MARK)
    text = generated(module_of(path), path.stem)
    if request.config.getoption("--update-cases"):
        path.write_text(f"{before}{MARK}\n{text.strip()}\n")
        pytest.fail("rewritten: read the difference")
    assert text.strip() == expected.strip()
    assert generated(module_of(path), path.stem) == text


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_numbers(path: Path) -> None:
    """The gradient against differences, and the same with all optimisations off."""
    module = module_of(path)
    fun, args, argnums = vars(module)[path.stem], module.ARGS, vars(module).get("ARGNUMS", 0)
    chosen = argnums if isinstance(argnums, tuple) else (argnums,)
    found = srcdiff.grad(fun, argnums=chosen)(*copy.deepcopy(args))
    plain = derivative_for(fun, chosen, "reverse", "joint")
    plain.options = Options(skip=frozenset({"fold", "identities", "cse", "plain_products", "dce"}))
    single = any(a.dtype == np.float32 for a in args if isinstance(a, np.ndarray))
    for k, g, h in zip(chosen, found, plain(*copy.deepcopy(args)), strict=True):
        assert_close(g, h, 1e-5 if single else 1e-12)
        if not single:
            assert_close(g, by_differences(fun, args, k), 1e-6)


def by_differences(fun: Any, args: tuple[Any, ...], k: int) -> Any:
    """The gradient with respect to argument ``k``, leaf by leaf."""
    leaves = list(trees.leaves(args[k]))
    found = []
    for n, leaf in enumerate(leaves):
        def value(x: Any, n: int = n) -> Any:
            parts = iter([x if m == n else other for m, other in enumerate(leaves)])
            arg = trees.map_leaves(lambda _: next(parts), args[k])
            return fun(*copy.deepcopy((*args[:k], arg, *args[k + 1:])))
        found.append(slope(value, leaf))
    parts = iter(found)
    return trees.map_leaves(lambda _: next(parts), args[k])


def slope(value: Any, x: Any) -> Any:
    """Central differences, extrapolated from two step sizes."""
    flat = np.array(x, dtype=float).reshape(-1)
    out = np.empty_like(flat)
    for i in range(flat.size):
        estimates = []
        for h in (2e-4, 1e-4):
            ends = []
            for sign in (1.0, -1.0):
                moved = flat.copy()
                moved[i] += sign * h
                ends.append(value(moved.reshape(np.shape(x)) if isinstance(x, np.ndarray) else float(moved[0])))
            estimates.append((ends[0] - ends[1]) / (2 * h))
        out[i] = (4 * estimates[1] - estimates[0]) / 3
    return out.reshape(np.shape(x)) if isinstance(x, np.ndarray) else float(out[0])


def assert_close(a: Any, b: Any, rtol: float) -> None:
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        a, b = list(a.values()), list(b.values())
    if isinstance(a, (list, tuple)):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert_close(x, y, rtol)
    else:
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol)
