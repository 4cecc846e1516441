"""Objects that refer to each other, objects that ask for the kind of an index, and what Python's library says of constants."""

import json
import re

import numpy as np

import srcdiff
from programs.registry import THREE, program

LAYER = re.compile(r"w(\d+)")


class Node:
    def __init__(self, value):
        self.value = value
        self.other = None


def linked(x):
    first, second = Node(x[0]), Node(x[1])
    first.other, second.other = second, first
    return first


def long_sum(node, x):
    total = 0.0
    total += node.value
    total = total * x[0]
    total = total + 1.0
    total = total * x[1]
    total = total + 1.0
    total = total * x[2]
    total += node.other.value
    total += 1.0
    total *= 2.0
    total += node.other.other.value
    total = total * x[0]
    total = total + 1.0
    total = total * x[1]
    total = total + 1.0
    total = total * x[2]
    total += node.other.value
    total += 1.0
    total *= 2.0
    total += node.value
    return total


@program(THREE)
def passed_to_a_long_helper(x):
    return long_sum(linked(x), x)


@program(THREE)
def followed_in_a_loop(x):
    node = linked(x)
    for v in x:
        node = node.other
        node.value = node.value * v
    return node.value + node.other.value * node.other.other.value


def around(node, n):
    return node.value if n == 0 else node.value * around(node.other, n - 1)


@program(THREE, refused=True)
def passed_to_a_recursive_function(x):
    return around(linked(x), 3)


@program(THREE, refused=True)
def passed_to_a_gradient_inside(x):
    node = linked(x)
    return srcdiff.grad(lambda v: v * v * node.other.value)(x[2])


class Grid:
    def __init__(self, values):
        self.values = values

    def place(self, key):
        if isinstance(key, slice):
            return slice(key.start or 0, key.stop, key.step)
        try:
            len(key)
        except TypeError:
            return key
        return self.place(key[0])

    def __setitem__(self, key, value):
        self.values[self.place(key)] = value

    def __getitem__(self, key):
        return self.values[self.place(key)]


@program(THREE, 0.7)
def index_of_any_kind(x, s):
    grid = Grid(np.outer(x, x))
    grid[1:3] = s
    grid[0] = x * s
    return np.sum(grid[:2] * x) + np.sum(grid[(2,)])


@program(THREE)
def patterns_and_limits(x):
    params = {f"w{k}": x[k] for k in range(3)}
    kind, rate = re.match(r"(\w+)\(rate=(.*)\)", "Scaled(rate=2.5)").groups()
    total = sum(v * int(LAYER.match(k).group(1)) for k, v in params.items() if LAYER.match(k))
    scale = json.loads('{"scale": [1.5, 2.0]}')["scale"][1]
    assert np.issubdtype(x.dtype, np.floating)
    return total * float(rate) * len(kind) + scale * np.log(np.maximum(np.sum(x), np.finfo(x.dtype).eps))
