"""Iteration of instances: ``__getitem__``, ``__iter__`` and ``__next__``, written by hand or as a generator."""

import numpy as np

from programs.registry import THREE, program


class Seq:

    def __init__(self, v):
        self.v = v

    def __getitem__(self, i):
        if i >= len(self.v):
            raise IndexError(i)
        return self.v[i] ** 2

    def __len__(self):
        return len(self.v)


class Seq3:

    def __init__(self, v):
        self.v = list(v)

    def __getitem__(self, i):
        return self.v[i]

    def __len__(self):
        return len(self.v)


@program(THREE)
def getitem_iter(x):
    s = 0.0
    for v in Seq(x):
        s = s * 0.5 + v
    return s


@program(THREE)
def getitem_iter3(x):
    s = 0.0
    for v in Seq3(x):
        s = s * 0.5 + v
    return s


@program(THREE)
def getitem_sum(x):
    return sum(Seq(x))


@program(THREE)
def getitem_list(x):
    return np.prod(np.array(list(Seq(x))))


@program(THREE)
def getitem_enum(x):
    return sum((i * v for i, v in enumerate(Seq3(x))))


@program(THREE)
def getitem_unpack(x):
    a, b, c = Seq3(x)
    return a * b ** 2 * c


@program(THREE)
def getitem_range(x):
    s = Seq(x)
    return sum((s[i] * i for i in range(len(s))))


class It:

    def __init__(self, v):
        self.v = v
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= len(self.v):
            raise StopIteration
        self.i += 1
        return self.v[self.i - 1] ** 2


class Count:

    def __init__(self, n, x):
        self.n = n
        self.x = x
        self.k = 0

    def __iter__(self):
        self.k = 0
        return self

    def __next__(self):
        if self.k < self.n:
            self.x = self.x * 1.1
            self.k += 1
            return self.x
        raise StopIteration()


class Conv:

    def __init__(self, x):
        self.x = x

    def __iter__(self):
        return self

    def __next__(self):
        if abs(self.x) < 0.05:
            raise StopIteration
        self.x = self.x * 0.5
        return self.x


@program(THREE)
def own_iter(x):
    s = 0.0
    for v in It(x):
        s = s * 0.5 + v
    return s


@program(THREE)
def own_iter_sum(x):
    return sum(It(x))


@program(THREE)
def own_iter_list(x):
    return np.sum(np.array(list(It(x))) ** 2)


@program(0.7)
def own_iter_count(x):
    s = 0.0
    for v in Count(4, x):
        s += v ** 2
    return s


@program(0.7)
def own_iter_conv(x):
    s = 0.0
    for v in Conv(x):
        s += v ** 2
    return s


@program(0.7)
def own_iter_zip(x):
    s = 0.0
    for k, v in zip(range(10), Count(4, x)):
        s += k * v ** 2
    return s


@program(0.7)
def own_iter_enum(x):
    s = 0.0
    for k, v in enumerate(Count(4, x)):
        s += k * v ** 2
    return s


@program(0.7)
def own_iter_next(x):
    it = iter(Count(4, x))
    a = next(it)
    b = next(it)
    return a * b


@program(0.7)
def own_iter_comp(x):
    return sum([v ** 2 for v in Count(4, x)])


@program(0.7)
def own_iter_break(x):
    s = 0.0
    for v in Count(40, x):
        if v > 1.6:
            break
        s += v
    else:
        s = 100.0
    return s * x


class GenIter:

    def __init__(self, v):
        self.v = v

    def __iter__(self):
        for e in self.v:
            yield (e ** 2)


@program(THREE)
def gen_iter(x):
    return sum((e * k for k, e in enumerate(GenIter(x))))
