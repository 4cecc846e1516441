"""The documents' code blocks: run in order, each page in a namespace of its own, as a module with source."""

from __future__ import annotations

import contextlib
import io
import linecache
import re
from pathlib import Path
from typing import Any

__all__ = ["PAGES", "outputs", "with_outputs"]

PAGES = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n<!-- output -->\n```text\n(.*?)^```\n)?", re.S | re.M)


def outputs(page: Path) -> list[tuple[str | None, str]]:
    """For each block of Python: what the page says that it prints (None: nothing is said), and what it does print."""
    scope: dict[str, Any] = {"__name__": f"page_{page.stem}"}
    found = []
    for k, block in enumerate(_BLOCK.finditer(page.read_text(encoding="utf-8"))):
        name = f"<{page.name}, block {k + 1}>"
        text = block.group(1)
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, name, "exec"), scope)
        found.append((block.group(2), printed.getvalue()))
    return found


def with_outputs(page: Path) -> str:
    """The page's text with what its blocks print."""
    printed = iter([text for _, text in outputs(page)])

    def fill(block: re.Match[str]) -> str:
        text = next(printed)
        if block.group(2) is None:
            return block.group(0)
        return f"```python\n{block.group(1)}```\n\n<!-- output -->\n```text\n{text.rstrip()}\n```\n"
    return _BLOCK.sub(fill, page.read_text(encoding="utf-8"))
