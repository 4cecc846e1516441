"""Decorators on functions inside of the function, and managers that are made before they are entered."""

import contextlib
import functools

import numpy as np

from programs.registry import THREE, program


def scaled(k):
    def decorate(fun):
        @functools.wraps(fun)
        def inner(*args, **kwargs):
            return k * fun(*args, **kwargs)

        return inner

    return decorate


class Counted:
    def __init__(self, fun):
        self.fun = fun
        self.calls = 0

    def __call__(self, v):
        self.calls += 1
        return self.fun(v)


@contextlib.contextmanager
def doubled(v):
    yield 2.0 * v


@program(THREE)
def two_decorators(x):
    @scaled(x[1])
    @(lambda fun: lambda v: fun(fun(v)))
    def g(v):
        return v**2 + x[2]

    return g(x[0])


@program(THREE)
def class_as_decorator(x):
    @Counted
    def g(v):
        return v**3

    return g(x[0]) * g(x[1]) * g.calls


@program(THREE)
def registered_functions(x):
    known = []

    def register(fun):
        known.append(fun)
        return fun

    @register
    def square(v):
        return v**2

    @register
    def sine(v):
        return np.sin(v)

    return sum(fun(x[0]) for fun in known) * square(x[1])


@program(THREE)
def manager_inside(x):
    @contextlib.contextmanager
    def tripled(v):
        yield 3.0 * v

    held = tripled(x[0])
    with held as a, tripled(x[1]) as b:
        return a * b**2


@program(THREE, True)
@program(THREE, False)
def manager_by_a_flag(x, quiet):
    manager = np.errstate(all="ignore") if quiet else contextlib.nullcontext()
    with manager:
        return np.sum(np.log(x))


@program(THREE)
def one_of_two_managers(x):
    manager = doubled(x[1]) if x[0] > 0.2 else contextlib.nullcontext(x[0])
    with manager as a:
        s = a**2
    with contextlib.nullcontext(x[2]) as b:
        return s * b
