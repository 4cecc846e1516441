"""Objects, functions and arrays that are chosen by data, one use each."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from programs.registry import program

X = np.array([0.3, 0.7, 1.1])
Y = np.array([0.5, -0.4, 0.9])
Z = np.array([1.1, 0.2, -0.7])


class Obj:

    def __init__(self, x):
        self.x = x

    def cost(self):
        return (self.x - 0.6) ** 2

    def __lt__(self, o):
        return self.cost() < o.cost()


class Vec:

    def __init__(self, v, name='a'):
        self.v = v
        self.k = name

    def cost(self):
        return np.sum(self.v ** 2)

    def scale(self, c):
        self.v = self.v * c

    def bump(self, c):
        self.v += c

    def norm(self):
        return np.sum(self.v ** 3)


@dataclass
class D:
    a: Any
    b: Any = 2.0

    def f(self, x):
        return self.a * x + self.b


class NT(NamedTuple):
    p: Any
    q: Any

    def tot(self):
        return self.p * self.q


@program(X)
def loop_best(x):
    objs = [Obj(v) for v in x]
    best = objs[0]
    for o in objs:
        if o.cost() < best.cost():
            best = o
    return best.x ** 2


@program(X)
def loop_best_i(x):
    objs = [Obj(x[i]) for i in range(3)]
    best = objs[0]
    for o in objs[1:]:
        if o.cost() < best.cost():
            best = o
    return best.x ** 2 * best.cost()


@program(X)
def loop_none(x):
    objs = [Obj(v) for v in x]
    best = None
    for o in objs:
        if best is None or o.cost() < best.cost():
            best = o
    return best.x ** 2


@program(X)
def min_key(x):
    objs = [Obj(v) for v in x]
    return min(objs, key=lambda o: o.cost()).x ** 3


@program(X)
def min_keyattr(x):
    objs = [Obj(x[i] * 1.5) for i in range(3)]
    return min(objs, key=lambda o: o.x).x ** 3


@program(X)
def max_key(x):
    objs = [Obj(v) for v in x]
    b = max(objs, key=Obj.cost)
    return b.x * b.cost()


@program(X)
def min_lt(x):
    objs = [Obj(v) for v in x]
    return min(objs).x ** 3


@program(X)
def sorted_key(x):
    objs = sorted([Obj(v) for v in x], key=lambda o: -o.x)
    return objs[0].x * objs[1].x ** 2 + objs[2].x ** 3


@program(X)
def sort_method(x):
    objs = [Obj(v) for v in x]
    objs.sort(key=lambda o: o.cost())
    return sum(((k + 1) * o.x ** 2 for k, o in enumerate(objs)))


@program(X)
def sorted_lt(x):
    objs = sorted((Obj(v) for v in x))
    return objs[0].x ** 2 * objs[2].x


@program(X, Y)
def ifexp(x, y):
    a = Vec(x)
    b = Vec(y)
    c = a if x[0] > y[0] else b
    return c.norm() * c.cost()


@program(X, Y)
def ifexp_write(x, y):
    a = Vec(x)
    b = Vec(y)
    c = a if x[0] > y[0] else b
    c.scale(3.0)
    return np.sum(a.v ** 3) + 2 * np.sum(b.v ** 2) + c.norm()


@program(X, Y)
def ifexp_write2(x, y):
    a = Vec(x.copy())
    b = Vec(y.copy())
    c = a if x[0] > y[0] else b
    c.v[0] = c.v[1] * 2
    c.bump(0.5)
    return np.sum(a.v ** 3) + 2 * np.sum(b.v ** 2) + c.norm()


@program(X)
def listed_k(x):
    objs = [Obj(v) for v in x]
    k = int(np.argmax(x))
    return objs[k].x ** 2


@program(X)
def listed_k2(x):
    layers = [Vec(x * (i + 1)) for i in range(3)]
    k = int(np.argmin(x))
    layers[k].scale(2.0)
    return sum(((j + 1) * l.norm() for j, l in enumerate(layers)))


@program(X)
def listed_loopk(x):
    layers = [Vec(x * (i + 1)) for i in range(3)]
    s = 0.0
    order = np.argsort(-x)
    for k in order:
        s = s * 0.5 + layers[k].norm()
    return s


@program(0.7)
def fn_choice(x):
    f = np.sin if x > 0 else np.cos
    return f(x) * x


def g1(x):
    return x ** 2


def h1(x):
    return x ** 3


@program(0.7)
def fn_choice2(x):
    f = g1 if x > 0 else h1
    return f(x) * f(2 * x)


@program(X)
def fn_list(x):
    fs = [g1, h1, np.sin]
    k = int(np.argmax(x))
    return np.sum(fs[k](x))


@program(X)
def fn_loop(x):
    s = 0.0
    for v in x:
        f = g1 if v > 0.5 else h1
        s += f(v)
    return s


@program(X)
def fn_sel_loop(x):
    best = g1
    for f in (h1, np.sin):
        if f(x[0]) < best(x[0]):
            best = f
    return np.sum(best(x))


@program(X, Y)
def method_choice(x, y):
    a = Vec(x)
    b = Vec(y)
    m = a.norm if x[0] > y[0] else b.norm
    return m() ** 2


@program(X, Y)
def method_choice2(x, y):
    a = Vec(x)
    m = a.norm if x[0] > y[0] else a.cost
    return m() ** 2


@program(X, Y)
def arr_choice_write(x, y):
    a = x * 2
    b = y * 3
    c = a if x[0] > y[0] else b
    c[0] = 5.0 * c[1]
    return np.sum(a ** 2) + np.sum(b ** 3) + c[0]


@program(X, Y, Z)
def arr_choice3(x, y, z):
    a = x * 2
    b = y * 3
    d = z * 1
    c = a
    if np.sum(b) > np.sum(c):
        c = b
    if np.sum(d) < np.sum(c):
        c = d
    c[0] = 5.0 * c[1]
    c += 1
    return np.sum(a ** 2) + np.sum(b ** 3) + c[0] + np.sum(d ** 2)


@program(X, Y)
def ident(x, y):
    a = Vec(x)
    b = Vec(y)
    c = a if x[0] > y[0] else b
    if c is a:
        return c.norm()
    return 2 * c.cost()


@program(X, Y)
def ident2(x, y):
    objs = [Vec(x), Vec(y)]
    best = min(objs, key=lambda o: o.cost())
    s = 0.0
    for o in objs:
        if o is best:
            s += 2 * o.norm()
        else:
            s += o.cost()
    return s


@program(X, Y)
def ident3(x, y):
    objs = [Vec(x), Vec(y)]
    best = objs[0]
    for o in objs:
        if o.cost() > best.cost():
            best = o
    return best.norm() if best is objs[0] else best.cost() * best.v[0]


@program(X, Y)
def dc(x, y):
    p = D(x) if np.sum(x) > np.sum(y) else D(y, 1.0)
    return np.sum(p.f(x) ** 2)


@program(X, Y)
def dc2(x, y):
    a = D(x)
    b = D(y, 1.0)
    p = a if np.sum(x) > np.sum(y) else b
    q = b if np.sum(x) > np.sum(y) else a
    return np.sum(p.f(x) ** 2 * q.f(y))


@program(X, Y)
def nt(x, y):
    a = NT(x, y)
    b = NT(y, x * 2)
    p = a if np.sum(x) > np.sum(y) else b
    return np.sum(p.tot() * p.p)


@program(X)
def nt_min(x):
    l = [NT(v, v * i) for i, v in enumerate(x)]
    p = min(l, key=lambda o: o.q)
    m = max(l, key=lambda o: o.p)
    return p.tot() * m.q + m.p


@program(X)
def dict_choice(x):
    d1 = {'a': x, 'b': x * 2}
    d2 = {'a': x * 3, 'b': x}
    d = d1 if x[0] > 0 else d2
    return np.sum(d['a'] * d['b'])


@program(X)
def dict_choice_w(x):
    d1 = {'a': x, 'b': x * 2}
    d2 = {'a': x * 3, 'b': x}
    d = d1 if x[0] > 0 else d2
    d['a'] = d['b'] * 2
    return np.sum(d1['a'] * d2['a'])


@program(X)
def list_choice(x):
    d1 = [x, x * 2]
    d2 = [x * 3, x]
    d = d1 if x[0] > 0 else d2
    return np.sum(d[0] * d[1]) + np.sum(d1[0])


@program(X)
def tournament(x):
    pop = [Obj(x[i]) for i in range(3)]
    a, b = (pop[0], pop[1])
    w = a if a.cost() < b.cost() else b
    w2 = w if w.cost() < pop[2].cost() else pop[2]
    return w.x * w2.x ** 2


@program(X, Y)
def diffcls(x, y):
    a = Vec(x)
    b = D(y)
    c = a if x[0] > y[0] else b
    return np.sum(a.v) + np.sum(b.a)


@program(X, Y)
def poly(x, y):
    class_a = Vec(x)
    s = 0.0
    for c in (Vec(x), Vec(y)):
        if c.cost() > 1.0:
            s += c.norm()
    return s


def pick(a, b):
    return a if a.cost() < b.cost() else b


@program(X, Y)
def helper_pick(x, y):
    a = Vec(x)
    b = Vec(y)
    p = pick(a, b)
    return p.norm() + a.cost()


def pick2(a, b):
    if a.cost() < b.cost():
        return a
    return b


@program(X, Y)
def helper_pick2(x, y):
    a = Vec(x)
    b = Vec(y)
    p = pick2(a, b)
    p.scale(2.0)
    return p.norm() + a.cost() + 3 * b.cost()


@program(X, Y)
def whileobj(x, y):
    a = Vec(x)
    b = Vec(y)
    n = 0
    while a.cost() > 0.5:
        big = a if a.cost() > b.cost() else b
        big.scale(0.7)
        a.scale(0.9)
    return a.norm() + b.norm()


@dataclass
class Node:
    val: Any
    left: Any = None
    right: Any = None


@program(X)
def tree(x):
    root = Node(x[0], Node(x[1]), Node(x[2]))
    n = root.left if x[0] > 0.5 else root.right
    n.val = n.val * 2
    return root.left.val ** 2 * root.right.val ** 3


@program(X)
def walk(x):
    root = Node(x[0], Node(x[1], Node(x[2]), Node(x[0] * 2)), Node(x[2], Node(x[0]), Node(x[1] * 3)))
    n = root
    for t in (0.1, 0.8):
        n = n.left if n.val > t else n.right
    return n.val ** 2


@program(X, Y)
def swap(x, y):
    a = Vec(x)
    b = Vec(y)
    if a.cost() < b.cost():
        a, b = (b, a)
    a.scale(2.0)
    return a.norm() + b.cost()


@program(X)
def bubble(x):
    l = [Obj(v) for v in x]
    for i in range(3):
        for j in range(2 - i):
            if l[j].x < l[j + 1].x:
                l[j], l[j + 1] = (l[j + 1], l[j])
    return l[0].x ** 3 + l[1].x * 2 + l[2].x ** 2


@program(X, Y)
def objarg(x, y):
    a = D(x, y)
    b = D(y, x)
    u, v = (a, b) if np.sum(x) > 0.5 else (b, a)
    return np.sum(u.a * v.a ** 2)


@program(X)
def accum_best(x):
    best = Obj(x[0])
    second = Obj(x[0] * 2)
    for k in range(1, 3):
        c = Obj(x[k])
        if c.cost() < best.cost():
            second = best
            best = c
    return best.x * second.x
