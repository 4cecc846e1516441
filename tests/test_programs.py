"""Every program of the corpus: value, gradient, forward mode, differences, ownership, second order, text."""

from __future__ import annotations

import differences
import oracle
import pytest
import trees
from programs import TABLE, Program

import srcdiff

CALLS = [pytest.param(p, id=f"{p.name}-{k}") for k, p in enumerate(TABLE)]
ANSWERED = [pytest.param(p, id=f"{p.name}-{k}") for k, p in enumerate(TABLE) if not p.refused]
TWICE = [pytest.param(p, id=f"{p.name}-{k}") for k, p in enumerate(TABLE) if not p.refused and p.order > 1]


@pytest.mark.parametrize("program", ANSWERED)
def test_first_order(program: Program) -> None:
    oracle.first_order(program.fun, program.args)


@pytest.mark.parametrize("program", TWICE)
def test_second_order(program: Program) -> None:
    oracle.second_order(oracle.scalar_of(program.fun, program.args), program.args)


@pytest.mark.parametrize("program", [p for p in CALLS if p.values[0].refused])
def test_refused(program: Program) -> None:
    with pytest.raises(srcdiff.UnsupportedError) as caught:
        srcdiff.value_and_grad(program.fun, argnums=oracle.float_args(program.args))(*trees.copy(program.args))
    message = str(caught.value)
    assert __file__.replace("test_programs.py", "programs") in message, "the message names the user's file"
    assert "^" in message, "and shows the place"


@pytest.mark.parametrize("program", ANSWERED)
def test_the_corpus_is_sound(program: Program) -> None:
    """The oracle itself: programs run and are smooth where they are tried."""
    assert differences.gradient(program.fun, oracle.widened(program.args)).reliable


def test_names_are_unique() -> None:
    names = {(p.name, p.fun) for p in TABLE}
    assert len({name for name, _ in names}) == len(names)
