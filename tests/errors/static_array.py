import numpy as np

import srcdiff


class Scaled:
    def __init__(self, w, factors):
        self.w, self.factors = w, factors


srcdiff.register_container(Scaled, lambda s: ((s.w,), s.factors), lambda factors, children: Scaled(children[0], factors))


def f(s):
    return np.sum(s.w * s.factors)


args = (Scaled(2.0, np.array([0.3, -0.7, 1.2])),)

message = """\
the static part of Scaled holds an array: let flatten return arrays among the children
"""
