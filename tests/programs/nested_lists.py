"""Lists of lists: made, indexed, passed on, zipped and copied."""

import collections

import numpy as np

from programs.registry import program

LINE = np.linspace(0.1, 1.5, 9)


@program(LINE)
def rows_append(x):
    n = len(x)
    rows = []
    for i in range(n):
        row = []
        for j in range(4):
            row.append(x[i] * (j + 1) + x[j])
        rows.append(row)
    return np.sum(np.array(rows) ** 2)


@program(LINE)
def nested_comp_index(x):
    n = len(x)
    K = [[x[i] * x[j] + 1.0 for j in range(n)] for i in range(n)]
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += K[i][j] * (i - j) ** 2
    return s


@program(LINE)
def nested_comp_iter(x):
    K = [[a * b for b in x] for a in x]
    s = 0.0
    for row in K:
        for v in row:
            s += v * v
    return s


@program(LINE)
def sum_map_sum(x):
    K = [[a * b for b in x] for a in x]
    return sum(map(sum, K))


@program(LINE)
def pascal(x):
    n = len(x)
    tri = []
    for i in range(n):
        row = [x[i]]
        for j in range(1, i):
            row.append(tri[i - 1][j - 1] + 0.5 * tri[i - 1][j] * x[j])
        if i > 0:
            row.append(x[0])
        tri.append(row)
    return sum(tri[-1])


@program(LINE)
def pascal2(x):
    tri = [[x[0]]]
    for i in range(1, len(x)):
        prev = tri[-1]
        row = [prev[0] * x[i]]
        for j in range(len(prev) - 1):
            row.append(prev[j] + prev[j + 1])
        row.append(prev[-1])
        tri.append(row)
    return sum((sum(r) for r in tri)) * 0.01


@program(LINE)
def ragged_filter(x):
    groups = []
    for i in range(len(x)):
        g = []
        for v in x:
            if v > x[i]:
                g.append(v * x[i])
        groups.append(g)
    s = 0.0
    for k, g in enumerate(groups):
        s += sum(g) * (k + 1)
    return s


@program(LINE)
def table_dp(x):
    n = len(x)
    table = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if i == 0 or j == 0:
                table[i][j] = x[i] * x[j]
            else:
                table[i][j] = table[i - 1][j] * 0.5 + table[i][j - 1] * 0.3 + x[i]
    return table[n - 1][n - 1]


@program(LINE)
def none_fill(x):
    n = len(x)
    out = [None] * n
    for i in range(n):
        out[i] = x[i] ** 2
    return sum(out)


@program(LINE)
def zero_fill(x):
    n = len(x)
    out = [0.0] * n
    for i in range(n):
        out[n - 1 - i] = x[i] ** 2
    return out[0] * out[3] + out[n - 2]


@program(LINE)
def list_tuples(x):
    ps = []
    for i in range(len(x) - 1):
        ps.append((x[i], x[i + 1] * 2))
    s = 0.0
    for a, b in ps:
        s += a * b
    return s + ps[3][1]


@program(LINE)
def list_dicts(x):
    recs = []
    for i in range(len(x)):
        recs.append({'a': x[i], 'b': x[i] ** 2})
    s = 0.0
    for r in recs:
        s += r['a'] * r['b']
    return s + recs[2]['b']


@program(LINE)
def list_dicts_comp(x):
    recs = [{'a': v, 'w': i} for i, v in enumerate(x)]
    return sum((r['a'] * r['w'] for r in recs))


@program(LINE)
def list_arrays_rows(x):
    rows = [[x * i, x + i] for i in range(len(x))]
    return np.sum(np.array(rows) ** 2)


@program(LINE)
def matmul_lists(x):
    n = len(x)
    A = [[x[i] + j for j in range(n)] for i in range(n)]
    B = [[x[j] * i for j in range(n)] for i in range(n)]
    C = [[sum((A[i][k] * B[k][j] for k in range(n))) for j in range(n)] for i in range(n)]
    return C[1][2] + C[n - 1][n - 1] * 0.01


