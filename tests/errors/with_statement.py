import numpy as np


def f(x):
    with open('log') as file:
        file.write('x')
    return np.sum(x * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
