"""Conversions, comparisons and operators of instances, and the builtins that call them."""

import numpy as np

from programs.registry import THREE, program


class Num:

    def __init__(self, v):
        self.v = v

    def __float__(self):
        return float(self.v * 2)

    def __int__(self):
        return int(self.v > 0) + 2

    def __abs__(self):
        return abs(self.v)

    def __len__(self):
        return 3

    def __bool__(self):
        return self.v > 0

    def __contains__(self, k):
        return k < 3

    def __index__(self):
        return 1

    def __neg__(self):
        return Num(-self.v)

    def __round__(self, n=0):
        return self.v

    def __pow__(self, k):
        return Num(self.v ** k)

    def __matmul__(self, o):
        return self.v * o.v

    def __call__(self, u):
        return self.v * u

    def __eq__(self, o):
        return self.v == o.v

    def __hash__(self):
        return 3

    def __array__(self):
        return np.array([self.v])

    def __str__(self):
        return 'num'

    def __repr__(self):
        return f'Num({self.v})'

    def __format__(self, s):
        return 'n'


@program(0.7)
def npfloat64(x):
    return np.float64(Num(x)) * x


@program(0.7)
def floatobj(x):
    return float(Num(x)) * x


@program(0.7)
def intobj(x):
    return int(Num(x)) * x


@program(0.7)
def absobj(x):
    return abs(Num(-x)) * x


@program(0.7)
def lenobj(x):
    return len(Num(x)) * x


@program(0.7)
def boolobj(x):
    return x ** 2 if Num(x) else x


@program(0.7)
def boolobj2(x):
    return x ** 2 if bool(Num(x)) and (not Num(-x)) else x


@program(0.7)
def containsobj(x):
    return x ** 2 if 2 in Num(x) else x


@program(0.7)
def containsobj2(x):
    return x ** 2 if 2 not in Num(x) else x ** 3


@program(THREE)
def indexobj(x):
    return x[Num(1.0)] ** 2


@program(0.7)
def eqobj(x):
    return x ** 2 if Num(x) == Num(x * 2) else x ** 3


@program(0.7)
def neobj(x):
    return x ** 2 if Num(x) != Num(x * 2) else x ** 3


@program(0.7)
def classobj(x):
    n = Num(x)
    return n.__class__(x * 2).v ** 2


@program(0.7)
def classname(x):
    n = Num(x)
    return x ** 2 if n.__class__.__name__ == 'Num' else x


@program(0.7)
def typeobj(x):
    n = Num(x)
    return type(n)(x * 2).v ** 2


@program(0.7)
def strobj(x):
    n = Num(x)
    return x ** 2 if str(n) == 'num' else x


@program(0.7)
def fmtobj(x):
    n = Num(x)
    s = f'{n}'
    return x ** 2


class Chain:

    def __init__(self, v):
        self.v = v

    def add(self, c):
        self.v = self.v + c
        return self

    def mul(self, c):
        self.v = self.v * c
        return self


@program(THREE)
def chain(x):
    return np.sum(Chain(x).add(1.0).mul(x).v)


class Mat:

    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return Mat(self.v + (o.v if isinstance(o, Mat) else o))
    __radd__ = __add__

    def __mul__(self, o):
        return Mat(self.v * (o.v if isinstance(o, Mat) else o))
    __rmul__ = __mul__

    def __eq__(self, o):
        return bool(np.all(self.v == o.v))


@program(THREE)
def opsum(x):
    return np.sum(sum([Mat(x), Mat(x * 2)]).v ** 2)


@program(THREE)
def opmul(x):
    return np.sum((2.0 * Mat(x) * Mat(x) + 1.0).v)
