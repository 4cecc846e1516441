"""Random programs: right or refused, never wrong, never another exception; and the generator itself is sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import oracle
import pytest
import trees
import variants
from generator import Program, aliased, features, generate, load, mutated, pythonic, reject, shrink
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import attempt

import srcdiff

FIRST_ORDER = range(0, 160)
SECOND_ORDER = range(10_000, 10_030)
PER_TEST = 10
programs = st.integers(0, 2**32).map(generate).filter(lambda program: not reject(program))


MUTATED = range(50_000, 50_120)
ALIASED = range(70_000, 70_200)
PYTHONIC = range(90_000, 90_060)
PYTHONIC_TWICE = range(92_000, 92_010)


def chunks(seeds: range) -> list[range]:
    return [seeds[k:k + PER_TEST] for k in range(0, len(seeds), PER_TEST)]


def failures(seeds: range, order: int, make: Callable[[int], Program] = generate) -> list[str]:
    """What went wrong, ready to print."""
    found = []
    for seed in seeds:
        program = make(seed)
        if reject(program):
            continue
        verdict = attempt(program, order)
        if verdict.outcome in ("wrong", "crashed"):
            found.append(f"seed {seed}, order {order}, {verdict.outcome}: {verdict.detail}\n{program.text}")
    return found


@pytest.mark.parametrize("seeds", chunks(FIRST_ORDER), ids=lambda seeds: f"{seeds.start}")
def test_first_order(seeds: range) -> None:
    found = failures(seeds, 1)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("seeds", chunks(SECOND_ORDER), ids=lambda seeds: f"{seeds.start}")
def test_second_order(seeds: range) -> None:
    found = failures(seeds, 2)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("seeds", chunks(MUTATED), ids=lambda seeds: f"{seeds.start}")
def test_mutated(seeds: range) -> None:
    """Programs of the corpus, mutated; more than half of the seeds give none that runs."""
    found = failures(seeds, 1, mutated)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("seeds", chunks(ALIASED), ids=lambda seeds: f"{seeds.start}")
def test_aliased(seeds: range) -> None:
    """Names, aliases and little else."""
    found = failures(seeds, 1, aliased)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("seeds", chunks(PYTHONIC), ids=lambda seeds: f"{seeds.start}")
def test_pythonic(seeds: range) -> None:
    """Objects, containers, generators, None."""
    found = failures(seeds, 1, pythonic)
    assert not found, "\n\n".join(found)


def test_pythonic_to_second_order() -> None:
    found = failures(PYTHONIC_TWICE, 2, pythonic)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("name", variants.OPTIONS)
def test_variants(name: str) -> None:
    """The compiler against itself, on other programs for each set of options."""
    first = 30_000 + 1000 * list(variants.OPTIONS).index(name)
    for program in filter(lambda p: not reject(p), map(generate, range(first, first + 4))):
        verdict = oracle.judge(load(program), program.args, 2, lambda f, args, order: variants.compare(f, args, name, order))
        assert verdict.outcome in ("right", "refused"), f"{verdict.detail}\n{program.text}"


def test_few_programs_are_refused() -> None:
    refused = 0
    for program in filter(lambda p: not reject(p), map(generate, range(20_000, 20_060))):
        try:
            srcdiff.grad(load(program)).source(*trees.copy(program.args))
        except srcdiff.UnsupportedError:
            refused += 1
    assert refused <= 4


@given(programs)
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
def test_any_seed(program: Program) -> None:
    verdict = attempt(program, 1)
    assert verdict.outcome in ("right", "refused"), f"{verdict.detail}\n{program.text}"


# -- the generator -----------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_program() -> None:
    for seed in range(20):
        one, two = generate(seed), generate(seed)
        assert one.text == two.text
        assert trees.same_bits(one.args, two.args)


def test_programs_run_and_are_smooth() -> None:
    assert sum(bool(reject(generate(seed))) for seed in range(200)) <= 10


def test_programs_use_everything() -> None:
    used: Counter[str] = Counter()
    for seed in range(400):
        used.update(features(generate(seed).text).keys())
    wanted = ("If", "IfExp", "For", "While", "Break", "Continue", "Lambda", "AugAssign", "BoolOp", "Dict", "nested function",
              "item write", "augmented item", "swap or unpack", "alias", "early return", "nested loop", "loop else", ".T",
              "call zip",
              "call enumerate", "call append", "call reshape", "call ravel", "call where", "call at", "call copyto",
              "call fill", "call h")
    assert not [name for name in wanted if used[name] < 3]


def test_shrinking_keeps_what_fails() -> None:
    text = ("import numpy as np\n\ndef f(s, v):\n    t = np.sin(s) * 2.0\n    for i in range(3):\n        if s > 0.1:\n"
            "            v[i] = t * np.tanh(v[0])\n    w = v + 1.0\n    return np.sum(w) + np.sum(v * v)\n")
    program = Program(text, (0.5, np.array([0.1, 0.2, 0.3])))
    small = shrink(program, lambda p: "tanh" in p.text)
    assert "tanh" in small.text
    assert small.text.count("\n") < 7
    assert not reject(small)
    assert np.isfinite(load(small)(*trees.copy(small.args)))
