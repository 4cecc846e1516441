"""Seed 49, order 2: crashed.

Traceback (most recent call last):
  File "/work/main/tests/oracle.py", line 47, in judge
    check(fun, args, order)
  File "/work/main/tests/oracle.py", line 60, in check
    first_order(fun, args)
  File "/work/main/tests/oracle.py", line 101, in first_order
    grads = reverse_mode(fun, args, argnums, expected)
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/tests/oracle.py", line 120, in reverse_mode
    first, second = (_guarded(derivative, args, expected) for _ in range(2))
    ^^^^^^^^^^^^^
  File "/work/main/tests/oracle.py", line 120, in <genexpr>
    first, second = (_guarded(derivative, args, expected) for _ in range(2))
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/tests/oracle.py", line 138, in _guarded
    result = call(*given)
             ^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 78, in __call__
    return run(self.specialise(values).run, values)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 157, in run
    return function(*args)
           ^^^^^^^^^^^^^^^
  File "<srcdiff f_value_and_grad 7672cf8fc118>", line 46, in f_value_and_grad
    w_bar[1:-1] = t_bar[stop:stop_1]
                  ~~~~~^^^^^^^^^^^^^
TypeError: slice indices must be integers or None or have an __index__ method
in code generated from <program 49:3659e5f9>, line 15: v = np.cos(np.concatenate([w[:-2], w[1:-1]]))
"""

import math
import numpy as np

def f(s, v, w, m):
    for i0 in range(1, len(w)):
        t2 = np.tanh(np.tanh(v[-2] * v) * (m[-1, i0] + np.zeros((3, 2))) * 0.5)
        v[0] = 0.8 * np.cos(s)
        w[i0 - 1] = np.sin(0.3)
    n0 = 0
    while n0 < 3 and s < 2.05:
        n0 += 1
        m[-2, -3] = np.tanh((1.3 + np.cos(np.tanh(v[-1]) * s)) ** 1.5)
        w[[1, -1, -2]] += np.tanh(v.mean() * 0.5)
    m[-2, -2] = s
    v = np.cos(np.concatenate([w[:-2], w[1:-1]]))
    return np.sum(np.sin(v)) + s + np.sum(m * m)


args = (0.906, np.array([0.704, 0.923]), np.array([-0.768,  0.854,  0.565]), np.array([[-0.08 , -0.504, -0.814],
       [-0.015, -0.147,  0.963],
       [-0.449, -0.084,  1.449]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
