"""Attributes of instances and classes: written by name, slots, descriptors, class variables, inheritance."""

import abc
import functools
from typing import Protocol

import numpy as np

from programs.chosen_classes import Ci, Sq
from programs.registry import THREE, program


class Bag:

    def __init__(self, **kw):
        self.__dict__.update(kw)


@program(THREE)
def dict_update(x):
    b = Bag(a=x, b=2.0)
    return np.sum(b.a ** b.b)


@program(THREE)
def vars_read(x):
    b = Bag(a=x, b=2.0)
    return np.sum(vars(b)['a'] ** 2)


@program(THREE)
def vars_write(x):
    b = Bag(a=x, b=2.0)
    vars(b)['a'] = x * 3
    b.__dict__['c'] = x
    return np.sum(b.a * b.c)


@program(THREE)
def vars_items(x):
    b = Bag(a=x, b=x * 2)
    return sum((np.sum(v ** 2) for k, v in vars(b).items()))


@program(THREE)
def setattr_loop(x):
    b = Bag()
    for k in range(3):
        setattr(b, f'p{k}', x[k] * k)
    return b.p0 + b.p1 * b.p2


@program(THREE)
def setattr_loop2(x):
    b = Bag()
    for n, v in zip(('a', 'b', 'c'), x):
        setattr(b, n, v)
    return b.a * b.b ** 2 + b.c


@program(THREE)
def setattr_loop3(x):
    b = Bag()
    for n, v in dict(a=x[0], b=x[1]).items():
        setattr(b, n, v)
    return b.a * b.b ** 2


@program(THREE)
def getattr_loop(x):
    b = Bag(a=x[0], b=x[1])
    return sum((getattr(b, n) ** 2 for n in ('a', 'b')))


class K:

    def __init__(self, v):
        self.v = v


class Slots:
    __slots__ = ('a', 'b')

    def __init__(self, a, b):
        self.a = a
        self.b = b


@program(THREE)
def slots(x):
    s = Slots(x, 2.0)
    s.a = s.a * 2
    return np.sum(s.a ** 2 * s.b)


class Desc:

    def __set_name__(self, owner, name):
        self.name = '_' + name

    def __get__(self, obj, cls=None):
        if obj is None:
            return self
        return getattr(obj, self.name) * 2

    def __set__(self, obj, v):
        setattr(obj, self.name, v * 3)


class UseDesc:
    d = Desc()

    def __init__(self, v):
        self.d = v


@program(THREE)
def descriptor(x):
    return np.sum(UseDesc(x).d ** 2)


class NonData:

    def __get__(self, obj, cls=None):
        return obj.v * 2


class UseND:
    n = NonData()

    def __init__(self, v):
        self.v = v


@program(THREE)
def nondata(x):
    return np.sum(UseND(x).n ** 2)


class CP:

    def __init__(self, v):
        self.v = v

    @functools.cached_property
    def c(self):
        return np.sum(self.v ** 2)


@program(THREE)
def cachedprop(x):
    p = CP(x)
    a = p.c
    p.v = x * 3
    return a * p.c + np.sum(p.v)


class Counter:
    count = 0

    def __init__(self, v):
        self.v = v
        Counter.count += 1


@program(THREE)
def class_counter(x):
    a = Counter(x)
    b = Counter(x * 2)
    return np.sum(a.v * b.v)


class Counter2:
    count = 0

    def __init__(self, v):
        self.v = v
        type(self).count += 1


@program(THREE)
def class_counter2(x):
    a = Counter2(x)
    b = Counter2(x * 2)
    return np.sum(a.v * b.v)


class Abs(abc.ABC):

    @abc.abstractmethod
    def f(self, x):
        ...

    def g(self, x):
        return self.f(x) * 2

    @property
    @abc.abstractmethod
    def p(self):
        ...


class Con(Abs):

    def __init__(self, k):
        self.k = k

    def f(self, x):
        return self.k * x ** 2

    @property
    def p(self):
        return self.k


@program(THREE)
def abcls(x):
    c = Con(2.0)
    return np.sum(c.g(x)) * c.p if isinstance(c, Abs) else 0.0


class Shape(Protocol):

    def area(self):
        ...


@program(THREE)
def poly(x):
    return sum((s.area() for s in [Sq(x[0]), Ci(x[1])]))


@program(THREE)
def poly2(x):
    s = 0.0
    for k, c in enumerate((Sq, Ci)):
        s += c(x[k]).area()
    return s


REG = {}


def register(c):
    REG[c.__name__] = c
    return c


@register
class RA:

    def __init__(self, s):
        self.s = s

    def area(self):
        return self.s ** 2


@program(THREE)
def registry(x):
    return REG['RA'](x[0]).area()


class Ctx:

    def __init__(self, v):
        self.v = v

    def __enter__(self):
        self.v = self.v * 2
        return self

    def __exit__(self, *a):
        self.v = self.v + 1
        return False


@program(THREE)
def ctxm(x):
    with Ctx(x) as c:
        s = np.sum(c.v ** 2)
    return s * np.sum(c.v)


class New:

    def __new__(cls, v):
        o = super().__new__(cls)
        o.w = v * 2
        return o

    def __init__(self, v):
        self.v = v


@program(THREE)
def new(x):
    n = New(x)
    return np.sum(n.v * n.w)


class DelA:

    def __init__(self, v):
        self.v = v
        self.w = v * 2
        del self.w


@program(THREE)
def delattr_(x):
    d = DelA(x)
    return np.sum(d.v ** 2) if not hasattr(d, 'w') else 0.0


class Outer:

    class Inner:

        def __init__(self, v):
            self.v = v

    def __init__(self, v):
        self.i = Outer.Inner(v)


@program(THREE)
def innercls(x):
    return np.sum(Outer(x).i.v ** 2)


class MixA:

    def f(self, x):
        return super().f(x) * 2


class Base0:

    def f(self, x):
        return x ** 2


class Mixed(MixA, Base0):
    pass


@program(THREE)
def mixin(x):
    return np.sum(Mixed().f(x))
