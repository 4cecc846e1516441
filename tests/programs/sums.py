"""``sum`` of Python floats, which from Python 3.12 on makes up for rounding: the value is the function's own, bit by bit."""

import math

import numpy as np

from programs.registry import program

LINE = np.linspace(0.1, 1.5, 9)


@program(0.1, 0.7)
def sums_of_powers(a, b):
    out = []
    n = 0
    while n < 7:
        out.append(a * b ** n)
        n += 1
    return sum(out, 0.3) + sum(out) * sum((a, b), b)


@program(0.1, 0.7)
def sum_of_mapped(a, b):
    return sum(map(math.sin, [a, b, a + b]), start=1)


@program(0.1, 0.7)
def sum_of_items_written_out(a, b):
    return sum([a, b, a * b, 1, 0.3 * b, a / b, -a])


@program(LINE, 0.3)
def sum_of_floats_among_others(x, c):
    return sum([c, c * 0.1, c * 0.7, x[0], c, c * 0.3]) + sum(float(v) * c for v in x)
