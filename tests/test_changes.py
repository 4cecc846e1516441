"""Whatever changes between two calls of a derivative is noticed: the next call gives what the function now says, or refuses."""

from __future__ import annotations

import itertools
import os
import sys
import textwrap
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import changing_classes
import changing_functions
import changing_objects
import numpy as np
import pytest

import srcdiff

X = np.array([0.5, -0.3, 0.8])
PROGRAMS = changing_functions.PROGRAMS | changing_objects.PROGRAMS | changing_classes.PROGRAMS
HEAD = "import collections\nimport functools\nimport types\n\nimport numpy as np\n\n"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """``run(text)`` runs a text in one module, from a file of its own."""
    made: Any = types.ModuleType("changing")
    monkeypatch.setitem(sys.modules, "changing", made)
    modules, numpy, environ = set(sys.modules), dict(vars(np)), dict(os.environ)
    files = itertools.count()

    def run(text: str) -> None:
        path = tmp_path / f"part{next(files)}.py"
        path.write_text(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # array.shape = ...
            exec(compile(text, str(path), "exec"), vars(made))

    made.run = run
    yield made
    os.environ.clear()
    os.environ.update(environ)
    vars(np).update(numpy)
    for name in [n for n, m in sys.modules.items() if n not in modules and m.__spec__ is None]:
        del sys.modules[name]


@pytest.mark.parametrize("name", PROGRAMS)
def test_changes_between_calls_are_noticed(name: str, module: Any) -> None:
    text, steps = PROGRAMS[name]
    module.run(HEAD + textwrap.dedent(text))
    derivative = srcdiff.value_and_grad(module.f)
    for step in ("", *steps):
        module.run(step)
        agree(module, derivative, step)


def agree(module: Any, derivative: Any, step: str) -> None:
    """The derivative gives what the function gives, refuses, or raises what the function raises."""
    try:
        expected = module.f(X.copy())
    except Exception as error:
        with pytest.raises((type(error), srcdiff.UnsupportedError)):
            derivative(X.copy())
        return
    try:
        value, gradient = derivative(X.copy())
    except srcdiff.UnsupportedError:
        return
    slopes = [(module.f(X + e) - module.f(X - e)) / 2e-6 for e in 1e-6 * np.eye(3)]
    assert value == expected, step
    np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-7, err_msg=step)


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in PROGRAMS if "patched" not in n and n != "env"])
def test_a_warm_start_gives_what_a_cold_one_gives(name: str, load: Any, place: Path) -> None:
    """Each state of the program as a new process finds it, with what earlier states left in the cache."""
    text, steps = PROGRAMS[name]
    outcomes: dict[int, object] = {}
    for where in ("off", str(place), str(place)):
        srcdiff.diskcache.use(where)
        for k in range(len(steps) + 1):
            found = outcome(lambda k=k: load("\n".join([HEAD, textwrap.dedent(text), *steps[:k]])))
            assert outcomes.setdefault(k, found) == found, steps[:k]


def outcome(load: Callable[[], Any]) -> object:
    try:
        derivative = srcdiff.value_and_grad(load().f)
        value, gradient = derivative(X.copy())
        values = derivative.callee.bind((X.copy(),), {})
        return repr(value), repr(gradient), derivative.specialise(values).compiled.source.text
    except Exception as error:
        return type(error).__name__
