"""Random programs about nothing but names: three arrays and many names for them, bound anew and swapped in branches and loops.

There is little arithmetic, so that an alias missed or invented shows in the result.
"""

from __future__ import annotations

from random import Random

import numpy as np

from generator.program import Program

__all__ = ["aliased"]

HELPER = ("p[0] = q[1]", "q *= 1.2", "p += q", "q[1:] = p[:-1]", "p, q = q, p", "p = p * 0.5", "p[1] *= 1.5",
          "if p[0] > 0.2: p[2] = 0.4", "if q[1] > 0.1: q = p")
RETURNS = ("p", "q", "p[::-1]", "p * q", "q if p[1] > 0.1 else p", "p.copy()")
WEIGHTS = ("w", "w ** 2", "np.sin(w)", "1.3", "np.cos(w)")


def aliased(seed: int) -> Program:
    """The program of a seed. It need not run: see :func:`generator.reject`."""
    return _Machine(Random(seed)).program(seed)


class _Machine:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names = ["x", "u", *rng.sample("abc", rng.choice((1, 2, 2, 3)))]
        self.has_list = rng.random() < 0.35
        self.has_number = rng.random() < 0.3
        self.has_helper = rng.random() < 0.3

    def program(self, seed: int) -> Program:
        rng = self.rng
        lines = ["import numpy as np", "w = np.array([0.3, 1.1, 0.7])"]
        if self.has_helper:
            body = [rng.choice(HELPER) for _ in range(rng.randint(1, 3))]
            lines += ["def h(p, q):", *indented([*body, f"return {rng.choice(RETURNS)}"])]
        body = [f"{name} = {self.start()}" for name in self.names[2:]]
        if self.has_list:
            body.append(f"items = [{self.start()}, {self.start()}]")
        if self.has_number:
            body.append("s = x[1]")
        for _ in range(rng.randint(2, 5)):
            body += self.statement(2, in_loop=False)
        terms = [f"np.sum({name} * {weight})" for name, weight in zip(self.names, WEIGHTS, strict=False)]
        terms += ["np.sum(items[0] * items[1] * w)"] * self.has_list + ["s"] * self.has_number
        lines += ["def f(x, u, y):", *indented([*body, f"return {' + '.join(terms)}"])]
        args = tuple(np.array([round(rng.uniform(-1.2, 1.4), 3) for _ in range(3)]) for _ in range(3))
        return Program("\n".join(lines) + "\n", args, seed)

    def start(self) -> str:
        return self.rng.choice(("x", "u", "x", "u", "x[::-1]", "u[:]", "x * 1.5", "x if y[0] > 0.1 else u", "u.copy()"))

    def target(self) -> str:
        return self.rng.choice([*self.names, *["items[0]", "items[1]"] * self.has_list])

    def source(self) -> str:
        rng, name, other = self.rng, self.rng.choice(self.names), self.rng.choice(self.names)
        kinds = [name] * 6 + [f"{name}[::-1]"] * 2 + [f"{name} * 1.5", f"{name}.copy()", f"{name} + {other}", f"{name}[:]",
                                                     f"{name} if y[{rng.randrange(3)}] > 0.0 else {other}"]
        kinds += [f"items[{rng.choice((0, 1, -1))}]"] * self.has_list + [f"h({name}, {other})"] * self.has_helper
        return rng.choice(kinds)

    def item(self) -> str:
        return f"{self.rng.choice(self.names)}[{self.rng.randrange(3)}]"

    def condition(self) -> str:
        left = self.rng.choice([f"y[{self.rng.randrange(3)}]", self.item()])
        return f"{left} {self.rng.choice('<>')} {self.rng.choice((0.05, 0.2, -0.3, 0.5))}"

    def write(self) -> str:
        rng, name, other = self.rng, self.target(), self.target()
        return rng.choice((f"{name}[{rng.randrange(3)}] = {self.item()} * 0.7", f"{name}[{rng.randrange(3)}] += 0.3",
                           f"{name} *= 1.1", f"{name} += {other}", f"{name}[:] = {other} * 0.8", f"{name}[1:] = {other}[:-1]",
                           f"{name}[1:] *= {self.item()}"))

    def statement(self, depth: int, in_loop: bool) -> list[str]:
        rng, name, other = self.rng, self.target(), self.target()
        kind = rng.random()
        if kind < 0.25:
            return [f"{name} = {self.source()}"]
        if kind < 0.33:
            return [f"{name}, {other} = {rng.choice((other, self.source()))}, {rng.choice((name, self.source()))}"]
        if kind < 0.55:
            return [self.write()]
        if self.has_number and kind < 0.6:
            return [f"s += {self.item()} * 0.5"]
        if depth and kind < 0.8:
            return self.branch(depth, in_loop)
        if depth and kind < 0.93:
            return self.loop(depth)
        if in_loop:
            return [f"if {self.condition()}:", f"    {rng.choice(('break', 'break', 'continue'))}"]
        if rng.random() < 0.3:
            return [f"if {self.condition()}:", f"    return np.sum({rng.choice(self.names)} * w)"]
        return [f"h({name}, {other})" if self.has_helper else f"{name} = {self.source()}"]

    def branch(self, depth: int, in_loop: bool) -> list[str]:
        lines = [f"if {self.condition()}:", *self.block(depth, in_loop)]
        if self.rng.random() < 0.35:
            lines += [f"elif {self.condition()}:", *self.block(depth, in_loop)]
        return lines + (["else:", *self.block(depth, in_loop)] if self.rng.random() < 0.5 else [])

    def loop(self, depth: int) -> list[str]:
        index = f"i{depth}"
        if self.rng.random() < 0.55:
            return [f"for {index} in range({self.rng.choice((2, 3))}):", *self.block(depth, True)]
        if self.has_list and self.rng.random() < 0.5:
            return ["for z in items:", *self.block(depth, True), *indented([self.rng.choice(("z[0] += 0.2", "z *= 0.9", "u = z"))])]
        return [f"{index} = 0", f"while {index} < 3:", f"    {index} += 1", *self.block(depth, True)]

    def block(self, depth: int, in_loop: bool) -> list[str]:
        return indented([line for _ in range(self.rng.randint(1, 3)) for line in self.statement(depth - 1, in_loop)])


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
