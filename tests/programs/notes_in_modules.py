"""Notes in globals and in items of captured dicts."""

import numpy as np

from programs.registry import program

THREE = np.array([0.3, 0.7, 1.1])
CNT = 0
LAST = None
LOG = {'loss': [], 'n': 0}


@program(THREE)
def global_cnt(x):
    global CNT
    CNT += 1
    return np.sum(x ** 2)


@program(THREE)
def global_last(x):
    global LAST
    v = np.sum(x ** 2)
    LAST = float(v)
    return v


@program(THREE)
def log_append(x):
    l = np.sum(x ** 2)
    LOG['loss'].append(float(l))
    LOG['n'] += 1
    return l


@program(THREE)
def global_helper(x):

    def h(v):
        global CNT
        CNT += 1
        return v * v
    return h(x[0]) * h(x[1])


@program(THREE, refused=True)
def global_read(x):
    global CNT
    CNT += 1
    return x[0] * CNT
