"""Objects that a condition chooses, kept in lists, dicts and objects, handed on and returned."""

import copy

import numpy as np

from programs.chosen_objects import V
from programs.registry import OTHER, THREE, program


@program(THREE, OTHER)
def deep(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = copy.deepcopy(a if np.sum(x) > np.sum(y) else b)
    c.v *= 2
    return a.norm() + b.norm() + c.cost()


@program(THREE, OTHER)
def inlist(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    l = [c, a, b]
    for o in l:
        o.v = o.v * 2
    return a.norm() + b.norm() * c.cost()


@program(THREE, OTHER)
def indict(x, y):
    a = V(x.copy())
    b = V(y.copy())
    d = {'best': a if np.sum(x) > np.sum(y) else b}
    d['best'].w = x[0]
    return a.cost() + b.cost() * d['best'].norm()


@program(THREE, OTHER)
def inobj(x, y):
    a = V(x.copy())
    b = V(y.copy())
    h = V(a if np.sum(x) > np.sum(y) else b)
    h.v.w = x[0]
    h.v.v[0] = 0.1
    return a.cost() + b.cost() * h.v.norm()


@program(THREE, OTHER)
def isin(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    return a.cost() * 2 if c is a else b.norm()


@program(THREE, OTHER)
def inst(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    return c.cost() if isinstance(c, V) and hasattr(c, 'w') and (type(c) is V) else b.norm()


@program(THREE, OTHER)
def listc(x, y):
    a = [x * 1, y * 2]
    b = [y * 1, x * 3]
    c = a if np.sum(x) > np.sum(y) else b
    c[0] = c[1] * 2
    s = 0.0
    for v in c:
        s += np.sum(v ** 2)
    return s + np.sum(a[0] * b[0]) + len(c)


@program(THREE, OTHER)
def listappend(x, y):
    a = [x * 1]
    b = [y * 1]
    c = a if np.sum(x) > np.sum(y) else b
    c.append(x * 3)
    return sum((np.sum(v ** 2) for v in a)) + sum((np.sum(v ** 3) for v in b))


@program(THREE, OTHER)
def unp(x, y):
    a = (V(x), 2.0)
    b = (V(y), 3.0)
    o, w = a if np.sum(x) > np.sum(y) else b
    return o.cost() * w


@program(THREE, OTHER)
def meth(x, y):
    a = V(x)
    b = V(y)
    fs = [a.cost, b.norm]
    f = fs[0] if np.sum(x) > np.sum(y) else fs[1]
    g = a.cost if x[0] > 5 else b.cost
    return f() * g()


@program(THREE, OTHER)
def setm(x, y):
    a = V(x)
    b = V(y)
    f = a.set if np.sum(x) > np.sum(y) else b.set
    r = f(x * y)
    return a.cost() + b.norm() + r.cost()


@program(THREE, OTHER)
def lam(x, y):
    f = (lambda u: u * x) if np.sum(x) > np.sum(y) else lambda u: u + y
    return np.sum(f(x) ** 2)


@program(THREE, OTHER)
def nonebest(x, y):
    best = None
    bc = None
    for o in (V(x), V(y), V(x * y)):
        if best is None or o.cost() < bc:
            best, bc = (o, o.cost())
    best.v = best.v * 2
    return best.norm() * bc


@program(THREE, OTHER)
def sortedw(x, y):
    l = [V(x.copy()), V(y.copy()), V(x * y)]
    for r, o in enumerate(sorted(l, key=lambda o: o.cost())):
        o.w = float(r + 1)
    return sum((o.cost() * k for k, o in enumerate(l, 1)))


@program(THREE)
def genetic(x):
    pop = [V(x * (k + 1) * 0.3) for k in range(4)]
    for it in range(2):
        pop.sort(key=lambda o: o.cost())
        pop[3] = pop[0] + pop[1]
        pop[2].w = pop[0].w * 0.5
    return sum((o.norm() * o.w for o in pop))


@program(THREE, OTHER)
def two_conds(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if x[0] > 0 else b
    d = a if y[0] > 9 else b
    c.v[0] = 2.0 * x[2]
    d.v[1] = c.v[0] * 3
    c.w = d.w + 1
    d.w = c.w * 2
    return a.cost() + b.norm() * b.w


@program(THREE, OTHER)
def helperw(x, y):

    def upd(o, k):
        o.v = o.v * k
        o.w += k
        return o
    a = V(x.copy())
    b = V(y.copy())
    r = upd(a if np.sum(x) > np.sum(y) else b, x[1])
    return a.cost() + b.norm() + r.w


def rec(o, n):
    return o.cost() if n == 0 else rec(o, n - 1) * 0.9 + o.norm()


@program(THREE, OTHER)
def recur(x, y):
    a = V(x.copy())
    b = V(y.copy())
    return rec(a if np.sum(x) > np.sum(y) else b, 3)


@program(THREE, OTHER)
def retobj(x, y):
    a = V(x.copy())
    b = V(y.copy())

    def f():
        if x[0] > 0.1:
            return a
        return b
    return f().cost()


@program(THREE, OTHER)
def attrs(x, y):
    a = V(x.copy())
    b = V(y.copy())
    c = a if np.sum(x) > np.sum(y) else b
    setattr(c, 'w', x[0])
    vars(c)
    return getattr(c, 'w') * a.cost() + b.cost() + vars(c)['w']


@program(THREE, OTHER)
def early(x, y):
    for o in (V(x), V(y)):
        if o.cost() > 1.5:
            break
    o.w = x[0]
    return o.cost()


@program(THREE, OTHER)
def elseloop(x, y):
    objs = [V(x), V(y), V(x + y)]
    for o in objs:
        if o.cost() < 1.3:
            found = o
            break
    else:
        found = objs[-1]
    return found.norm()


@program(THREE, OTHER)
def firstw(x, y):
    objs = [V(x), V(y), V(x + y)]
    f = next((o for o in objs if o.cost() < 1.3))
    f.w = 3.0
    return sum((o.cost() for o in objs))


@program(THREE, OTHER)
def filt(x, y):
    objs = [V(x), V(y), V(x + y)]
    return sum((o.norm() for o in objs if o.cost() < 1.3))


@program(THREE, OTHER)
def tmin(x, y):
    objs = [V(x), V(y), V(x + y)]
    c, k = min(((o.cost(), k) for k, o in enumerate(objs)))
    return c * objs[k].norm()


@program(THREE)
def none_obj(x):
    n = None
    if np.sum(x) > 0.5:
        n = V(x)
    if n is not None:
        return n.cost()
    return np.sum(x)


@program(THREE)
def opt_attr(x):

    class Nd:
        pass
    a = V(x)
    a.next = None
    b = V(x * 2)
    b.next = a
    c = b if x[0] > 0 else a
    return c.next.cost() if c.next is not None else c.cost() * 3


class Sum:

    def __init__(self, v):
        self.v = v

    def __iadd__(self, o):
        self.v = self.v + 2.0 * o
        return self

    def __add__(self, o):
        return Sum(self.v + o)


@program(THREE, OTHER)
def added_in_place(x, y):
    a = Sum(x)
    b = Sum(y)
    c = a if np.sum(x) > np.sum(y) else b
    c += 1.5
    lists = [[x], [y]]
    d = lists[0] if x[0] > y[0] else lists[1]
    d += [x * y]
    return np.sum(a.v ** 2) + np.sum(b.v ** 3) + np.sum(c.v) + sum(np.sum(v ** 2) for v in lists[0]) + len(lists[0])
