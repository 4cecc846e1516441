"""What people build of lists, dicts, strings and iterators: filters, recurrences, dynamic programs, small parsers."""

import collections
import functools
import itertools
import math
import operator

import numpy as np

from programs.registry import GRID, LINE, THREE, program


@program(LINE)
def bfs(x):
    q = collections.deque([0])
    s = 0.0
    while q:
        i = q.popleft()
        s += x[i] ** 2
        if i < 3:
            q.append(i + 1)
    return s


@program(LINE)
def deque_avg(x):
    q = collections.deque()
    s = 0.0
    for v in x:
        q.append(v)
        if len(q) > 4:
            q.popleft()
        s += sum(q) / len(q)
    return s


@program(GRID)
def zipcols(m):
    return sum((a * b for a, b in zip(*m)))


@program(LINE)
def countif(x):
    return sum((1 for v in x if v > 0.5)) * x[0] + len([v for v in x if v < 0.5]) * x[1]


@program(THREE)
def dictenum(x):
    d = dict(enumerate(x))
    return sum((k * v for k, v in d.items()))


@program(THREE)
def starlist(x):
    l = [*x, 1.0, *x[:1]]
    t = (*l, 2.0)
    return sum(l) * t[-2] + max(*x) * min(*l)


@program(LINE)
def revlist(x):
    return sum((v * k for k, v in enumerate(list(reversed(x))))) + tuple(x)[2]


@program(LINE)
def anymap(x):
    return x[0] if any(map(lambda v: v > 1.4, x)) else x[1]


@program(LINE)
def minmap(x):
    return min(map(lambda v: (v - 0.7) ** 2, x)) + max((abs(v - 0.3) for v in x))


@program({'layer1/w': GRID, 'layer1/b': np.array([0.1, 0.2]), 'layer2/w': np.array([[0.3, -0.4]]),
          'layer2/b': np.array([0.05])})
def nn(p):
    h = np.array([1.0, 2.0, -1.0])
    names = sorted({k.split('/')[0] for k in p})
    for i, name in enumerate(names):
        h = p[f'{name}/w'] @ h + p['%s/b' % name]
        if i < len(names) - 1:
            h = np.tanh(h)
    return np.sum(h ** 2) + 0.01 * sum((np.sum(v ** 2) for k, v in p.items() if k.endswith('w')))


@program(THREE)
def particle(x):
    rng = np.random.default_rng(1)
    N = 5
    parts = rng.normal(size=N)
    ll = 0.0
    for obs in (0.1, 0.4, -0.2):
        parts = x[0] * parts + x[1] * rng.normal(size=N)
        w = np.exp(-0.5 * (obs - parts) ** 2 / x[2] ** 2) / x[2]
        ll = ll + np.log(np.mean(w))
        idx = rng.integers(0, N, size=N)
        parts = parts[idx]
    return ll


@program(THREE)
def kalman(x):
    m, P = (0.0, 1.0)
    lls = []
    hist = []
    for y in [0.1, 0.3, 0.2]:
        m, P = (x[0] * m, x[0] ** 2 * P + x[1] ** 2)
        S = P + x[2] ** 2
        K = P / S
        r = y - m
        lls.append(-0.5 * (math.log(2 * math.pi * S) + r * r / S))
        m, P = (m + K * r, (1 - K) * P)
        hist.append({'m': m, 'P': P})
    return sum(lls) + hist[-1]['m'] * max((h['P'] for h in hist))


@program(THREE)
def poly_tokens(x):
    expr = '2*a + 3*b*b - c'
    env = dict(zip('abc', x))
    tot = 0.0
    for sign, term in zip([1, 1, -1], expr.replace(' ', '').replace('-', '+').split('+')):
        prod = sign
        for f in term.split('*'):
            prod = prod * (env[f] if f in env else float(f))
        tot += prod
    return tot


@program(THREE)
def rpn(x):
    st = []
    env = {'a': x[0], 'b': x[1], 'c': x[2]}
    ops = {'+': operator.add, '*': operator.mul, '-': operator.sub}
    for tok in 'a b * c + a -'.split():
        if tok in ops:
            r = st.pop()
            l = st.pop()
            st.append(ops[tok](l, r))
        else:
            st.append(env[tok])
    return st[0] ** 2


@program(LINE)
def rk(x):
    c = [0, 0.5, 0.5, 1]
    b = [1 / 6, 1 / 3, 1 / 3, 1 / 6]
    y = x[0]
    for _ in range(10):
        k = []
        for i in range(4):
            yi = y + (0.1 * c[i] * k[-1] if k else 0.0)
            k.append(-x[1] * yi + x[2])
        y = y + 0.1 * sum((bi * ki for bi, ki in zip(b, k)))
    return y


@program(LINE)
def adams(x):
    fs = collections.deque(maxlen=3)
    y = x[0]
    for _ in range(6):
        fs.append(-x[1] * y)
        if len(fs) == 3:
            y = y + 0.1 * (23 * fs[2] - 16 * fs[1] + 5 * fs[0]) / 12
        else:
            y = y + 0.1 * fs[-1]
    return y


