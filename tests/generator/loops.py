"""Random loops. They run two to four trips, and at least one, so what they bind can be used behind them."""

from __future__ import annotations

from generator import statements
from generator.expressions import bounded, condition, scalar
from generator.scope import Counter, Scope

__all__ = ["buffered", "counted", "grown", "listed", "over_arrays", "repeated"]


def _body(scope: Scope, most: int = 3) -> None:
    statements.block(scope, scope.rng.randint(1, most))


def _inside(scope: Scope) -> dict[str, object]:
    return {"loops": scope.place.loops + 1, "breaks": True}


def _after(scope: Scope) -> None:
    if scope.rng.random() < 0.08:
        with scope.block("else:", breaks=False):
            _body(scope, 1)


def counted(scope: Scope) -> bool | None:
    """``for i in range(...)`` in its forms."""
    rng = scope.rng
    if scope.place.loops > 1:
        return False
    i = f"i{scope.place.loops}"
    n = rng.choice((2, 3, 3, 4))
    forms = [(f"range({n})", 0, n), (f"range({n})", 0, n), (f"range(1, {n + 1})", 1, n + 1), (f"range({n - 1}, -1, -1)", 0, n),
             (f"reversed(range({n}))", 0, n), (f"range(0, {n + 2}, 2)", 0, n + 2)]
    array = scope.find(lambda name: bool(name.shape) and 1 < name.shape[0] < 6)
    if array is not None:
        length = array.shape[0]
        forms += [(f"range(len({array.text}))", 0, length), (f"range({array.text}.shape[0])", 0, length),
                  (f"range(1, len({array.text}))", 1, length)] * 2
    outer = [c for c in scope.counters.values() if c.low >= 1]
    if outer:
        counter = rng.choice(outer)
        forms += [(f"range({counter.text})", 0, counter.high)] * 3
    text, low, high = rng.choice(forms)
    with scope.block(f"for {i} in {text}:", **_inside(scope)):
        scope.counters[i] = Counter(i, low, high)
        _body(scope)
    _after(scope)
    return None


def over_arrays(scope: Scope) -> bool | None:
    """``for`` over an array, over ``zip`` or over ``enumerate``; rows of a matrix are views."""
    rng = scope.rng
    if scope.place.loops > 1:
        return False
    one = scope.find(lambda name: bool(name.shape) and name.shape[0] < 6)
    if one is None:
        return False
    text, shape = one.text, one.shape
    if rng.random() < 0.3 and shape[0] > 2:
        text, shape = rng.choice(((f"{text}[1:]", (shape[0] - 1, *shape[1:])), (f"{text}[::-1]", shape)))
    x = rng.choice(("x", "y", "z"))
    two = scope.find(lambda name: bool(name.shape) and name.shape[0] < 6 and len(name.shape) < 3)
    kind = rng.random()
    inside = _inside(scope)
    if kind < 0.3 and two is not None:
        with scope.block(f"for {x}, {x}2 in zip({text}, {two.text}):", **inside):
            scope.bind(x, shape[1:], one.writable)
            scope.bind(f"{x}2", two.shape[1:], two.writable)
            _body(scope)
    elif kind < 0.6:
        k = f"k{scope.place.loops}"
        with scope.block(f"for {k}, {x} in enumerate({text}):", **inside):
            scope.counters[k] = Counter(k, 0, shape[0])
            scope.bind(x, shape[1:], one.writable)
            _body(scope)
    else:
        with scope.block(f"for {x} in {f'reversed({text})' if kind > 0.96 else text}:", **inside):
            scope.bind(x, shape[1:], one.writable)
            _body(scope)
    _after(scope)
    return None


def repeated(scope: Scope) -> bool | None:
    """``while`` with a counter, mostly with a test on data too, with ``break`` and ``continue``."""
    rng = scope.rng
    if scope.place.loops > 1:
        return False
    k, n = f"n{scope.place.loops}", rng.choice((2, 3, 4))
    scope.emit(f"{k} = 0")
    test = rng.choice((f"{k} < {n}", f"{k} < {n} and {scalar(scope, 0)} < {rng.choice(('1.35', '2.05'))}", "True"))
    with scope.block(f"while {test}:", **_inside(scope)):
        scope.emit(f"{k} += 1")
        scope.counters[k] = Counter(k, 1, n + 1)
        if test == "True":
            with scope.block(f"if {k} == {n}{' or ' + condition(scope) if rng.random() < 0.5 else ''}:"):
                if rng.random() < 0.3:
                    statements.statement(scope)
                scope.emit("break")
        _body(scope)
    _after(scope)
    return None


