"""``raise``, ``assert`` and ``try``.

An exception that the program raises itself, or that is certain when it is compiled (a key that a dict does not have), is a
jump to its handler, by the flags of :mod:`srcdiff.frontend.control`: ``<caught n.k>`` says that handler k of the try n runs.
One that an operation raises at run time could come from anywhere in the body; no derivative is made for that, and the generated
code says so then. For this the body stands in a ``try`` there too, and all that it computes is computed, needed or not.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from dataclasses import field

from ..errors import UnsupportedError
from ..ir.build import const
from ..ir.core import Arg, Const, If, Op, Reshape, Stmt, Var, arg_vars, blocks_of
from ..ir.ops import OPS
from ..ir.types import Array, Object, Scalar
from ..records import dataclass
from .context import Frame, Lowerer, WouldRaise
from .control import EXIT, RESULT, RETURNED, branch, flag, go_on_with, is_false, is_true, lower_stmts, set_exit, set_flag
from .exprs import condition, expression
from .names import during, reads_of
from .structure import same_value
from .values import Poison, Tup, Value

__all__ = ["caught", "lower_assert", "lower_raise", "lower_try", "protect", "region"]


@dataclass(frozen=True, eq=False)
class Raised:
    """One place that raises: the class and its arguments, None if Python finds words of its own."""

    kind: type[BaseException]
    args: tuple[Arg, ...] | None


@dataclass(eq=False)
class Trying:
    """A ``try`` whose body is lowered. ``catches``: the classes of each handler; ``names``: what each
    calls the exception, if it looks at it; ``raised``: who jumps to each handler;
    ``at_run_time``: the classes that an operation of the body could raise."""

    number: int
    frame: Frame
    catches: tuple[tuple[type[BaseException], ...], ...]
    names: tuple[str | None, ...]
    at_run_time: tuple[type[BaseException], ...]
    raised: dict[int, list[Raised]] = field(default_factory=dict)

    def handler_of(self, kind: type[BaseException]) -> int | None:
        return next((k for k, classes in enumerate(self.catches) if issubclass(kind, classes)), None)

    def flag(self, k: int) -> str:
        return f"<caught {self.number}.{k}>"

    def exception(self, k: int) -> str:
        return f"<exception {self.number}.{k}>"


# -- raising -----------------------------------------------------------------------------------------------------------


def lower_raise(cx: Lowerer, node: ast.Raise) -> None:
    """To the handler, if there is one; else kept where it stands. Nothing after it is reached on this path."""
    raised = again(cx, node) if node.exc is None else what_is_raised(cx, node.exc)
    if not ended(cx, raised.kind) and not jumped(cx, raised):
        emit_raise(cx, raised)


def again(cx: Lowerer, node: ast.Raise) -> Raised:
    """A bare ``raise``: the exception that is handled."""
    places = cx.handled[-1] if cx.handled else []
    if len(places) != 1 or places[0].args is None:
        cx.refuse("raise without an exception, where it is not certain which one is handled", node,
                  "name it: raise ValueError(...)")
    return places[0]


def what_is_raised(cx: Lowerer, exc: ast.expr) -> Raised:
    """The class and the arguments of ``raise Class(args)``, ``raise Class`` or ``raise instance``."""
    call = exc if isinstance(exc, ast.Call) else None
    kind = expression(cx, call.func if call else exc)
    found = kind.value if isinstance(kind, Const) else None
    if isinstance(kind, Var) and kind in cx.exceptions and call is None:
        return cx.exceptions[kind]
    if isinstance(found, BaseException) and call is None:
        return Raised(type(found), tuple(const(a) for a in found.args))
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        cx.refuse(f"raise of a {cx.describe(kind)}", exc, "raise an exception class: raise ValueError(...)")
    if call is None:
        return Raised(found, ())
    if call.keywords or any(isinstance(a, ast.Starred) for a in call.args):
        cx.refuse("an exception made with keyword arguments or *", exc, "give it positional arguments: raise ValueError(text)")
    return Raised(found, tuple(cx.printable(expression(cx, a)) for a in call.args))


def make(cx: Lowerer, kind: type[BaseException], args: tuple[Value, ...], kwargs: dict[str, Value], node: ast.AST) -> Value:
    """An exception that is made and not raised yet."""
    if kwargs:
        cx.refuse("an exception made with keyword arguments", node, "give it positional arguments: ValueError(text)")
    return instance(cx, Raised(kind, tuple(cx.printable(a) for a in args)))


UNKNOWN = Poison("an exception of which the text is not known")


def is_known(places: list[Raised]) -> bool:
    """Whether an exception is the same whenever it is raised."""
    return len(places) == 1 and places[0].args is not None and all(isinstance(a, Const) for a in places[0].args)


def instance(cx: Lowerer, raised: Raised) -> Value:
    """The exception as an object: its text may be known only at run time."""
    if raised.args is None:
        return UNKNOWN
    if all(isinstance(a, Const) for a in raised.args):
        return Const(raised.kind(*(a.value for a in raised.args)), Object("static"))
    made = cx.builder.emit_all("opaque", named(cx, raised.kind), raised.args, types=(Object("exception"),))[0]
    cx.exceptions[made] = raised
    return made


def emit_raise(cx: Lowerer, raised: Raised) -> None:
    cx.builder.emit_all("raise", named(cx, raised.kind), raised.args or ())
    cx.state.dead = True


def raise_in_place(cx: Lowerer, kind: type[BaseException], message: str) -> None:
    """An exception of the program's that the generated code raises in its place."""
    emit_raise(cx, Raised(kind, (const(message),)))


