"""Random statements: each maker emits lines into the scope, or returns False where nothing in scope fits."""

from __future__ import annotations

from collections.abc import Callable

from generator import loops
from generator.expressions import bounded, call, condition, scalar, value
from generator.scope import Scope, Shape
from generator.views import index, view_of_shape, write_target

__all__ = ["block", "shapes", "statement"]


def shapes(scope: Scope) -> Shape:
    """A shape for a new variable."""
    rng = scope.rng
    kind = rng.random()
    if kind < 0.35:
        return ()
    if kind < 0.75:
        return (rng.choice(scope.lengths),)
    return (rng.choice(scope.lengths), rng.choice(scope.lengths))


def tame(scope: Scope, shape: Shape, depth: int = 2) -> str:
    """A value that may be assigned here: bounded inside loops, where growth would repeat."""
    return bounded(scope, shape, depth) if scope.place.loops else value(scope, shape, depth)


def block(scope: Scope, count: int) -> None:
    """``count`` statements."""
    for _ in range(count):
        statement(scope)


def statement(scope: Scope) -> None:
    """One statement; compound ones only while the nesting is shallow."""
    makers = SIMPLE if scope.place.depth > 2 or len(scope.lines) > scope.budget else SIMPLE + COMPOUND
    weights = [weight for _, weight in makers]
    for maker, _ in scope.rng.choices(makers, weights, k=12):
        if maker(scope) is not False:
            return
    assign(scope)


# -- assignments -------------------------------------------------------------------------------------------------------


def assign(scope: Scope) -> None:
    shape = shapes(scope)
    text = tame(scope, shape)
    scope.emit(f"{(name := scope.temporary())} = {text}")
    scope.bind(name, shape, writable=not text.startswith(("np.broadcast_to", "np.diag")) and ".diagonal" not in text)


def rebind(scope: Scope) -> bool | None:
    name = scope.find(lambda name: not name.constant)
    if name is None:
        return False
    text = tame(scope, name.shape)
    if name.shape and ("diagonal" in text or "broadcast_to" in text):
        text = f"1.0 * ({text})"
    scope.emit(f"{name.text} = {text}")
    scope.bind(name.text, name.shape)
    return None


def chained(scope: Scope) -> None:
    shape = shapes(scope)
    one, two = scope.new("v"), scope.new("v")
    scope.emit(f"{one} = {two} = 1.0 * ({tame(scope, shape, 1)})")
    scope.bind(one, shape)
    scope.bind(two, shape)


def alias(scope: Scope) -> bool | None:
    name = scope.find(lambda name: bool(name.shape))
    if name is None:
        return False
    scope.emit(f"{(new := scope.temporary())} = {name.text}")
    scope.bind(new, name.shape, name.writable)
    return None


def view(scope: Scope) -> bool | None:
    shape = shapes(scope)
    if not shape:
        shape = (scope.rng.choice(scope.lengths),)
    text = view_of_shape(scope, shape, writable=True)
    if text is None:
        return False
    rebound = scope.find(lambda name: name.shape == shape and not name.constant)
    if rebound is not None and scope.rng.random() < 0.2:
        new = rebound.text
    else:
        new = scope.temporary()
    scope.emit(f"{new} = {text}")
    scope.bind(new, shape)
    return None


def swap(scope: Scope) -> bool | None:
    rng = scope.rng
    if rng.random() < 0.25 and (name := scope.find(lambda name: bool(name.shape) and name.writable and name.shape[0] > 1)):
        i, j = index(scope, name.shape[0]), index(scope, name.shape[0])
        scope.emit(f"{name.text}[{i}], {name.text}[{j}] = {name.text}[{j}], {name.text}[{i}]")
        return None
    one = scope.find(lambda name: not name.constant and name.writable)
    two = one and scope.find(lambda name: name.shape == one.shape and name != one and not name.constant and name.writable)
    if one is None or two is None:
        return False
    third = scope.find(lambda name: name.shape == one.shape and name not in (one, two) and not name.constant and name.writable)
    if third is not None and rng.random() < 0.3:
        scope.emit(f"{one.text}, {two.text}, {third.text} = {two.text}, {third.text}, {one.text}")
    else:
        scope.emit(f"{one.text}, {two.text} = {two.text}, {one.text}")
    return None


