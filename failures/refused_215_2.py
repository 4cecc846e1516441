"""Seed 215, order 2: refused.

<program 215:1a79e850>:11:9: an assignment between overlapping views of one array, in an order that NumPy leaves open
    11 |         v[2:] = v[1:][:-1]
       |         ^^^^^
    copy the right-hand side: x[a] = x[b].copy()
"""

import math
import numpy as np

def h1(q, s=0.5):
    q[:-1] = 0.8 * np.cos(np.var(q))
    v52 = v53 = 1.0 * (0.8 * np.cos(q[-1] + s))

def f(s, v):
    v2 = v[-1]
    if v[-3] > -0.4:
        v[2:] = v[1:][:-1]
        for k0, x in enumerate(v[1:]):
            v2, s = (s, v2)
            box3 = {'a': v, 'b': np.expm1(0.3 * np.tanh(v[k0]))}
            box3['a'][k0] += np.tanh(s - x)
            v4 = box3['a'][k0 + 1] * box3['b']
    else:
        t0 = v[...]
        np.sin(np.tanh(t0[[1, 2, 1]]), out=v)
    return v2 ** 2 + 0.5 * s + np.sum(v * v)


args = (0.682, np.array([-0.157, -0.757, -0.369]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
