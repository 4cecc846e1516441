import numpy as np


class Any(type):
    def __instancecheck__(cls, instance):
        return True


class Number(metaclass=Any):
    pass


def f(x):
    return np.sum(x) * 2.0 if isinstance(x, Number) else np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
kind_by_metaclass.py:14:31: isinstance with Number, whose metaclass decides
    14 |     return np.sum(x) * 2.0 if isinstance(x, Number) else np.sum(x)
       |                               ^^^^^^^^^^^^^^^^^^^^^
    compare type(...) with the class
    while differentiating f (kind_by_metaclass.py:13) with respect to x
"""
