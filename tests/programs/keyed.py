"""Dicts, sets, deques, defaultdicts."""

import collections

from programs.registry import LINE, THREE, program


@program(THREE)
def dequew(x):
    d = collections.deque([0.0, 0.0], maxlen=2)
    s = 0.0
    for v in x:
        d.append(v)
        s += d[0] * d[1]
    return s


@program(THREE)
def dequeops(x):
    d = collections.deque(x)
    d.appendleft(x[1] * 2)
    a = d.popleft()
    b = d.pop()
    d.rotate(1)
    return a * b + d[0] * len(d)


@program(THREE)
def ddlist(x):
    d = collections.defaultdict(list)
    for i in range(3):
        d[i % 2].append(x[i])
    return sum(d[0]) * d[1][0]


@program(THREE)
def odict(x):
    d = collections.OrderedDict()
    d['a'] = x[0]
    d['b'] = x[1]
    d.move_to_end('a')
    return list(d.values())[1] ** 2


@program(THREE)
def sets(x):
    s = {2, 0} | {1}
    s.discard(1)
    s.add(1)
    return sum((x[i] * (i + 1) for i in s)) * (2 in s) * len(s & {0, 2})


@program(THREE)
def setfrom(x):
    idx = set([2, 0, 2])
    return sum((x[i] ** 2 for i in sorted(idx)))


@program(THREE)
def dictops(x):
    d = {'a': x[0]} | {'b': x[1]}
    d |= {'c': x[2]}
    e = dict(d)
    del e['a']
    return sum(e.values()) * d['a'] + ('a' in d) * x[0] + len(d) * x[1]


@program(THREE)
def dictloop(x):
    d = {'a': x[0], 'b': x[1]}
    for k in d:
        d[k] = d[k] ** 2
    for k, v in list(d.items()):
        d[k + '2'] = v * 2
    return sum(d.values()) + max(d, key=d.get).__len__() * x[0] if False else sum(d.values())


@program(THREE)
def maxdict(x):
    d = {'a': x[0], 'b': x[1]}
    return d[max(d, key=lambda k: len(k) + ord(k))]


@program(THREE)
def dictview(x):
    d = {'a': x[0]}
    v = d.values()
    d['b'] = x[1]
    return sum(v) * 2


@program(THREE)
def tupkeys(x):
    d = {(i, j): x[i] * x[j] for i in range(2) for j in range(2)}
    return d[0, 1] * d[1, 1]


@program(THREE)
def dictview_loop(x):
    d = {'a': x[0], 'b': x[1]}
    vs = d.values()
    for k in range(2):
        d['a'] = d['a'] * x[2]
    return sum(vs)


@program(THREE)
@program(LINE)
def dict_in_loop(x):
    d = {'s': 0.0, 'c': 0}
    for v in x:
        d['s'] += v * v
        d['c'] += 1
    return d['s'] / d['c']


@program(LINE)
def dd_long(x):
    d = collections.defaultdict(float)
    for i, v in enumerate(x):
        d[i % 3] += v * v
    return d[0] * d[1] + d[2]


@program(LINE)
def window_long(x):
    w = collections.deque([0.0] * 3, maxlen=3)
    s = 0.0
    for v in x:
        w.append(v)
        s += sum(w) * w[0]
    return s


@program(THREE)
def setmember(x):
    skip = {1}
    return sum((v for i, v in enumerate(x) if i not in skip))


@program(THREE)
def sortitems(x):
    d = {'b': x[0], 'a': x[1]}
    return sum((v * i for i, (k, v) in enumerate(sorted(d.items()))))


@program(THREE)
def zipdict(x):
    d = dict(zip('abc', x))
    e = {k: v * 2 for k, v in d.items()}
    d.update(e)
    d.setdefault('z', x[0] * x[1])
    return d['a'] * d['z'] + len(d)


@program(THREE)
def invert(x):
    d = {'a': 0, 'b': 2}
    inv = {v: k for k, v in d.items()}
    return x[0] if inv[2] == 'b' else x[1]


@program(THREE)
def pophalf(x):
    d = {'a': x[0], 'b': x[1], 'c': x[2]}
    k, v = d.popitem()
    w = d.pop('a')
    return v * w + len(d) * x[0]


@program(THREE)
def dict_of_lists(x):
    d = {'a': [x[0]], 'b': []}
    for k in d:
        d[k].append(x[1])
        d[k] += [x[2]]
    return sum((sum(v) * len(v) for v in d.values()))


@program(THREE)
def nested_dict(x):
    d = {'l1': {'w': x[0], 'b': x[1]}, 'l2': {'w': x[2], 'b': x[0]}}
    s = 0.0
    for name, p in d.items():
        for k, v in p.items():
            s += v * (2 if k == 'w' else 1)
    d['l1']['w'] = s
    return d['l1']['w'] * d['l2']['w']


@program(THREE)
def dict_alias(x):
    d = {'a': x[0]}
    e = d
    e['b'] = x[1]
    f = d.copy()
    f['a'] = x[2]
    return d['b'] * f['a'] + d['a']


@program(THREE)
def set_ops(x):
    a = {1, 2, 3}
    b = set(range(2, 5))
    c = frozenset([1])
    s = 0.0
    for i in a & b:
        s += x[i % 3] * i
    for i in a - b | c:
        s += x[i % 3] ** 2 * i
    for i in a ^ b:
        s += x[i % 3] * 2 * i
    a.update([7])
    a.remove(1)
    return s * len(a) * (a > {2, 3}) * (not a.isdisjoint(b))


@program(THREE)
def set_order(x):
    s = 0.0
    for i in {33, 1, 17, 8}:
        s = s * x[0] + i
    return s


@program(THREE)
def set_dedupe(x):
    return sum((x[i] for i in set([2, 1, 2]))) * len({len(k) for k in ('a', 'bb', 'c')})


@program(THREE)
def dictcomp_zip(x):
    d = {k: v for k, v in zip(['a', 'b', 'c'], x)}
    m = {v: k for k, v in enumerate('abc')}
    return sum((d[k] * m[k] for k in d))


@program(THREE)
def counts_that_are_added(x):
    c = collections.Counter({1: 2}, b=3)
    c.update({1: 3})
    c.update([1, 2], b=1)
    return x[0] * c[1] + x[1] * c[2] + x[2] * c['b'] * len(c)


@program(THREE, refused=True)
def counts_joined(x):
    return x[0] * (collections.Counter({1: 2}) | collections.Counter({1: 1}))[1]


@program(THREE, refused=True)
def counts_joined_in_place(x):
    c = collections.Counter({1: 2})
    c |= collections.Counter({1: 1})
    return x[0] * c[1]


@program(THREE, refused=True)
def counts_compared(x):
    return x[0] if collections.Counter({1: 2}) == collections.Counter({1: 2, 3: 0}) else x[1]


@program(THREE)
def order_of_ordered_dicts(x):
    one, two = collections.OrderedDict(a=1, b=2), collections.OrderedDict(b=2, a=1)
    d = collections.OrderedDict(a=x[0], b=x[1], c=x[2])
    d.move_to_end('a')
    key, value = d.popitem(last=False)
    return (x[0] if one == two else x[1]) * value * d['a'] + (x[2] if one == {'b': 2, 'a': 1} else x[0]) * (key == 'b')


@program(THREE)
def lists_and_tuples_differ(x):
    same = [1] == (1,) or [1, 2] == (1, 2)
    return x[0] if same or not [1] != (1,) else x[1] * x[2]
