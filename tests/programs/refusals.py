"""Programs that only a guess could differentiate: nothing but an ``UnsupportedError`` is right."""

import numpy as np

from programs.registry import array, program


@program(array(3), refused=True)
def values_in_a_set(x):
    return sum({x[0], x[1]})


@program(array(3))
def attribute_of_an_unknown_object(x):
    class Box:
        pass

    b = Box()
    b.v = x * x
    return np.sum(b.v)


@program(array(3))
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


def none_pair_or_list(x):
    found = {"it": None}
    if x > 0:
        found["it"] = (x, x)
        if x > 1:
            found["it"] = [x, x, x]
    return found


@program(-0.5, refused=True)
def item_with_two_meanings_is_none(x):
    return x * 3 if none_pair_or_list(x)["it"] is None else x * 2


@program(-0.5, refused=True)
def item_got_with_two_meanings_is_none(x):
    return x * 3 if none_pair_or_list(x).get("it") is None else x * 2


@program(-0.5, refused=True)
def item_with_two_meanings_among_others(x):
    return x * 3 if None in none_pair_or_list(x).values() else x * 2


@program(-0.5, refused=True)
def item_with_two_meanings_in_a_match(x):
    match none_pair_or_list(x):
        case {"it": None}:
            return x * 3
    return x * 2


@program(-0.5, refused=True)
def truth_of_an_item_with_two_meanings(x):
    return x * 2 if all(none_pair_or_list(x).values()) else x * 3


@program(-0.5, refused=True)
def dict_inside_a_list_with_other_keys(x):
    boxes = [{"a": 1.0}]
    if x > 0:
        boxes[0]["b"] = 2.0
    return x * 3 if boxes == [{"a": 1.0}] else x * 7


@program(array(3), refused=True)
def array_of_none_used(x):
    empty = np.array([None, None])
    return np.sum(x) if empty is None else np.sum(x * x)


@program(array(3), refused=True)
def a_key_of_one_branch(x):
    table = {"a": x[0]}
    if x[1] < 0.5:
        table["b"] = x[1]
    return table.get("a", 0.0) * len(table) + ("b" in table)
