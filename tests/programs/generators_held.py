"""Generators that are gone through step by step, and ones without an end."""

import itertools

import numpy as np

from programs.registry import program

THREE = np.array([0.3, 0.7, 1.1])
LINE = np.linspace(0.1, 1.5, 9)


def naturals():
    k = 0
    while True:
        yield k
        k += 1


@program(THREE)
def zip_endless(x):
    s = 0.0
    for k, v in zip(naturals(), x):
        s += k * v * v
    return s


@program(THREE)
def zip_endless2(x):
    s = 0.0

    def g():
        for v in x:
            yield (v * v)
    for k, v in zip(naturals(), g()):
        s += k * v
    return s


@program(THREE)
def zip_endless3(x):
    s = 0.0

    def g():
        for v in x:
            yield (v * v)
    for v, k in zip(g(), naturals()):
        s += k * v
    return s


@program(THREE)
def zip_endless4(x):
    return sum((k * v for k, v in zip(naturals(), (v * v for v in x))))


@program(THREE)
def islice_after(x):

    def g():
        for v in x:
            yield (v * v)
    it = g()
    a = list(itertools.islice(it, 2))
    return sum(a) + 3 * sum(it)


@program(THREE)
def next_gen(x):

    def g():
        for v in x:
            yield (v * v)
    it = g()
    a = next(it)
    b = next(it)
    return a * b + next(it)


@program(THREE)
def next_then_loop(x):

    def g():
        for v in x:
            yield (v * v)
    it = g()
    first = next(it)
    s = 0.0
    for v in it:
        s += v * first
    return s


@program(THREE, refused=True)
def gen_changed(x):
    k = 1.0
    g = (v * k for v in x)
    a = next(g)
    k = 5.0
    return a * next(g)


@program(LINE)
def islice_iter(x):
    it = iter(x)
    a = sum(itertools.islice(it, 3))
    b = sum(itertools.islice(it, 2))
    return a * b + next(it)


def counted():
    for k in itertools.count(1):
        yield k


def growing():
    k = 1
    while k > 0:
        yield k
        k += 1


@program(THREE)
def both_counted(x):

    def g():
        for v in x:
            yield (v * v)
    return sum((a * b for a, b in zip(counted(), g())))


@program(THREE)
def grown_by_while(x):
    return sum((a * b for a, b in zip(growing(), [v for v in x])))


@program(THREE)
def squares_of_a_count(x):
    return sum((a * b for a, b in zip((k * k for k in itertools.count()), (v for v in x))))


@program(THREE)
def beside_map(x):
    return sum((a * b for a, b in zip(counted(), map(np.sin, x))))


@program(THREE)
def taken_while(x):
    return sum((a * b for a, b in enumerate(itertools.takewhile(lambda k: k < 4, counted())))) * x[0]
