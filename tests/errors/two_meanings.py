import numpy as np


def f(x):
    if x[0] > 0.0:
        table = {"a": x[0]}
    else:
        table = {"b": x[1]}
    return sum(table.values())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
two_meanings.py:9:16: table has different keys in the two branches
     9 |     return sum(table.values())
       |                ^^^^^
    let both branches leave the same keys, or the same number of items
    while differentiating f (two_meanings.py:4) with respect to x
"""
