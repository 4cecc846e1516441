"""Programs that only a guess could differentiate: nothing but an ``UnsupportedError`` is right."""

import numpy as np

from programs.registry import array, program


@program(array(3), refused=True)
def values_in_a_set(x):
    return sum({x[0], x[1]})


@program(array(3), refused=True)
def attribute_of_an_unknown_object(x):
    class Box:
        pass

    b = Box()
    b.v = x * x
    return np.sum(b.v)


@program(array(3), refused=True)
def exception_caught(x):
    try:
        y = x[5]
    except IndexError:
        y = x[0]
    return y * y


@program(array(3), refused=True)
def function_without_a_rule(x):
    return np.sum(np.roots(x))


@program(array(3), refused=True)
def evaluated_text(x):
    return eval("np.sum(x * x)")


@program(array(3), refused=True)
def written_to_a_global(x):
    global HIDDEN
    HIDDEN = x * x
    return np.sum(HIDDEN)


@program(0.5, refused=True)
def asynchronous(x):
    async def f():
        return x * x

    return f().send(None)


@program(array(3), refused=True)
def bits(x):
    return np.sum(x.view(np.int64))


@program(array(3), refused=True)
def unsupported_keyword(x):
    return np.sum(np.add(x, 1.0, casting="unsafe"))


@program(array(4), array(4, shift=1.0), refused=True)
def argument_of_unknown_identity_written(x, y):
    rows = []
    for k in range(3):
        rows.append(x if k % 2 else y)
    rows[1][0] = 3.0 * x[1]
    return np.sum(x * x) + np.sum(y * rows[0])
