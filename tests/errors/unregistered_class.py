import numpy as np


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def f(p):
    return p.x * p.y


args = (Point(0.3, np.float64(2.0)),)

message = """\
p is a Point, of which the numbers cannot be seen (srcdiff.register_container says which they are): there is nothing to differentiate with respect to
"""
