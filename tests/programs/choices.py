"""Strings and functions that are chosen at run time."""

import functools
import math

import numpy as np

from programs.registry import LINE, THREE, program


@program(THREE)
@program(-THREE)
def str_choice(x):
    mode = 'a' if x[0] > 0 else 'b'
    return x[0] * x[1] if mode == 'a' else x[1] ** 2


@program(THREE)
@program(-THREE)
def str_three(x):
    if x[0] > 0.5:
        mode = 'big'
    elif x[0] > 0:
        mode = 'mid'
    else:
        mode = 'neg'
    w = {'big': 1.0, 'mid': x[1], 'neg': x[2]}
    return w[mode] * x[0] + (mode in ('mid', 'neg')) * x[2]


@program(THREE)
@program(-THREE)
def fun_choice(x):
    f = np.sin if x[0] > 0 else np.cos
    return np.sum(f(x)) * f(x[1])


@program(THREE)
@program(-THREE)
def lam_choice(x):
    if x[0] > 0:
        def f(v):
            return v * x[1]
    else:
        def f(v):
            return v ** 2
    return f(x[2]) + f(f(x[1]))


@program(LINE)
def fun_loop(x):
    s = 0.0
    for v in x:
        f = math.sin if v > 0.7 else math.exp
        s += f(v) * v
    return s


@program(LINE)
def count_names(x):
    d = {'lo': 0.0, 'hi': 0.0}
    for v in x:
        d['lo' if v < 0.7 else 'hi'] += v * v
    return d['lo'] * d['hi']


@program(THREE)
@program(-THREE)
def string_ops(x):
    s = 'abc' if x[0] > 0 else 'de'
    return x[0] * len(s) + x[1] * (s + '!').count('e') + (x[2] if s.startswith('a') else 0.0)


@program(THREE)
@program(-THREE)
def partial_choice(x):
    f = functools.partial(np.power, 2.0) if x[0] > 0 else np.exp
    return f(x[1])


@program(THREE)
@program(-THREE)
def pass_choice(x):

    def apply(g, v):
        return g(v) * 2
    f = np.tanh if x[0] > 0 else np.sin
    return apply(f, x[1]) + sum(map(f, x))


@program(THREE)
def last_state3(x):
    state = 'idle'
    s = 0.0
    for v in x:
        if state == 'idle' and v > 0.4:
            state = 'run'
        elif state == 'run' and v > 1.0:
            state = 'stop'
        if state == 'run':
            s += v * v
    return s


@program(THREE)
@program(-THREE)
def table_choice(x):
    table = {'a': x[0], 'b': x[1]} if True else None
    key = max(['a', 'b'], key=lambda k: table[k])
    return table[key] ** 2


@program(THREE)
@program(-THREE)
def maxget(x):
    d = {'a': x[0], 'b': x[1], 'c': x[2] * 0.5}
    return d[max(d, key=d.get)] ** 2
