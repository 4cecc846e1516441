"""Try srcdiff on random programs: ``python tests/random_programs.py --count 1000 --seed 0 --order 2 --shrink --jobs 2``.

Prints how many were right, refused, wrong and crashed, groups the failures, and writes each failing program (shrunk on
request) to a folder as a file that runs by itself.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import oracle
import variants
from generator import Program, aliased, features, generate, literal, load, mutated, pythonic, reject, shrink

KINDS = {"new": generate, "mutated": mutated, "aliased": aliased, "pythonic": pythonic}
OUTCOMES = ("right", "refused", "wrong", "crashed", "discarded")


@dataclass(frozen=True)
class Result:
    """What happened to the program of a seed; ``program`` is set for failures and refusals."""

    seed: int
    outcome: str
    key: str = ""
    detail: str = ""
    program: Program | None = None


class TooLong(Exception):
    """A program took longer to compile and check than it may."""


def _alarm(signum: int, frame: FrameType | None) -> None:
    raise TooLong("took too long")


def with_variants(fun: Callable[..., Any], args: tuple[Any, ...], order: int) -> None:
    """The checks, then the compiler against itself under every set of options."""
    oracle.check(fun, args, order)
    for name in variants.OPTIONS:
        variants.compare(fun, args, name, order)


def attempt(program: Program, order: int, against_itself: bool = False, seconds: int = 60) -> oracle.Verdict:
    """The verdict on one program; warnings are errors, and time is limited."""
    signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(seconds)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            checks = with_variants if against_itself else None
            return oracle.judge(load(program), program.args, order, checks)
    except TooLong as error:
        return oracle.Verdict("crashed", "TooLong", str(error))
    finally:
        signal.alarm(0)


@dataclass(frozen=True)
class Task:
    """What to do with one seed: the command line's options."""

    seed: int
    order: int = 1
    kind: str = "new"
    variants: bool = False
    shrink: bool = False

    def attempt(self, program: Program) -> oracle.Verdict:
        return attempt(program, self.order, self.variants)


def run(task: Task) -> Result:
    """Make the program of a seed, check it, and shrink it if that is wanted and it fails."""
    program = KINDS[task.kind](task.seed)
    if reason := reject(program):
        return Result(task.seed, "discarded", reason)
    verdict = task.attempt(program)
    if verdict.outcome == "right":
        return Result(task.seed, "right")
    if task.shrink and verdict.outcome != "refused":
        program = shrink(program, lambda p: (v := task.attempt(p)).outcome == verdict.outcome and v.key == verdict.key)
        verdict = task.attempt(program)
    return Result(task.seed, verdict.outcome, verdict.key, verdict.detail, program)


def results(options: argparse.Namespace) -> Iterator[Result]:
    """The results of the seeds that were asked for, in order."""
    seeds = range(options.seed, options.seed + options.count)
    tasks = [Task(seed, options.order, options.kind, options.variants, options.shrink) for seed in seeds]
    if options.jobs < 2:
        yield from map(run, tasks)
    else:
        with ProcessPoolExecutor(options.jobs) as pool:
            yield from pool.map(run, tasks, chunksize=5)


def file_text(result: Result, order: int) -> str:
    """A failing program as a script, with what went wrong as its docstring."""
    assert result.program is not None
    detail = result.detail.replace("\\", "\\\\").replace('"""', "'''")
    return "\n".join([f'"""Seed {result.seed}, order {order}: {result.outcome}.', "", detail.rstrip(), '"""', "",
                      result.program.text, "", f"args = {literal(result.program)}", "", 'if __name__ == "__main__":',
                      "    import sys",
                      f"    sys.path.insert(0, {str(Path(__file__).resolve().parent)!r})", "    import oracle",
                      f"    oracle.check(f, args, {order})", ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--order", type=int, default=1, choices=(1, 2))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kind", choices=tuple(KINDS), default="new",
                        help="programs made from nothing, programs of the corpus, mutated, programs about names, or "
                             "programs with objects, containers and generators")
    parser.add_argument("--variants", action="store_true", help="also compare with each optimisation off, and so on")
    parser.add_argument("--shrink", action="store_true", help="make failing programs small before they are written")
    parser.add_argument("--out", type=Path, default=Path("failures"), help="folder for failing programs")
    parser.add_argument("--show", action="store_true", help="print the programs, and check nothing")
    options = parser.parse_args()
    if options.show:
        return show(range(options.seed, options.seed + options.count))
    counts: Counter[str] = Counter()
    kinds: dict[tuple[str, str], list[int]] = {}
    start = time.perf_counter()
    for result in results(options):
        counts[result.outcome] += 1
        if result.outcome not in ("right", "discarded"):
            kinds.setdefault((result.outcome, result.key), []).append(result.seed)
            options.out.mkdir(parents=True, exist_ok=True)
            path = options.out / f"{result.outcome}_{result.seed}_{options.order}.py"
            path.write_text(file_text(result, options.order))
            if result.outcome != "refused":
                print(f"{path}: {result.outcome}, {result.key}", flush=True)
    for outcome in ("wrong", "crashed", "refused"):
        for (kind, key), seeds in sorted(kinds.items(), key=lambda item: -len(item[1])):
            if kind == outcome:
                print(f"{outcome:8} {len(seeds):5}  {key[:110]}  seeds {', '.join(map(str, seeds[:6]))}")
    last, took = options.seed + options.count - 1, time.perf_counter() - start
    print(f"order {options.order}, seeds {options.seed} to {last}, {took:.0f} s: "
          + ", ".join(f"{outcome} {counts[outcome]}" for outcome in OUTCOMES))
    return 1 if counts["wrong"] or counts["crashed"] else 0


def show(seeds: range) -> int:
    """Print programs, why they would be discarded, and what they use."""
    used: Counter[str] = Counter()
    discarded = 0
    for seed in seeds:
        program = generate(seed)
        reason = reject(program)
        discarded += bool(reason)
        used.update(features(program.text).keys())
        if len(seeds) <= 50:
            print(f"# seed {seed}{': discarded, ' + reason if reason else ''}\n{program.text}\nargs = {literal(program)}\n")
    print(f"{len(seeds)} programs, {discarded} discarded; programs that use each feature:")
    print(", ".join(f"{name} {count}" for name, count in used.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
