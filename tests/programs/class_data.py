"""Enumerations, generic classes, dataclasses and named tuples."""

import dataclasses
import enum
from dataclasses import InitVar, dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np

from programs.registry import THREE, program


class Color(enum.Enum):
    RED = 1
    BLUE = 2.5

    @property
    def twice(self):
        return self.value * 2


class IE(enum.IntEnum):
    A = 1
    B = 2


@program(THREE)
def enums(x):
    c = Color.BLUE
    if c is Color.RED:
        return np.sum(x)
    if c == Color.BLUE:
        return np.sum(x ** 2) * c.value * c.twice
    return np.sum(x ** 3)


@program(THREE)
def enums2(x):
    return x[IE.A] * x[IE.B] * IE.B


@program(THREE)
def enum_iter(x):
    return sum((x[0] * c.value for c in Color))


@program(THREE)
def enum_key(x):
    d = {Color.RED: x[0], Color.BLUE: x[1]}
    return d[Color.RED] * d[Color.BLUE] * len(Color.RED.name)


@program(THREE)
def enum_match(x):
    c = Color(1)
    match c:
        case Color.RED:
            return np.sum(x ** 2)
        case Color.BLUE:
            return np.sum(x)


@program(THREE)
def enum_name(x):
    c = Color['BLUE']
    return np.sum(x ** 2) * c.value


TT = TypeVar('TT')


class Box(Generic[TT]):

    def __init__(self, v):
        self.v = v

    def get(self):
        return self.v


@program(THREE)
def generic(x):
    return np.sum(Box(x).get() ** 2)


@program(THREE)
def generic2(x):
    return np.sum(Box[float](x).get() ** 2)


@dataclass
class DF:
    a: Any
    l: list = field(default_factory=list)
    s: InitVar[float] = 2.0
    c: ClassVar[float] = 3.0
    n: Any = field(init=False, default=None)

    def __post_init__(self, s):
        self.n = self.a * s * self.c


@program(THREE)
def dc_features(x):
    d = DF(x)
    d.l.append(x[0])
    e = DF(x, s=3.0)
    return np.sum(d.n * e.n) * d.l[0]


@dataclass
class DR:
    a: Any
    b: Any = 1.0


@program(THREE)
def dc_replace(x):
    d = DR(x)
    e = dataclasses.replace(d, b=x[0])
    return np.sum(e.a * e.b * d.b)


@program(THREE)
def dc_asdict(x):
    d = DR(x, 2.0)
    e = dataclasses.asdict(d)
    return np.sum(e['a'] ** e['b'])


@program(THREE)
def dc_asdict_nested(x):
    d = DR(DR(x, 2.0), [DR(x[0]), x])
    e = dataclasses.asdict(d)
    return np.sum(e['a']['a'] ** e['a']['b']) * e['b'][0]['a'] * e['b'][1][1]


@program(THREE)
def dc_astuple(x):
    d = DR(x, 2.0)
    a, b = dataclasses.astuple(d)
    return np.sum(a ** b)


@program(THREE)
def dc_astuple_nested(x):
    d = DR(DR(x, 2.0), 3.0)
    (a, b), c = dataclasses.astuple(d)
    return np.sum(a ** b * c)


@dataclass(order=True)
class DO:
    k: float
    v: float = field(compare=False, default=1.0)


@program(THREE)
def dc_order(x):
    a = DO(x[0], x[1])
    b = DO(x[1], x[2])
    return a.v * b.k if a < b else a.k


@program(THREE)
def dc_order_max(x):
    l = [DO(v, v * 2) for v in x]
    return max(l).v * sorted(l)[0].k


@program(THREE)
def dc_eq(x):
    a = DO(x[0])
    b = DO(x[1])
    return x[0] ** 2 if a == b else x[1] ** 2


@program(THREE)
def dc_eq_arr(x):
    a = DR(x[0], 1.0)
    b = DR(x[0], 1.0)
    return x[0] ** 2 if a == b else x[1] ** 2


@dataclass(kw_only=True)
class DK:
    a: Any
    b: Any = 2.0


@program(THREE)
def dc_kw(x):
    return np.sum(DK(a=x).a ** DK(a=x, b=3.0).b)


@dataclass(slots=True)
class DS:
    a: Any
    b: Any = 2.0

    def f(self):
        return self.a * self.b


@program(THREE)
def dc_slots(x):
    d = DS(x)
    d.a = d.a * 2
    return np.sum(d.f() ** 2)


@dataclass(frozen=True, slots=True)
class DFS:
    a: Any

    def f(self):
        return dataclasses.replace(self, a=self.a * 2)


@program(THREE)
def dc_frozen_slots(x):
    return np.sum(DFS(x).f().a ** 2)


@program(THREE)
def dc_fields(x):
    d = DR(x, x * 2)
    return sum((np.sum(getattr(d, f.name) ** 2) for f in dataclasses.fields(d)))


class NT(NamedTuple):
    p: Any
    q: Any = 2.0


@program(THREE)
def nt_replace(x):
    n = NT(x)._replace(q=x[0])
    return np.sum(n.p * n.q)


@program(THREE)
def nt_asdict(x):
    n = NT(x)._asdict()
    return np.sum(n['p'] * n['q']) + sum((np.sum(v) for v in n.values()))


@program(THREE)
def nt_fields(x):
    n = NT(x, x * 2)
    return sum((np.sum(getattr(n, f) ** 2) for f in n._fields))


@program(THREE)
def nt_make(x):
    n = NT._make([x, x * 2])
    return np.sum(n.p * n.q)


@program(THREE)
def nt_more(x):
    n = NT(x, 3.0)
    a, b = n
    return np.sum(n[0] * n[-1]) * len(n) + np.sum(a * b)
