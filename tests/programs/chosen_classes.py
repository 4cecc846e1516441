"""Objects of one class or another, by data."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from programs.registry import program

X = np.array([0.3, 0.7, 1.1])
Y = np.array([0.5, -0.4, 0.9])


@dataclass
class P:
    a: Any
    k: int = 1


@dataclass
class Q:
    a: Any


@program(X, Y)
def m2(x, y):
    c = P(x, 1) if x[0] > 0.1 else P(y, 2)
    match c:
        case P(a=v, k=1):
            return np.sum(v ** 2)
        case P(a=v):
            return np.sum(v ** 3)


@program(X, Y)
def w1(x, y):
    c = P(x) if x[0] > 0.1 else Q(y)
    return np.sum(c.a ** 2)


class Sq:

    def __init__(self, s):
        self.s = s

    def area(self):
        return self.s ** 2


class Ci:

    def __init__(self, s):
        self.s = s

    def area(self):
        return 3.14 * self.s ** 2


@program(X)
def poly1(x):
    c = Sq(x[0]) if x[0] > 5 else Ci(x[1])
    return c.area()


@program(X)
def poly2(x):
    if x[0] > 5:
        c = Sq(x[0])
    else:
        c = Ci(x[1])
    c.s = c.s * 2
    return c.area() + c.s


@program(X)
def poly3(x):
    shapes = [Sq(x[0]), Ci(x[1]), Sq(x[2])]
    k = int(np.argmin(x)) + 1
    b = max(shapes, key=lambda s: s.area())
    b.s = b.s * 2
    return shapes[k].area() * sum((s.area() for s in shapes))


@program(X)
def poly4(x):
    cls = Sq if x[0] > 5 else Ci
    return cls(x[1]).area()


@program(X)
def poly5(x):
    s = 0.0
    for v in x:
        c = Sq(v) if v > 0.5 else Ci(v * 2)
        s += c.area()
    return s
