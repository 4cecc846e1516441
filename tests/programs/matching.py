"""``match`` with every kind of pattern, on static values and on data."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from programs.registry import array, program

SEQUENCE = 1 << 5  # Py_TPFLAGS_SEQUENCE: newer versions of NumPy set it


class Kind(Enum):
    LINEAR = 1
    SQUARE = 2


@dataclass
class Point:
    u: float
    v: float


class Pair(NamedTuple):
    first: object
    second: object


@program(array(3), 1)
@program(array(3), 3)
@program(array(3), 7)
def integers(x, k):
    match k:
        case 1:
            return x[0] * x[1]
        case 2 | 3:
            return x[1] * x[2] ** 2
        case _:
            return np.sum(x * x * x)


@program(array(3))
def literals_against_data(x):
    total = 0.0
    for v in x:
        match v:
            case 0.0:
                total = total + 1.0
            case w if w > 0.5:
                total = total + w * w * w
            case w:
                total = total + 2.0 * w * w
    return total


@program(array(3), "scale")
@program(array(3), "shift")
def strings(x, how):
    match how:
        case "scale" | "stretch" as name:
            y = x * len(name)
        case str():
            y = x + 1.0
    return np.sum(y * y)


@program(array(4))
def sequences(x):
    match [x[0], x[1], x[2], x[3]]:
        case [a, b]:
            return a * b
        case [a, *rest, z]:
            return a * z + sum(v * v for v in rest) * len(rest)
        case _:
            return x[0]


@program(array(4))
def sequences_of_unknown_length(x):
    large = []
    for v in x:
        if v > 0.2:
            large.append(v * v)
    match large:
        case []:
            return x[0]
        case [a]:
            return a * x[1]
        case [a, *rest, b]:
            return a * b * x[0]
        case _:
            return x[3]


@program(array(3))
def nested_sequences(x):
    match (x[0], [x[1], (x[2], 2.0)]):
        case (a, [b]):
            return a * b
        case (a, [b, (c, scale)]):
            return a * b * c * scale


@program(array(3))
def mappings(x):
    match {"kind": "square", "v": x[0], "w": x[1] * x[2]}:
        case {"kind": "linear", "v": v}:
            return v
        case {"kind": "square", "v": v, **rest}:
            return v * v * rest["w"]


@program(array(3))
def classes(x):
    total = 0.0
    for shape in (Point(x[0], x[1]), Pair(x[1], x), x, 3, [x[2]]):
        match shape:
            case Point(u, v=w):
                total += u * w * w
            case Pair(first, second):
                total += first * np.sum(second * second)
            case np.ndarray():
                total += np.sum(shape**3)
            case int(k):
                total *= k
            case list(items):
                total += items[0] * len(items)
    return total


@program(array(3), refused=bool(np.ndarray.__flags__ & SEQUENCE))
def an_array_may_be_no_sequence(x):
    match x:
        case [a, b, c]:
            return a
        case _:
            return np.sum(x * x)


@program(array(3))
def values_with_dots(x):
    total = 0.0
    for kind in (Kind.SQUARE, Kind.LINEAR):
        match kind:
            case Kind.LINEAR:
                total += np.sum(x)
            case Kind.SQUARE:
                total += np.sum(x * x)
    return total


@program(array(3))
def singletons(x):
    total = 0.0
    for flag in (True, None, False):
        match flag:
            case None:
                total += x[0] ** 2
            case True:
                total += x[1] ** 3
            case False:
                total *= x[2]
    return total


@program(array(3))
def a_condition_as_the_subject(x):
    total = 0.0
    for k in range(3):
        v = float(x[k])
        match v > 0.3, v:
            case True, a:
                total += a * a
            case False, a:
                total += a
    return total


@program(array(2))
def a_guard_sees_the_names(x):
    a = x[0] * 3.0
    match (x[0], x[1]):
        case (a, b) if a * b > 10.0:
            y = a
        case (b, c):
            y = a * b * c
    return y * x[0]


@program(array(2))
def the_first_alternative_binds(x):
    match (x[0], 0.0):
        case (0.0, v) | (v, 0.0):
            return v * v * x[1]
    return x[1]


@program(array(3))
def exits_in_a_loop(x):
    y = x[0]
    for k in range(5):
        match k:
            case 0:
                continue
            case 1 | 2:
                y = y * x[k]
            case _:
                break
    else:
        y = y + 100.0
    return y


@program(array(3))
def patterns_of_shapes(x):
    match x.shape:
        case (n,):
            return np.sum(x * x) * n
        case (n, m):
            return np.sum(x) * m


@program(array(3))
def operations_in_a_list(x):
    s = x[0]
    for step in ("add", ("scale", 2.0), ("power", 2, 3)):
        match step:
            case "add":
                s = s + x[1]
            case ("scale", c):
                s = s * c
            case (str(name), *powers):
                s = s ** sum(powers) * len(name)
    return s


@program(array(3))
def the_subject_is_written_in_a_case(x):
    y = x * 2.0
    match y:
        case np.ndarray() as z:
            z[0] = x[1] * x[1]
    return np.sum(y * y)


@program(array(2))
def no_case_matches(x):
    y = x[0] * x[1]
    match "other":
        case "one":
            y = x[0]
        case "two":
            y = x[1]
    return y * y
