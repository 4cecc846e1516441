import numpy as np

weights = np.ones(3)


def f(x):
    weights[0] = x[0]
    return np.sum(x * weights)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
written_global_array.py:7:5: writing to something that the function does not own (a global or captured value)
     7 |     weights[0] = x[0]
       |     ^^^^^^^^^^
    pass it as an argument, or write to a copy
    while differentiating f (written_global_array.py:6) with respect to x
"""
