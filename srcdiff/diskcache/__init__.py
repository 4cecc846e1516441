"""The cache on disk: what was compiled once is found again by the next process, which then needs no compiler.

:class:`Request` is one derivative that is wanted. Its key holds everything that the generated text depends on: the source and
the code of the function and of all that it can reach (:mod:`srcdiff.diskcache.reach`), the types of the arguments, the
options, the user's rules, and the versions of Python, NumPy and srcdiff. The conditions on the arguments that lowering
recorded stand in the file, and are tested before anything is used.

A fault of the cache is never a fault of the program: whatever fails here, the derivative is compiled.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from types import FunctionType
from typing import Any

import numpy as np

from ..cache import IMPORTED
from ..derivation import Derivation
from ..generated import Compiled
from ..guards import make_guard
from ..ir.core import Var
from ..ir.ops import OPS
from ..ir.tree import Leaf, Static, Tree
from ..ir.types import strip_dims
from ..signature import Callee, Signature
from . import files
from .entries import decode, encode
from .files import clear, folder, problem, usage, use
from .reach import Reach, UnkeyableError

__all__ = ["Request", "clear", "folder", "problem", "usage", "use"]

PER_KEY = 8  # as many as are kept in memory
ROOT = os.path.dirname(os.path.dirname(__file__))


class Request:
    """A derivative that is wanted, and whether it is, or can be, on disk."""

    def __init__(self, callee: Callee, signature: Signature, derivation: Derivation, form: str, options: Any) -> None:
        self._parts = (callee, signature, derivation, form, options)
        self._signature = signature
        self._reach: Reach | None = None
        self.key = ""
        self.reason = ""  # why there is no key
        self._identify()

    def _identify(self) -> None:
        try:
            if folder() is None or sys.flags.optimize:  # assertions that are compiled away are lowered all the same
                raise UnkeyableError("it is switched off")
            self._reach, self.key = walk(*self._parts)
        except Exception as error:  # the walk goes through anything that a user can make
            self.reason = str(error) or repr(error)

    def find(self, values: tuple[Any, ...]) -> Compiled | None:
        """What is stored for arguments like these."""
        if self._reach is None:
            return None
        try:
            text = files.read(self.key)
            for found in decode(text, self._reach) if text else ():
                if make_guard(self._signature, found.facts, found.objects, types=False)(*values):
                    return found.load()
        except Exception:  # a damaged file: anything can be in it
            return None
        return None

    def store(self, compiled: Compiled) -> bool:
        """Keep what was compiled, beside what is stored for other arguments; whether that was possible."""
        if self._reach is None:
            return False
        try:
            reach, key = walk(*self._parts)
            if key != self.key:
                raise UnkeyableError("something that it reads changed while it was compiled")
            return files.write(key, appended(files.read(key), encode(compiled, reach)))
        except Exception as error:
            self.reason = str(error) or repr(error)
            return False


def appended(text: str | None, entry: dict[str, Any]) -> str:
    """A file's text with one more entry; the oldest goes."""
    try:
        entries = json.loads(text)["entries"] if text else []
    except (ValueError, LookupError, TypeError):
        entries = []
    others = [e for e in entries if e != json.loads(json.dumps(entry))]
    return json.dumps({"entries": [*others, entry][-PER_KEY:]})


# -- keys --------------------------------------------------------------------------------------------------------------


def walk(callee: Callee, signature: Signature, derivation: Derivation, form: str, options: Any) -> tuple[Reach, str]:
    """What a derivative depends on, and a name for that."""
    reach = Reach()
    head = [versions(), form, repr(derivation), repr(callee.derivations), described(options, reach), reach.token(callee.fun)]
    head += [f"{name}: {tree_text(tree, signature.params, reach)}" for name, tree in signature.args]
    head += [reach.token(part) for part in user_rules()]
    reach.run()
    return reach, files.digest("\n".join([*head, reach.text]))


def tree_text(tree: Tree, params: tuple[Var, ...], reach: Reach) -> str:
    """The types of an argument, as in the key of a specialisation."""
    if isinstance(tree, Leaf):
        return repr(strip_dims(params[tree.index].type))
    if isinstance(tree, Static):
        return f"static {reach.token(tree.value)}"
    items = [tree_text(item, params, reach) for item in tree.items]
    static = reach.token(tree.static)
    return f"{tree.kind} {reach.token(tree.cls)} {reach.token(tree.keys)} {static} [{', '.join(items)}]"


def described(options: Any, reach: Reach) -> str:
    """The options, if there are any."""
    if options is None:
        return ""
    return repr([(f.name, reach.token(getattr(options, f.name))) for f in dataclasses.fields(options)])


def user_rules() -> list[Any]:
    """Rules that were registered by anybody but srcdiff, and the functions that their formulas may name."""
    table = sys.modules.get("srcdiff.rules.table")
    if table is None:  # nobody can have registered anything
        return []
    parts: list[Any] = []
    for op in OPS.values():
        rule = op.rule
        if rule is None or not rule.where or rule.where.startswith(ROOT):
            continue
        fun = table.registered_function(op.name)
        scope = getattr(fun, "__globals__", {})
        formulas = [text for texts in (rule.vjp, rule.jvp, rule.lists) for text in texts.values()]
        parts += [op, fun, *(FunctionType(table.compiled(text, rule.where), scope) for text in formulas)]
    return parts


def versions() -> str:
    """What generated text depends on besides the program: Python, NumPy, and every file of srcdiff."""
    stamps = sorted(_stamps(ROOT))
    if any(IMPORTED < changed / 1e9 < time.time() for _, _, changed in stamps):
        raise UnkeyableError("srcdiff changed since it was imported")
    platform = sys.version, sys.platform, sys.maxsize, sys.byteorder, os.environ.get("NPY_PROMOTION_STATE")
    return repr((platform, np.__version__, files.digest(repr(stamps))))


def _stamps(folder: str) -> list[tuple[str, int, int]]:
    """Path, size and time of each module: Python itself looks no closer before it believes its own cache."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                state = entry.stat()
                found.append((entry.path, state.st_size, state.st_mtime_ns))
            elif "." not in entry.name and entry.name != "__pycache__":
                found += _stamps(entry.path)
    return found
