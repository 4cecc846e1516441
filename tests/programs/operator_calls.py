"""Functions of ``operator``, ``abs`` and ``pow``: of arrays, and of sequences and objects, where they mean another thing."""

from __future__ import annotations

import functools
import itertools
import operator

import numpy as np

from programs.registry import array, program


class Length:
    """A number in a class."""

    def __init__(self, value):
        self.value = value

    def __mul__(self, other):
        return Length(self.value * getattr(other, "value", other))

    def __pow__(self, n):
        return Length(self.value ** n)

    def __abs__(self):
        return Length(abs(self.value))

    def __neg__(self):
        return Length(-self.value)

    def __lt__(self, other):
        return self.value < other.value

    def __iadd__(self, other):
        self.value = self.value + other
        return self


@program(array(3), array(3, shift=1.0))
def of_arrays(x, y):
    z = operator.truediv(operator.add(x, [1.0, y[0], 2.0]), operator.pow(y, 2) + 1.0)
    return operator.matmul(z, operator.neg(x)) + operator.sub(abs(x[1]), operator.abs(y[2])) * operator.mod(7, 4)


@program(array(3))
def lists_joined(x):
    rows = functools.reduce(operator.add, [[x[0], 1.0], [x[1] * x[2]], [x[2], x]])
    return sum((k + 1) * np.sum(row) for k, row in enumerate(rows)) * len(rows)


@program(array(3))
def tuples_joined_and_repeated(x):
    pair = operator.concat((x[0],), operator.mul((x[1], x[2]), 2))
    return sum(v ** k for k, v in enumerate(pair))


@program(array(3))
def lists_accumulated(x):
    parts = list(itertools.accumulate([[v] for v in x]))
    return sum((k + 1) * v * len(part) for part in parts for k, v in enumerate(part))


@program(array(3))
def list_extended_in_place(x):
    flat = []
    operator.iadd(flat, [x[0]])
    functools.reduce(operator.iadd, [[x[1] * x[0]], [x[2], x[2]]], flat)
    return sum((k + 1) * v for k, v in enumerate(flat))


@program(array(3), array(3, shift=1.0))
def array_changed_in_place(x, y):
    view = x[1:]
    same = operator.imul(view, y[:2])
    same[0] = operator.iadd(x[0] * 1.0, 2.0)
    return np.sum(x * x) + np.sum(view)


@program(array(3))
def sequences_compared(x):
    s = x[0] if operator.lt((1.0, x[1], 5.0), (1.0, x[1] + 1.0, 2.0)) else x[1]
    t = x[2] if operator.eq([1, 2], [1, 2, 3]) else x[0] * x[2]
    return s * t + (x[1] if operator.not_([]) else 0.0) + (x[0] if operator.truth([x]) else 0.0)


@program(array(3))
def sets_and_strings(x):
    names = operator.or_({"a"}, {"b"})
    key = operator.add("a", "c")
    return x[0] * len(names) + (x[1] if operator.contains(names, key[0]) else x[2] ** 2)


@program(array(3))
def objects_multiplied(x):
    lengths = [Length(v) for v in x]
    whole = functools.reduce(operator.mul, lengths)
    last = operator.iadd(operator.neg(abs(pow(lengths[1], 3))), x[0])
    return whole.value * last.value * (2.0 if operator.lt(lengths[0], lengths[1]) else 3.0)


@program(array(3))
def power_with_keywords_and_modulus(x):
    return pow(base=x[0], exp=3) * pow(3, 4, 5) + pow(x[1], 2)
