"""Classes, dataclasses, NamedTuples: construction, attributes, methods, operators."""

from __future__ import annotations

import copy
import dataclasses
import types
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from programs.registry import array, program


class Linear:
    """A layer with what a person may give a class."""

    scale = 2.0

    def __init__(self, w, b):
        self.w = w
        self.b = b
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return self.w * x + self.b

    @property
    def size(self):
        return np.sum(self.w ** 2)

    @size.setter
    def size(self, value):
        self.w *= value

    @cached_property
    def doubled(self):
        return 2.0 * self.w

    @classmethod
    def of(cls, w):
        return cls(w, cls.scale)

    @staticmethod
    def square(v):
        return v * v

    def __add__(self, other):
        return type(self)(self.w + other.w, self.b + other.b)

    def __rmul__(self, factor):
        return type(self)(factor * self.w, factor * self.b)

    def __neg__(self):
        return type(self)(-self.w, -self.b)

    def __getitem__(self, i):
        return self.w[i]

    def __setitem__(self, i, v):
        self.w[i] = v

    def __len__(self):
        return len(self.w)

    def __iter__(self):
        return iter(self.w)

    def __contains__(self, name):
        return name == "w"

    def __lt__(self, other):
        return self.b < other.b

    def __bool__(self):
        return len(self.w) > 2

    def __iadd__(self, v):
        self.b = self.b + v
        return self


class Scaled(Linear):
    scale = 3.0

    def __init__(self, w, b):
        super().__init__(w, b)
        self.factor = w[0]

    def __call__(self, x):
        return super().__call__(x) * self.factor


@program(array(3), array(3))
def calls_and_properties(x, y):
    m = Linear(x, 1.5)
    out = m(y) * m(x)
    m.size = 0.5
    return np.sum(out) * m.size * m.calls + np.sum(m.doubled * m.doubled)


@program(array(3), array(3))
def class_and_static_methods(x, y):
    a = Linear.of(x)
    b = Scaled.of(y)
    return np.sum(Linear.square(a(y))) + np.sum(b(x)) * b.scale


@program(array(3), array(3))
def operators(x, y):
    m = 0.5 * (Linear(x, 1.0) + Linear(y, 0.3))
    n = -m
    m += 2.0
    best = m if n < m else n
    return np.sum(best(x)) + np.sum(n.w * y)


@program(array(3))
def container_methods(x):
    m = Linear(x, 0.0)
    m[1] = x[0] * x[2]
    s = 0.0
    for v in m:
        s += v * v
    if m and "w" in m:
        s = s * len(m)
    return s + m[0]


@program(array(3), array(3))
def inherited(x, y):
    m = Scaled(x, y)
    m.w[1] *= 2.0
    return np.sum(m(y)) + m.factor * isinstance(m, Linear)


@program(array(3), array(3))
def shared_attribute(x, y):
    """Two instances and a name hold one array."""
    a, b = Linear(x, y), Linear(x, x)
    a.w[0] = y[1] * y[2]
    b.b[1] += a.w[0]
    return np.sum(b.w * b.b) + np.sum(a.b * x)


@program(array(4), 0.7)
@program(array(4), -0.7)
def attribute_in_branches_and_loops(x, c):
    state = types.SimpleNamespace(total=0.0, last=x[0])
    for k in range(len(x)):
        if x[k] * c > 0.1:
            state.total += x[k] * state.last
        state.last = x[k] ** 2
    return state.total * state.last


@dataclass
class Point:
    x: float
    y: float = 2.0
    tags: list[Any] = field(default_factory=list)

    def norm(self):
        return self.x ** 2 + self.y ** 2


@dataclass(frozen=True)
class Pair:
    a: object
    b: object
    total: object = None

    def __post_init__(self):
        object.__setattr__(self, "total", self.a + self.b)


@program(array(3))
def dataclasses_in_the_function(x):
    p = Point(x[0])
    p.y = p.y * x[1]
    p.tags.append(x[2])
    q = dataclasses.replace(p, x=x[2])
    r = copy.copy(q)
    r.y = 1.0
    return p.norm() * q.norm() + q.tags[0] * r.y


@program(array(3))
def frozen(x):
    pair = Pair(x[0], x * 2.0)
    other = dataclasses.replace(pair, a=x[1])
    return np.sum(pair.total * other.total)


class Step(NamedTuple):
    u: Any
    v: Any = 0.5

    def product(self):
        return self.u * self.v


@program(array(3))
def named_tuples(x):
    s = Step(x[0])
    t = s._replace(v=x)
    u, v = t
    return s.product() + np.sum(t.product()) * u + np.sum(v) + t._asdict()["u"]


LAYER = Linear(2.0, 0.5)
STEPS = {"first": Step(Step(2.0, np.array([1.0, -1.0, 3.0])), 0.3), "rest": [Step(1.5), Step(0.2, 4.0)]}


@program(array(3))
def operators_of_an_instance_outside(x):
    both = LAYER + Linear(x, 1.0)
    return np.sum((0.5 * LAYER)(both.w)) + (-LAYER).b * np.sum(both.w ** 2)


@program(array(3))
def named_tuples_outside(x):
    first, rest = STEPS["first"], STEPS["rest"]
    u, v = first.u
    total = sum(s.product() * x[k] ** 2 for k, s in enumerate(rest)) + len(first) * u
    return total + np.sum(v * x) * first.v + first._replace(v=x[1]).v ** 3


@program(Point(0.5, 0.7))
def dataclass_argument(p):
    return p.norm() * p.x


@program(array(3), array(3))
def list_of_objects(x, y):
    layers = [Linear(x, 0.1), Scaled(y, 0.2), Linear(x * y, 0.3)]
    h = np.ones(3)
    for layer in layers:
        h = np.tanh(layer(h))
    return np.sum(h) + sum(layer.calls for layer in layers)
