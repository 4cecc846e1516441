"""Generated source as a module of its own, which needs NumPy and no srcdiff.

The functions of :mod:`srcdiff.runtime` that it calls are copied into it; objects of the user's that it refers to are imported.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable
from types import FunctionType, MethodType, ModuleType
from typing import Any

from . import runtime
from .errors import UnsupportedError
from .generated import GeneratedSource

__all__ = ["standalone"]

RUNTIME_IMPORT = "from srcdiff import runtime as rt\n"


def standalone(source: GeneratedSource, about: str) -> str:
    """The text of a module; ``about`` says what it was generated from."""
    text = source.text
    head = [f'"""{about}"""\n', "\n"]
    head += [f"{line}\n" for name, value in sorted(source.objects.items()) if (line := _definition(name, value, text))]
    if RUNTIME_IMPORT not in text:
        return "".join(head) + text
    names = sorted(set(re.findall(r"\brt\.(\w+)", text)))
    copies = "\n\n".join(inspect.getsource(fun) for fun in _closure(getattr(runtime, name) for name in names))
    space = f"rt = SimpleNamespace({', '.join(f'{n}={n}' for n in names)})\n"
    before, after = text.split(RUNTIME_IMPORT, 1)
    numpy = "" if "import numpy as np\n" in before else "import numpy as np\n"
    return "".join(head) + f"from types import SimpleNamespace\n\n{before}{numpy}\n\n{copies}\n\n{space}{after}"


def _closure(functions: Iterable[FunctionType]) -> list[FunctionType]:
    """Functions of the runtime, each after those that it calls."""
    found: dict[FunctionType, None] = {}

    def add(fun: FunctionType) -> None:
        if fun in found:
            return
        names = [n.id for n in ast.walk(ast.parse(inspect.getsource(fun))) if isinstance(n, ast.Name)]
        for name in names:
            called = fun.__globals__.get(name)
            if isinstance(called, FunctionType) and called is not fun:
                add(called)
        found.setdefault(fun)

    for fun in functions:
        add(fun)
    return list(found)


def _definition(name: str, value: Any, text: str) -> str:
    """The line that gives ``name`` its meaning; nothing if the text does not use it."""
    if not re.search(rf"\b{re.escape(name)}\b", text):
        return ""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}"
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
        return f"{name} = {value!r}"
    module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if module and module != "__main__" and _is(_found(module, path), value):
        first, _, rest = path.partition(".")
        if rest:  # a method
            return f"from {module} import {first}\n{name} = {path}"
        return "" if module == "builtins" else f"from {module} import {path}" + (f" as {name}" if path != name else "")
    raise UnsupportedError(f"the generated code refers to {name}, a {type(value).__name__} that cannot be imported",
                           advice="pass it as an argument, or define it in a module")


def _found(module: str, path: str) -> Any:
    """What a dotted name means in a module."""
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def _is(found: Any, value: Any) -> bool:
    """Whether they are one object; a bound method is made anew each time that it is read."""
    return found is value or (isinstance(value, MethodType) and found == value)
