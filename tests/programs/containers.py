"""Lists, tuples, dicts, dataclasses: inside functions, as arguments, as results, with arrays that are shared."""

from dataclasses import dataclass

import numpy as np

from programs.registry import array, program


@dataclass
class Layer:
    weight: np.ndarray
    bias: float


@program(array(4))
def list_grown_in_a_loop(x):
    out = []
    for v in x:
        out.append(v * v)
    return sum(out) * out[0] + out[-1]


@program(array(3, 4))
def list_of_arrays_stacked(m):
    out = []
    h = np.zeros(4)
    for row in m:
        h = np.tanh(h * row + row)
        out.append(h)
    s = np.stack(out)
    return np.sum(s * s) + np.sum(out[1])


@program(array(4))
def list_made_into_an_array(x):
    out = []
    for i in range(4):
        out.append(x[i] * i)
    y = np.array(out)
    return np.sum(y * y) + len(out) * x[0]


@program(array(4))
def list_indexed_while_it_grows(x):
    out = [1.0]
    for v in x:
        out.append(out[-1] * v + 0.3 * out[0])
    return out[2] * out[4]


@program(array(6))
def list_sliced(x):
    out = []
    for v in x:
        out.append(np.sin(v))
    return sum(out[1:3]) * sum(out[::2]) + sum(out[-2:])


@program(array(4))
def list_iterated_twice(x):
    out = []
    for v in x:
        out.append(v * x[0])
    s = 1.0
    for v in out:
        s = s * v + 1.0
    for i, v in enumerate(out):
        s += v * i
    return s


@program(array(5), 0.4)
def list_grown_in_a_branch(x, limit):
    out = []
    for v in x:
        if v > limit:
            out.append(v * v)
            if len(out) > 1:
                break
    return sum(out) + len(out) * x[0]


@program(0.3, 0.6)
def list_literal(a, b):
    items = [a, b, a * b]
    items[1] = items[0] * items[2]
    items[0] += items[1]
    s = 0.0
    for v in items:
        s = s * a + v
    return s + len(items)


@program(array(3))
def list_of_arrays_written_through(x):
    items = [x, x * 2.0]
    items[0][1] = items[1][0] * x[2]
    items[1] += items[0]
    return np.sum(items[1] ** 2) + np.sum(x)


@program(array(3))
def lists_in_a_list(x):
    rows = [[x[0], x[1]], [x[2], x[0] * x[1]]]
    rows[1][0] = rows[0][0] * rows[0][1]
    return rows[1][0] * rows[1][1] + np.sum(np.array(rows) ** 2)


@program(array(3))
def list_aliased(x):
    a = [x[0], x[1]]
    b = a
    b[0] = x[2] * a[1]
    a.append(b[0] * 2.0)
    return sum(b) * a[0]


@program(array(3))
def list_operations(x):
    a = [x[0]] * 2 + [x[1]]
    a.append(x[2])
    last = a.pop()
    first, second, *rest = a
    return first * second + rest[0] * last


@program(array(3))
def appended_array_changed_later(x):
    out = []
    h = x * 2.0
    for i in range(3):
        h = h * h + i
        out.append(h)
    return np.sum(out[0] * out[2]) + np.sum(h)


@program(array(3))
def appended_array_is_shared(x):
    out = []
    for i in range(3):
        x[i] = x[i - 1] * x[i]
        out.append(x)
    return np.sum(out[0] * out[1]) + np.sum(x)


@program(array(3))
def appended_copy(x):
    out = []
    for i in range(3):
        x[i] = x[i - 1] * x[i]
        out.append(x.copy())
    return np.sum(out[0] * out[1]) + np.sum(x)


@program(array(4))
def tuple_of_arrays(x):
    pair = (x[:2], x[2:] * 1.0)
    pair[0][1] = pair[1][0] * x[3]
    a, b = pair
    b *= a
    return np.sum(x * x) + np.sum(b)


@program(array(4))
def tuple_carried_by_a_loop(x):
    state = (x[0], x[1:])
    for _ in range(3):
        a, b = state
        state = (np.sin(a + b[0]), b * a)
    return state[0] + np.sum(state[1])


@program(array(4), array(4, shift=1.0))
def tuple_of_references_swapped(x, y):
    pair = (x, y)
    pair = (pair[1], pair[0])
    pair[0][0] = pair[1][1] ** 2
    return np.sum(x * x) + np.sum(y * y * y)


