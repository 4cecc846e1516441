"""Seed 292, order 2: refused.

<program 292:6bfd4669>:17:9: whether this write changes another live array cannot be decided
    17 |         m.reshape(3, 3)[i0, i0] = np.sin(s)
       |         ^^^^^^^^^^^^^^^^^^^^^^^
    write to a copy: x = x.copy()
    while differentiating f (<program 292:6bfd4669>:11) with respect to s, c, v, w, m
"""

import math
import numpy as np

def h1(q, s):
    q[...][::2] = np.tanh(np.broadcast_to(s, (2, 3)) @ q * 0.5)
    q[0] = 0.8 * np.cos(q[-2])
    if np.mean(q[:]) < 0.9:
        q = 0.8 * np.cos(q)
        q += np.tanh(q ** 2 - q[-3])

def f(s, c, v, w, m):
    c = np.sin(np.mean(w[...]))
    for i0 in range(1, len(v)):
        v2, *rest = (1.0 * np.tanh(np.exp(0.5 * np.sin(w[i0 - 1]))), 1.0 * np.tanh(np.log(1.5 + np.square(m[:, i0 - 1]))), np.log(1.5 + np.square(0.3 * i0)))
        v3 = rest[0]
    for i0 in range(v.shape[0]):
        m.reshape(3, 3)[i0, i0] = np.sin(s)
        n1 = 0
        while n1 < 2 and c < 1.35:
            n1 += 1
            w[::2] = 0.8 * np.cos(math.sin(m[2, n1] * s))
            m = np.sin(np.log(1.5 + np.square(m.T)) + -s)
        v = 0.8 * np.cos(np.where(v > 0.5, m[:, i0], v) @ (m / (1.5 + np.square(np.zeros((1, 3))))) * 0.5)
    h1(v, float(m[0, 0]))
    return np.mean(np.tanh(m)) + np.sum(np.sin(w)) + 0.5 * s


args = (0.306, 1.386, np.array([0.344, 1.   , 0.527]), np.array([ 1.242, -1.   , -0.369]), np.array([[ 0.292,  0.16 ,  1.555],
       [ 0.485, -1.124, -0.635],
       [ 1.565,  0.427,  1.473]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
