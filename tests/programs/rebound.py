"""Names that each trip of a loop binds to another list, dict or object."""

import dataclasses

import numpy as np

from programs.registry import program

LINE = np.linspace(0.1, 1.5, 9)


@dataclasses.dataclass
class P:
    a: float
    b: float


@program(LINE)
def obj_rebind(x):
    p = P(x[0], 1.0)
    for v in x:
        p = P(p.a * v, p.b + v)
    return p.a + p.b


@program(LINE)
def dict_rebind(x):
    p = {'a': x[0], 'b': 1.0}
    for v in x:
        p = {'a': p['a'] * v, 'b': p['b'] + v}
    return p['a'] + p['b']


@program(LINE)
def list_rebind(x):
    row = [x[0], x[1]]
    for v in x:
        row = [row[0] * v, row[1] + v]
    return sum(row)


@program(LINE)
def list_rebind2(x):
    row = [1.0]
    for v in x:
        new = [v]
        for j in range(len(row)):
            new.append(row[j] * v + 1)
        row = new
    return sum(row)


@program(LINE)
def list_result(x):
    out = []
    for v in x:
        out.append(v * v)
    return out


@program(LINE)
def list_born(x):
    for v in x:
        row = [v, v ** 2]
    return row[0] * row[1]


@program(LINE)
def list_swap(x):
    a = [0.0] * 5
    b = [0.0] * 5
    for v in x:
        for j in range(5):
            a[j] = b[j - 1] + v * j
        a, b = (b, a)
    return sum(b) * sum(a)


@program(LINE)
def ifobj(x):
    r = [x[0]]
    if x[1] > 0:
        r = [x[1], x[2]]
    return sum(r)
