"""Iterators by a ``__next__`` of their own."""

import numpy as np

from programs.registry import THREE, program


class G:

    def __init__(self, v):
        self.v = v

    def __iter__(self):
        for i in range(3):
            yield self.v[i]


@program(THREE)
def interleave(x):
    g = G(x.copy())
    s = 0.0
    for e in g:
        s += e ** 2
        g.v[2] *= 1.5
        g.v[1] += e
    return s


@program(THREE)
def interleave_en(x):
    g = G(x.copy())
    s = 0.0
    for k, e in enumerate(g):
        s += e ** 2 * (k + 1)
        g.v[2] *= 1.5
        g.v[1] += e
    return s


class N:

    def __init__(self, v):
        self.v = v
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.i == len(self.v):
            raise StopIteration
        self.i += 1
        return self.v[self.i - 1]


@program(THREE)
def inter_next(x):
    g = N(x.copy())
    s = 0.0
    for e in g:
        s += e ** 2
        g.v[2] *= 1.5
        g.v[1] += e
    return s * g.i


@program(THREE)
def resume(x):
    g = N(x.copy())
    s = 0.0
    for e in g:
        s += e ** 2
        break
    for e in g:
        s *= e
    return s


@program(THREE)
def nextdef(x):
    g = N(x)
    a = next(g)
    b = next(g, 5.0)
    c = next(g)
    d = next(g, 7.0)
    return a * b * c * d


@program(THREE)
def skipfirst(x):
    g = iter(N(x))
    next(g)
    return sum((e ** 2 for e in g))


class Other:

    def __init__(self, v):
        self.v = v

    def __iter__(self):
        return N(self.v)


@program(THREE)
def other(x):
    o = Other(x)
    s = 0.0
    for a in o:
        for b in o:
            s += a * b ** 2
    return s


class Fib:

    def __init__(self, a, b, n):
        self.a = a
        self.b = b
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        out = self.a
        self.a, self.b = (self.b, self.a + self.b)
        return out


@program(0.3, 0.7)
def fib(a, b):
    s = 0.0
    for k, v in zip(range(3), Fib(a, b, 8)):
        s += (k + 1) * v ** 2
    return s


@program(0.3, 0.7)
def fib2(a, b):
    return max(Fib(a, b, 6)) * min(Fib(a, b, 6))


@program(0.3, 0.7)
def fib3(a, b):
    l = [v for v in Fib(a, b, 6) if v > 0.5]
    return sum(l) ** 2


@program(0.3, 0.7)
def fib4(a, b):
    u, v, w = Fib(a, b, 3)
    return u * v ** 2 * w


@program(0.3, 0.7)
def fib5(a, b):
    return np.sum(np.array(list(map(lambda v: v ** 2, Fib(a, b, 5)))))


class Tryer:

    def __init__(self, v):
        self.v = v
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        try:
            self.i += 1
            if self.i > 2:
                raise ValueError
            return self.v[self.i]
        except ValueError:
            raise StopIteration


@program(THREE)
def tryer(x):
    return sum((e ** 2 for e in Tryer(x)))
