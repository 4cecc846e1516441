"""Names that each trip of a loop binds to another object, and lists of objects linked to each other."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from programs.registry import program

X = np.array([0.3, 0.7, 1.1])
L = np.linspace(0.1, 2, 20) + 0.03 * np.sin(np.arange(20))
Y = np.array([0.5, -0.4, 0.9])


class Obj:

    def __init__(self, x, w=1.0):
        self.x = x
        self.w = w

    def cost(self):
        return (self.x - 0.6) ** 2 * self.w

    def step(self, d):
        return Obj(self.x * 0.9 + d, self.w * 1.01)


@dataclass(frozen=True)
class St:
    p: Any
    v: Any


@program(L)
def best_fresh(x):
    best = Obj(x[0])
    for k in range(len(x)):
        c = Obj(x[k] * x[k - 1])
        if c.cost() < best.cost():
            best = c
    return best.x ** 2


@program(L)
def best_second(x):
    best = Obj(x[0])
    second = Obj(x[1], 2.0)
    for k in range(2, len(x)):
        c = Obj(x[k] * x[k - 1], x[k])
        if c.cost() < best.cost():
            second = best
            best = c
    return best.x ** 2 + second.cost()


@program(L)
def stepper(x):
    s = Obj(x[0])
    for v in x:
        s = s.step(v)
    return s.x ** 2 * s.w


@program(X, Y)
def frozen(p, v):
    s = St(p, v)
    for k in range(30):
        s = replace(s, p=s.p + 0.01 * s.v, v=s.v - 0.01 * s.p)
    return np.sum(s.p ** 2) + np.sum(s.v ** 3)


@program(X, Y)
def frozen2(p, v):
    s = St(p, v)
    hist = 0.0
    while np.sum(s.p) < 4.0:
        s = St(s.p + 0.1 * np.abs(s.v), s.v * 0.99)
        hist = hist + s.p[0]
    return np.sum(s.p ** 2) * hist


@program(L)
def swap(x):
    a = Obj(x[0])
    b = Obj(x[1])
    for v in x:
        a, b = (b, a)
        a.x = a.x + v * b.x
    return a.x * b.x ** 2


@program(L)
def arr_attr(x):
    s = Obj(x[:3] * 1.0)
    for v in x:
        s = Obj(s.x * v + 0.1)
        s.x[0] = v * s.x[1]
    return np.sum(s.x ** 2)


@program(L)
def shared_arr(x):
    s = Obj(x[:3] * 1.0)
    keep = s.x
    for v in x:
        s = Obj(s.x, v * s.w)
        s.x[0] = v * s.x[1]
    return np.sum(s.x ** 2) * s.w + np.sum(keep ** 3)


@program(L)
def alias_kept(x):
    s = Obj(x[0])
    first = s
    for v in x:
        s = s.step(v)
    return s.x * first.x


@program(L)
def nested(x):

    class N:

        def __init__(self, o, k):
            self.o = o
            self.k = k
    s = N(Obj(x[0]), 1.0)
    for v in x:
        s = N(s.o.step(v), s.k * 1.1)
    return s.o.x * s.k


@program(X)
def linked(x):

    class N:

        def __init__(self, v, n):
            self.v = v
            self.n = n
    head = None
    for v in (x[0], x[1], x[2]):
        head = N(v, head)
    s = 0.0
    c = head
    while c is not None:
        s = s * 0.5 + c.v ** 2
        c = c.n
    return s


@program(X)
def linked_cond(x):

    class N:

        def __init__(self, v, n):
            self.v = v
            self.n = n
    head = N(x[0], N(x[1], N(x[2], None)))
    c = head
    while c is not None and c.v < 0.5:
        c = c.n
    return c.v ** 2


@program(X)
def stack(x):

    class S:

        def __init__(self):
            self.items = []

        def push(self, v):
            self.items.append(v)

        def pop(self):
            return self.items.pop()

        def __len__(self):
            return len(self.items)

        def peek(self):
            return self.items[-1]
    s = S()
    for v in (x[0], x[1], x[2]):
        s.push(v)
    t = 0.0
    while len(s) > 0:
        t = t * 0.5 + s.pop() ** 2
    return t


@program(L)
def particles(x):

    class P:

        def __init__(self, q, v):
            self.q = q
            self.v = v
    ps = [P(x[0], x[1]), P(x[2], x[3])]
    for k in range(len(x)):
        new = [P(p.q + 0.1 * p.v, p.v - 0.1 * p.q * x[k]) for p in ps]
        ps = new
    return sum((p.q ** 2 for p in ps))


@program(L)
def branchy(x):
    s = Obj(x[0])
    t = Obj(x[1], 2.0)
    for k, v in enumerate(x):
        if v > 1.0:
            s = s.step(v)
        elif v > 0.5:
            t = Obj(s.x, t.w)
        else:
            s.w = s.w * 1.01
    return s.x * t.x * s.w


@program(L)
def chosen_each(x):
    a = Obj(x[0])
    b = Obj(x[1])
    for v in x:
        c = a if a.cost() < b.cost() else b
        c.x = c.x + 0.1 * v
    return a.x * b.x ** 2


@program(L)
def whileobj(x):
    s = Obj(x[0] + 0.2)
    k = 0
    while s.x < 4.0:
        s = Obj(s.x * 1.1 + x[k], s.w + 0.1)
        k += 1
    return s.cost()
