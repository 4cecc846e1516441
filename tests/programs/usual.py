"""What every tool that transforms source is tried on: overwriting, control flow, containers, functions."""

from __future__ import annotations

import math

import numpy as np

from programs.registry import array, program

# -- arithmetic and names ----------------------------------------------------------------------------------------------


@program(1.3, 0.7)
def polynomial(x, y):
    return 3 * x ** 2 - 2 * x * y + y ** 3 / 4 - 1


@program(0.8)
def overwritten_three_times(x):
    x = x * x
    x = x + math.sin(x)
    x = x * x
    return x


@program(0.6, 1.7)
def swapped(a, b):
    a, b = b, a * b
    a, b = b + a, a
    return a * a - b


@program(0.6, 1.7, 0.4)
def rotated(a, b, c):
    for _ in range(4):
        a, b, c = b * c, c + a, a
    return a + 2 * b + 3 * c


@program(1.2)
def augmented_in_many_ways(x):
    y = x
    y += 1
    y *= x
    y -= x / 3
    y /= 1 + x
    y **= 2
    return y


@program(0.7)
def the_same_name_inside_and_outside(x):
    def inner(x):
        x = x * 3
        return x * x

    y = x * 2
    x = inner(y) + x
    return x


@program(0.9, 0.3)
def shared_subexpressions(x, y):
    a = x * y
    b = a + a
    c = b * a
    a = c - x
    return a * b + c


@program(1.4)
def unused_values(x):
    y = x ** 2
    z = y * 3
    unused = z * 2  # noqa: F841
    z = x + y
    return z * y


@program(0.4, 1.1)
def chained_assignment(x, y):
    a = b = x * y
    a += 1
    return a * b


@program(1.9, 0.5)
def conditional_expressions(x, y):
    larger = x if x > y else y
    return larger ** 2 * (1 if y > 0 else -1) + (x and y)


@program(0.5)
@program(-0.5)
def chained_comparison(x):
    return x ** 3 if -1 < x < 0 else 2 * x ** 2


@program(2.3)
def floor_and_modulo(x):
    whole = x // 1
    return (x % 1) ** 2 * (1 + whole) + divmod(3 * x, 2)[1]


@program(0.3, 0.8)
def a_lambda_in_a_name(x, y):
    squared_distance = lambda a, b: (a - b) ** 2  # noqa: E731
    return squared_distance(x, y) + squared_distance(y, 3 * x)


# -- functions ---------------------------------------------------------------------------------------------------------


def cubed(x):
    return x * x * x


def cubed_and_scaled(x, scale=2.0):
    x = cubed(x)
    return x * scale


@program(0.9)
def nested_calls(x):
    return cubed(cubed_and_scaled(cubed(x)) + cubed_and_scaled(x, scale=x))


@program(1.1, 0.2)
def keyword_arguments(x, y):
    def affine(value, *, slope, shift=1.0):
        return slope * value + shift

    return affine(x, slope=y) * affine(y, shift=x, slope=3.0)


@program(0.7, 1.2)
def variadic_arguments(x, y):
    def mean(*values, **weights):
        total = 0.0
        for value in values:
            total += value * weights["w"]
        return total / len(values)

    return mean(x, y, x * y, w=y)


@program(1.3)
def default_argument_of_the_program(x, power=3):
    return x ** power


@program(0.6)
def closure_over_a_changing_name(x):
    factor = x

    def scaled(v):
        return factor * v

    first = scaled(x)
    factor = x ** 2
    return first + scaled(x)


@program(0.8)
def counter_in_a_closure(x):
    total = x

    def add(v):
        nonlocal total
        total = total * v + v

    for k in range(3):
        add(x + k)
    return total


def power_by_recursion(x, n):
    if n == 0:
        return 1.0
    half = power_by_recursion(x, n // 2)
    return half * half * x if n % 2 else half * half


@program(1.1)
def recursion(x):
    return power_by_recursion(x, 7)


def is_even_product(x, n):
    return 1.0 if n == 0 else x * is_odd_sum(x, n - 1)


def is_odd_sum(x, n):
    return x if n <= 0 else x + is_even_product(x, n - 1)


@program(0.7, 5)
def mutual_recursion(x, n):
    return is_even_product(x, n)


def tree_sum(values):
    n = len(values)
    if n == 1:
        return values[0] ** 2
    return tree_sum(values[:n // 2]) * 0.5 + tree_sum(values[n // 2:]) * values[0]


@program(array(5))
def recursion_over_halves(x):
    return tree_sum(x)


@program(0.4)
def function_composed_in_a_loop(x):
    f = math.sin
    for g in (math.exp, math.cos, cubed):
        x = g(f(x))
    return x


def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x

    return composed


@program(array(3))
def composition_of_functions(x):
    return np.sum(compose(np.tanh, np.square, lambda v: v + 1, np.log)(x))


@program(0.9)
def early_returns(x):
    if x < 0:
        return -x
    for k in range(5):
        if x * k > 2:
            return x ** k
        x = x * 1.1
    return x


@program(array(4), 1.0)
@program(array(4), -1.0)
def many_results(x, sign):
    if sign > 0:
        return np.sum(x), x * 2
    return np.prod(x), x ** 2


# -- loops -------------------------------------------------------------------------------------------------------------


@program(0.9, 6)
def loop_with_a_counter(x, n):
    count = 0
    for k in range(n):
        if k % 2:
            count += 1
            x = x * math.cos(x)
        else:
            x = x + 0.1 * count
    return x * count


@program(0.3)
def loop_with_break_and_continue(x):
    total = 0.0
    for k in range(20):
        if k % 3 == 0:
            continue
        x = x * 1.2
        total += x
        if total > 5:
            break
    return total * x


@program(0.3)
@program(3.0)
def loop_with_else(x):
    for _ in range(4):
        if x > 2:
            break
        x = x * 1.5
    else:
        x = x ** 2
    return x + 1


@program(0.37)
def while_with_an_exit_on_the_data(x):
    steps = 0
    while True:
        x = x + x ** 2
        steps += 1
        if x > 10 or steps == 50:
            break
    return math.log(x) * steps


@program(27.0)
def collatz_like(x):
    n = 9
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        x = math.sqrt(x) + n
    return x


@program(array(3, 4))
def nested_loops_with_break(a):
    total = 0.0
    for i in range(3):
        row = 0.0
        for j in range(4):
            if a[i, j] < -0.6:
                break
            row += a[i, j] ** 2
        total += row * (i + 1)
    return total


@program(array(4))
def loop_over_the_items_of_an_array(x):
    product = 1.0
    for v in x:
        product = product * (1 + v * v)
    return product


@program(array(3, 3))
def loop_backwards_with_enumerate(a):
    result = a[0, 0]
    for k, row in enumerate(reversed(a)):
        result = result * row[k] + k
    return result


@program(array(4), array(4, shift=1.0))
def zip_and_reversed(x, y):
    total = 0.0
    for a, b in zip(x, reversed(y), strict=True):
        total = a * b - total * a
    return total


@program(array(6))
def loop_in_strides(x):
    total = 0.0
    for k in range(len(x) - 1, 0, -2):
        total += x[k] * x[k - 1]
    return total


@program(0.8)
def variable_of_the_loop_after_it(x):
    y = x
    for k in range(3):
        y = y * x
    return y * k + k


@program(array(4))
def loop_that_does_not_run(x):
    y = x * 2
    for _ in range(0):
        y = y * x
    return np.sum(y ** 2)
