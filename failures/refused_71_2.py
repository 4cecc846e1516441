"""Seed 71, order 2: refused.

<program 71:2b49935a>:18:13: whether this write changes another live array cannot be decided
    18 |             v[1:] = np.sin(np.maximum(np.minimum(v[i1], v[i1 - 1]), np.tanh(np.broadcast_to(z, (3,)))))
       |             ^^^^^
    write to a copy: x = x.copy()
    while differentiating f (<program 71:2b49935a>:4) with respect to s, v
"""

import math
import numpy as np

def f(s, v):
    s += 0.8 * np.cos(np.mean(v))
    for i0 in range(1, -1, -1):
        v[i0], v[i0] = (v[i0], v[i0])
    for z in v:
        for i1 in range(len(v)):
            t1 = v
            if s < 2.0:
                v1 = np.tanh((np.ones((3, 4)) ** 2 - np.ones((3, 4))) ** 2 * 0.3)
            elif float(t1[-1]) > 0.9 and t1[i1] > 1.1:
                v[i1] += np.tanh(np.sqrt(1.2 + v[2] ** 2) * 0.5)
                t1 = np.sin(np.concatenate([np.ones((4, 1)), np.ones((4, 3))], axis=1).max(axis=1))
        for i1 in range(1, 4):
            s -= np.sin(v[i1 - 1])
            v[1:] = np.sin(np.maximum(np.minimum(v[i1], v[i1 - 1]), np.tanh(np.broadcast_to(z, (3,)))))
        for z in v:
            v = 0.8 * np.cos(abs(np.exp(0.5 * np.sin(v))))
            if (v[2] if np.tanh(z) * 0.5 > 0.9 else 0.8) > -0.4:
                s += np.tanh(np.sqrt(1.2 + v[3] ** 2))
            v[-2] = np.tanh(v[-2] * 0.5)
    else:
        np.sin(np.sin(np.sum(np.broadcast_to(s, (3, 4)), axis=0)), out=v)
    return np.mean(np.tanh(v))


args = (1.552, np.array([-0.957,  0.234,  0.464,  0.213]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
