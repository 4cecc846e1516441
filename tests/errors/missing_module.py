import numpy as np


def f(x):
    import a_module_that_nobody_has as m

    return m.sin(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
missing_module.py:5:5: this raises ModuleNotFoundError: No module named 'a_module_that_nobody_has'
     5 |     import a_module_that_nobody_has as m
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    so does the function itself when it is called
    while differentiating f (missing_module.py:4) with respect to x
"""