def named(cx: Lowerer, kind: type[BaseException]) -> Const:
    """An exception class, as generated code calls it."""
    name = kind.__name__
    if kind.__module__ == "numpy.linalg":
        name = f"np.linalg.{name}"
    elif getattr(builtins, name, None) is not kind:
        name = cx.label(kind, name)
    return Const(kind, Object("static"), name)


def jumped(cx: Lowerer, raised: Raised) -> bool:
    """Go to the handler of an exception that is raised here; False if there is none."""
    for trying in reversed(cx.tries):
        if (k := trying.handler_of(raised.kind)) is None:
            continue
        if trying.frame is not cx.frames[-1]:
            cx.fails(raised.kind, f"{raised.kind.__name__} is raised under a condition here, and caught by a caller", None,
                     "return a value that says so, and test it in the caller", raised.args)
        jump(cx, trying, k, raised)
        return True
    return False


def is_caught(cx: Lowerer, kind: type[BaseException]) -> bool:
    """Whether an exception that is raised here is not the end of the program."""
    ends = cx.frames[-1].ends
    return (ends is not None and issubclass(kind, ends)) or any(t.handler_of(kind) is not None for t in cx.tries)


def ended(cx: Lowerer, kind: type[BaseException]) -> bool:
    """Whether an exception is a result of the function: the end of an iterator, unless the function catches it itself."""
    frame = cx.frames[-1]
    own = any(t.frame is frame and t.handler_of(kind) is not None for t in cx.tries)
    if frame.ends is None or not issubclass(kind, frame.ends) or own:
        return False
    set_flag(cx, RESULT, Tup((const(True), const(None))))
    set_exit(cx, "return")
    return True


def jump(cx: Lowerer, trying: Trying, k: int, raised: Raised) -> None:
    places = trying.raised.setdefault(k, [])
    if not any(same(raised, other) for other in places):
        places.append(raised)
    if trying.names[k] and not is_known(trying.raised[k]):
        set_flag(cx, trying.exception(k), instance(cx, raised))
    set_flag(cx, trying.flag(k), const(True))
    set_exit(cx, "return")  # leaves all loops up to the try, which takes it back


def same(a: Raised, b: Raised) -> bool:
    """Whether two places raise the same exception for certain."""
    if a.kind is not b.kind or a.args is None or b.args is None or len(a.args) != len(b.args):
        return False
    return all(map(same_value, a.args, b.args))


