"""Seed 297, order 2: refused.

<program 297:a2debf1f>:12:5: an assignment between overlapping views of one array, in an order that NumPy leaves open
    12 |     v[1:-1] = v1[-2::-1]
       |     ^^^^^^^
    copy the right-hand side: x[a] = x[b].copy()
    while differentiating f (<program 297:a2debf1f>:4) with respect to s, c, v, m
"""

import math
import numpy as np

def f(s, c, v, m):
    v1 = v[-2::-1]
    v[1:] /= 1.5 + np.tanh(v1 - v1) ** 2
    for i0 in range(3):
        t2 = np.tanh(np.where(np.zeros((4, 4)) < 0.8, 1.0 / (1.5 + np.tanh(np.ones((4, 4)))), np.full((4, 4), s) - np.eye(4)))
        v[v > 0.55] = 0.8 * np.cos(np.max(v1))
        t2 += np.tanh(np.stack([t2[0], v, t2.diagonal(), v]))
    v2 = v1
    v[1:-1] = v1[-2::-1]
    return 0.5 * s + np.sum(v2 * v2) + np.mean(np.tanh(v)) + np.mean(np.tanh(m)) + np.sum(v1 * v1)


args = (-0.299, -0.89, np.array([-0.724, -0.099,  0.071,  0.788]), np.array([[ 0.348,  0.33 ,  0.906],
       [ 1.564, -0.173,  1.292],
       [-0.443, -0.005,  0.653]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
