"""Seed 75, order 2: refused.

<program 75:f425d55a>:26:13: whether this write changes another live array cannot be decided
    26 |             v5[1:-1] = np.sin(v4[2:] - v4[:-2]) + np.tanh(0.7 * v3[:2] * 0.5)
       |             ^^^^^^^^
    write to a copy: x = x.copy()
"""

import math
import numpy as np

def h1(a, b):
    n0 = 0
    while True:
        n0 += 1
        if n0 == 3 or n0 % 2 == 1:
            break
        t0 = np.tanh(0.7 * (0.3 * np.sum(np.linspace(0.1, 1.0, 4) ** 2)) * 0.5)
    for i0 in range(1, 4):
        a = np.tanh(np.log(1.5 + np.square(a ** 2 - a)))
        b = 0.8 * np.cos(math.sin(np.max(np.ones(4))))
    return np.tanh(np.sin(0.8 / (1.5 + np.square(a))))

def f(s, v, m):
    v2 = h1(np.minimum(v[0], s), m[-3, 3] if math.cos(0.9) < 0.3 else m[-4, -4])
    v3 = 0.0
    for i0 in range(4):
        v3 += m[i0] * np.tanh(float(v2))
    v4 = v.reshape(-1, 1)[:, -1]
    if -s < 2:
        s *= np.tanh(np.tanh(v4[-2]))
        v5 = np.zeros_like(v4)
        for i0 in range(2):
            v5[1:-1] = np.sin(v4[2:] - v4[:-2]) + np.tanh(0.7 * v3[:2] * 0.5)
            v4, v5 = (v5, v4)
    else:
        for i0 in reversed(range(2)):
            v6 = 0.0
            for i1 in range(4):
                v6 -= m[i1] * np.sin(np.sum(v[:i0]))
            v2, s = (s, v2)
            v3 = np.tanh(1.0 / (1.5 + np.tanh(v6[i0])) + (v + m[i0, i0 + 1]))
        v3 -= 0.8 * np.cos(np.where(v.ravel() < 2, s, v[...]))
    v2 = np.var(abs(m.reshape(4, 4)))
    return v2 ** 2 + 0.5 * s + 0.5 * (v4 ** 2).sum() + np.sum(m) + np.sum(np.sin(v)) + h1(abs(v2), s)


args = (-0.825, np.array([ 0.764, -0.326, -1.023,  0.121]), np.array([[ 0.526,  1.41 ,  1.135, -1.154],
       [-0.597, -0.566,  1.196,  0.105],
       [-0.922, -0.913,  0.941,  1.481],
       [ 0.574,  1.171, -0.086,  0.908]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
