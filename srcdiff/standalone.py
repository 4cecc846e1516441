"""Generated source as a module of its own, which needs NumPy and no srcdiff.

The functions of :mod:`srcdiff.runtime` that it calls are copied into it; objects of the user's that it refers to are imported.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from . import runtime
from .codegen.emit import GeneratedSource
from .errors import UnsupportedError

__all__ = ["standalone"]

RUNTIME_IMPORT = "from srcdiff import runtime as rt\n"


def standalone(source: GeneratedSource, about: str) -> str:
    """The text of a module; ``about`` says what it was generated from."""
    text = source.text
    head = [f'"""{about}"""\n', "\n"]
    head += [f"{line}\n" for name, value in sorted(source.objects.items()) if (line := _definition(name, value, text))]
    if RUNTIME_IMPORT not in text:
        return "".join(head) + text
    names = _closure(set(re.findall(r"\brt\.(\w+)", text)))
    copies = "\n\n".join(inspect.getsource(getattr(runtime, name)) for name in names)
    space = f"rt = SimpleNamespace({', '.join(f'{n}={n}' for n in names)})\n"
    before, after = text.split(RUNTIME_IMPORT, 1)
    numpy = "" if "import numpy as np\n" in before else "import numpy as np\n"
    return "".join(head) + f"from types import SimpleNamespace\n\n{before}{numpy}\n\n{copies}\n\n{space}{after}"


def _closure(names: Iterable[str]) -> list[str]:
    """Functions of the runtime, with those that they call, in the order of the file."""
    found = set(names)
    work = list(found)
    while work:
        tree = ast.parse(inspect.getsource(getattr(runtime, work.pop())))
        called = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and inspect.isfunction(getattr(runtime, n.id, None))}
        work += called - found
        found |= called
    return sorted(found, key=lambda n: inspect.getsourcelines(getattr(runtime, n))[1])


def _definition(name: str, value: Any, text: str) -> str:
    """The line that gives ``name`` its meaning; nothing if the text does not use it."""
    if not re.search(rf"\b{re.escape(name)}\b", text):
        return ""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}"
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
        return f"{name} = {value!r}"
    module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if module and module != "__main__" and getattr(sys.modules.get(module), path, None) is value:
        return "" if module == "builtins" else f"from {module} import {path}" + (f" as {name}" if path != name else "")
    raise UnsupportedError(f"the generated code refers to {name}, a {type(value).__name__} that cannot be imported",
                           advice="pass it as an argument, or define it in a module")
