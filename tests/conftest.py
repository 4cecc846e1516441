"""Options of the test run, and what tests of the cache on disk need."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from diskcached import Loader

from srcdiff import diskcache

os.environ["SRCDIFF_CACHE"] = "off"  # what an earlier run compiled must not be found; tests of the cache name a place


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="rewrite the generated part of tests/cases, and fail")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for the cache, which begins empty. The version is fixed: the files of srcdiff may be edited meanwhile."""
    monkeypatch.setattr(diskcache, "versions", lambda: "this one")
    diskcache.use(tmp_path / "cache")
    yield tmp_path / "cache" / "v1"
    diskcache.use(None)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loader]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = Loader(tmp_path)
    yield loader
    loader.forget()
