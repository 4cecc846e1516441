import weakref

import numpy as np


def f(x):
    seen = weakref.ref(f)
    return np.sum(x) * (2.0 if seen() is f else 1.0)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
weak_reference.py:7:12: a weak reference made inside of the function
     7 |     seen = weakref.ref(f)
       |            ^^^^^^^^^^^^^^
    use the object itself
    while differentiating f (weak_reference.py:6) with respect to x
"""
