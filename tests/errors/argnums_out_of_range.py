import srcdiff


def f(x):
    return x * x


call = srcdiff.grad(f, argnums=3)
args = (0.5,)

message = """\
"""
