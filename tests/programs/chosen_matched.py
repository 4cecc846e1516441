"""``match``, ``del`` and loops on one of two objects."""

from dataclasses import dataclass

from programs.registry import LINE, THREE, program


@dataclass
class Circle:
    r: float


@dataclass
class Box:
    w: float
    h: float


@program(THREE)
def text_of_two(x):
    mode = "sum" if x[0] > 0.5 else "product"
    match mode:
        case "sum" | "total":
            return x[0] + x[1]
        case "product":
            return x[1] * x[2]
        case _:
            return x[0]


@program(THREE)
def shapes(x):
    total = 0.0
    for v in x:
        shape = Circle(v) if v > 0.5 else Box(v, x[2])
        match shape:
            case Circle(r):
                total += 3.0 * r**2
            case Box(w, h) if w > 0.2:
                total += w * h**2
            case Box():
                total += 1.0
    return total


@program(THREE)
def tagged_pairs(x):
    command = ("neg", x[0]) if x[1] > 0.9 else ("cube", x[1])
    match command:
        case ("neg", v):
            return -(v**2)
        case ("cube", v):
            return v**3


@program(THREE)
def lists_of_other_lengths(x):
    items = [x[0]] if x[1] > 0.9 else [x[1], x[2]]
    match items:
        case [a]:
            return a**2
        case [a, b]:
            return a * b


@program(THREE)
def loop_over_one_of_two(x):
    s = 0.0
    for k in range(3):
        items = [x[k]] if x[k] > 1.0 else [x[k], x[0], x[1]] if x[k] > 0.5 else []
        for i, v in enumerate(items):
            s += v**2 * (i + 1)
        s += len(items) * x[k]
    return s


@program(THREE)
def changed_and_gone_through(x):
    a, b = [x[0]], [x[1], x[2]]
    c = a if x[0] > 0.5 else b
    c.append(x[0] ** 2)
    del c[0]
    s = 0.0
    for v in c:
        s += v**2
    return s + len(a) * sum(b)


@program(THREE)
def items_of_one_of_two(x):
    a, b = {"u": x[0], "v": x[1]}, {"u": x[1], "v": x[2]}
    c = a if x[1] > 0.9 else b
    s = 0.0
    for key, v in c.items():
        s += v**3 * (2.0 if key == "u" else 1.0)
    return s * sum(c.values())


@program(LINE)
def best_so_far(x):
    best = None
    for v in [u**2 for u in x if u > 0.2]:
        if best is None or v > best:
            best = v
    return best
