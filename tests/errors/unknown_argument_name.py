import srcdiff


def f(x):
    return x * x


call = srcdiff.grad(f, argnums='y')
args = (0.5,)

message = """\
"""
