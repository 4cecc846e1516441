from collections import deque

import numpy as np


def f(x):
    todo = deque([0], maxlen=3)
    s = 0.0
    while todo:
        k = todo.popleft()
        s += x[k] * x[k]
        if x[k] > 0:
            todo.append(k + 1)
    return s


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
deque_in_a_loop.py:12:12: a deque that changes its length in a loop
    12 |         if x[k] > 0:
       |            ^^^^^^^^
    use a list, or an array
    while differentiating f (deque_in_a_loop.py:6) with respect to x
"""