@program(LINE)
def alias_row(x):
    n = len(x)
    table = [[0.0] * 3 for _ in range(n)]
    row = table[2]
    row[1] = x[3] ** 2
    return table[2][1] * x[0]


@program(LINE, refused=True)
def row_shared(x):
    n = len(x)
    row = [0.0] * 3
    table = [row for _ in range(n)]
    table[1][0] = x[0] ** 2
    return table[2][0] + x[1]


@program(LINE)
def append_inner(x):
    n = len(x)
    buckets = [[] for _ in range(n)]
    for i in range(n):
        buckets[i % 3].append(x[i] ** 2)
    s = 0.0
    for k, b in enumerate(buckets):
        for v in b:
            s += v * (k + 1)
    return s


@program(LINE)
def len_inner(x):
    rows = []
    for i in range(len(x)):
        row = []
        for j in range(i):
            row.append(x[j])
        rows.append(row)
    return sum((len(r) * x[i] for i, r in enumerate(rows)))


@program(LINE)
def iter_row_modify(x):
    rows = [[v, v ** 2] for v in x]
    for r in rows:
        r[0] = r[0] * r[1]
    return sum((r[0] for r in rows))


@program(LINE)
def deque_hist(x):
    h = collections.deque(maxlen=3)
    s = 0.0
    for v in x:
        h.append(v)
        s += sum(h)
    return s * x[0]


@program(LINE)
def flat_comp(x):
    rows = [[v * k for k in range(3)] for v in x]
    flat = [a for r in rows for a in r]
    return sum((a * a for a in flat))


@program(LINE)
def three_levels(x):
    n = len(x)
    K = [[[x[i] * x[j] * x[k] for k in range(n)] for j in range(n)] for i in range(n)]
    return np.sum(np.array(K)) * 0.01 + K[1][2][3]


@program(LINE)
def rows_zip(x):
    A = [[v * k for k in range(4)] for v in x]
    B = [[v + k for k in range(4)] for v in x]
    return sum((a * b for ra, rb in zip(A, B) for a, b in zip(ra, rb)))


@program(LINE)
def pass_to_helper(x):

    def trace(K):
        s = 0.0
        for i in range(len(K)):
            s += K[i][i]
        return s
    return trace([[a * b for b in x] for a in x])


@program(LINE)
def extend_rows(x):
    rows = []
    for i in range(len(x)):
        rows.extend([[x[i], x[i] ** 2]])
    return sum((a * b for a, b in rows))


@program(LINE)
def zip_star(x):
    rows = [(v, v ** 2) for v in x]
    a, b = zip(*rows)
    return np.dot(np.array(a), np.array(b))


@program(LINE)
def gauss_elim_n(x):
    n = len(x)
    A = [[x[i] * x[j] + (2.0 if i == j else 0.0) for j in range(n)] + [x[i]] for i in range(n)]
    for k in range(n):
        for i in range(k + 1, n):
            m = A[i][k] / A[k][k]
            for j in range(k, n + 1):
                A[i][j] -= m * A[k][j]
    y = [0.0] * n
    for i in reversed(range(n)):
        s = A[i][n]
        for j in range(i + 1, n):
            s -= A[i][j] * y[j]
        y[i] = s / A[i][i]
    return sum(y)


@program(LINE)
def copies(x):
    rows = [[v, v ** 2] for v in x]
    new = [r[:] for r in rows]
    for i in range(len(x)):
        new[i][0] = rows[i][1] * 2
    return sum((r[0] for r in rows)) + sum((r[0] for r in new))


@program(LINE)
def life(x):
    n = len(x)
    u = [[x[i] * x[j] for j in range(n)] for i in range(n)]
    for _ in range(3):
        v = [[0.0] * n for _ in range(n)]
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                v[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1])
        u = v
    return sum((sum(r) for r in u))
