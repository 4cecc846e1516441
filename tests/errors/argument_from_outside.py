import numpy as np

table = np.arange(1.0, 6.0)


def f(x):
    x[0] = table[1] * 2.0
    return np.sum(x * table)


args = (table,)

message = """\
x, an argument of f, is or shares memory with table, which f finds outside of itself, and it changes one of them
    pass a copy
"""
