"""Comparisons of objects: by fields, by identity, by what the class says."""

import types
from dataclasses import dataclass, field

import numpy as np

from programs.registry import program

X = np.array([0.3, 0.7, 1.1])
Y = np.array([0.5, -0.4, 0.9])


class K:

    def __init__(self, v):
        self.v = v


@dataclass
class C:
    k: float
    v: float = field(compare=False, default=1.0)


@dataclass(eq=False)
class NE:
    k: float


@dataclass
class C2(C):
    pass


@program(X)
def eq_plain(x):
    return x[0] ** 2 if K(x[0]) == K(x[0]) else x[1] ** 2


@program(X)
def eq_same(x):
    k = K(x[0])
    return x[0] ** 2 if k == k else x[1] ** 2


@program(X)
def ne_plain(x):
    return x[0] ** 2 if K(x[0]) != K(x[0]) else x[1] ** 2


@program(X)
def eq_cmp(x):
    return x[0] ** 2 if C(x[0], 1.0) == C(x[0], 2.0) else x[1] ** 2


@program(X)
def eq_sub(x):
    return x[0] ** 2 if C(x[0], 1.0) == C2(x[0], 1.0) else x[1] ** 2


@program(X)
def eq_noeq(x):
    return x[0] ** 2 if NE(x[0]) == NE(x[0]) else x[1] ** 2


@program(X)
def eq_ns(x):
    return x[0] ** 2 if types.SimpleNamespace(a=x[0]) == types.SimpleNamespace(a=x[0]) else x[1] ** 2


@program(X)
def eq_diff(x):
    return x[0] ** 2 if K(x[0]) == C(x[0]) else x[1] ** 2


@program(X)
def in_list(x):
    a = K(x[0])
    l = [K(x[0]), a]
    return x[0] ** 2 if a in l else x[1] ** 2


@program(X)
def index_list(x):
    a = K(x[0])
    l = [K(x[0]), a]
    return x[0] ** 2 * l.index(a)


@program(X)
def remove_list(x):
    a = K(x[0])
    l = [K(x[0] * 2), a, K(x[1])]
    l.remove(a)
    return sum((o.v ** 2 for o in l))


@program(X)
def eq_none(x):
    return x[0] ** 2 if K(x[0]) == None else x[1] ** 2  # noqa: E711


@program(X)
def eq_num(x):
    return x[0] ** 2 if K(x[0]) == 3.0 else x[1] ** 2
