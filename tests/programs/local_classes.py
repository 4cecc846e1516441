"""Classes that are defined inside the differentiated function."""

import dataclasses
import functools
from dataclasses import InitVar, dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from programs.own_iterators import G
from programs.registry import THREE, program


@program(THREE)
def loc_ops(x):

    class P:

        def __init__(self, v):
            self.v = v

        def __add__(self, o):
            return P(self.v + o.v)

        def __mul__(self, k):
            return P(self.v * k)
        __rmul__ = __mul__

        @property
        def sq(self):
            return np.sum(self.v ** 2)

        @staticmethod
        def make(v):
            return P(v * 2)

        @classmethod
        def of(cls, v):
            return cls(v * 3)

        def __len__(self):
            return 3

        def __getitem__(self, k):
            return self.v[k]

        def __iter__(self):
            return iter(self.v)

        def __call__(self, u):
            return self.v * u

        def __lt__(self, o):
            return self.sq < o.sq
    a = P(x)
    b = P.make(x)
    c = P.of(x)
    d = 2.0 * (a + b)
    return d.sq * len(a) + c[0] + sum(b) + np.sum(a(x)) + min([a, b, c]).sq


@program(THREE)
def loc_loop(x):
    s = 0.0
    for k in range(3):

        class P:
            f = float(k)

            def __init__(self, v):
                self.v = v

            def g(self):
                return self.v * self.f + k
        s += P(x[k]).g() ** 2
    return s


@program(THREE)
def loc_setter(x):

    class P:

        def __init__(self, v):
            self._v = v

        @property
        def v(self):
            return self._v

        @v.setter
        def v(self, u):
            self._v = u * 2
    p = P(x)
    p.v = p.v * 3
    return np.sum(p.v ** 2)


@program(THREE)
def loc_dc(x):

    @dataclass(frozen=True)
    class P:
        a: Any
        b: Any = field(default=2.0)
        l: list = field(default_factory=list)
        c: ClassVar[float] = 3.0
    p = P(x)
    q = dataclasses.replace(p, b=x[0])
    return np.sum(q.a * q.b * p.b) * q.c + len(q.l)


@program(THREE)
def loc_dc2(x):
    y = x[0]

    @dataclass
    class P:
        a: Any
        b: Any = y
        s: InitVar[float] = 2.0

        def __post_init__(self, s):
            self.a = self.a * s
    return np.sum(P(x).a) * P(x, 3.0).b


@program(THREE)
def loc_dc3(x):

    @dataclass(order=True)
    class P:
        a: float
        b: float = 1.0
    l = [P(x[0], 2.0), P(x[1], 3.0)]
    return max(l).b * min(l).a * (1 if P(x[0]) == P(x[0]) else 5)


@program(THREE)
def loc_nt(x):

    class P(NamedTuple):
        a: Any
        b: Any = x[1]

        def tot(self):
            return self.a + self.b
    p = P(x[0])
    q = p._replace(b=3.0)
    a, b = q
    return p.tot() * q.tot() * a


@program(THREE)
def loc_cached(x):

    class P:

        def __init__(self, v):
            self.v = v

        @functools.cached_property
        def c(self):
            return np.sum(self.v ** 2)
    p = P(x)
    a = p.c
    p.v = x * 2
    return a * p.c


@program(THREE)
def loc_nonlocal(x):
    total = 0.0

    class P:

        def __init__(self, v):
            nonlocal total
            self.v = v
            total = total + np.sum(v)
    P(x)
    P(x * 2)
    return total ** 2


@program(THREE)
def loc_inherit_glob(x):

    class P(G):
        k = 2.0

        def __init__(self, v):
            super().__init__(v * self.k)

        def __iter__(self):
            for e in super().__iter__():
                yield (e ** 2)
    return sum(P(x))


@program(THREE)
def loc_const(x):

    class Cfg:
        lr = 0.1
        n = 3
        decay = lr * 2
    w = x
    for i in range(Cfg.n):
        w = w - Cfg.lr * w ** 2 * Cfg.decay
    return np.sum(w)


@program(THREE)
def loc_choose(x):

    class P:

        def __init__(self, v):
            self.v = v

        def c(self):
            return self.v ** 2
    l = [P(v) for v in (x[0], x[1], x[2])]
    b = min(l, key=lambda o: abs(o.v - 0.6))
    b.v = b.v * 2
    return sum((o.c() for o in l)) * (2 if b is l[1] else 1)


@program(THREE)
def loc_gen(x):

    class P:

        def __init__(self, v):
            self.v = v
            self.i = 0

        def __iter__(self):
            return self

        def __next__(self):
            if self.i >= 3:
                raise StopIteration
            self.i += 1
            return self.v[self.i - 1] ** 2
    return sum(P(x))


@program(THREE)
def loc_isin(x):

    class A:
        pass

    class B(A):

        def __init__(self):
            self.v = x
    b = B()
    return np.sum(b.v ** 2) if isinstance(b, A) and issubclass(B, A) else np.sum(x)


@program(THREE)
def loc_helper(x):

    def make(k):

        class P:

            def f(self, u):
                return u * k
        return P()
    return np.sum(make(2.0).f(x) * make(x[0]).f(x))
