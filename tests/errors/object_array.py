import numpy as np


def f(x):
    boxes = np.empty(2, dtype=object)
    boxes[0] = x
    return np.sum(boxes[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
