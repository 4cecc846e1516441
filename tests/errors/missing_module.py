import numpy as np


def f(x):
    import a_module_that_nobody_has as m

    return m.sin(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
