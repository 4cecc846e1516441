import numpy as np


def f(x):
    s = 0.0
    for name in {"a", "b", "c"}:
        s = s * x[0] + len(name)
    return s


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
set_of_strings.py:6:17: the order of a set of strings, which differs from process to process
     6 |     for name in {"a", "b", "c"}:
       |                 ^^^^^^^^^^^^^^^
    iterate over sorted(the set)
    while differentiating f (set_of_strings.py:4) with respect to x
"""