def listed(scope: Scope) -> bool | None:
    """A list that grows in a loop, then its sum, its stack, a slice, an element, or a loop over it."""
    rng = scope.rng
    if scope.place.loops > 1:
        return False
    out, shape = scope.new("out"), statements.shapes(scope)
    scope.emit(f"{out} = []" if rng.random() < 0.7 else f"{out} = [{bounded(scope, shape, 1)}]")
    i, n = f"i{scope.place.loops}", rng.choice((2, 3))
    with scope.block(f"for {i} in range({n}):", loops=scope.place.loops + 1, breaks=False, returns=False):
        scope.counters[i] = Counter(i, 0, n)
        if rng.random() < 0.6:
            _body(scope, 2)
        last = f" + 0.3 * {out}[-1]" if rng.random() < 0.3 and scope.lines[-1].strip().endswith("]") and i == "never" else ""
        scope.emit(f"{out}.append({bounded(scope, shape, 1)}{last})")
    name = scope.new("v")
    kind = rng.random()
    if kind < 0.3:
        scope.emit(f"{name} = {rng.choice(('sum', 'sum'))}({out})")
    elif kind < 0.5:
        scope.emit(f"{name} = np.{'array' if not shape or rng.random() < 0.3 else 'stack'}({out}).sum(axis=0)")
    elif kind < 0.7:
        scope.emit(f"{name} = {out}[-1] * {out}[0] + {out}[1]")
    elif kind < 0.8:
        scope.emit(f"{name} = sum({out}[1:])")
    else:
        scope.emit(f"{name} = 0.5" if not shape else f"{name} = np.zeros({shape})")
        with scope.block(f"for h in {out}:", loops=scope.place.loops + 1, breaks=True):
            scope.bind("h", shape, writable=False)
            scope.emit(f"{name} {rng.choice(('=', '='))} {name} * 0.7 + h")
            if rng.random() < 0.3:
                statements.branch(scope)
    scope.bind(name, shape)
    return None


def grown(scope: Scope) -> bool | None:
    """A sum that starts as the number 0.0 and becomes an array."""
    name = scope.find(lambda name: len(name.shape) == 2)
    if name is None or scope.place.loops > 1:
        return False
    total, i = scope.new("v"), f"i{scope.place.loops}"
    scope.emit(f"{total} = 0.0")
    with scope.block(f"for {i} in range({name.shape[0]}):", loops=scope.place.loops + 1, breaks=False, returns=False):
        scope.counters[i] = Counter(i, 0, name.shape[0])
        scope.emit(f"{total} {scope.rng.choice(('+=', '-='))} {name.text}[{i}] * {bounded(scope, (), 1)}")
    scope.bind(total, name.shape[1:])
    return None


def buffered(scope: Scope) -> bool | None:
    """Two buffers, swapped in a loop."""
    name = scope.find(lambda name: len(name.shape) == 1 and name.shape[0] > 2 and name.writable and not name.constant)
    if name is None or scope.place.loops > 1:
        return False
    old, new, i = name.text, scope.new("v"), f"i{scope.place.loops}"
    scope.emit(f"{new} = {scope.rng.choice(('np.zeros_like({})', '{}.copy()', 'np.sin({})', 'np.ones(len({}))')).format(old)}")
    scope.bind(new, name.shape)
    with scope.block(f"for {i} in range({scope.rng.choice((2, 3))}):", loops=scope.place.loops + 1, breaks=True):
        scope.counters[i] = Counter(i, 0, 2)
        scope.emit(f"{new}[1:-1] = np.sin({old}[2:] - {old}[:-2]) + {bounded(scope, (name.shape[0] - 2,), 1)}")
        if scope.rng.random() < 0.3:
            statements.statement(scope)
        scope.emit(f"{old}, {new} = {new}, {old}")
    return None
