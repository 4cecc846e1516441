"""Classes of the user's that are lists or dicts, and ones that read and write attributes in their own way."""

import copy
from collections import ChainMap

import numpy as np

from programs.registry import LINE, THREE, program


class Bag(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value


class Usual(dict):
    def __missing__(self, key):
        return 2.0


class Recent(list):
    def __init__(self, limit):
        super().__init__()
        self.limit = limit

    def append(self, value):
        super().append(value)
        if len(self) > self.limit:
            self.pop(0)

    def mean(self):
        return sum(self) / len(self)


class Layers(list):
    def forward(self, v):
        for w in self:
            v = np.tanh(w * v)
        return v


class Vector(list):
    def __add__(self, other):
        return Vector([a + b for a, b in zip(self, other, strict=True)])

    def dot(self, other):
        return sum(a * b for a, b in zip(self, other, strict=True))


class Doubling:
    def __init__(self, v):
        self.v = v

    def __setattr__(self, name, value):
        super().__setattr__(name, value * 2.0)

    def __getattr__(self, name):
        if name.startswith("half_"):
            return getattr(self, name[5:]) / 2.0
        raise AttributeError(name)


class Proxy:
    def __init__(self, inner):
        object.__setattr__(self, "_inner", inner)

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def __setattr__(self, name, value):
        setattr(self._inner, name, value)


CONFIG = Bag(rate=0.5)
WEIGHTS = Layers([0.5, 1.5])


def product(w, b):
    return w * b**2


@program(THREE)
def dict_with_attributes(x):
    p = Bag(w=x[0], b=x[1])
    p.c = x[2] ** 2
    both = {**p, "z": x[2]}
    return p.w * p["b"] * p.c + len(p) * both["w"] * ("c" in p) + sum(p.values()) + product(**Bag(w=x[1], b=x[0]))


@program(THREE)
def dict_in_a_loop(x):
    p = Bag(w=x[0], b=0.0)
    for _ in range(9):
        p.b = p.b * 0.5 + p.w
        p.w = np.sin(p.w)
    if x[1] > 0.5:
        p.b = p.b * x[1]
    return p.b


@program(THREE)
def missing_key(x):
    d = Usual(a=x[0])
    return d["a"] ** 2 * d["other"] + len(d)


@program(LINE)
def list_with_a_limit(x):
    recent = Recent(4)
    s = 0.0
    for v in x:
        recent.append(v**2)
        s += recent.mean()
    return s * recent.limit


@program(THREE)
def list_of_layers(x):
    layers = Layers([x[0], x[1], x[2]])
    layers.append(x[0] * 2.0)
    layers[1] = x[1] ** 2
    other = copy.copy(layers)
    other.append(x[2])
    return layers.forward(0.5) + sum(layers[1:]) + len(layers) * np.sum(np.array(layers) ** 2) * other.pop()


@program(THREE)
def list_with_operators(x):
    a, b = Vector([x[0], x[1]]), Vector([x[2], x[0]])
    c = a + b
    return c.dot(a) * c[0] * (2.0 if c != [1.0] and isinstance(c, list) else 1.0)


@program(THREE)
def own_attributes(x):
    d = Doubling(x[0])
    d.w = x[1] ** 2
    d.w += x[2]
    return d.half_v * d.w


@program(THREE)
def proxy(x):
    inner = Doubling(x[0])
    p = Proxy(inner)
    p.w = x[1]
    return p.v * inner.w


@program(THREE)
def captured_ones(x):
    return CONFIG.rate * x[0] ** 2 + CONFIG["rate"] * x[1] + sum(w * x[2] for w in WEIGHTS) * len(WEIGHTS)


@program(THREE)
def chain_map(x):
    settings = ChainMap({"a": x[0]}, {"a": 0.1, "b": x[1]})
    settings["c"] = x[2]
    inner = settings.new_child({"a": x[1]})
    return settings["a"] ** 2 * settings["b"] * inner["a"] * inner["c"] * settings.get("d", 2.0) * ("b" in inner)


class Decaying:
    total = 0.0

    def __iadd__(self, v):
        self.total = self.total * 0.5 + v
        return self


@program(LINE)
def default_of_the_class(x):
    """The loop gives the instance an attribute that its class has a value for."""
    a = Decaying()
    for v in x:
        a += v**2
    return a.total


@program(THREE)
def extended_in_place(x):
    layers = Layers([x[0]])
    same = layers
    layers += [x[1], x[2]]
    config = Bag(a=x[0])
    config |= {"b": x[1]}
    return layers.forward(0.4) * len(same) + config.b * config.a + ({"a": 2.0} | config)["a"]
