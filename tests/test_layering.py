"""Imports follow the layout: each module imports only what stands above it in this list."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import srcdiff

ROOT = Path(srcdiff.__file__).parent
ROOMS = ["records", "errors", "wrappers", "unchanging", "containers", "values", "custom", "differences", "opaque", "flatten",
         "runtime", "composed", "ir", "generated", "rules", "analysis", "frontend", "transform", "optimize", "codegen", "load",
         "cache", "signature", "memory", "guards", "apart", "derivation", "diskcache", "notation", "pipeline", "derivative",
         "api", "jacobians", "autograd", "testing", "standalone", "cli", "pytest_plugin"]
MODULES = sorted(p.relative_to(ROOT) for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def room_of(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports_of(path: Path):
    """The rooms of srcdiff that a module imports, with the line; those made for type checkers only do not count."""
    tree = ast.parse((ROOT / path).read_text())
    for_checkers = [i for i in ast.walk(tree) if isinstance(i, ast.If) and "TYPE_CHECKING" in ast.unparse(i.test)]
    skipped = {id(n) for i in for_checkers for n in ast.walk(i)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "srcdiff"):
            package = list(path.parts[:-1]) if node.level else []
            base = package[: len(package) - node.level + 1] if node.level else []
            names = (node.module or "").removeprefix("srcdiff").strip(".").split(".") if node.module else []
            target = [*base, *[n for n in names if n]]
            for alias in [target[0]] if target else [a.name for a in node.names]:
                yield alias, node.lineno
        elif isinstance(node, ast.Import):
            yield from ((a.name.split(".")[1], node.lineno) for a in node.names if a.name.startswith("srcdiff."))


def test_every_module_has_a_room():
    assert {room_of(p) for p in MODULES} <= set(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_upwards(path):
    own = room_of(path)
    for room, line in imports_of(path):
        if room != own:
            assert ROOMS.index(room) < ROOMS.index(own), f"{path}:{line}: {own} imports {room}, which stands below it"


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "util", "misc"])
def test_no_module_is_called(name):
    assert not [p for p in MODULES if p.stem == name]


def test_only_one_module_imports_astor():
    found = [str(p) for p in MODULES if re.search(r"^\s*(from|import) astor", (ROOT / p).read_text(), re.M)]
    assert len(found) == 1


def test_importing_srcdiff_does_not_import_the_compiler():
    heavy = ("astor", "click", "rich", "srcdiff.pipeline", "srcdiff.frontend", "srcdiff.rules")
    code = f"import sys, srcdiff; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
