"""Lists of which only the run knows the length: parts of them, places in them."""

from programs.registry import LINE, program


def squares(x):
    return [v**2 for v in x if v > 0.2]


@program(LINE)
def written_slice(x):
    out = squares(x)
    out[1:3] = [x[0], x[1] * 3.0, x[2] ** 3]
    out[-1:] = out[:2]
    s = 0.0
    for k, v in enumerate(out):
        s += k * v
    return s


@program(LINE)
def deleted_slice(x):
    out = squares(x)
    del out[2:4]
    del out[:1]
    return sum(out) * len(out)


@program(LINE)
def first_and_rest(x):
    first, *rest = squares(x)
    *most, last = rest
    return first * sum(most) + last**2 * len(most)


@program(LINE)
def ends_and_middle(x):
    first, second, *middle, last = squares(x)
    return first * second * last + 3.0 * sum(middle)


@program(LINE)
def places(x):
    out = squares(x)
    k = out.index(max(out))
    again = [*out, *out]
    return x[k] ** 2 * again.count(max(out)) + x[again.index(out[1], 3) - len(out)] * again.index(out[0], 2)


@program(LINE)
def stars_in_a_list(x):
    out = squares(x)
    both = [x[0], *out, 2.0, *(v * 3.0 for v in out), *x[:2]]
    s = 0.0
    for k, v in enumerate(both):
        s += k * v**2
    return s


@program(LINE)
def stack_that_starts_empty(x):
    stack = []
    s = 0.0
    for v in x:
        while stack and stack[-1] > 2.0 * v - 0.95:
            s += stack.pop() * v
        stack.append(v)
    return s + sum(stack)
