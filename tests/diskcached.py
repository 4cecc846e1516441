"""Derivatives that are kept on disk, and processes that are new: what the tests of the cache share (see also conftest)."""

from __future__ import annotations

import importlib
import linecache
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from srcdiff import diskcache, grad
from srcdiff.diskcache import Request, files
from srcdiff.signature import abstract

X = np.array([0.3, 0.7, 1.1])
SQUARE = "def f(x):\n    return x * x\n"
PROGRAM = """
    import numpy as np

    W = np.linspace(0.0, 1.0, 3)
    table = {"a": 2.0, "b": [1.0, W]}

    def helper(u, k=3.0):
        return np.tanh(u) * k

    class Model:
        rate = 0.5

        def __init__(self, power):
            self.power = power

    model = Model(2)

    def f(x, n=2):
        total = 0.0
        for i in range(n):
            total = total + np.sum(helper(x * W) ** model.power) * table["a"]
        return total
"""


class Loader:
    """Writes modules and imports one, as a new process does: nothing is known of what they were before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: set[str] = set()

    def __call__(self, text: str = "", main: str = "model", **others: str) -> ModuleType:
        for name, content in {main: text, **others}.items():
            (self.folder / f"{name}.py").write_text(textwrap.dedent(content))
            self.names.add(name)
        self.forget()
        return importlib.import_module(main)

    def forget(self) -> None:
        for name in self.names:
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        linecache.clearcache()


def specialised(fun: Any, *args: Any, **options: Any) -> Any:
    """What a derivative that was just made runs."""
    derivative = grad(fun, **options)
    return derivative.specialise(derivative.callee.bind(args, {})).compiled


def warm(fun: Any, *args: Any, **options: Any) -> bool:
    """Whether it was found on disk; if it was, its text is the one that the compiler writes."""
    compiled = specialised(fun, *args, **options)
    if compiled.module is not None:
        return False
    assert compiled.source.text == grad(fun, **options).source(*args)
    return True


def without_cache(call: Any) -> Any:
    before = files._place
    diskcache.use("off")
    try:
        return call()
    finally:
        diskcache.use(before)


def stored(place: Path) -> list[Path]:
    return sorted(place.glob("*.json"))


def request_of(fun: Any, *args: Any) -> tuple[Any, ...]:
    """What a derivative asks the cache for."""
    derivative = grad(fun)
    signature = abstract(derivative.callee.names, derivative.callee.bind(args, {}))
    return derivative.callee, signature, derivative.derivation, "joint", None


def key_of(fun: Any, *args: Any) -> str:
    return Request(*request_of(fun, *args)).key


def reason(fun: Any, *args: Any) -> str:
    """Why a derivative is not kept; empty if it is."""
    wanted = request_of(fun, *args)
    request = Request(*wanted)
    return request.reason or ("" if request.store(grad(fun).compile(wanted[1])) else request.reason)
