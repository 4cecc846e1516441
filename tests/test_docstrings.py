"""The examples in docstrings run as doctests."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

import srcdiff

ROOT = Path(srcdiff.__file__).parent
MODULES = sorted(".".join(("srcdiff", *p.relative_to(ROOT).with_suffix("").parts)) for p in ROOT.rglob("*.py")
                 if p.stem not in ("__init__", "__main__") and re.search(r"^ *>>> ", p.read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    tests = doctest.DocTestFinder().find(module, globs=vars(module) | {"__name__": "__main__"})  # classes are the reader's own
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert sum(runner.run(test).attempted for test in tests) > 0
    assert runner.failures == 0
