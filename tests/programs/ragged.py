"""Lists in lists that change their length, and lists that may be one another."""

import numpy as np

from programs.registry import program

LINE = np.linspace(0.1, 1.5, 9)


@program(LINE)
def replaced_by_longer_and_shorter(x):
    rows = [[v] for v in x]
    for i in range(len(x)):
        rows[i] = [x[i] * k for k in range(i + 1)]
    for i in range(len(x)):
        if i % 2:
            rows[i] = rows[i][1:]
    return sum((sum(r) ** 2 for r in rows))


@program(LINE)
def every_second(x):
    rows = [[v] * 3 for v in x]
    for i in range(len(x)):
        rows[i] = rows[i] + [x[0]]
        rows[i] = rows[i][::2]
    return sum((r[0] * r[1] for r in rows))


@program(LINE)
def row_that_grows_and_shrinks(x):
    row = [1.0]
    for v in x:
        row = [a * v + 1.0 for a in row] + [v]
        if len(row) > 4:
            row = row[2:]
    return sum(row)


@program(LINE)
def lists_in_a_dict_that_grow(x):
    d = {'a': [x[0]], 'b': [x[1]]}
    for i, v in enumerate(x):
        d['a'] = d['a'] + [v * d['b'][-1]]
        d['b'] = [v] + d['b'][:2]
    return sum(d['a']) * d['b'][1]


@program(LINE)
def one_of_two_rows_written(x):
    rows = [[v, 1.0] for v in x]
    r = rows[0]
    if x[1] > 0.2:
        r = rows[3]
    r[1] = x[5]
    return sum((a * b for a, b in rows))


@program(LINE, refused=True)
def best_row_written(x):
    rows = [[v, 1.0] for v in x]
    best = rows[0]
    for r in rows:
        if r[0] > best[0]:
            best = r
    best[1] = x[2] ** 2
    return sum((a * b for a, b in rows))


@program(LINE)
def runs(x):
    rows = []
    cur = [x[0]]
    for v in x:
        if v > 0.6:
            rows.append(cur)
            cur = []
        cur.append(v)
    rows.append(cur)
    return sum((sum(r) ** 2 for r in rows))


@program(LINE)
def copies_kept(x):
    a = [0.0] * 5
    hist = []
    for v in x:
        a[1] = a[1] * 0.5 + v
        hist.append(a[:])
        a[2] += a[1]
    return sum((sum(h) * k for k, h in enumerate(hist)))


@program(LINE, refused=True)
def itself_kept(x):
    a = [0.0] * 5
    hist = []
    for v in x:
        a[1] = a[1] * 0.5 + v
        hist.append(a)
    return sum((sum(h) * k for k, h in enumerate(hist)))


@program(LINE)
def written_by_another_name(x):
    rows = [[v, 2.0] for v in x]
    other = rows
    for i in range(len(x)):
        other[i] = [x[i] ** 2, rows[i][1]]
    return sum((a * b for a, b in rows))


@program(LINE, refused=True)
def last_before_append(x):
    rows = [[v, 2.0] for v in x]
    r = rows[-1]
    rows.append([x[0], x[1]])
    r[0] = x[3]
    return sum((a * b for a, b in rows))


@program(LINE)
def popped_and_appended(x):
    rows = [[v, 2.0] for v in x]
    last = rows.pop()
    last[0] = x[1]
    rows.append(last)
    return sum((a * b for a, b in rows))


@program(LINE)
def stack_of_pairs(x):
    st = [[x[0], 1.0]]
    out = 0.0
    while st:
        a, b = st.pop()
        out += a * b
        if b < 6:
            st.append([a * x[1], b + 1])
            st.append([a + x[2], b + 2])
    return out


@program(LINE)
def dict_of_lists_rebound(x):
    state = {'p': [x[0]], 'q': [x[1]]}
    for v in x:
        state = {'p': state['q'], 'q': [state['p'][0] * v + 1.0]}
    return state['p'][0] * state['q'][0]


@program(LINE)
def swapped_each_trip(x):
    a = [x[0], x[1]]
    b = [x[2], x[3]]
    for v in x:
        a, b = (b, [a[0] * v, b[1] + v])
        a[0] += v
    return sum(a) + 2 * sum(b)


@program(LINE)
def same_list_each_trip(x):
    a = [x[0], x[1]]
    b = a
    for v in x:
        a[0] += v
        b = a
    return a[0] * b[0]


@program(LINE)
def row_and_table(x):
    g = [[0.0] * 4 for _ in x]
    for i in range(len(x)):
        row = g[i]
        for j in range(4):
            row[j] = x[i] * j
            if j > 1:
                g[i][j - 1] += row[j]
    return sum(map(sum, g))


@program(LINE)
def other_list_of_the_same_rows(x):
    rows = [[v, v * 2] for v in x]
    rows2 = [r for r in rows]
    rows2[0] = [x[5], x[6]]
    return sum((a * b for a, b in rows)) + sum((a for a, b in rows2))


@program(LINE, refused=True)
def helper_that_writes(x):

    def upd(r, v):
        r[0] = r[0] * v
        return r
    rows = [[v, v * 2] for v in x]
    rows = [upd(r, 2.0) for r in rows]
    return sum((a * b for a, b in rows))


@program(LINE)
def none_or_list(x):
    d = {}
    for i in range(40):
        k = i % 7
        row = d.get(k)
        if row is None:
            d[k] = [x[i % 9]]
        else:
            row.append(x[i % 9] * 2)
    return sum((sum(r) ** 2 for r in d.values()))


@program(LINE)
def none_or_list_read_later(x):
    d, s = {}, 0.0
    for i in range(40):
        k = i % 7
        row = d.get(k)
        if row is None:
            d[k] = [x[i % 9]]
        else:
            row.append(x[i % 9] * 2)
        if row is not None:
            s = s + sum(row) ** 2
    return s


@program(LINE)
def none_or_row_before(x):
    rows, s = [], 0.0
    for i in range(len(x)):
        before = None
        if i > 0:
            before = rows[i - 1]
        rows.append([x[i] ** 2, x[i]])
        if before is not None:
            s = s + before[0] * before[1] * x[i]
    return s


@program(LINE)
def transposed(x):
    m = [[x[i] * x[j] for j in range(3)] for i in range(len(x))]
    mt = list(map(list, zip(*m)))
    return sum((sum(r) ** 2 for r in mt))


@program(LINE)
def deleted_inserted_reversed(x):
    rows = [[v, v ** 2] for v in x]
    del rows[0]
    rows.insert(1, [x[0], 3.0])
    rows.reverse()
    a, b = rows[-1]
    return a * b + rows[0][1] * rows[-2][1]


@program(LINE)
def bounded_buckets(x):
    out = [[] for _ in range(3)]
    for i, v in enumerate(x):
        out[i % 3].append(v)
        if len(out[i % 3]) > 2:
            out[i % 3].pop(0)
    return sum((a * k for k, r in enumerate(out) for a in r))
