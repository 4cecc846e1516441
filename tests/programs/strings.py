"""Strings and other values that are known when a function is compiled, and questions about types."""

import collections
import logging
import string

import numpy as np

from programs.registry import THREE, program


@program(THREE)
def fstrkeys(x):
    p = {f'w{i}': x[i] for i in range(3)}
    s = 0.0
    for i in range(3):
        s += p[f'w{i}'] * (i + 1)
    return s


@program(THREE)
def strops(x):
    cfg = 'scale=2,mode=sum'
    kv = dict((p.split('=') for p in cfg.split(',')))
    y = x * int(kv['scale'])
    return np.sum(y) if kv['mode'] == 'sum' else y[0]


@program(THREE)
def strmethods(x):
    s = ' Ab_c '.strip().lower()
    n = len(s.replace('_', '--')) + s.count('b') + s.find('c')
    if s.startswith('ab') and (not s.endswith('z')) and s.isidentifier() and ('b_' in s):
        return x[0] * n
    return x[1]


@program(THREE)
def strslice(x):
    s = 'abc'
    return x['abc'.index(s[1])] * len(s[::-1]) * (s[-1] == 'c')


@program(THREE)
def percent(x):
    k = '%s-%02d' % ('a', 3)
    return x[0] * (2.0 if k == 'a-03' else 1.0)


@program(THREE)
def joinstr(x):
    return x[0] * len(','.join((str(i) for i in range(3))))


@program(THREE)
def zfill(x):
    return x[int('2'.zfill(3))] * float('1.5')


@program(THREE)
def ddint(x):
    d = collections.defaultdict(int)
    for k in 'abca':
        d[k] += 1
    return x[0] * d['a'] + x[1] * d['z']


@program(THREE)
def counter(x):
    c = collections.Counter('abca')
    return x[0] * c['a'] + x[1] * c['q'] * 1.0 + x[2] * len(c)


@program(THREE)
def gattr(x):
    return getattr(x, 'nope', 3.0) * getattr(x, 'sum')()


@program(THREE)
def floatin(x):
    return float(sum(x)) * x[0] if isinstance(float(x[0]), float) else x[0]


@program(THREE)
def isint(x):
    return x[0] if isinstance(3, (int, float)) and isinstance(len(x), int) and isinstance(x[0], np.floating) else x[1]


@program(THREE)
def typename(x):
    return x[0] if type(x).__name__ == 'ndarray' else x[1]


@program(THREE)
def tupcmp2(x):
    return x[0] if (x[0], 1) < (x[1], 0) else x[1]


@program(THREE)
def strcat_loop(x):
    s = ''
    for k in range(3):
        s += str(k)
    return x[0] * len(s)


@program(THREE)
def staticdict(x):
    table = {'sin': np.sin, 'cos': np.cos}
    return sum((table[n](x[0]) for n in ('sin', 'cos')))


@program(THREE)
def template(x):
    return x[0] * len(string.ascii_lowercase) * len('a{0}{b}'.format(1, b=2))


@program(THREE)
def strdispatch(x):

    def act(v, name):
        if name == 'relu':
            return np.maximum(v, 0)
        elif name in ('tanh', 'sig'):
            return np.tanh(v)
        raise ValueError(name)
    for n in ['relu', 'tanh']:
        x = act(x, n)
    return np.sum(x)


@program(THREE)
def strcfg(x):
    layers = 'dense:2|act:tanh|dense:3'
    for s in layers.split('|'):
        kind, _, arg = s.partition(':')
        if kind == 'dense':
            x = x * float(arg)
        else:
            x = getattr(np, arg)(x)
    return np.sum(x)


@program(THREE)
def fmtkeys(x):
    p = {'layer%d/%s' % (i, n): x[i] for i in range(2) for n in 'wb'}
    return sum((p['layer{}/{}'.format(i, 'w')] for i in range(2))) * p['layer0/b']


@program(THREE)
def keyfilter(x):
    p = {'w1': x[0], 'b1': x[1], 'w2': x[2]}
    return sum((v ** 2 for k, v in p.items() if k.startswith('w'))) + sum((p[k] for k in sorted(p) if k[-1] == '1'))


@program(THREE)
def cmpchain(x):
    return x[0] if [1, 2] < [1, 3] and (1, 'a') != (1, 'b') and ({1, 2} == {2, 1}) and ('a' < 'b') else x[1]


@program(THREE)
def eqarr(x):
    return x[0] if (x.shape, x.ndim) == ((3,), 1) and [x.size] == [3] else x[1]


@program(THREE)
def sumstr(x):
    return x[0] * sum(map(int, '123')) + sum(map(float, '1.5 2.5'.split())) * x[1]


@program(THREE)
def strjoinprint(x):
    s = ', '.join((f'{v:.3f}' for v in x))
    logging.debug(s)
    return np.sum(x ** 2)


@program(THREE)
def str_in_list(x):
    ops = [('mul', 2.0), ('add', 1.0), ('sq', None)]
    v = x[0]
    for name, arg in ops:
        if name == 'mul':
            v = v * arg
        elif name == 'add':
            v = v + arg
        else:
            v = v * v
    return v


@program(THREE)
def str_set_sorted(x):
    return sum((x[ord(c) - 97] * i for i, c in enumerate(sorted({'a', 'c', 'b'}))))


@program(THREE, refused=True)
def str_set_order(x):
    return sum((x[ord(c) - 97] * i for i, c in enumerate({'a', 'c', 'b'})))


@program(THREE)
def fmt_align(x):
    return x[0] * len(f"{'a':>5}|{3:04d}|{1.5:.2f}") * len('{:>8}{!r}'.format('x', 'y'))


@program(THREE)
def str_compare(x):
    return x[0] if 'abc' < 'abd' and 'b' in 'abc' and ('abc'.count('b') == 1) and (not 'abc'.isdigit()) else x[1]


@program(THREE)
def str_join_split(x):
    ks = '-'.join(['a', 'b']).split('-')
    return x[ks.index('b')] * len(' '.join(map(str, range(3))).split())


@program(THREE)
def str_translate(x):
    return x[int(''.join((c for c in 'a1b' if c.isdigit())))]


@program(THREE)
def str_loop(x):
    s = 0.0
    for i, c in enumerate('abca'):
        s += x['abc'.index(c)] * (i + 1)
    return s


@program(THREE)
def bytes_ops(x):
    return x[b'ab'[1] - 97] * len(b'abc'.hex())


@program(THREE)
def repr_eval(x):
    return x[0] * float(repr(2.5)) * int(str(3), 10) * len(repr([1, 'a']))


@program(THREE)
def divmod_(x):
    q, r = divmod(7, 3)
    return x[r] * q + round(2.567, 1) * x[0] + abs(-3) * x[1] + pow(2, 3) * x[2]


@program(THREE)
def isinst(x):
    s = 0.0
    for v in (1, 2.0, 'a', None, [1], (2,), x):
        if isinstance(v, bool):
            s += 100
        elif isinstance(v, (int, float)):
            s += v * x[0]
        elif isinstance(v, str):
            s += x[1]
        elif v is None:
            s += x[2]
        elif isinstance(v, (list, tuple)):
            s += v[0] * x[0]
        elif isinstance(v, np.ndarray):
            s += np.sum(v ** 2)
    return s


@program(THREE)
def types_is(x):
    return x[0] if type(x[0]) is np.float64 and type([]) is list and type({}) is dict and type("a") is str else x[1]