def caught(cx: Lowerer, error: UnsupportedError) -> bool:
    """Whether a statement that certainly fails has a handler in this function; then control goes there.

    What only a part of the statement does (``d["k"] if c else 0.0``) cannot be left in the middle.
    """
    if not isinstance(error, WouldRaise) or error.stmts is not cx.builder.stmts:
        return False
    if ended(cx, error.kind):
        return True
    for trying in reversed(cx.tries):
        if (k := trying.handler_of(error.kind)) is not None:
            if trying.frame is not cx.frames[-1]:
                return False
            jump(cx, trying, k, Raised(error.kind, error.arguments))
            return True
    return False


def lower_assert(cx: Lowerer, node: ast.Assert) -> None:
    cond = condition(cx, node.test)
    if isinstance(cond, Const) and cond.value:
        return

    def fail() -> None:
        message = () if node.msg is None else (cx.printable(expression(cx, node.msg)),)
        jumped(cx, Raised(AssertionError, message))

    if any(t.handler_of(AssertionError) is not None for t in cx.tries):
        branch(cx, cond, lambda: None, fail, cx.frames[-1].scope.after.get(node, frozenset()))
        return
    text = const(None) if node.msg is None else expression(cx, node.msg)
    cx.builder.emit_all("assert", cond, cx.printable(text))


# -- try ---------------------------------------------------------------------------------------------------------------


def lower_try(cx: Lowerer, node: ast.Try) -> None:
    if node.finalbody:
        protect(cx, lambda: try_except(cx, node), lambda: lower_finally(cx, node))
    else:
        try_except(cx, node)


def lower_finally(cx: Lowerer, node: ast.Try) -> None:
    """The statements of a ``finally``, on whatever way out."""
    left = {name: flag(cx, name) for name in (EXIT, RETURNED)}
    set_flag(cx, EXIT, const(False))
    lower_stmts(cx, node.finalbody)
    if not is_false(flag(cx, EXIT)):
        cx.refuse("return, break or continue in a finally", node.finalbody[0], "put it after the try")
    for name, value in left.items():
        set_flag(cx, name, value)


def try_except(cx: Lowerer, node: ast.Try) -> None:
    frame = cx.frames[-1]
    if not node.handlers:
        lower_stmts(cx, node.body)
        return
    catches = tuple(classes_of(cx, h) for h in node.handlers)
    passing = [all(isinstance(s, ast.Raise) and s.exc is None for s in h.body) for h in node.handlers]
    names = tuple(h.name if h.name and any(h.name in reads_of(s) for s in h.body) else None for h in node.handlers)
    trying = Trying(next(cx.ids), frame, catches, names, tuple(c for classes, passes in zip(catches, passing, strict=True)
                                                        for c in classes if not passes and raised_by_operations(c)))
    for k in range(len(catches)):
        set_flag(cx, trying.flag(k), const(False))
    cx.tries.append(trying)
    seen = [(frame.fid, trying.exception(k)) for k, name in enumerate(names) if name is not None]
    cx.pending += seen
    try:
        region(cx, trying.at_run_time, lambda: lower_stmts(cx, node.body))
    finally:
        cx.tries.remove(trying)
        for key in seen:
            cx.pending.remove(key)
    if trying.at_run_time and not trying.raised and not leaves(node.body) and is_true(flag(cx, EXIT)):
        cx.refuse("a loop that only an exception ends", node, "test for the case in the loop, and break")
    if not cx.state.dead:
        end = frame.scope.before[node.finalbody[0]] if node.finalbody else frame.scope.after[node]
        dispatch(cx, node, trying, 0, end)
    for k in range(len(catches)):
        cx.state.env.pop((frame.fid, trying.flag(k)), None)
        cx.state.env.pop((frame.fid, trying.exception(k)), None)


