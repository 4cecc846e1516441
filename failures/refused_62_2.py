"""Seed 62, order 2: refused.

<program 62:4da10809>:9:35: squeeze of an array whose shape is known at run time only
     9 |             v1 = 0.8 * np.cos(s * np.squeeze(m[:, i0 - 1:][:, :1]))
       |                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    name the axis
"""

import math
import numpy as np

def f(s, v, w, m):
    v[::2] = v[1:3] / (1.5 + np.square(v[:-1]))
    for i0 in range(1, len(v)):
        t2 = w[:]
        if np.tanh(0.8) * m[-1, i0 - 1] < 2:
            v1 = 0.8 * np.cos(s * np.squeeze(m[:, i0 - 1:][:, :1]))
        else:
            w[i0] = 0.8 * np.cos(math.sin(s))
            v1 = np.tanh(np.sum(np.full((4, 4), np.sum(m)), axis=0) * 0.5)
        w[-3] = np.tanh(s * 0.5)
    return np.sum(w) + np.sin(s) + np.mean(np.tanh(v))


args = (-0.332, np.array([-0.721, -0.676, -1.178]), np.array([ 1.559, -0.719, -0.856]), np.array([[ 1.465,  0.609,  0.736],
       [ 0.812, -0.286,  0.054],
       [-1.146, -0.086,  1.43 ],
       [ 1.313, -0.186,  1.321]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
