"""Seed 49, order 1: crashed.

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
  File "<srcdiff f_value_and_grad d42a2b9dbd31>", line 13, in f_value_and_grad
    w_bar[1:-1] = v_bar[stop:stop_1]
                  ~~~~~^^^^^^^^^^^^^
TypeError: slice indices must be integers or None or have an __index__ method
in code generated from <program 49:5f382b47>, line 4: v = np.concatenate([w[:-2], w[1:-1]])
"""

import numpy as np

def f(v, w):
    v = np.concatenate([w[:-2], w[1:-1]])
    return np.sum(v)


args = (np.array([0.704, 0.923]), np.array([-0.768,  0.854,  0.565]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 1)
