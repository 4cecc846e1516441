"""Tables as lists of lists: rows that are exchanged, replaced, taken out and written to."""

import collections

import numpy as np

from programs.registry import program

LINE = np.linspace(0.1, 1.5, 9)


@program(LINE)
def argmaxrow(x):
    rows = [[v, v ** 2] for v in x]
    best = max(rows, key=lambda r: r[1])
    return best[0] * rows[0][0]


@program(LINE)
def sortrows(x):
    rows = [(v * (-1) ** i, v) for i, v in enumerate(x)]
    rows.sort(key=lambda r: r[0])
    return sum((i * r[1] * r[0] for i, r in enumerate(rows)))


@program(LINE)
def row_after(x):
    rows = []
    for i in range(len(x)):
        row = []
        rows.append(row)
        for j in range(3):
            row.append(x[i] * j)
        row[0] = x[0] ** 2
    return sum(map(sum, rows))


@program(LINE, refused=True)
def row_last(x):
    rows = []
    for v in x:
        row = [v]
        rows.append(row)
    row[0] = x[3] ** 2
    return sum(map(sum, rows))


@program(LINE)
def swap_piv(x):
    n = len(x)
    A = [[x[i] * x[j] + (2.0 if i == j else 0.0) for j in range(n)] for i in range(n)]
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(A[i][k]) > abs(A[p][k]):
                p = i
        A[k], A[p] = (A[p], A[k])
        for i in range(k + 1, n):
            m = A[i][k] / A[k][k]
            for j in range(k, n):
                A[i][j] -= m * A[k][j]
    d = 1.0
    for i in range(n):
        d *= A[i][i]
    return d


@program(LINE)
def swap_tmp(x):
    A = [[v, v ** 2] for v in x]
    for k in range(len(x) - 1):
        tmp = A[k]
        A[k] = A[k + 1]
        A[k + 1] = tmp
        A[k][0] += x[k]
    return sum((a * b for a, b in A))


@program(LINE)
def replace_row(x):
    A = [[v, v ** 2] for v in x]
    r = A[2]
    A[2] = [x[0], x[1]]
    r[0] = 5.0 * x[3]
    return sum((a * b for a, b in A)) + r[0] * r[1]


@program(LINE, refused=True)
def prevrow(x):
    rows = [[x[0], 1.0]]
    prev = rows[0]
    for v in x:
        new = [prev[0] * v, prev[1] + v]
        rows.append(new)
        prev = new
    prev[0] = x[2]
    return sum((a * b for a, b in rows))


@program(LINE, refused=True)
def prevrow_write(x):
    rows = [[x[0], 1.0]]
    prev = rows[0]
    for v in x:
        new = [prev[0] * v, prev[1] + v]
        prev[1] = v * 2
        rows.append(new)
        prev = new
    return sum((a * b for a, b in rows))


@program(LINE)
def select_rows(x):
    rows = [[v, v ** 2] for v in x]
    big = []
    for r in rows:
        if r[0] > 0.5:
            big.append(r)
    return sum((a * b for a, b in big))


@program(LINE, refused=True)
def select_then_write(x):
    rows = [[v, v ** 2] for v in x]
    big = [r for r in rows if r[0] > 0.5]
    big[0][0] = 3.0
    return sum((a * b for a, b in rows))


@program(LINE)
def two_tables(x):
    n = len(x)
    a = [[0.0] * 3 for _ in range(n)]
    b = a
    a[1][1] = x[0]
    b[1][1] += x[1]
    return sum(map(sum, a)) * x[2]


@program(LINE)
def iter_write(x):
    a = [[v, 1.0] for v in x]
    for i, row in enumerate(a):
        row[1] = row[0] * i
        if i > 2:
            a[i - 1][0] = x[0] * 2
    return sum((p * q for p, q in a))