def classes_of(cx: Lowerer, handler: ast.ExceptHandler) -> tuple[type[BaseException], ...]:
    if handler.type is None:
        return (BaseException,)
    value = expression(cx, handler.type)
    named = [v.value if isinstance(v, Const) else None for v in (value.items if isinstance(value, Tup) else (value,))]
    found = tuple(c for c in named if isinstance(c, type) and issubclass(c, BaseException))
    if len(found) != len(named):
        cx.refuse("an except of something that is no exception class", handler.type, "name the class: except ValueError:")
    return found


ARITHMETIC = (ArithmeticError, ValueError, IndexError, TypeError, RuntimeError, MemoryError, Warning)


def raised_by_operations(kind: type[BaseException]) -> bool:
    """Whether an operation may raise it at run time: not the user's own exceptions, nor what compiling decides."""
    library = kind.__module__.partition(".")[0] in ("builtins", "numpy", "scipy")
    return library and any(issubclass(c, kind) or issubclass(kind, c) for c in ARITHMETIC)


def dispatch(cx: Lowerer, node: ast.Try, trying: Trying, k: int, end: frozenset[str]) -> None:
    """The handler that was jumped to, or the ``else``."""
    if k == len(node.handlers):
        finish(cx, node, trying, end)
        return
    cond = flag(cx, trying.flag(k))
    live = end | during(cx.frames[-1].scope, node)
    branch(cx, cond, lambda: handle(cx, node.handlers[k], trying, k, end), lambda: dispatch(cx, node, trying, k + 1, end), live)


def finish(cx: Lowerer, node: ast.Try, trying: Trying, end: frozenset[str]) -> None:
    """No exception: the ``else``, unless control left for good."""
    if trying.raised and not leaves(node.body) and not is_true(flag(cx, EXIT)):
        stay(cx)
    go_on_with(cx, node.orelse, end)


def leaves(stmts: Sequence[ast.stmt]) -> bool:
    """Whether there is a ``return``, ``break`` or ``continue``."""
    return any(isinstance(n, (ast.Return, ast.Break, ast.Continue)) for s in stmts for n in ast.walk(s))


def stay(cx: Lowerer) -> None:
    """Take back a jump: control is here."""
    loops = cx.frames[-1].loops[-1:]
    for name in (EXIT, RETURNED, *(f"<{kind} {n}>" for n in loops for kind in ("stop", "broke"))):
        set_flag(cx, name, const(False))


def handle(cx: Lowerer, handler: ast.ExceptHandler, trying: Trying, k: int, end: frozenset[str]) -> None:
    from .statements import bind_name

    stay(cx)
    name = trying.names[k]
    cx.handled.append(trying.raised[k])
    try:
        if name is not None:
            places = trying.raised[k]
            key = cx.frames[-1].fid, trying.exception(k)
            value = instance(cx, places[0]) if is_known(places) else cx.state.env.get(key, UNKNOWN)
            bind_name(cx, name, UNKNOWN if isinstance(value, Poison) else value)
        lower_stmts(cx, handler.body, end)
    finally:
        cx.handled.pop()
    if name is not None:
        cx.state.env.pop((cx.home(name), name), None)


# -- the try of the generated code ---------------------------------------------------------------------------------------


CAUGHT = "an exception was raised that this try catches: what follows would depend on how far the try got"
CAUGHT_ADVICE = "test for the case instead: if x > 0: y = math.log(x)"


def region(cx: Lowerer, classes: tuple[type[BaseException], ...], body: Callable[[], object]) -> None:
    """Lower ``body``; if an operation of it raises one of ``classes`` at run time, that is not supported."""
    stmts, loc = cx.builder.stmts, cx.builder.loc
    start = len(stmts)
    body()
    if any(s.name == "opaque" for s in operations(stmts[start:])):
        classes = tuple(dict.fromkeys((*classes, *(c for t in cx.tries[-1:] for group in t.catches for c in group))))
    if not classes or not any(may_raise(s) for s in operations(stmts[start:])):
        return
    cx.objects["UnsupportedError"] = UnsupportedError
    names = tuple(named(cx, c) for c in classes)
    message = str(UnsupportedError(CAUGHT, loc, CAUGHT_ADVICE))
    stmts.insert(start, Op("enter", (const(None), const(None), ()), (), loc))
    stmts.append(Op("leave", (names, const(message), ()), (), loc))


