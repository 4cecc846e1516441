import srcdiff


def f(x):
    return x * x


def call():
    srcdiff.grad(f, argnums='y')(0.5)


message = """\
there is no argument 'y'; the arguments are: x
"""
