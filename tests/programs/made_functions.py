"""Functions that other functions return, with the names that they keep."""

from programs.registry import LINE, program


def running():
    total = 0.0

    def add(v):
        nonlocal total
        total = total + v
        return total

    return add


def scaled_by(c):
    def scaled(v):
        return v * c

    return scaled


@program(LINE)
def state_in_a_loop(x):
    add = running()
    s = 0.0
    for v in x:
        s += add(v) ** 2
    return s


@program(LINE)
def state_on_some_paths(x):
    first, second = running(), running()
    s = 0.0
    for v in x:
        s += first(v) * second(2.0 * v)
        if v > 0.5:
            second(v * v)
    return s + first(0.0)


@program(LINE)
def state_in_a_while(x):
    add = running()
    k = 0
    while k < 10:
        k += 1
        if add(x[k]) > 2.0:
            break
    return add(1.0) * x[k]


@program(LINE)
def state_in_recursion(x):
    add = running()

    def walk(k):
        if k == 0:
            return x[0]
        return walk(k - 1) * 0.5 + add(x[k])

    return walk(9)


@program(LINE)
def kept_array(x):
    def pushing(values):
        held = values * 2.0

        def push(v):
            nonlocal held
            held = held * v
            return held.sum()

        return push

    push = pushing(x)
    s = 0.0
    for v in x[:5]:
        s += push(v + 1.0) ** 2
    return s


@program(LINE)
def read_after_branches(x):
    scaled = scaled_by(x[0])
    s = scaled(x[1]) if x[1] > 0.3 else 2.0 * scaled(x[2])
    for v in x:
        if v > 0.7:
            break
        s += scaled(v) ** 2
    return s + scaled(s)
