"""Augmented assignment to items and attributes, as lists, dicts, properties and operators of classes have it."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace

import numpy as np

from programs.registry import array, program


@program(array(3))
def list_in_a_dict_extended(x):
    kept = [x[0]]
    d = {"k": kept}
    d["k"] += [x[1] ** 2]
    return sum(kept) + len(kept) * x[2]


@program(array(3))
def lists_repeated_in_place(x):
    first, second = [x[0]], SimpleNamespace(items=[x[1]])
    same, kept = first, second.items
    first *= 2
    second.items *= 3
    return sum(same) * sum(kept)


@program(array(3))
def dicts_merged_in_place(x):
    one, o, nested = {"p": x[0]}, SimpleNamespace(d={"p": x[1]}), [{"p": x[2]}]
    same, kept, inner = one, o.d, nested[0]
    one |= {"q": x[1] ** 2}
    o.d |= {"q": x[2] ** 2}
    nested[0] |= {"p": x[0] ** 3}
    return sum(same.values()) * sum(kept.values()) + inner["p"]


@program(array(3))
def sets_changed_in_place(x):
    s = {1, 2}
    same = s
    s |= {3}
    s -= {1}
    same.add(7)
    return sum(x[0] ** k for k in s) + len(same) * x[1]


@program(array(3))
def deque_extended_in_place(x):
    a = deque([x[0]], maxlen=2)
    b = a
    a += [x[1], x[2]]
    return b[0] * b[1] ** 2 * len(b)


class Shifted:
    """Each read and each write shows."""

    def __init__(self, w):
        self._w = w
        self.reads = 0

    @property
    def w(self):
        self.reads += 1
        return self._w

    @w.setter
    def w(self, value):
        self._w = value + 0.1 * self.reads

    def __iadd__(self, other):
        self._w += other
        return self

    def __getitem__(self, k):
        return self._w[k]

    def __setitem__(self, k, v):
        self._w[k] = v * 2.0


@program(array(3))
def property_updated(x):
    s = Shifted(x * 1.0)
    s.w *= x[1]
    s.w += 3.0 * s.w
    return np.sum(s.w ** 2)


@program(array(3))
def items_of_an_instance_updated(x):
    s = Shifted(x * 1.0)
    s[0] += x[1]
    s[1:] *= x[:2]
    return np.sum(s._w ** 2)


@program(array(3))
def instances_in_containers_updated(x):
    s, t = Shifted(x * 1.0), Shifted(x * 2.0)
    items, d = [s], {"t": t}
    items[0] += x
    d["t"] += x ** 2
    return np.sum(s._w ** 2) + np.sum(t._w ** 2)


@program(array(3))
def item_of_a_tuple_updated(x):
    t = (x * 1.0,)
    try:
        t[0] += 1.0
    except TypeError:
        return x[0] * t[0][1]
    return x[1]


class Descriptor:
    def __get__(self, instance, cls):
        return instance.kept * 2.0

    def __set__(self, instance, value):
        instance.kept = value + 1.0


class Described:
    w = Descriptor()

    def __init__(self, w):
        self.w = w


@program(array(3))
def descriptor(x):
    return np.sum(Described(x).w ** 2)


class Watched:
    def __init__(self, w):
        self.w = w

    def __getattribute__(self, name):
        return object.__getattribute__(self, name)


@program(array(3), refused=True)
def getattribute(x):
    return np.sum(Watched(x).w ** 2)


class Total:
    """NumPy calls ``__rmul__`` once for each item of an array, unless the class says that it wants the array."""

    def __init__(self, k):
        self.k = k

    def __rmul__(self, other):
        return np.sum(other) * self.k


class WholeTotal(Total):
    __array_ufunc__ = None


@program(array(3), refused=True)
def array_times_instance(x):
    return np.sum(np.asarray(x ** 2 * Total(x[0]), dtype=float))


@program(array(3))
def array_times_instance_of_its_own(x):
    return x ** 2 * WholeTotal(x[0]) + 2.0 * Total(x[1])
