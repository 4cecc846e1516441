import numpy as np


def f(x):
    items = [x[0], x[1]]
    for v in items:
        if len(items) < 5:
            items.append(v * x[2])
    return items[4]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
