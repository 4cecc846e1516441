"""Views: ways to look at an array, as text, with the shape that is seen."""

from __future__ import annotations

from generator.scope import Scope, Shape

__all__ = ["index", "random_view", "slice_of", "view_of_shape", "write_target"]


def index(scope: Scope, length: int) -> str:
    """An index that is inside ``range(length)``: a number from either end, or a counter of a loop."""
    rng = scope.rng
    fits = [c for c in scope.counters.values() if 0 <= c.low and c.high <= length]
    if fits and rng.random() < 0.7:
        counter = rng.choice(fits)
        if counter.low >= 1 and rng.random() < 0.4:
            return f"{counter.text} - 1"
        if counter.high < length and rng.random() < 0.4:
            return f"{counter.text} + 1"
        return counter.text
    return str(rng.randrange(-length, length))


def slice_of(scope: Scope, length: int) -> tuple[str, int]:
    """The text of a slice, and its length (at least 1)."""
    rng = scope.rng
    choices = [(":", length), ("::-1", length), ("::2", (length + 1) // 2)]
    if length > 1:
        choices += [("1:", length - 1), (":-1", length - 1), ("1::2", length // 2), ("-2:", 2), (":2", 2)]
    if length > 2:
        choices += [("1:-1", length - 2), ("2:", length - 2), (":-2", length - 2), ("1:3", 2), ("-2::-1", length - 1)]
    return rng.choice(choices)


def random_view(scope: Scope, text: str, shape: Shape) -> tuple[str, Shape, bool]:
    """One step: the text of a view of ``text``, its shape, and whether it can be written to."""
    rng = scope.rng
    if len(shape) == 1:
        return _view_of_vector(scope, text, shape[0])
    if len(shape) == 2:
        return _view_of_matrix(scope, text, shape)
    if len(shape) == 3 and rng.random() < 0.8:
        axis = rng.randrange(3)
        return f"{text}[{':, ' * axis}{index(scope, shape[axis])}]", shape[:axis] + shape[axis + 1:], True
    return f"{text}.T", shape[::-1], True


def _view_of_vector(scope: Scope, text: str, n: int) -> tuple[str, Shape, bool]:
    rng = scope.rng
    cut, length = slice_of(scope, n)
    choices: list[tuple[str, Shape]] = [(f"{text}[{cut}]", (length,))] * 6
    choices += [(f"{text}[:, None]", (n, 1)), (f"{text}[None]", (1, n)), (f"{text}[...]", (n,)),
                (f"{text}.reshape(-1, 1)", (n, 1)),
                (f"np.expand_dims({text}, 0)", (1, n)), (f"{text}.ravel()", (n,)), (f"{text}.T", (n,))]
    if n == 4:
        choices += [(f"{text}.reshape(2, 2)", (2, 2))] * 2
    view, shape = rng.choice(choices)
    return view, shape, True


def _view_of_matrix(scope: Scope, text: str, shape: Shape) -> tuple[str, Shape, bool]:
    rng = scope.rng
    r, c = shape
    (rows, p), (cols, q) = slice_of(scope, r), slice_of(scope, c)
    row, col = index(scope, r), index(scope, c)
    choices: list[tuple[str, Shape, bool]] = [
        (f"{text}[{row}]", (c,), True), (f"{text}[{row}]", (c,), True), (f"{text}[:, {col}]", (r,), True),
        (f"{text}[:, {col}]", (r,), True), (f"{text}.T", (c, r), True), (f"{text}.T", (c, r), True),
        (f"{text}[{rows}]", (p, c), True), (f"{text}[:, {cols}]", (r, q), True), (f"{text}[{rows}, {cols}]", (p, q), True),
        (f"{text}[{row}, {cols}]", (q,), True), (f"{text}[{rows}, {col}]", (p,), True),
        (f"{text}.reshape(-1)", (r * c,), True), (f"{text}.reshape({c}, {r})", (c, r), True),
        (f"{text}.ravel()", (r * c,), True),
        (f"{text}.swapaxes(0, 1)", (c, r), True), (f"np.transpose({text})", (c, r), True),
        (f"{text}.diagonal()", (min(r, c),), False), (f"{text}[..., {col}]", (r,), True),
        (f"np.squeeze({text}[:, {col}:][:, :1])" if col[0] != "-" and r > 1 else f"{text}[:]", (r,) if col[0] != "-" and r > 1
         else (r, c), True),
    ]
    return rng.choice(choices)


def view_of_shape(scope: Scope, shape: Shape, writable: bool = False) -> str | None:
    """A view of some array in scope that has just this shape, or None if a few tries find none."""
    for _ in range(10):
        name = scope.find(lambda name: bool(name.shape) and (name.writable or not writable))
        if name is None:
            return None
        text, seen, can_write = name.text, name.shape, name.writable
        for _ in range(scope.rng.choice((1, 1, 1, 2, 2, 3))):
            text, seen, ok = random_view(scope, text, seen)
            can_write = can_write and ok
            if seen == shape and (can_write or not writable):
                return text
    return None


def write_target(scope: Scope) -> tuple[str, Shape] | None:
    """Something in brackets or behind a view that an assignment can write to, and its shape (``()`` for an element)."""
    name = scope.find(lambda name: bool(name.shape) and name.writable)
    if name is None:
        return None
    text, shape = name.text, name.shape
    if scope.rng.random() < 0.3:
        view, seen, can_write = random_view(scope, text, shape)
        if can_write:
            text, shape = view, seen
    if scope.rng.random() < 0.5:
        return f"{text}[{', '.join(index(scope, n) for n in shape)}]", ()
    if len(shape) == 1:
        cut, length = slice_of(scope, shape[0])
        return f"{text}[{cut}]", (length,)
    if len(shape) == 2:
        (rows, p), (cols, q) = slice_of(scope, shape[0]), slice_of(scope, shape[1])
        row, col = index(scope, shape[0]), index(scope, shape[1])
        return scope.rng.choice([(f"{text}[{row}]", (shape[1],)), (f"{text}[:, {col}]", (shape[0],)),
                                 (f"{text}[{rows}, {cols}]", (p, q)), (f"{text}[{rows}]", (p, shape[1])),
                                 (f"{text}[{row}, {cols}]", (q,))])
    return f"{text}[...]", shape
