"""What every tool that transforms source is tried on: slices that are written to, lists, tuples, dicts."""

from __future__ import annotations

import numpy as np

from programs.registry import array, program

# -- subscripts and slices ---------------------------------------------------------------------------------------------


@program(array(5))
def subscripts(x):
    return x[0] * x[-1] + x[2] ** 2 * x[-3]


@program(array(4, 5))
def slices_of_every_kind(a):
    return np.sum(a[1:, ::2] * a[:-1, 1:4]) + a[2, 3] * np.sum(a[::-1, 0] * a[:, -1])


@program(array(6))
def slice_assignment(x):
    y = np.zeros(6)
    y[:3] = x[3:] ** 2
    y[3:] = y[:3] * x[:3]
    y[::2] += x[1::2]
    return np.sum(y * x)


@program(array(3, 3))
def assignment_of_rows_and_columns(a):
    b = np.empty_like(a)
    b[0] = a[:, 1]
    b[1, :] = a[2] * b[0]
    b[2] = 1.0
    b[:, 0] *= a[0]
    return np.sum(b ** 2)


@program(array(5))
def overwritten_argument(x):
    x[1] = x[0] * x[2]
    x[2] = x[1] ** 2
    x[0] = 0.5
    return np.sum(x ** 2)


@program(array(3, 2))
def subscripts_of_subscripts(a):
    a[1][0] = a[0][1] * 3
    return np.sum(a[1] * a[2]) * a[0][0]


@program(array(6))
def boolean_masks(x):
    mask = x > 0.1
    y = x.copy()
    y[mask] = y[mask] ** 2
    y[~mask] *= -3
    return np.sum(y * x)


@program(array(5), np.array([3, 0, 3, 1]))
def gather_and_scatter(x, where):
    y = np.zeros_like(x)
    np.add.at(y, where, x[where] ** 2)
    return np.sum(y * x[::-1])


@program(array(3, 4))
def new_axes_and_dots(a):
    pair = a[:, np.newaxis, :] - a[None]
    return np.sum(pair[..., 1:] ** 2 * a[:, None, 1:])


# -- lists, tuples, dicts ----------------------------------------------------------------------------------------------


@program(0.9)
def appended_in_a_loop(x):
    values = [x]
    for k in range(5):
        values.append(values[-1] * x + k)
    return sum(values) * values[2]


@program(0.7, 1.3)
def popped_and_inserted(x, y):
    stack = [x, y]
    stack.insert(1, x * y)
    top = stack.pop()
    stack.append(top * stack.pop(0))
    stack.extend([x, y ** 2])
    return stack[0] * stack[1] + stack[-1]


@program([[0.3, 0.8], [1.2, -0.4], [0.5, 0.6]])
def nested_lists(rows):
    total = 0.0
    for row in rows:
        row[0] = row[0] * row[1]
        total += row[0] ** 2 + row[1]
    return total * rows[1][0]


@program([array(2, 3), array(3, 2, shift=1.0), array(2, 2, shift=2.0)])
def product_of_a_list_of_matrices(matrices):
    result = matrices[0]
    for m in matrices[1:]:
        result = np.tanh(result @ m)
    return np.sum(result)


@program((0.6, (array(2), 1.4)))
def nested_tuples(pair):
    a, (b, c) = pair
    first, *rest = (a * c, b[0], b[1])
    return first * rest[0] + c ** rest[1]


@program({"w": array(2, 3), "b": array(2, shift=1.0), "scale": 0.7}, array(3, shift=2.0))
def dict_of_parameters(params, x):
    h = params["w"] @ x + params["b"]
    out = {"h": np.tanh(h), **{k: v for k, v in params.items() if k == "scale"}}
    out["h"] = out["h"] * out["scale"]
    return np.sum(out["h"] ** 2)


@program([{"w": array(3, 3), "b": array(3)}, {"w": array(2, 3, shift=1.0), "b": array(2, shift=1.0)}], array(3, shift=2.0))
def layers_in_a_list_of_dicts(layers, x):
    *hidden, last = layers
    for layer in hidden:
        x = np.maximum(layer["w"] @ x + layer["b"], 0)
    return np.sum((last["w"] @ x + last["b"]) ** 2)


@program(array(4))
def comprehensions(x):
    squares = [v ** 2 for v in x if v > -0.5]
    table = {f"x{k}": x[k] * 2 for k in range(3)}
    pairs = [[a * b for b in x] for a in x]
    return sum(table.values()) + pairs[0][1] * sum(sum(row) for row in pairs)


@program(array(3))
def list_turned_into_an_array(x):
    rows = []
    for k in range(3):
        rows.append(x * x[k])
    a = np.array(rows)
    return np.sum(a[1:] * np.stack(rows, axis=1)[1:])


@program(0.4)
def swapped_items_of_a_list(x):
    a = [x, x ** 2, x ** 3]
    a[0], a[2] = a[2], a[0]
    a[1:] = [a[0] * 2, a[1] + a[2]]
    return a[0] + 2 * a[1] * a[2]
