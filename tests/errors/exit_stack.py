import contextlib

import numpy as np


def f(x):
    with contextlib.ExitStack() as stack:
        stack.callback(print, "done")
        y = x * x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
exit_stack.py:7:10: with ExitStack, which may swallow exceptions
     7 |     with contextlib.ExitStack() as stack:
       |          ^^^^^^^^^^^^^^^^^^^^^^
    write the managers out: with a, b:
    while differentiating f (exit_stack.py:6) with respect to x
"""
