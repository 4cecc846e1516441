from collections import deque

import numpy as np


def f(x):
    todo = deque([0.0])
    for k in range(len(x)):
        todo.append(x[k] * x[k])
        todo.rotate(2)
    return todo[0]


args = (np.linspace(0.1, 1.5, 9),)

message = """\
deque_in_a_loop.py:10:9: rotating a deque of unknown length
    10 |         todo.rotate(2)
       |         ^^^^^^^^^^^^^^
    pop from one end, and append to the other
    while differentiating f (deque_in_a_loop.py:6) with respect to x
"""
