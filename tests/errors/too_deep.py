import numpy as np

TESTS = "".join(f"    if x > {k}.0:\n        return x * {k}.0\n    x = np.sin(x)\n" for k in range(110))
namespace = {"np": np, "TEXT": f"def f(x):\n{TESTS}    return x\n"}
exec(namespace["TEXT"], namespace)
f = namespace["f"]

args = (0.4,)

message = """\
f_grad is nested deeper than Python can read: too many levels of indentation
    split the function: what follows an early return is in its other branch
    while differentiating f (<string>:1) with respect to x
"""
