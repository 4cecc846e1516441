"""Random programs in the Python that people write: objects, containers, generators, ``None`` and closures, written to and shared.

As in :mod:`generator.aliases` there is little arithmetic: an effect that is lost, doubled or out of order shows in the result.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np

from generator.aliases import indented
from generator.program import Program

__all__ = ["pythonic"]

CLASS = """class Box:
    rate = 0.5

    def __init__(self, a, b):
        self.a = a
        self.b = b
        self.kept = []

    @property
    def total(self):
        return self.b + np.sum(self.a)

    @total.setter
    def total(self, value):
        self.b = value * self.rate

    @classmethod
    def of(cls, a):
        return cls(a * 1.1, cls.rate)

    def step(self, k):
        self.a[k] = self.a[k - 1] * self.b + 0.1
        self.kept.append(self.a[k])
        return self

    def swap(self, other):
        self.a, other.a = other.a, self.a

    def __getitem__(self, k):
        return self.a[k]

    def __setitem__(self, k, value):
        self.a[k] = value * 0.9

    def __iadd__(self, other):
        self.a += other * self.rate
        return self

    def __call__(self, v):
        return v * self.b + self.a[0]

    def __len__(self):
        return len(self.kept)

    def __enter__(self):
        self.b += 0.2
        return self.a

    def __exit__(self, *error):
        self.b *= 0.8
        return False
