"""The gradient of a gradient."""


import srcdiff


def cube(x):
    return x * x * x


def second(x):
    return srcdiff.grad(cube)(x)


ARGS = (1.5,)


# -- generated --

def second_grad(x):
    # line 8: return x * x * x
    x_bar = 6.0 * x
    return x_bar
