"""The catalogue of errors has an entry for every golden message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from files import module_of

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
FILES = sorted((ROOT / "tests" / "errors").glob("*.py"))
HEADINGS = re.findall(r"^### `(.*)`$", PAGE, re.M)


def pattern_of(heading: str) -> re.Pattern[str]:
    """A heading as a pattern: ``<name>`` stands for anything."""
    parts = re.split(r"<[^<>]+>", heading)
    return re.compile(".+?".join(map(re.escape, parts)))


def head_of(file: Path) -> str:
    """The first line of a golden message, without the place."""
    return re.sub(r"^\S+\.py:\d+:\d+: ", "", module_of(file).message.splitlines()[0])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_message_has_an_entry(file: Path) -> None:
    head = head_of(file)
    assert any(pattern_of(heading).fullmatch(head) for heading in HEADINGS), head


def test_every_entry_is_a_message() -> None:
    heads = [head_of(file) for file in FILES]
    unused = [h for h in HEADINGS if not any(pattern_of(h).fullmatch(head) for head in heads)]
    assert not unused


def test_entries_are_different() -> None:
    assert len(set(HEADINGS)) == len(HEADINGS)