@program({"w": array(3), "b": 0.4}, array(3, shift=1.0))
def dict_of_parameters(p, x):
    h = np.tanh(p["w"] * x + p["b"])
    return np.sum(h * h)


@program({"w": array(3), "b": 0.4}, array(3, shift=1.0))
def dict_changed_inside(p, x):
    p["b"] = p["b"] * x[0]
    p["w"][1] = x[1] * p["b"]
    p["c"] = np.sum(p["w"])
    return p["c"] * p["b"] + np.sum(p["w"] ** 2)


@program(array(3))
def dict_inside(x):
    d = {"a": x[0], "rest": x[1:]}
    d["a"] += d["rest"][0] ** 2
    d["rest"][1] = d["a"] * x[1]
    s = 0.0
    for key, value in d.items():
        s += np.sum(value * value)
    return s + np.sum(x) + len(d)


@program({"a": array(2), "b": array(2, shift=1.0)})
def dict_values(p):
    s = 0.0
    for value in p.values():
        s += np.sum(value**2)
    for key in p:
        s = s * p[key][0]
    return s


@program([(array(4, 3), array(4)), (array(2, 4, shift=1.0), array(2, shift=2.0))], array(3))
def layers_of_different_widths(params, x):
    h = x
    for w, b in params:
        h = np.tanh(w @ h + b)
    return np.sum(h * h)


@program([array(3, 3), array(3, 3, shift=1.0), array(3, 3, shift=2.0)], array(3))
def layers_of_equal_widths(params, x):
    for w in params:
        x = np.maximum(w @ x, 0.1 * x)
    return np.sum(x * x)


@program([array(4, 3), array(2, 4, shift=1.0)], array(3))
def layers_by_index(params, x):
    for i in range(len(params)):
        x = np.tanh(params[i] @ x)
    params[0][0, 0] = x[1] ** 2
    return np.sum(x * x) + np.sum(params[0])


@program(({"a": 0.3, "b": [array(2), 0.7]}, array(2, shift=1.0)), 0.6)
def nested_parameters(p, x):
    d, v = p
    return np.sum(d["b"][0] * v * d["a"]) + d["b"][1] * x


@program(({"a": 0.3, "b": [array(2), 0.7]}, array(2, shift=1.0)))
def nested_result(p):
    d, v = p
    return {"y": [d["b"][0] * v, d["a"] ** 2], "z": (d["b"][1] * v,)}


@program(Layer(array(3), 0.2), array(3, shift=1.0))
def dataclass_argument(layer, x):
    return np.sum(np.tanh(layer.weight * x + layer.bias))


@program([0.3, 0.8, -0.4])
def list_of_floats_as_argument(xs):
    s = 1.0
    for x in xs:
        s = s * x + 1.0
    return s * xs[1] + len(xs)


@program([0.3, 0.8], 0.5)
def list_argument_appended_to(xs, a):
    xs.append(a * xs[0])
    xs[0] = a
    return sum(xs) * xs[2]


@program(array(4))
def membership_and_length(x):
    d = {"a": x[0]}
    if "b" not in d:
        d["b"] = x[1] * d["a"]
    n = len(d) + len((1, 2))
    return d["b"] * n * d.get("a")


@program(array(3), array(3, shift=1.0))
def zip_of_lists(x, y):
    xs, ys = [], []
    for i in range(3):
        xs.append(x[i] * y[i])
        ys.append(x[i] + y[i])
    s = 0.0
    for a, b in zip(xs, ys):
        s = s * a + b
    return s


@program(array(3, 3))
def list_of_rows_summed(m):
    rows = []
    for i in range(3):
        rows.append(m[i] * m[i, 0])
    t = rows[0] + rows[1] * rows[2]
    return np.sum(np.concatenate(rows) ** 2) + np.sum(t) + np.sum(sum(rows))


@program(array(3))
def list_of_floats_written(x):
    buffer = [0.0] * 3
    for t in range(3):
        buffer[t] = x[t] ** 2
    for t in range(1, 3):
        buffer[t] += buffer[t - 1]
    return buffer[2] * buffer[1]


@program(array(3))
def array_of_nested_comprehension(x):
    M = np.array([[a * b for a in x] for b in x])
    return np.linalg.det(M + np.eye(3))


@program(array(3))
def array_of_list_of_lists(x):
    rows = []
    for k in range(x.shape[0]):
        rows.append([[a * b * x[k] for b in x[:2]] for a in x])
    A = np.array(rows)
    return np.sum(A ** 3 * np.arange(A.size).reshape(A.shape))
