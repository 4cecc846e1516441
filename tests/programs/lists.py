"""Lists and tuples that change."""


import numpy as np

from programs.registry import LINE, THREE, program


@program(THREE)
def queue(x):
    q = [x[0], x[1]]
    s = 0.0
    while q:
        v = q.pop(0)
        s += v * v
    return s


@program(THREE)
def inlist(x):
    return x[0] * (2 if x[0] in [x[1], x[0]] else 1)


@program(THREE)
def delitem(x):
    l = [x[0], x[1], x[2]]
    del l[1]
    del l[-1:]
    return l[0] ** 2 * len(l)


@program(THREE)
def slicewrite(x):
    l = [0.0] * 4
    l[1:3] = x[:2]
    l[::3] = [x[2], x[0]]
    return sum((v * k for k, v in enumerate(l)))


@program(THREE)
def place_between_bounds(x):
    kinds = [1, 2, 1, 3, 1]
    return x[kinds.index(1, 1)] * x[kinds.index(2, -4, -1)] + x[(2, 0, 2).index(2, 1) - 1]


@program(THREE)
def listindex(x):
    names = ['a', 'b', 'c']
    return x[names.index('b')] * names.count('a')


@program(LINE)
def insertgrow(x):
    l = []
    for v in x:
        l.insert(len(l) // 2, v * v)
    return l[0] * 2 + l[1] * l[2]


@program(LINE)
def reversegrow(x):
    l = []
    for v in x:
        l.append(v * v)
    l.reverse()
    l.sort(key=lambda v: -v)
    return l[0] * 2 + l[1] * l[2]


@program(THREE)
def extendit(x):
    l = [x[0]]
    l.extend((v * v for v in x))
    l += [x[1]] * 2
    return sum(l)


@program(THREE)
def copylist(x):
    a = [x[0]]
    b = a.copy()
    b.append(x[1])
    c = a[:]
    c[0] = x[2]
    return sum(a) + sum(b) * 2 + c[0]


@program(THREE)
def unpackzip(x):
    a, b = zip(*[(x[0], 1.0), (x[1], 2.0)])
    return a[0] * a[1] * b[1]


@program(THREE)
def isinst_list(x):
    l = [x[0], (x[1], x[2])]

    def flat(v):
        return sum((flat(u) for u in v)) if isinstance(v, (list, tuple)) else v * v
    return flat(l)


@program(LINE)
def window_grow(x):
    w = []
    s = 0.0
    for v in x:
        w.append(v)
        if len(w) > 3:
            w.pop(0)
        s += sum(w) * w[0]
    return s


@program(LINE)
def stack(x):
    st = [x[0]]
    for v in x[1:]:
        st.append(v)
        if v > 1.0:
            a = st.pop()
            st.append(a * st[-1])
    return sum(st)


@program(THREE)
def flatten(x):
    g = [[x[0], x[1]], [x[2]]]
    return sum((v * v for r in g for v in r)) * len([v for r in g for v in r])


@program(THREE)
def tupleacc(x):
    out = ()
    for i, v in enumerate(x):
        out += (v * i,)
    a, b, c = out
    return a + b * c


@program(THREE)
def whileit(x):
    items = [x[0], x[1], x[2]]
    s = 1.0
    while items:
        s = s * items.pop() + 1
    return s


@program(THREE)
def list_static_mut(x):
    l = [1, 2, 3]
    l[1] = 5
    l.append(4)
    return x[0] * sum(l) * max(l) * len(l)


@program(THREE)
def list_alias(x):
    a = [x[0], x[1]]
    b = a
    b.insert(0, x[2])
    a.sort()
    b.reverse()
    c = sorted(a)
    return a[0] + 2 * b[1] + 3 * c[0]


@program(THREE)
def slice_alias(x):
    a = [x[0], x[1], x[2]]
    b = a[1:]
    b[0] = x[0] * 5
    a[1:] = [b[0], b[1]]
    del b[:]
    return a[1] * a[2] + len(b)


@program(THREE, refused=True)
def arr_in_list_sorted(x):
    rows = [x * 2, x, x * 3]
    rows.sort(key=lambda r: r[0])
    rows[0][0] = x[1] * 4
    return np.sum(rows[0] * rows[2]) + rows[1][0]


@program(THREE, refused=True)
def sorted_alias(x):
    rows = [x * 2, x * 1.0]
    s = sorted(rows, key=lambda r: -np.sum(r))
    s[0][1] = 0.0
    return np.sum(rows[0]) + np.sum(rows[1]) * 2


@program(THREE)
def comp_cond(x):
    return sum([v if i % 2 else -v for i, v in enumerate(x) if i != 1])


@program(THREE)
def comp_nested(x):
    return sum([a * b for a in x for b in x if a < b])


@program(THREE)
def comp_scope(x):
    v = x[0]
    l = [v * 2 for v in x]
    w = [v for _ in range(2)]
    return l[1] * w[0]


@program(THREE)
def walrus_comp(x):
    return sum((y * y for v in x if (y := (v * 2)) > 0.7))


@program(THREE)
def unzip(x):
    a, b = map(list, zip(*[(x[0], 1), (x[1], 2)]))
    a.append(x[2])
    return sum(a) * sum(b)


@program(THREE)
def star_mid(x):
    first, *mid, last = [x[0], x[1], x[2], 1.0]
    return first * sum(mid) * last


@program(LINE)
def window_slices(x):
    return sum((sum(x[i:i + 3]) ** 2 for i in range(len(x) - 2)))


@program(LINE)
def list_slices(x):
    l = list(x)
    return sum(l[::2]) * l[-1] + sum(l[:3]) + sum(l[-2:]) * l[3:][0]


@program(LINE)
def list_mul_idx(x):
    l = [0.0] * len(x)
    for i in range(1, len(x)):
        l[i] = l[i - 1] * 0.5 + x[i] ** 2
    return l[-1] * l[3]


@program(LINE)
def list_minmax(x):
    l = [v * v for v in x]
    return max(l) - min(l) + l.index(max(l)) * x[0]


@program(LINE)
def list_del(x):
    l = [v * v for v in x]
    del l[0]
    l.pop(2)
    l.insert(1, x[0])
    l.pop()
    return sum(l) * l[1]


@program(LINE)
def list_in(x):
    seen = []
    s = 0.0
    for i in range(len(x)):
        k = i % 3
        if k not in seen:
            seen.append(k)
            s += x[i] ** 2
    return s


@program(LINE)
def pop_front(x):
    l = list(x)
    s = 0.0
    while len(l) > 1:
        a = l.pop(0)
        s += a * l[0]
    return s
