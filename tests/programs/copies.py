"""Copies that are none, and what they share: ``copy``, ``deepcopy``, and NumPy functions that return what they are given."""

import copy

import numpy as np

from programs.registry import THREE, array, program


class Node:
    def __init__(self, value):
        self.value = value
        self.other = None


class Doubled(Node):
    def __copy__(self):
        return Doubled(self.value * 2.0)


class Tripled(Node):
    def __deepcopy__(self, memo):
        return Tripled(self.value * 3.0)


class Partly(Node):
    def __getstate__(self):
        return {"value": self.value * 2.0}


@program(THREE)
def list_from_a_loop(x):
    squares = []
    for v in x:
        squares.append(v * v)
    more, most = copy.copy(squares), copy.deepcopy(squares)
    more.append(x[0])
    most.append(x[1])
    return len(squares) * sum(more) * sum(most)


@program(THREE)
def a_list_that_is_in_it_twice(x):
    row = [x[0]]
    rows = copy.deepcopy([row, row])
    rows[0].append(x[1])
    return sum(rows[1]) * len(row)


@program(THREE, array(3))
def an_array_that_is_in_it_twice(x, y):
    first, second = copy.deepcopy([x, x])
    x[0] = y[0]
    return np.sum(first * second * x)


@program(THREE, array(3), refused=True)
def an_array_that_is_in_it_twice_written(x, y):
    first, second = copy.deepcopy([x, x])
    first[0] = y[0]
    return np.sum(second ** 2)


@program(THREE)
def a_cycle(x):
    one, two = Node(x[0]), Node(x[1])
    one.other, two.other = two, one
    found = copy.deepcopy(one)
    found.other.value = x[2]
    return found.other.other.value * found.other.value * two.value


@program(THREE)
def a_class_that_says_how(x):
    return copy.copy(Doubled(x[0])).value * copy.deepcopy(Doubled(x[1])).value


@program(THREE, refused=True)
def a_class_that_says_how_deep(x):
    return copy.deepcopy(Tripled(x[0])).value


@program(THREE, refused=True)
def a_class_that_says_what(x):
    return copy.copy(Partly(x[0])).value


@program(THREE, array(3))
def conjugate_of_real_numbers(x, y):
    same, new = x.conj(), np.conj(x)
    same[0] = y[0]
    new[1] = y[1]
    return np.sum(x * y * new)


@program(THREE, array(3))
def nan_to_num_in_place(x, y):
    same, new = np.nan_to_num(x, copy=False), np.nan_to_num(x, True)
    same[0] = y[0]
    new[1] = y[1]
    return np.sum(x * y * new)