@program(THREE)
def mcmc(x):
    rng = np.random.default_rng(0)
    th = 0.1
    acc = 0
    tot = 0.0

    def lp(v):
        return -0.5 * v * v * x[0]

    for _ in range(20):
        prop = th + 0.5 * rng.normal()
        if np.log(rng.random()) < -0.5 * prop * prop + 0.5 * th * th:
            th = prop
            acc += 1
        tot = tot + lp(th)
    return tot / 20 + acc * x[1]


@program(THREE)
def memo_loop(x):
    cache = {}

    def f(n):
        if n not in cache:
            cache[n] = x[n % 3] * n
        return cache[n]
    return sum((f(i) for i in [1, 2, 1, 0, 2])) * len(cache)


@program(THREE)
def registry(x):
    reg = {}

    def register(name):

        def deco(f):
            reg[name] = f
            return f
        return deco
    reg['sq'] = lambda v: v * v
    reg['cube'] = lambda v: v ** 3
    return sum((reg[k](x[0]) * i for i, k in enumerate(sorted(reg), 1)))


@program(THREE)
def compose(x):
    fs = [np.sin, functools.partial(np.power, 2.0), lambda v: v + x[1]]
    return functools.reduce(lambda v, f: f(v), fs, x[0])


@program(LINE)
def bisect_like(x):
    lo, hi = (0, len(x) - 1)
    while lo < hi:
        mid = (lo + hi) // 2
        if x[mid] < 0.8:
            lo = mid + 1
        else:
            hi = mid
    return x[lo] ** 2


@program(LINE, refused=True)
def groupsum(x):
    groups = collections.defaultdict(list)
    for i, v in enumerate(x):
        groups['odd' if i % 2 else 'even'].append(v)
    return sum(groups['odd']) * np.prod(groups['even'][:2])


@program(LINE)
def cumavg(x):
    out = []
    tot = 0.0
    for n, v in enumerate(x, 1):
        tot += v
        out.append(tot / n)
    return sum((a * b for a, b in zip(out, itertools.islice(out, 1, None))))


@program(LINE)
def dp(x):
    best = [0.0] * (len(x) + 1)
    for i in range(1, len(x) + 1):
        best[i] = max(best[i - 1], (best[i - 2] if i > 1 else 0.0) + x[i - 1] * np.sin(7 * x[i - 1]))
    return best[-1]


@program(THREE)
def edit(x):
    a, b = ('kitten', 'sitting')
    prev = [j * x[0] for j in range(len(b) + 1)]
    for i, ca in enumerate(a, 1):
        cur = [i * x[1]]
        for j, cb in enumerate(b, 1):
            cur.append(min(prev[j] + x[1], cur[j - 1] + x[0], prev[j - 1] + (0.0 if ca == cb else x[2])))
        prev = cur
    return prev[-1]


@program(THREE)
def hmm(x):
    trans = [[0.7, 0.3], [0.4, 0.6]]
    alpha = [0.5, 0.5]
    for o in 'aba':
        e = [x[0], 1 - x[0]] if o == 'a' else [1 - x[0], x[0]]
        alpha = [sum((alpha[i] * trans[i][j] for i in range(2))) * e[j] for j in range(2)]
    return math.log(sum(alpha))


@program(THREE)
def graph(x):
    edges = [('a', 'b', x[0]), ('b', 'c', x[1]), ('a', 'c', x[2])]
    nb = {}
    for u, v, w in edges:
        nb.setdefault(u, []).append((v, w))
        nb.setdefault(v, []).append((u, w))
    return sum((sum((w for _, w in nb[u])) ** 2 for u in nb))


@program(THREE)
def nested_default(x):
    d = collections.defaultdict(lambda: collections.defaultdict(float))
    for i, (a, b) in enumerate([('p', 'q'), ('p', 'r'), ('s', 'q')]):
        d[a][b] += x[i] ** 2
    return d['p']['q'] * d['p']['r'] + d['s']['q']


@program(THREE)
def namedfmt(x):
    s = '{name}_{idx:02d}'.format(name='w', idx=3)
    d = {s: x[0], 'w_04': x[1]}
    return d['w_03'] * d[f"{'w'}_{4:02d}"]


@program(THREE)
def ifexp_str(x):
    tag = 'big' if len(x) > 2 else 'small'
    return x[0] if tag == 'big' else x[1]


@program(THREE)
def strtype(x):

    def f(v):
        if isinstance(v, str):
            return float(v)
        return v
    return f('2.5') * x[0] + f(x[1])


@program(LINE)
def sorted_np(x):
    idx = np.argsort(np.sin(9 * x))
    return sum((x[i] * k for k, i in enumerate(idx)))


@program(LINE)
def zip3(x):
    s = 0.0
    for a, b, c in zip(x, x[1:], x[2:]):
        s += (a - 2 * b ** 2 + c) ** 2
    return s


@program(LINE)
def enum_zip_rev(x):
    s = 0.0
    for i, (a, b) in reversed(list(enumerate(zip(x, x[::-1])))):
        s = 0.5 * s + i * a * b
    return s


@program(LINE)
def steps(x):
    return sum((v for v in x[::3])) * sum((x[i] for i in range(len(x) - 1, -1, -4)))


@program(THREE)
def shadow(x):
    def sum(v):
        return v[0] * 2

    return sum(x)


@program(THREE)
def userlist(x):
    list_ = [x[0]]
    list_.append(x[1])
    return functools.reduce(operator.mul, list_)
