"""Class variables, enumerations of other kinds, abstract classes, and instances as dicts."""

import abc
import enum

import numpy as np

from programs.registry import OTHER, THREE, program


class Cnt:
    n = 0
    total = 0.0

    def __init__(self, v):
        Cnt.n += 1
        self.v = v


@program(THREE)
def cnt(x):
    return np.sum(Cnt(x).v * Cnt(x * 2).v)


class E1(enum.Enum):
    A = 'a'
    B = 'b'


class E2(enum.IntFlag):
    P = 1
    Q = 2


class E3(str, enum.Enum):
    S = 'sum'
    M = 'mean'


@program(THREE)
def en1(x):
    tot = 0.0
    for e in E1:
        tot += x[0] * (2 if e is E1.A else 3)
    return tot * len(E1)


@program(THREE)
def en2(x):
    m = E3('sum')
    return (np.sum(x ** 2) if m == E3.S else np.mean(x)) * (2 if m == 'sum' else 1)


@program(THREE)
def en3(x):
    return x[E2.P] ** 2 * (E2.P | E2.Q)


class Model(abc.ABC):

    @abc.abstractmethod
    def f(self, x):
        ...

    def loss(self, x):
        return np.sum(self.f(x) ** 2)


class M1(Model):

    def __init__(self, w):
        self.w = w

    def f(self, x):
        return self.w * x


class M2(M1):

    def f(self, x):
        return super().f(x) + 1


@program(THREE, OTHER)
def absc(x, y):
    return M1(y).loss(x) + M2(y).loss(x)


@program(THREE)
def vkw(x):

    class C:

        def __init__(self, **kw):
            for k, v in kw.items():
                setattr(self, k, v)
    c = C(a=x[0], b=x[1])
    return sum((v ** 2 for v in vars(c).values())) + len(c.__dict__) * c.a + ('a' in vars(c))


@program(THREE)
def vdict(x):

    class C:
        pass
    c = C()
    c.__dict__.update(a=x[0])
    c.__dict__['b'] = x[1]
    d = C()
    d.__dict__.update(c.__dict__)
    d.__dict__.update(vars(c))
    c.a = 5.0
    f = dict(vars(d))
    f['a'] = 7.0
    return d.a * d.b ** 2 + f['a']


@program(THREE)
def vpop(x):

    class C:
        pass
    c = C()
    c.a = x[0]
    c.b = x[1]
    q = c.__dict__.pop('a')
    return q * c.b * (1 if hasattr(c, 'a') else 2)


@program(THREE)
def kwexp(x):

    class C:
        pass
    c = C()
    c.u = x[0]
    c.v = x[1]

    def f(u, v):
        return u * v ** 2
    return f(**vars(c))