def protect(cx: Lowerer, body: Callable[[], object], final: Callable[[], object]) -> None:
    """Lower ``body`` and then ``final``, which runs in any case if it has an effect."""
    stmts, loc = cx.builder.stmts, cx.builder.loc
    start = len(stmts)
    body()
    middle, dead = len(stmts), cx.state.dead
    cx.state.dead = False
    final()
    cx.state.dead = cx.state.dead or dead
    if has_effect(cx, stmts[middle:]):
        stmts.insert(middle, Op("finally", (), (), loc))
        stmts.insert(start, Op("enter", (const(None), const(None), ()), (), loc))
        stmts.append(Op("leave", ((), const(None), ()), (), loc))


def operations(stmts: Sequence[Stmt]) -> list[Op]:
    found: list[Op] = []
    for stmt in stmts:
        if isinstance(stmt, Op):
            found.append(stmt)
        for block in blocks_of(stmt):
            found += operations(block.stmts)
    return found


def has_effect(cx: Lowerer, stmts: Sequence[Stmt]) -> bool:
    return any(has_effect(cx, cx.kept_functions[op.callee].body.stmts) if op.name == "call" and op.callee in cx.kept_functions
               else OPS[op.name].effect for op in operations(stmts))


# -- what has to be computed, needed or not -------------------------------------------------------------------------------


HARMLESS = frozenset({"dim", "shape", "size", "len", "tuple", "untuple", "captured", "stop_gradient", "not", "list", "copylist",
                      "append", "setview", "addview", "subview", "setitem", "needed", "print", "mark", "assert", "raise",
                      "enter", "finally", "leave"})
KEPT = (Array, Scalar, Object)
NEVER_FOR_FLOATS = frozenset({"np.add", "np.subtract", "np.multiply", "np.negative", "np.less", "np.less_equal", "np.greater",
                              "np.greater_equal", "np.equal", "np.not_equal", "view"})


def may_raise(op: Op) -> bool:
    """Whether an operation may raise an exception of its own at run time."""
    if op.name in HARMLESS:
        return False
    if op.name == "view":
        return any(isinstance(step, Reshape) or any(isinstance(a, (Var, Const)) for a in getattr(step, "items", ()))
                   for step in op.args[1].steps)
    plain = [v.type for v in (*op.outs, *arg_vars(op.args))]
    return op.name not in NEVER_FOR_FLOATS or not all(isinstance(t, Scalar) and t.py for t in plain)


def decides(cx: Lowerer, stmts: Sequence[Stmt]) -> bool:
    """Whether an exception that some of the statements may raise at run time is caught."""
    return any(t.at_run_time for t in cx.tries) and any(map(may_raise, operations(stmts)))


def values_read(stmt: Stmt) -> list[Var]:
    """The variables that an operation computes numbers or text from; of a shape none."""
    if not isinstance(stmt, Op) or not stmt.outs or not all(isinstance(v.type, KEPT) for v in stmt.outs):
        return []
    return arg_vars(tuple(a for k, a in enumerate(stmt.args) if k not in OPS[stmt.name].shape_only))


def keep_computed(cx: Lowerer, stmts: list[Stmt], start: int) -> None:
    """Note that what a statement in a ``try`` computed is computed for its exceptions too."""
    if stmts is not cx.builder.stmts or not decides(cx, stmts[start:]):
        return
    made = stmts[start:]
    used: set[Var] = set()
    risky: dict[Var, None] = {}  # what is there only if nothing was raised
    for stmt in made:
        read = values_read(stmt)
        used.update(read)
        raises = may_raise(stmt) if isinstance(stmt, Op) else isinstance(stmt, If) and stmt.style != "if"
        if raises or not risky.keys().isdisjoint(read):
            risky.update(dict.fromkeys(stmt.outs))
    ends = [v for v in risky if v not in used and isinstance(v.type, KEPT)]
    if ends:
        cx.builder.emit_all("needed", tuple(ends))


