import numpy as np


class Quaternion(np.ndarray):
    def __new__(cls, items):
        return np.asarray(items).view(cls)


def f(x):
    q = Quaternion([x, 0.0, 0.0, 1.0])
    return np.sum(q * q)


args = (2.0,)

message = """\
array_subclass.py:10:9: Quaternion is a subclass of numpy.ndarray, whose operations may mean anything
    10 |     q = Quaternion([x, 0.0, 0.0, 1.0])
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    use an array, and functions instead of methods
    while differentiating f (array_subclass.py:9) with respect to x
"""
