import numpy as np


def f(x):
    with open("/etc/hostname") as file:
        n = len(file.read())
    return np.sum(x) * n


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