@program(LINE)
def dict_in_list(x):
    ps = [{'x': v, 'v': 1.0, 'name': 'p'} for v in x]
    for _ in range(3):
        for p in ps:
            p['v'] -= 0.1 * p['x']
            p['x'] += 0.1 * p['v']
    return sum((p['x'] ** 2 for p in ps))


@program(LINE)
def adj_list(x):
    n = len(x)
    adj = [[] for _ in range(n)]
    for i in range(n - 1):
        adj[i].append((i + 1, x[i]))
        if i + 3 < n:
            adj[i].append((i + 3, x[i] * 2))
    dist = [1000000000.0] * n
    dist[0] = 0.0
    for i in range(n):
        for j, w in adj[i]:
            if dist[i] + w < dist[j]:
                dist[j] = dist[i] + w
    return dist[n - 1]


@program(LINE)
def pop_rows(x):
    rows = [[v, v ** 2] for v in x]
    s = 0.0
    while rows:
        a, b = rows.pop()
        s = s * 0.5 + a * b
    return s


@program(LINE)
def pop_first(x):
    rows = [[v, v ** 2] for v in x]
    s = 0.0
    while len(rows) > 2:
        a, b = rows.pop(0)
        s = s * 0.5 + a * b
        if a < 0.3:
            rows.append([a * 2, b])
    return s


@program(LINE)
def inner_pop(x):
    rows = [[v, v ** 2, x[0]] for v in x]
    s = 0.0
    for r in rows:
        s += r.pop() * r[0]
        r.append(s)
    return sum(map(sum, rows))


@program(LINE)
def inner_sort(x):
    rows = [[np.sin(5 * v * j) for j in range(4)] for v in x]
    for r in rows:
        r.sort()
    return sum((r[0] * r[2] for r in rows))


@program(LINE)
def inner_insert(x):
    rows = [[v] for v in x]
    for i, r in enumerate(rows):
        r.insert(0, x[0] * i)
        r.extend([v * i for v in x[:2]])
        r.reverse()
    return sum((r[0] * r[2] for r in rows))


@program(LINE)
def list_of_arr_write(x):
    out = []
    for v in x:
        a = np.zeros(3)
        a[1] = v
        out.append([a, a * 2])
    return sum((np.sum(p * q) for p, q in out))


@program(LINE)
def while_table(x):
    n = len(x)
    i = 0
    tab = []
    while i < n:
        j = 0
        r = []
        while j <= i:
            r.append(x[i] * x[j])
            j += 1
        tab.append(r)
        i += 1
    return sum(tab[-1]) * tab[3][2]


@program(LINE)
def neg_index(x):
    rows = [[1.0, x[0]]]
    for v in x:
        rows.append([rows[-1][0] * v, rows[-1][1] + v])
    return rows[-1][0] + rows[-2][1]


@program(LINE)
def nested_res(x):
    return [[v * w for w in x[:3]] for v in x]


@program(LINE)
def list_tuple_np(x):
    pts = [(v, v ** 2) for v in x]
    return np.sum(np.array(pts)[:, 1] * x)


@program(LINE)
def dd_rows(x):
    g = collections.defaultdict(list)
    for i, v in enumerate(x):
        g[i % 2].append([v, v * i])
    return sum((a * b for r in g.values() for a, b in r))


@program(LINE)
def flood(x):
    n = 4
    grid = [[x[(i * n + j) % 9] for j in range(n)] for i in range(n)]
    stack = [(0, 0)]
    seen = [[False] * n for _ in range(n)]
    s = 0.0
    while stack:
        i, j = stack.pop()
        if i < 0 or j < 0 or i >= n or (j >= n) or seen[i][j]:
            continue
        seen[i][j] = True
        s += grid[i][j] ** 2 * (i + 1)
        stack.append((i + 1, j))
        stack.append((i, j + 1))
    return s


@program(LINE)
def jacobi(x):
    n = 5
    u = [[x[i] * x[j] for j in range(n)] for i in range(n)]
    for it in range(4):
        new = [row[:] for row in u]
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                new[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1])
        u = new
    return sum((sum(r) for r in u))
