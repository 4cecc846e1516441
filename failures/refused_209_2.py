"""Seed 209, order 2: refused.

<program 209:5c7ab3b3>:15:5: an assignment between overlapping views of one array, in an order that NumPy leaves open
    15 |     v[:-1] = v[...][::2]
       |     ^^^^^^
    copy the right-hand side: x[a] = x[b].copy()
    while differentiating f (<program 209:5c7ab3b3>:11) with respect to s, v, m
"""

import math
import numpy as np

def h1(q, a=0.7):
    for i in range(1, q.size):
        q[i] = np.sin(q[i - 1]) * a + 0.3 * q[i]

def h2(a, b=2.0):
    return np.sin(np.tanh(a if b - a < -0.4 else a))

def f(s, v, m):
    t0 = m[:, -2].sum() if m[3, 1] < -0.4 else min(m[-4, 1], s)
    g3 = lambda a: 0.8 * np.cos(h2(1.1 / (1.5 + np.square(v[0]))))
    s += np.sin(np.sqrt(1.2 + v[1] ** 2))
    v[:-1] = v[...][::2]
    return t0 + np.mean(np.tanh(v)) + s


args = (0.306, np.array([-0.481,  1.296]), np.array([[ 0.36 , -0.846],
       [ 1.055, -1.078],
       [ 0.432,  0.848],
       [-0.309, -0.44 ]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
