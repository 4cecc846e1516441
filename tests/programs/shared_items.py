"""Arrays, lists and objects that are in more than one place of a list, or in a list and under a name."""

import numpy as np

from programs.registry import program

LINE = np.linspace(0.1, 1.5, 9)


class Held:

    def __init__(self, v):
        self.v = v


class Group:

    def __init__(self, v):
        self.first = Held(v)
        self.values = [v]
        self.pairs = []

    def put(self, v):
        self.values.append(v)
        self.pairs.append((v, self.first.v))


# -- arrays ------------------------------------------------------------------------------------------------------------


@program(LINE, refused=True)
def written_in_the_next_trip(x):
    out = []
    a = np.zeros(3)
    for v in x:
        a[1] = v
        a = a * 0.5 + v
        out.append(a)
    return sum((np.sum(b ** 2) for b in out))


@program(LINE, refused=True)
def written_in_the_next_trip_in_a_new_list(x):
    out = []
    a = np.zeros(3)
    for v in x:
        a[1] = v
        a = a * 0.5 + v
        out = out + [a]
    return sum((np.sum(b ** 2) for b in out))


@program(LINE, refused=True)
def written_in_the_next_trip_in_a_dict(x):
    out = {}
    a = np.zeros(3)
    for v in x:
        a[1] = v
        a = a * 0.5 + v
        out[int(v * 3)] = a
    return sum((np.sum(b ** 2) for b in out.values()))


@program(LINE, refused=True)
def item_written_in_the_next_trip(x):
    out = [x[:3] * 1.0]
    a = x[:3] * 2.0
    for v in x:
        a[0] = v
        a = out[-1]
        out.append(a * v)
    return sum((np.sum(b ** 2) for b in out))


@program(LINE, refused=True)
def popped_and_still_there(x):
    b = x[:2] * 1.0
    rows = [b for v in x]
    a = rows.pop()
    a[0] = 7.0 * x[0]
    return np.sum(a ** 2) + np.sum(rows[0])


@program(LINE, refused=True)
def popped_and_named(x):
    b = x[:2] * 1.0
    rows = []
    for v in x:
        rows.append(np.full(2, v))
    rows.append(b)
    a = rows.pop()
    a[0] = 7.0 * x[0]
    return np.sum(rows[0]) + np.sum(b)


@program(LINE, refused=True)
def twice_in_one_trip(x):
    rows = []
    for v in x:
        c = np.full(2, v)
        rows.append(c)
        rows.append(c)
    a = rows.pop()
    a[0] = 7.0 * x[0]
    return np.sum(rows[-1])


@program(LINE, refused=True)
def two_popped(x):
    b = x * 2.0
    rows = [b for v in x]
    a = rows.pop()
    c = rows.pop()
    a[0] = 7.0 * x[0]
    return np.sum(c ** 2)


@program(LINE, refused=True)
def row_of_one_array_popped(x):
    b = x * 2.0
    rows = [[b, b] for v in x]
    a = rows[1].pop()
    a[0] = 7.0 * x[1]
    return np.sum(rows[0][0])


@program(LINE, refused=True)
def array_in_rows(x):
    b = x * 2.0
    rows = [[b, b] for v in x]
    b[0] = 7.0 * x[1]
    return np.sum(rows[0][0])


@program(LINE, refused=True)
def array_in_a_row_that_grew(x):
    b = x * 2.0
    r = []
    for v in x:
        r.append(b)
    rows = [r]
    for v in x:
        rows.append([b * v])
    a = rows[0][1]
    a[0] = 7.0 * x[1]
    return np.sum(b)


@program(LINE, refused=True)
def array_of_a_row_that_was_replaced(x):
    b = x * 2
    rows = [[b] for v in x]
    r = rows[0]
    rows[0] = [x]
    r[0][0] = 7.0 * x[1]
    return np.sum(b) + np.sum(rows[1][0])


@program(LINE, refused=True)
def in_two_lists_that_are_new_in_each_trip(x):
    p, q = [], []
    for v in x:
        p = p + [np.full(2, v)]
        q = p + []
    c = p.pop()
    c[0] = 5.0 * x[0]
    return sum((np.sum(b) for b in q))


@program(LINE, refused=True)
def array_of_a_named_row_that_is_popped(x):
    b = x * 2
    rows = [[b] for v in x]
    r = rows[0]
    rows.pop()
    c = r.pop()
    c[0] = 7.0 * x[1]
    return np.sum(b)


@program(LINE, refused=True)
def array_of_a_named_row(x):
    rows = [[x * v] for v in x]
    r = rows[0]
    rows.pop()
    rows[1] = [x]
    c = r[0]
    c[0] = 7.0 * x[1]
    return np.sum(rows[0][0])


@program(LINE, refused=True)
def array_that_becomes_an_attribute(x):
    b = x[:3] * 1.0
    held = [Held(np.full(3, v)) for v in x]
    for h in held:
        h.v = b
    b[0] = 5.0 * x[1]
    return sum((np.sum(h.v) for h in held))


@program(LINE)
def popped_and_nowhere_else(x):
    stack = [x[:3] * 1.0]
    s = 0.0
    for k in range(10):
        a = stack.pop()
        a[0] = a[1] * 0.5
        s += np.sum(a ** 2)
        stack.append(a * 0.9)
        if k % 2:
            stack.append(a + x[0])
    return s


# -- lists and objects -------------------------------------------------------------------------------------------------


