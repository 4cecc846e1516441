"""The README's code is run, and what it says is printed is what is printed."""

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from pages import PAGES, outputs, with_outputs

from srcdiff.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"<!-- {mark} -->\n+```\w*\n(.*?)```", README, re.S).group(1)


def test_readme_shows_what_is_printed(tmp_path, monkeypatch):
    (tmp_path / "model.py").write_text(block("sample"))
    monkeypatch.chdir(tmp_path)
    command = re.search(r"`srcdiff (show .*?)`", README).group(1)
    arguments = [a.strip("'") for a in re.findall(r"'[^']*'|\S+", command)]
    printed = CliRunner().invoke(main, arguments).output
    assert printed.strip() == block("adjoint").strip()


def test_readme_use(tmp_path):
    (tmp_path / "sample.py").write_text(block("sample"))
    scope = {"W": np.ones((3, 2)), "x": np.ones((5, 3)), "y": np.zeros((5, 2))}
    exec(compile(block("sample"), str(tmp_path / "sample.py"), "exec"), scope)
    exec(block("use"), scope)
    assert scope["W_bar"].shape == (3, 2)


def test_commands_are_there():
    assert "examples/digits.py" in block("example")
    assert "pytest" in block("tests")
    assert "README.md" in (ROOT / ".ci" / "run").read_text()


def test_links_lead_somewhere():
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page, request):
    """Every block of code runs, and prints what the page says."""
    if request.config.getoption("--update-cases"):
        page.write_text(with_outputs(page), encoding="utf-8")
        pytest.fail("rewritten")
    for said, printed in outputs(page):
        assert said is None or said.rstrip() == printed.rstrip()
