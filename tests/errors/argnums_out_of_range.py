import srcdiff


def f(x):
    return x * x


def call():
    srcdiff.grad(f, argnums=3)(0.5)


message = """\
argnums=3, but f takes 1 positional arguments
"""
