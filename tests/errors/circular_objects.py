import numpy as np


class Node:
    def __init__(self, value):
        self.value = value
        self.other = self


def around(node, n):
    return node.value if n == 0 else node.value * around(node.other, n - 1)


def f(x):
    return around(Node(x[0]), 3)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
circular_objects.py:11:51: objects that refer to each other, passed to a function that is kept as one
    11 |     return node.value if n == 0 else node.value * around(node.other, n - 1)
       |                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^
    pass what it needs of them
    while differentiating f (circular_objects.py:14) with respect to x
"""
