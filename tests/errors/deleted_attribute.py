from types import SimpleNamespace

import numpy as np


def f(x):
    o = SimpleNamespace(a=x, b=2.0)
    delattr(o, "b")
    return np.sum(o.a)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
deleted_attribute.py:8:5: delattr is not supported
     8 |     delattr(o, "b")
       |     ^^^^^^^^^^^^^^^
    del instance.name
    while differentiating f (deleted_attribute.py:6) with respect to x
"""
