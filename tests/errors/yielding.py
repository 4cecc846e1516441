import numpy as np


def f(x):
    def squares():
        for v in x:
            yield v * v

    return sum(squares())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
