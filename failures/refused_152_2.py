"""Seed 152, order 2: refused.

<program 152:a5574303>:6:5: an assignment between overlapping views of one array, in an order that NumPy leaves open
     6 |     v[:-2] = v[::2]
       |     ^^^^^^
    copy the right-hand side: x[a] = x[b].copy()
    while differentiating f (<program 152:a5574303>:4) with respect to s, v, m
"""

import math
import numpy as np

def f(s, v, m):
    v = s - s - np.concatenate([np.arange(1.0), np.ones(3)])
    v[:-2] = v[::2]
    return np.tanh(np.log1p(np.square(s))) * 0.9 + np.sin(s) + np.sum(v * v)


args = (0.549, np.array([-1.128,  0.928,  0.488,  1.214]), np.array([[-0.375,  0.329, -1.109, -0.351],
       [ 0.906, -0.295, -0.288,  1.419],
       [ 1.36 ,  0.704,  0.021,  1.099],
       [ 1.415, -0.951, -0.856, -1.015]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
