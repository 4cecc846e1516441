"""Seed 187, order 2: refused.

<program 187:d1cb999b>:18:13: whether this write changes another live array cannot be decided
    18 |             v1[1:-1] = np.sin(z2[2:] - z2[:-2]) + 0.8 * np.cos(np.exp(-np.abs(v1.reshape(2, 2)[-2])))
       |             ^^^^^^^^
    write to a copy: x = x.copy()
    while differentiating f (<program 187:d1cb999b>:4) with respect to s, c, v, w, m
"""

import math
import numpy as np

def f(s, c, v, w, m):
    n0 = 0
    while n0 < 3 and 2.0 < 2.05:
        n0 += 1
        for y, y2 in zip(w, w):
            w[:-1][-1] -= np.sin(v[1])
            v[0] = np.tanh(w.mean())
            v.T[1] = np.tanh(np.log1p(np.square(s ** 2 - y2)) * 0.5)
    w[-3] = np.sqrt(1.2 + np.sqrt(1.2 + m[-4, -3] ** 2) ** 2)
    v[:2] = np.arange(2.0)
    s = np.tanh(c / (2.5 + np.sin(c))) * np.log(1.5 + np.square(v[-3]))
    for z, z2 in zip(m, m):
        v1 = np.zeros_like(z2)
        for i1 in range(3):
            v1[1:-1] = np.sin(z2[2:] - z2[:-2]) + 0.8 * np.cos(np.exp(-np.abs(v1.reshape(2, 2)[-2])))
            z2, v1 = (v1, z2)
    return 0.5 * (m ** 2).sum() + 0.5 * (w ** 2).sum() + np.sum(np.sin(v)) + 0.5 * s + np.sin(c)


args = (1.05, 1.083, np.array([0.184, 0.787, 0.072]), np.array([ 0.452, -0.229,  1.238]), np.array([[ 0.971, -1.002, -0.229,  1.575],
       [ 0.223,  0.005, -0.688,  1.443],
       [ 0.665,  0.799,  0.598,  0.576],
       [ 0.492,  0.533, -0.694,  0.94 ]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
