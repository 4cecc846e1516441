"""Objects that a condition chooses, and writes to them: under other names, in arms and in loops."""

import copy

import numpy as np

from programs.registry import OTHER, THREE, program

Z = np.array([1.1, 0.2, -0.7])


class V:

    def __init__(self, v, w=1.0):
        self.v = v
        self.w = w

    def cost(self):
        return np.sum(self.v ** 2) * self.w

    def norm(self):
        return np.sum(self.v ** 3)

    def set(self, u):
        self.v = u
        return self

    def share(self, o):
        self.v = o.v

    @property
    def p(self):
        return self.w * 2

    @p.setter
    def p(self, x):
        self.w = x / 2

    def __add__(self, o):
        return V(self.v + o.v, self.w)

    def __getitem__(self, k):
        return self.v[k]

    def __setitem__(self, k, u):
        self.v[k] = u

    def __len__(self):
        return len(self.v)

    def __call__(self, y):
        return self.v * y

    def __lt__(self, o):
        return self.cost() < o.cost()


@program(THREE, OTHER)
def alias1(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    d = c
    d.v[0] = 2.0 * c.v[1]
    a.w = 3.0
    return c.cost() + d.norm() + a.cost() * b.cost()


@program(THREE, OTHER)
def alias2(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    c.share(b)
    b.v[1] = 0.7
    c.v[2] = c.v[1] * c.v[0]
    return c.cost() + a.norm() + b.cost()


@program(THREE, OTHER)
def alias3(x, y):
    a = V(x.copy())
    b = V(y.copy())
    l = [a, b]
    c = l[int(np.sum(x) > np.sum(y))]
    c.v = c.v * 2.0
    l[0].v[0] = 5.0 * x[1]
    return l[0].norm() + l[1].norm() * c.cost()


@program(THREE, OTHER)
def prop(x, y):
    a = V(x, x[0])
    b = V(y, x[1])
    c = a if np.sum(x) > np.sum(y) else b
    c.p = c.p * c.p
    return a.w ** 2 + b.w ** 3 + c.p


@program(THREE, OTHER)
def aug(x, y):
    a = V(x.copy(), x[0])
    b = V(y.copy(), x[1])
    c = a if np.sum(x) > np.sum(y) else b
    c.w += 2.0
    c.v *= 3.0
    c.v[1] -= 0.5
    c[0] = c[1] * c[2]
    return a.cost() + b.norm() * a.w * b.w


@program(THREE, OTHER)
def ops(x, y):
    a = V(x, x[0])
    b = V(y, x[1])
    c = a if np.sum(x) > np.sum(y) else b
    e = c + b
    return np.sum(e.v ** 2) * e.w + np.sum(c(y)) + len(c) * c[0]


@program(THREE, OTHER, Z)
def three(x, y, z):
    a = V(x, x[0])
    b = V(y, x[1])
    d = V(z, 2.0)
    c = a
    if b.cost() < c.cost():
        c = b
    if d.cost() < c.cost():
        c = d
    e = a
    if b.cost() > e.cost():
        e = b
    if d.cost() > e.cost():
        e = d
    c.v = c.v + e.v
    e.w = c.w * 2
    return a.cost() + b.cost() ** 2 + d.norm() * c.w


@program(THREE, OTHER)
def inarm(x, y):
    a = V(x.copy(), x[0])
    if np.sum(x) > 1.0:
        b = V(y, 2.0)
        c = b
    else:
        c = a
        b = V(y, 3.0)
    c.v = c.v * 2
    a.w = 4.0
    return c.cost() + a.cost() + b.cost()


@program(THREE, OTHER)
def freshorold(x, y):
    a = V(x.copy(), x[0])
    c = a if x[0] > 0.5 else V(y, 2.0)
    c.w = c.w * 3
    return c.cost() + a.cost()


@program(THREE, OTHER)
def freshorold2(x, y):
    a = V(x.copy(), x[0])
    c = V(y, 2.0) if x[0] > 0.5 else a
    c.w = c.w * 3
    c.v[0] = 1.5
    return c.cost() + a.cost()


@program(THREE, OTHER)
def nested(x, y):
    a = V(V(x.copy()))
    b = V(V(y.copy()))
    c = a if np.sum(x) > np.sum(y) else b
    c.v.v = c.v.v * 2
    c.v.v[0] = 0.3
    d = c.v
    d.w = x[0]
    return a.v.cost() + b.v.norm() + d.w * b.v.w


@program(THREE, OTHER)
def inloop(x, y):
    a = V(x.copy())
    b = V(y.copy())
    for k in range(4):
        c = a if a.cost() < b.cost() else b
        c.v = c.v * 1.5
        c.w = c.w + 0.1 * k
    return a.norm() * a.w + b.norm() * b.w


@program(THREE, OTHER)
def inloop2(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    for k in range(len(x)):
        c.v[k] = c.v[k - 1] * 1.5
        b.w = b.w + c.w * x[k]
    return a.norm() * a.w + b.norm() * b.w + c.cost()


@program(THREE, OTHER)
def inloop3(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    k = 0
    while c.w < 5.0:
        c.w = c.w * 2.0
        c.v = c.v + a.v * 0.1
    return a.norm() * a.w + b.norm() * b.w + c.cost()


@program(THREE, OTHER)
def rebind(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    a = V(y * 2)
    c.v = c.v * 2
    return a.norm() + b.norm() + c.cost()


@program(THREE, OTHER)
def dropped(x, y):
    c = V(x.copy()) if np.sum(x) > np.sum(y) else V(y.copy())
    d = c
    d.v = d.v * 2
    return c.norm() + d.cost()


@program(THREE, OTHER)
def copied(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = copy.copy(a if np.sum(x) > np.sum(y) else b)
    c.v = c.v * 2
    return a.norm() + b.norm() + c.cost()
