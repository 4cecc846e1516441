"""Conditions and exits."""

import math

import numpy as np

from programs.registry import array, program


@program(0.7)
@program(-0.7)
def if_else(x):
    if x > 0:
        y = x * x
    else:
        y = -3.0 * x
    return y * x


@program(0.7)
@program(2.7)
@program(-0.7)
def elif_chain(x):
    if x > 2:
        y = x**3
    elif x > 0:
        y = np.sin(x)
    else:
        y = x * x
    return y + x


@program(0.7)
@program(-0.7)
def if_without_else(x):
    y = x
    if x > 0:
        y = y * y
        y = y + x
    return y * y


@program(0.7)
@program(-0.7)
def early_return(x):
    if x > 0:
        return x * x
    y = np.cos(x)
    return y * x


@program(0.7, 0.2)
@program(-0.7, 0.2)
@program(-0.7, -0.2)
def nested_returns(x, y):
    if x > 0:
        if y > 0:
            return x * y
        x = x * 2.0
    elif y < 0:
        return np.sin(x * y)
    return x - y * y


@program(0.7, 0.3)
@program(0.3, 0.7)
def conditional_expression(x, y):
    z = x * x if x > y else y * y * x
    return z * (x if z > 0.2 else y)


@program(0.7, 0.3)
def and_or_on_numbers(x, y):
    a = x or y
    b = x and y
    return a * a + 3.0 * b + y


@program(0.7, 0.3)
@program(-0.7, 0.3)
def and_or_in_a_test(x, y):
    if x > 0 and y > 0 or x * y > 1:
        return x * y
    if not (x > y):
        return x + y * y
    return x


@program(0.7)
@program(1.7)
def chained_comparison(x):
    if 0.0 < x < 1.0 <= x + 0.5:
        return x * x
    return x**3


@program(array(4))
def condition_on_array(x):
    if np.any(x > 0.5) and not np.all(x > 0):
        return np.sum(x * x)
    return np.sum(x)


@program(array(4))
def array_in_both_arms(x):
    if x[0] > x[1]:
        y = x[:2] * 2.0
    else:
        y = np.sin(x[2:])
    y[0] = y[1] * y[1]
    return np.sum(y * y)


@program(array(4))
def view_in_both_arms(x):
    if x[0] > 0.7:
        v = x[:2]
    else:
        v = x[2:4]
    v[0] = v[1] * v[1]
    return np.sum(x * x)


@program(array(4), array(4, shift=1.0))
def different_arrays_in_arms_then_written(x, y):
    z = x if x[0] > y[0] else y
    z[1] = z[0] * z[2]
    return np.sum(x * x) + np.sum(y * y * y)


@program(array(4), array(4, shift=1.0))
def different_arrays_in_arms_read(x, y):
    if x[0] > y[0]:
        z = x
    else:
        z = y
    return np.sum(z * z) + np.sum(x)


@program(array(4))
def write_in_one_arm(x):
    if x[1] < x[0]:
        x[2] = x[0] * x[1]
        t = np.sin(x[2])
        x[0] = t * t
    return np.sum(x * x * x)


@program(array(4))
def write_in_both_arms(x):
    y = x * x
    if y[0] > 0.2:
        y[1:3] *= x[0]
    else:
        y[:2] = y[2:] * y[1]
    return np.sum(np.sin(y))


@program(array(4))
def assigned_in_one_arm(x):
    if x[0] > 0:
        t = x[1] * x[2]
    if x[0] > 0:
        x[3] = t * t
    return np.sum(x * x)


@program(0.7)
def condition_kept_in_a_name(x):
    flag = x > 0.5
    y = x * x
    x = 0.1 * y
    if flag:
        y = y * x
    return y if not flag else y * y


@program(0.4)
def is_none(x):
    best = None
    if best is None:
        best = x * x
    return best * x


@program(0.4)
def known_condition(x):
    y = np.array([x, x * x])
    if y.ndim == 2 or isinstance(x, tuple):
        y = y.T @ y
    return np.sum(y * y)


@program(array(3))
def early_return_after_write(x):
    x[0] = x[1] * x[2]
    if x[0] > -5.0:
        x[1] *= x[0]
        return np.sum(x * x)
    return np.sum(x)


@program(array(4))
def where_keeps_zero(x):
    return np.sum(np.where(x > 0.5, np.log(np.abs(x)) ** 2, 0.0))


@program(array(4))
def where_of_scalars(x):
    y = np.where(x > 0.2, x[0], x * x)
    return np.sum(y * np.where(x[1] > 0, 2.0, x))


@program(0.7)
def minimum_and_maximum(x):
    return max(x, 0.2) * min(x * x, x, 3.0) + np.maximum(x, 1.0 + x * x) + abs(-x)


@program(0.7)
def raise_not_reached(x):
    if x < 0:
        raise ValueError("negative")
    return np.sqrt(x)


@program(0.7)
def returns_in_both_arms(x):
    if x > 0.5:
        y = x * x
        return y * 3.0
    else:
        return x


@program(array(4), array(3, 4, shift=0.9) ** 2 + 0.3, 0.5)
@program(array(4), array(3, 4, shift=0.9) ** 2 + 0.3, 1.0)
def shape_of_what_is_bound_on_one_path(x, b, s):
    if np.any(s > 0.7):
        x = other = b[1] ** 0.5
    return x.sum()


@program(0.7, 0.6)
@program(0.7, -0.4)
def number_or_array_without_axes(a, b):
    y = np.zeros(3)
    if b > 0:
        a = np.where(b > 0.5, a, 2.0 * a)
    y[1] = a
    y = np.append(y, a) * np.concatenate([y[:1] + b, np.stack([a, b, a])])
    a += 0.5 * a * b
    return np.sum(y ** 2) + np.dot(a, b) + np.max(a) + math.sin(a)


@program(0.7, -0.4)
def rounded_number_or_array(a, b):
    if b > 0:
        a = np.where(b > 0.5, a, 2.0 * a)
    return (a if round(a) else b) * a * math.trunc(a + 2.0)


@program(0.7)
def array_without_axes_in_each_trip(a):
    for i in range(2):
        a = np.where(a > 0.5, a * a, 0.5 * a)
    a += 0.3
    return a * a


def rebound_in_recursion(a, k=2):
    if k <= 0:
        return a
    a = np.where(k, np.max(a), 1.0)
    return rebound_in_recursion(a, k - 1)


@program(array(3))
def array_that_recursion_reduces(x):
    return x[2] * rebound_in_recursion(x)


@program(array(4), 0.7)
@program(array(4), 0.0)
def numbers_as_conditions(x, a):
    return np.sum(np.where(np.floor(2 * x), a * x, x * x)) + np.sum(np.where(a, x, 0.5)) + np.sum(x[np.where(x)])
