"""Assignments of every form."""

import math
from math import pi, tanh

import numpy as np
import numpy as xp

from programs.registry import array, program

SCALE = 1.5
WEIGHTS = array(3, shift=2.0)


@program(0.7, -0.3)
def tuple_unpacking(a, b):
    c, d = a * b, a + b
    c, d = d * c, c
    return c * c + d


@program(0.7, -0.3, 1.1)
def rotation(a, b, c):
    a, b, c = b * c, c + a, a
    a, b, c = b, c, a
    return a * 2.0 + b * b + np.sin(c)


@program(array(3))
def unpack_an_array(x):
    a, b, c = x
    return a * b + c * c


@program(array(2, 3))
def unpack_rows(m):
    a, b = m
    return np.sum(a * b * b)


@program(array(4))
def starred_head(x):
    a, *rest = x[0], x[1], x[2] * x[3]
    return a * rest[0] + rest[1] ** 2


@program(0.3, 0.8)
def starred_middle(a, b):
    first, *middle, last = (a, b, a * b, a - b)
    return first * last + middle[0] * middle[1] + len(middle)


@program(0.3, 0.8)
def nested_unpacking(a, b):
    (p, q), r = (a * a, b), (a, b)
    s, t = r
    return p * q + s * t * t


@program(0.4)
def chained_assignment(x):
    a = b = x * x
    a += 1.0
    return a * b


@program(array(3))
def chained_assignment_shares_an_array(x):
    a = b = x * 2.0
    a[0] = a[1] * a[2]
    return np.sum(b * b)


@program(0.4)
def annotated(x):
    y: float = x * x
    z: float
    z = y + x
    return z * y


@program(0.4)
def walrus(x):
    return (y := x * x + 1.0) * y + y


@program(0.4)
def walrus_in_a_test(x):
    if (y := np.sin(x)) > 0.1:
        return y * y
    return y


@program(1.4, 0.6)
def augmented_scalars(a, b):
    a += b
    a *= a
    a -= 2.0 * b
    a /= 1.0 + b
    a **= 2
    return a


@program(5.3, 2.1)
def floor_and_remainder(a, b):
    return a % b + a // b * a


@program(1.4)
def power_forms(x):
    return x**2 + x**3.5 + 2.0**x + x**x + pow(x, 3) + x**-1 + x**0


@program(0.6)
def unary_forms(x):
    return -x + (+x) * x - (-x) ** 2 - -x


@program(0.7)
def globals_and_constants(x):
    return x * SCALE + pi * tanh(x) + math.exp(x) + np.pi * np.e


@program(array(3))
def global_array(x):
    return np.dot(WEIGHTS, x * x)


@program(array(3))
def numpy_under_another_name(x):
    return xp.sum(xp.tanh(x) * x)


@program(0.5)
def deleted_name(x):
    y = x * x
    z = y * x
    del y
    y = z + 1.0
    return y * z


@program(array(3), 0.5)
def printing(x, c):
    """A doc string."""
    y = x * c
    print(f"sum {np.sum(y):.3f} of {len(y)}", x.shape)
    assert np.sum(y) < 100.0, f"too large: {c}"
    return np.sum(y * y)


@program(0.5)
def doing_nothing(x):
    pass
    ...
    "a string"
    return x * x


@program(0.5)
def constant_result(x):
    return 3.0


@program(0.5)
def identity(x):
    return x


@program(array(3))
def identity_of_an_array(x):
    return x


@program(0.5, array(3))
def unused_argument(a, x):
    return a * a


@program(0.5, array(2))
def several_results(a, x):
    y = x * a
    return y, a * a, np.sum(y)


@program(0.5, array(2))
def dict_result(a, x):
    return {"y": x * a, "square": (a * a, x)}


@program(array(3))
def same_array_returned_twice(x):
    y = x * x
    return y, y


@program(0.3)
def name_rebound_with_another_type(x):
    y = 1
    y = x * y
    y = np.array([y, x])
    y = np.sum(y * y)
    return y


@program(0.3)
def integer_becomes_float(x):
    s = 0
    for _ in range(3):
        s = s + x
    return s * s


@program(array(4), 1.2)
def shadowed_builtins(list, max):
    sum = list * max
    return np.sum(sum * sum)


@program(1.3, 2, "double", True, None)
def static_arguments(x, n, mode, flag, nothing):
    y = x**n
    if mode == "double":
        y = 2.0 * y
    if flag and nothing is None:
        y = y + x
    return y


@program(1.3, 3)
def static_trip_count(x, n):
    y = 1.0
    for k in range(n):
        y = y * x + k
    return y