def unpack(scope: Scope) -> None:
    rng = scope.rng
    left, right = shapes(scope), shapes(scope)
    one, two = scope.new("v"), scope.new("v")
    texts = [f"1.0 * ({tame(scope, shape, 1)})" for shape in (left, right)]
    if rng.random() < 0.3:
        pair = scope.new("pair")
        scope.emit(f"{pair} = ({', '.join(texts)})")
        scope.emit(f"{one}, {two} = {pair}")
    elif rng.random() < 0.3:
        scope.emit(f"{one}, *rest = {', '.join(texts)}, {scalar(scope, 1)}")
        scope.emit(f"{two} = rest[0]")
    else:
        scope.emit(f"{one}, {two} = {', '.join(texts)}")
    scope.bind(one, left)
    scope.bind(two, right)


def walrus(scope: Scope) -> None:
    name = scope.new("v")
    scope.emit(f"{scope.new('v')} = ({name} := {tame(scope, (), 1)}) * {scalar(scope, 1)}")
    scope.bind(name, ())
    scope.bind(f"v{scope.fresh}", ())


# -- writes ------------------------------------------------------------------------------------------------------------


def write(scope: Scope) -> bool | None:
    target = write_target(scope)
    if target is None:
        return False
    text, shape = target
    right = shape if scope.rng.random() < 0.75 else ()
    scope.emit(f"{text} = {tame(scope, right, scope.rng.choice((0, 1, 2)))}")
    return None


def augment(scope: Scope) -> bool | None:
    target = write_target(scope)
    if target is None:
        return False
    text, shape = target
    right = shape if scope.rng.random() < 0.7 else ()
    sign = scope.rng.choice(("+=", "+=", "-=", "*="))
    if scope.rng.random() < 0.1:
        scope.emit(f"{text} /= 1.5 + ({bounded(scope, right, 1)}) ** 2")
    else:
        scope.emit(f"{text} {sign} {bounded(scope, right, 1)}")
    return None


def augment_name(scope: Scope) -> bool | None:
    name = scope.find(lambda name: name.writable and (bool(name.shape) or not name.constant))
    if name is None:
        return False
    right = name.shape if scope.rng.random() < 0.6 else ()
    if name.shape and len(name.shape) == 2 and scope.rng.random() < 0.3:
        right = name.shape[1:]
    scope.emit(f"{name.text} {scope.rng.choice(('+=', '+=', '-=', '*='))} {bounded(scope, right, 1)}")
    return None


def fancy(scope: Scope) -> bool | None:
    """Writes through integer arrays (with repeats), masks, ``np.add.at``, ``out=``, ``np.copyto``, ``fill``."""
    rng = scope.rng
    name = scope.find(lambda name: len(name.shape) == 1 and name.writable)
    if name is None:
        return False
    v, n = name.text, name.shape[0]
    k = rng.choice((2, 3))
    indices = [rng.randrange(-n, n) for _ in range(k)]
    if rng.random() < 0.7:
        indices = rng.sample(range(n), min(n, k))
    k = len(indices)
    one, many, full = bounded(scope, (), 1), bounded(scope, (k,), 1), bounded(scope, (n,), 1)
    scope.emit(rng.choice((
        f"{v}[{indices}] = {rng.choice((one, many))}", f"{v}[np.array({indices})] = {many}",
        f"{v}[{indices}] += {rng.choice((one, many))}",
        f"{v}[{v} > {rng.choice(('0.2', '0.55', '-0.3'))}] = {one}", f"{v}[{v} > {rng.choice(('0.2', '0.55'))}] *= {one}",
        f"np.add.at({v}, {indices}, {many})", f"{rng.choice(('np.sin', 'np.tanh'))}({full}, out={v})",
        f"np.multiply({v}, {full}, out={v})", f"np.copyto({v}, {full})", f"{v}.fill({one})", f"{v}[:] = {full}",
        f"{v}[...] = {one}",
    )))
    return None


# -- odds and ends -----------------------------------------------------------------------------------------------------


def container(scope: Scope) -> bool | None:
    """A dict or a tuple that holds a variable's array, then a write or a read through it."""
    rng = scope.rng
    name = scope.find(lambda name: len(name.shape) == 1 and name.writable)
    if name is None:
        return False
    box, new = scope.new("box"), scope.new("v")
    if rng.random() < 0.5:
        scope.emit(f"{box} = {{'a': {name.text}, 'b': {scalar(scope, 1)}}}")
        array, number = f"{box}['a']", f"{box}['b']"
    else:
        scope.emit(f"{box} = ({name.text}, {scalar(scope, 1)})")
        array, number = f"{box}[0]", f"{box}[1]"
    if rng.random() < 0.5:
        scope.emit(f"{array}[{index(scope, name.shape[0])}] {rng.choice(('=', '+='))} {bounded(scope, (), 1)}")
    scope.emit(f"{new} = {array}[{index(scope, name.shape[0])}] * {number}")
    scope.bind(new, ())
    return None