@program(LINE, refused=True)
def row_popped_and_still_there(x):
    rows = []
    for v in x:
        r = [v]
        rows.append(r)
        rows.append(r)
    p = rows.pop()
    p[0] = 9.0 * x[0]
    return sum((sum(r) ** 2 for r in rows))


@program(LINE, refused=True)
def one_row_popped_twice(x):
    r = [x[0]]
    rows = []
    for v in x:
        rows.append(r)
    p = rows.pop()
    q = rows.pop()
    p[0] = 9.0 * x[0]
    return q[0]


@program(LINE, refused=True)
def named_part_of_what_is_popped(x):
    rows = [([v], v) for v in x]
    t = rows[-1]
    part = t[0]
    u = rows.pop()
    u[0].append(x[0])
    return sum(part) + sum(u[0])


@program(LINE, refused=True)
def replaced_and_in_another_list(x):
    a = [[v] for v in x]
    b = []
    for q in a:
        b.append(q)
    r = a[2]
    a[2] = [x[0]]
    r[0] = 5.0 * x[1]
    return sum((q[0] for q in b)) + a[2][0]


@program(LINE, refused=True)
def attribute_that_was_replaced(x):
    groups = [Group(v) for v in x]
    d = groups[3].first
    groups[3].first = Held(x[0])
    d.v = 9.0
    return sum((g.first.v ** 2 for g in groups)) + d.v * x[1]


@program(LINE)
def attributes_of_attributes(x):
    groups = [Group(v) for v in x]
    groups[0].first.v = x[1] ** 2
    for g in groups:
        g.first.v = g.first.v * 2
    d = groups[3].first
    d.v += 1.0
    return sum((g.first.v ** 2 for g in groups))


@program(LINE)
def lists_in_objects(x):
    groups = [Group(v) for v in x]
    for i, v in enumerate(x):
        groups[i].put(v * x[0])
        groups[i - 1].put(v * x[1])
        groups[i].values.pop(0)
    for i in range(2, 4):
        groups[i].values = [groups[i].first.v]
    return sum((sum(g.values) ** 2 + sum((a * b for a, b in g.pairs)) for g in groups))


@program(LINE)
def list_that_becomes_an_attribute(x):
    groups = [Group(v) for v in x]
    values = [x[0]]
    groups[2].values = values
    values.append(x[1])
    return sum((sum(g.values) ** 2 for g in groups))


@program(LINE)
def found_in_what_says_how_it_is_iterated(x):

    class Bag:

        def __init__(self, values):
            self.values = values

        def __iter__(self):
            return iter(self.values)
    bag = Bag([1.0, 2.0])
    return x[0] ** 2 if 2.0 in bag and 'values' not in bag else x[1]


@program(LINE)
def dicts_in_a_list(x):
    rows = []
    for v in x:
        d = {}
        d[int(v * 3)] = v
        rows.append(d)
        d[0] = v * v
    return sum((v * v * (k + 1) for r in rows for k, v in r.items()))


@program(LINE, refused=True)
def dict_in_a_list_gets_other_keys(x):
    rows = [{0: v} for v in x]
    for i, v in enumerate(x):
        rows[i][int(v * 3)] = v
    return sum((sum(r.values()) for r in rows))


# -- lists that are iterated -------------------------------------------------------------------------------------------


@program(LINE, refused=True)
def iterated_row_grows(x):
    rows = [[v] for v in x]
    s = 0.0
    for i in range(len(x)):
        for v in rows[i]:
            s += v
            if len(rows[i]) < 3:
                rows[i].append(v * x[1] + 1.0)
    return s


@program(LINE, refused=True)
def iterated_row_shrinks(x):
    rows = [[v, v * v, v ** 3] for v in x]
    s = 0.0
    for i in range(len(x)):
        for v in rows[i]:
            s += v
            if len(rows[i]) > 1:
                rows[i].pop()
    return s


@program(LINE, refused=True)
def iterated_row_is_cleared(x):
    rows = [[v, v * v, v ** 3] for v in x]
    s = 0.0
    for i in range(len(x)):
        for v in rows[i]:
            s += v
            rows[i].clear()
    return s


@program(LINE, refused=True)
def iterated_attribute_grows(x):
    groups = [Group(v) for v in x]
    s = 0.0
    for i in range(len(x)):
        for v in groups[i].values:
            s += v
            if len(groups[i].values) < 3:
                groups[i].values.append(v * x[0])
    return s


@program(LINE)
def another_row_grows(x):
    rows = [[v, v * v] for v in x]
    s = 0.0
    for i in range(1, len(x)):
        for v in rows[i]:
            s += v
            rows[i - 1].append(v * x[1] + 1.0)
    return s + sum((sum(r) ** 2 for r in rows))


@program(LINE)
def another_attribute_grows(x):
    groups = [Group(v) for v in x]
    for i in range(len(x)):
        for v in groups[i].values:
            groups[i].pairs.append((v, x[i]))
    return sum((a * b for g in groups for a, b in g.pairs))


@program(LINE)
def two_names_for_one_list_at_the_start_of_a_loop(x):
    items = [x[0]]
    named = items
    for v in x:
        named = items
        items = items + [v]
        named.append(v * 2.0)
    return sum(named) * len(named) + sum(items)


@program(LINE)
def keys_come_before_values(x):
    numbers = [0, 1, 2, 3]
    d = {numbers.pop(): x[numbers.pop()]}
    e = {(k := i): x[k] for i in range(3)}
    return d[3] * e[1] * e[2]