""".splitlines()
GENERATORS = (
    ["def g(box, v):", "    for k in range(3):", "        v[k] *= 1.1", "        yield v[k] * box.b"],
    ["def g(box, v):", "    for z in v:", "        box.b += 0.1 * z", "        yield z"],
    ["def g(box, v):", "    yield box.a[0]", "    yield from (z * 0.5 for z in v)", "    box.b = v[0]"],
    ["def g(box, v):", "    s = v[0]", "    while True:", "        s = s * 0.5 + 0.2", "        if s < 0.3:", "            return",
     "        yield s + box.b"],
)
WEIGHTS = ("w", "w ** 2", "np.sin(w)")


def pythonic(seed: int) -> Program:
    """The program of a seed. It need not run: see :func:`generator.reject`."""
    return _Machine(Random(seed)).program(seed)


class _Machine:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.boxes = ["o", "p"][:rng.choice((1, 2, 2))]
        self.has_list = rng.random() < 0.5
        self.has_dict = rng.random() < 0.4
        self.has_best = rng.random() < 0.4
        self.has_closure = rng.random() < 0.35
        self.has_generator = rng.random() < 0.4

    def program(self, seed: int) -> Program:
        rng = self.rng
        lines = ["import numpy as np", "w = np.array([0.3, 1.1, 0.7])", *CLASS]
        if self.has_generator:
            lines += rng.choice(GENERATORS)
        body = ["s = 0.2", *self.starts()]
        for _ in range(rng.randint(2, 5)):
            body += self.statement(2, in_loop=False)
        lines += ["def f(x, u, y):", *indented([*body, f"return {' + '.join(self.terms())}"])]
        args = tuple(np.array([round(rng.uniform(-1.2, 1.4), 3) for _ in range(3)]) for _ in range(3))
        return Program("\n".join(lines) + "\n", args, seed)

    def starts(self) -> list[str]:
        rng = self.rng
        lines = [f"o = Box({rng.choice(('x', 'x * 1.0', 'u'))}, y[0])"]
        lines += [f"p = {rng.choice(('Box(u, 0.4)', 'Box(o.a, u[1])', 'o', 'Box.of(x)'))}"] * (len(self.boxes) > 1)
        lines += ["items = [x, u * 0.9]"] * self.has_list + ["d = {'k': o.a, 'n': x[1], 'l': [u]}"] * self.has_dict
        lines += ["best = None"] * self.has_best
        if self.has_closure:
            lines += ["def note(v):", "    nonlocal s", f"    s += v * {rng.choice(('o.b', 'x[0]', 's'))}",
                      *[f"    {rng.choice(('x[1] *= 0.9', 'o.a[2] += v', 'o.b = v'))}"] * rng.randint(0, 1), "    return s"]
        return lines

    def terms(self) -> list[str]:
        terms = ["s", *(f"np.sum({v} * {w})" for v, w in zip(("x", "u"), WEIGHTS, strict=False))]
        terms += [f"np.sum({b}.a * np.cos(w)) * {b}.b + sum({b}.kept)" for b in self.boxes]
        terms += ["sum(np.sum(v * v * w) for v in items)"] * self.has_list
        terms += ["np.sum(d['k'] * w) * d['n'] + np.sum(d['l'][-1])"] * self.has_dict
        return terms + ["(0.5 if best is None else np.sum(best * w))"] * self.has_best

    # -- parts ---------------------------------------------------------------------------------------------------------

    def box(self) -> str:
        return self.rng.choice(self.boxes)

    def array(self) -> str:
        """Something that names an array."""
        kinds = ["x", "u", "x", f"{self.box()}.a", f"{self.box()}.a"]
        kinds += ["items[0]", "items[-1]"] * self.has_list + ["d['k']", "d['l'][0]"] * self.has_dict
        return self.rng.choice(kinds)

    def number(self) -> str:
        rng = self.rng
        kinds = [f"{self.array()}[{rng.randrange(3)}]", f"{self.box()}.b", f"{self.box()}[{rng.randrange(3)}]", "s", "0.6",
                 f"{self.box()}.total * 0.3", f"{self.box()}({rng.choice(('0.5', 's', 'x[2]'))})"]
        return rng.choice([*kinds, *["d['n']"] * self.has_dict, *["note(0.3)"] * self.has_closure])

    def source(self) -> str:
        """An array, old or new."""
        one, two = self.array(), self.array()
        return self.rng.choice((one, one, f"{one}[::-1]", f"{one} * {self.number()}", f"{one} + {two}", f"{one}.copy()",
                                f"{one} if y[{self.rng.randrange(3)}] > 0.0 else {two}"))

    def condition(self) -> str:
        left = self.rng.choice((f"y[{self.rng.randrange(3)}]", self.number()))
        return f"{left} {self.rng.choice('<>')} {self.rng.choice((0.05, 0.2, -0.3, 0.5))}"

    # -- statements ----------------------------------------------------------------------------------------------------

    def statement(self, depth: int, in_loop: bool) -> list[str]:
        if in_loop and self.rng.random() < 0.12:
            return [f"if {self.condition()}:", f"    {self.rng.choice(('break', 'continue'))}"]
        kinds: list[Callable[[int], list[str]]] = [self.attribute, self.attribute, self.method, self.write, self.rebound]
        kinds += [self.listed] * self.has_list + [self.keyed] * self.has_dict + [self.optional] * self.has_best
        kinds += [self.consumed] * self.has_generator + [self.loop, self.branch, self.guarded] * (depth > 0)
        return self.rng.choice(kinds)(depth)

    def attribute(self, depth: int) -> list[str]:
        b, other = self.box(), self.box()
        return [self.rng.choice((f"{b}.a = {self.source()}", f"{b}.b = {self.number()}", f"{b}.b += {self.number()}",
                                 f"{b}.a *= {self.number()}", f"{b}.a, {other}.b = {self.source()}, {self.number()}",
                                 f"{b}.total = {self.number()}", f"{b}.total += 0.1"))]

    def method(self, depth: int) -> list[str]:
        b, other, k = self.box(), self.box(), self.rng.randrange(3)
        return [self.rng.choice((f"{b}.step({k})", f"{b}.step({k}).step({(k + 1) % 3})", f"{b}.swap({other})", f"{b} += {self.array()}",
                                 f"{b}[{k}] = {self.number()}", f"{b}[{k}] += {self.number()}",
                                 f"s += {b}({self.number()}) * len({other})"))]

    def write(self, depth: int) -> list[str]:
        a, k = self.array(), self.rng.randrange(3)
        return [self.rng.choice((f"{a}[{k}] = {self.number()}", f"{a}[{k}] += {self.number()}", f"{a}[1:] *= {self.number()}",
                                 f"{a}[1:] = {self.array()}[:-1]"))]

    def rebound(self, depth: int) -> list[str]:
        b, other = self.box(), self.box()
        chosen = (f"{b} = {b} if {self.condition()} else {other}", f"{b} = [{b}, {other}][int({self.condition()})]",
                  f"{b} = min([{b}, {other}], key=lambda q: q.b)", f"{b} = ({b} if {self.condition()} else {other}).step(1)",
                  f"s += ({b} if {self.condition()} else {other})(0.3)", f"s += 0.2 * ({b} is {other})")
        return [self.rng.choice((f"{b}, {other} = {other}, {b}", f"{b} = Box({self.source()}, {other}.b)", f"{b} = {other}",
                                 f"x = {self.source()}", f"s = {self.number()}", self.rng.choice(chosen)))]

    def listed(self, depth: int) -> list[str]:
        rng = self.rng
        return rng.choice((["items.append({})".format(self.source())], ["items.insert(0, {})".format(self.source())],
                           [f"u = items.pop({rng.choice(('', '0'))})", f"items.append({self.source()})"],
                           [f"items[0] = {self.source()}"], ["items[0], items[-1] = items[-1], items[0]"], ["items.reverse()"],
                           [f"items = [v * {self.number()} for v in items]"], [f"items += [{self.source()}]"],
                           ["for z in items:", f"    z[{rng.randrange(3)}] += 0.2", f"    s += z[0] * {self.box()}.b"],
                           ["items = sorted(items, key=lambda v: v[0])"]))

    def keyed(self, depth: int) -> list[str]:
        return self.rng.choice(([f"d['k'] = {self.source()}"], [f"d['n'] = {self.number()}"], ["d['k'] *= 1.1"],
                                [f"d['l'].append({self.source()})"], [f"d['l'] += [{self.source()}]"],
                                [f"d.update(n={self.number()}, k={self.source()})"], [f"d['m'] = {self.number()}", "s += d.pop('m')"],
                                ["for key, v in d.items():", "    s += len(key) * (np.sum(v) if key != 'l' else v[0][0])"],
                                [f"d['l'][0][{self.rng.randrange(3)}] = {self.number()}"]))

    def optional(self, depth: int) -> list[str]:
        rng = self.rng
        test = f"best is None or {rng.choice((self.condition(), f'np.sum(best) < {self.number()}'))}"
        return rng.choice(([f"if {test}:", f"    best = {self.source()}"], ["if best is not None:", f"    s += best[{rng.randrange(3)}]"],
                           ["if best is not None:", f"    best = best * {self.number()}"], [f"best = None if {self.condition()} else {self.array()}"],
                           [f"best = {self.source()}"], ["if best is not None:", "    best[1] *= 1.3"]))

    def consumed(self, depth: int) -> list[str]:
        call = f"g({self.box()}, {self.array()})"
        inside = self.rng.choice((f"s += v * {self.number()}", f"{self.box()}.b = v", f"{self.array()}[1] = v",
                                  f"if v > {self.number()}: break"))
        return self.rng.choice(([f"for v in {call}:", f"    {inside}"], [f"s += sum({call})"], [f"s = max({call}, default=s)"],
                                [f"for k, v in enumerate({call}):", "    s += k * v", f"    {inside}"],
                                [f"s += sum(a * b for a, b in zip({call}, {self.array()}))"], [f"{self.box()}.kept += list({call})"]))

    def loop(self, depth: int) -> list[str]:
        rng, index = self.rng, f"i{depth}"
        head = rng.choice((f"for {index} in range({rng.choice((2, 3))}):", f"for {index}, v{depth} in enumerate({self.array()}):",
                           f"for {index} in (0, 2):", f"for b{depth} in [{', '.join(self.boxes)}]:"))
        own = [f"b{depth}.b += 0.1"] if head.startswith("for b") else []
        return [head, *indented(own), *self.block(depth, True)]

    def branch(self, depth: int) -> list[str]:
        lines = [f"if {self.condition()}:", *self.block(depth, False)]
        return lines + (["else:", *self.block(depth, False)] if self.rng.random() < 0.5 else [])

    def guarded(self, depth: int) -> list[str]:
        rng = self.rng
        if rng.random() < 0.4:
            return [f"with {self.box()} as z:", f"    z[{rng.randrange(3)}] += 0.1", *self.block(depth, False)]
        if rng.random() < 0.5:
            return ["try:", *self.block(depth, False), "finally:", f"    {self.attribute(depth)[0]}"]
        return ["try:", *self.block(depth, False), f"    if {self.condition()}: raise KeyError", "except KeyError:",
                *self.block(depth, False)]

    def block(self, depth: int, in_loop: bool) -> list[str]:
        return indented([line for _ in range(self.rng.randint(1, 2)) for line in self.statement(depth - 1, in_loop)])
