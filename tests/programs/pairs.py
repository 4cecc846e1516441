"""Two features in one program: what is right by itself may not be so beside another."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import warnings

import numpy as np

from programs.registry import array, program


@program(array(4), 0.7)
def filter_of_what_the_loop_binds_anew(x, s):
    y = x
    total = 0.0
    for _ in range(3):
        kept = sum(filter(lambda v: v > 0.0, y)) * s
        y = y + 0.05 * np.tanh(kept)
        total += kept
    return total


@program(array(4), 0.7)
def map_inside_of_a_map(x, s):
    total = 0.0
    for v in map(lambda u: u * s, x):
        s = sum(map(lambda u: u * v, x)) + s
        total += v * s
    return total


@program(array(4), 0.7)
def sorted_list_in_each_trip(x, s):
    total = 0.0
    for _ in range(3):
        items = [float(v) for v in x]
        items.sort()
        total += items[0] * s - items[-1]
    return total


@program(array(4), 0.7)
def sorted_list_under_a_condition(x, s):
    if x[0] * s > -0.2:
        items = [v * s for v in x]
        items.sort(reverse=True)
        r = items[0] * s - items[-1]
    else:
        r = s
    return np.tanh(r) * s + r


@program(2.3, 0.4)
def special_functions_of_the_math_module(x, s):
    near = math.isclose(x, 2.3, rel_tol=1e-3) and not math.isclose(s, 0.0, abs_tol=1e-3)
    density = math.lgamma(x + s) - math.lgamma(x) - math.lgamma(s) + (x - 1.0) * math.log(0.3)
    return (density if near else 0.0) + math.gamma(s) * math.remainder(x, 1.7) + math.ldexp(s, math.perm(3, 2))


@program(-1.4)
def gamma_of_negative_numbers(x):
    return math.lgamma(x) * x + math.gamma(x - 1.0)


@dataclasses.dataclass
class Cell:
    weight: float
    held: list = dataclasses.field(default_factory=list)

    def step(self, v):
        self.held.append(v * self.weight)
        return np.tanh(self.held[-1] + sum(self.held))


@program(array(4), 0.7)
def generator_that_drives_an_object(x, s):
    cell = Cell(s)

    def states():
        for v in x:
            if v < -0.8:
                continue
            yield cell.step(v)

    return functools.reduce(lambda a, b: a * 0.5 + b, states(), s) + len(cell.held) * cell.held[0]


@program(array(4), 0.7)
def try_in_a_while_that_appends(x, s):
    trail = [s]
    k = 0
    while True:
        try:
            if trail[-1] > 1.5 or k == 3:
                raise StopIteration
            trail.append(trail[-1] * 1.1 + 0.2 * x[k] ** 2)
        except StopIteration:
            break
        finally:
            k += 1
    return sum(a * b for a, b in itertools.pairwise(trail)) * k


@program(array(4), 0.7)
def match_inside_of_a_recursion_with_captures(x, s):
    def value(tree):
        match tree:
            case ("sum", *parts):
                return sum(value(p) for p in parts)
            case ("scale", factor, part) if factor != 1:
                return factor * s * value(part)
            case int(k):
                return x[k]
            case _:
                return s

    return value(("sum", 0, ("scale", 2.0, ("sum", 1, "s")), ("scale", 1, 3)))


class Tracker:
    """A filter that keeps an array of None until there is a measurement, and brings it into shape like one."""

    def __init__(self, n, noise):
        self.noise = noise
        self.state = np.zeros((n, 1))
        self.last = np.array([None] * n)
        self.last = self.as_column(self.last, n, self.state.ndim)

    @staticmethod
    def as_column(z, n, axes):
        z = np.atleast_2d(z)
        if z.shape[1] == n:
            z = z.T
        if z.shape != (n, 1):
            raise ValueError("the measurement is of shape {}".format(z.shape))
        return z[:, 0] if axes == 1 else z

    def update(self, z):
        self.last = self.as_column(z, self.last.size, self.state.ndim)
        self.state = self.state + (self.last - self.state) * self.noise


@program(array(3, 2), 0.7)
def array_of_none_that_is_shaped_like_a_measurement(x, s):
    tracker = Tracker(2, s)
    for z in x:
        tracker.update(z)
    return np.sum(tracker.state ** 2) + tracker.last[0, 0]


class RateWarning(UserWarning):
    """A class of warnings of the program's own."""


def slow(f):
    def warned(*args):
        warnings.warn("this is the slow one", RateWarning, stacklevel=2)
        return f(*args)

    return warned


@slow
def decayed(x, rate):
    if rate > 10.0:
        warnings.warn(f"the rate is {rate}", category=RateWarning)
    return np.exp(-rate * x)


@program(array(3), 0.7)
def warning_of_ones_own_class_in_a_decorator(x, rate):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.sum(decayed(x, rate))


@program(array(5), 0.7)
@program(array(2), 0.7)
@program(array(1), 0.7)
def parts_of_ranges(x, s):
    n = len(x)
    total = 0.0
    for k in range(n)[-2::-1]:
        total = total * s + x[k]
    for k in range(n)[1:]:
        total += x[k] * s
    for k in range(0, 2 * n, 2)[:-1]:
        total = total * 0.5 + x[k // 2] ** 2
    for k in range(n)[::-2]:
        total = total * 0.9 + x[k]
    for k in range(n)[7:0:-1]:
        total = total * 1.1 - x[k]
    for k in range(n, 0, -1)[1:3]:
        total += k * x[k - 1] * total
    for k in range(6)[1:-1:2]:
        total += k * s
    return total


class Settings:
    def __init__(self, **given):
        for name in ("gain", "bias"):
            self.__setattr__(name, given.get(name))

    def total(self):
        return sum(self.__getattribute__(name) for name in ("gain", "bias") if self.__getattribute__(name) is not None)


@program(array(3), 0.7)
def attributes_by_the_methods_of_object(x, s):
    kinds = (np.dtype(int), np.dtype(float))
    return Settings(gain=s).total() * np.sum(x) + Settings(gain=x[0], bias=s * s).total() if x.dtype in kinds else s


@program(array(4), 0.7)
def early_return_from_inside_of_a_with(x, s):
    k = 0
    while True:
        r = sum(a * b for a, b in itertools.product(x[:2], [s, 2.0]))
        s = s * 0.8 + 0.1 * np.tanh(r)
        k += 1
        if s < 0.45 or k > 4:
            with np.errstate(divide="ignore"):
                scaled = s / (1.0 + x[0] ** 2)
            return scaled * s + r
