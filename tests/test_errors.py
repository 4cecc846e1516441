"""Golden messages: every file in ``tests/errors`` is a program that is refused, with the message that the user sees.

``pytest tests/test_errors.py --update-cases`` writes the messages anew, and fails where that changes one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import ModuleType

import pytest
from files import module_of

import srcdiff

FOLDER = Path(__file__).parent / "errors"
FILES = sorted(FOLDER.glob("*.py"))
GOLDEN = re.compile(r'\nmessage = """\\\n(.*?)"""\n', re.DOTALL)


def provoke(module: ModuleType) -> str:
    """The message of the error, with the folder left out of it."""
    with pytest.raises(srcdiff.SrcdiffError) as caught:
        module.call() if hasattr(module, "call") else srcdiff.grad(module.f)(*module.args)
    assert not isinstance(caught.value, srcdiff.errors.InternalError)
    return str(caught.value).replace(f"{FOLDER}{os.sep}", "") + "\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message(file: Path, request: pytest.FixtureRequest) -> None:
    module = module_of(file)
    message = provoke(module)
    if message != module.message and request.config.getoption("--update-cases"):
        text = file.read_text()
        quoted = message.replace("\\", "\\\\").replace('"""', "'''")
        file.write_text(GOLDEN.sub(lambda _: f'\nmessage = """\\\n{quoted}"""\n', text))
    assert message == module.message


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_complete(file: Path) -> None:
    """Where it is about a line, it names the place, shows the line with a caret, and says what was differentiated (unless
    generated code says it)."""
    module = module_of(file)
    if "^" in module.message:
        assert re.match(rf"{file.name}:\d+:\d+: ", module.message)
        assert "while differentiating" in module.message or getattr(module, "at_run_time", False)