def flag(scope: Scope) -> None:
    """A bool and an integer that depend on data and are used later."""
    test, count, new = scope.new("flag"), scope.new("n"), scope.new("v")
    scope.emit(f"{test} = {condition(scope)}")
    scope.emit(f"{count} = 2 if {test} else 1")
    if scope.rng.random() < 0.5:
        with scope.block(f"if {scope.rng.choice(('', 'not '))}{test}:"):
            scope.emit(f"{count} += 1")
            statement(scope)
    product, power = f"{count} * {scalar(scope, 1)}", f"{bounded(scope, (), 1)} ** {count}"
    scope.emit(f"{new} = {scope.rng.choice((product, power))}")
    scope.bind(new, ())


def forget(scope: Scope) -> bool | None:
    """``del`` of a variable that only this block knows."""
    name = scope.find(lambda name: name.text.startswith("v") and name.text[1:].isdigit() and not name.constant)
    if name is None or scope.place.nested or len(scope.names) < 5:
        return False
    scope.emit(f"del {name.text}")
    del scope.names[name.text]
    return None


# -- compound ----------------------------------------------------------------------------------------------------------


def branch(scope: Scope) -> None:
    rng = scope.rng
    with scope.block(f"if {condition(scope)}:"):
        block(scope, rng.choice((1, 1, 2, 3)))
        leave(scope, 0.35)
    if rng.random() < 0.25:
        with scope.block(f"elif {condition(scope)}:"):
            block(scope, rng.choice((1, 2)))
            leave(scope, 0.2)
    if rng.random() < 0.5:
        with scope.block("else:"):
            block(scope, rng.choice((1, 1, 2)))
            leave(scope, 0.1)


def both_arms(scope: Scope) -> None:
    """A name that is born in both arms of an if: a value, an alias or a view in each."""
    shape = shapes(scope)
    name = scope.temporary()
    test = condition(scope)
    with scope.block(f"if {test}:"):
        scope.emit(f"{name} = {_any(scope, shape)}")
    with scope.block("else:"):
        if scope.rng.random() < 0.4:
            statement(scope)
        scope.emit(f"{name} = {_any(scope, shape)}")
    scope.bind(name, shape, writable=not shape)


def _any(scope: Scope, shape: Shape) -> str:
    view = view_of_shape(scope, shape) if shape and scope.rng.random() < 0.5 else None
    return view or tame(scope, shape, 1)


def leave(scope: Scope, chance: float) -> None:
    """Perhaps a break, a continue or a return at the end of a branch."""
    rng = scope.rng
    if rng.random() >= chance:
        return
    exits = ["break", "continue"] if scope.place.breaks else []
    if scope.place.returns and rng.random() < 0.5:
        exits.append(f"return {scalar(scope, 2)}")
    if exits:
        scope.emit(rng.choice(exits))


def run_helper(scope: Scope) -> bool | None:
    """Call a helper for what it does to its argument, or keep what it returns."""
    rng = scope.rng
    filler = call(scope, None)
    if filler is not None and rng.random() < 0.5:
        scope.emit(filler)
        return None
    function = scope.function(lambda f: f.result is not None)
    if function is None:
        return False
    text = call(scope, function.result)
    if text is None:
        return False
    scope.emit(f"{(name := scope.temporary())} = {text}")
    scope.bind(name, function.result or ())
    if rng.random() < 0.4 and function.result:
        scope.emit(f"{name} += {bounded(scope, function.result, 1)}")
    return None


Maker = Callable[[Scope], "bool | None"]

SIMPLE: list[tuple[Maker, float]] = [
    (assign, 5), (rebind, 5), (write, 8), (augment, 6), (augment_name, 4), (alias, 2), (view, 4), (swap, 2), (unpack, 1),
    (chained, 0.7), (walrus, 0.5), (fancy, 2.5), (run_helper, 4), (container, 1), (forget, 0.4)]
COMPOUND: list[tuple[Maker, float]] = [
    (branch, 6), (both_arms, 1.5), (flag, 0.8), (loops.counted, 6), (loops.over_arrays, 5), (loops.repeated, 3),
    (loops.listed, 2.5), (loops.grown, 0.8), (loops.buffered, 0.7)]
