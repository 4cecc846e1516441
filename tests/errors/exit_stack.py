import contextlib

import numpy as np


def f(x):
    with contextlib.ExitStack() as stack:
        stack.callback(print, "done")
        y = x * x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
