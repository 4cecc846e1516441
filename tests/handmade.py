"""IR built by hand, as the earlier stages hand it over: programs for the tests of the last stages."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import srcdiff.rules  # noqa: F401 - registers the operations
from srcdiff.errors import Loc, Source
from srcdiff.ir import dims
from srcdiff.ir.build import Builder, block, const
from srcdiff.ir.core import UNDEF, Atom, Const, Function, If, Index, Loop, Module, Path, Slice, Transpose, Var
from srcdiff.ir.ops import OPS
from srcdiff.ir.tree import Leaf, Node, Tree
from srcdiff.ir.types import FLOAT, INT, Array, List, Object, Tuple, Type

N = dims.of(dims.Sym("n", 7))
VEC = Array("float64", (N,), "C")
INSIDE = Array("float64", (dims.clip0(dims.sub(N, 2)),), "C")
MAT = Array("float64", (N, N), "C")
UNDEFINED = Const(UNDEF, Object("undef"))


def cut(start: int | Atom | None = None, stop: int | Atom | None = None, step: int | None = None) -> Slice:
    return Slice(*(p if p is None or isinstance(p, (Var, Const)) else const(p) for p in (start, stop, step)))


def at(*items: Any) -> Path:
    """The path of one index: slices, ints, variables."""
    return Path((Index(tuple(const(i) if isinstance(i, int) else i for i in items)),))


INNER = at(cut(1, -1))
LEFT = at(cut(None, -2))
RIGHT = at(cut(2, None))


class Program:
    """A builder with operators' names, for one function of ``text`` (its first line is line 1)."""

    def __init__(self, text: str = "", name: str = "f") -> None:
        self.source = Source("model.py", textwrap.dedent(text).strip())
        self.b = Builder(dims.Facts())
        self.name = name
        self.params: list[Var] = []

    def param(self, name: str, type: Type) -> Var:
        self.params.append(Var(type, name))
        return self.params[-1]

    def at(self, line: int, role: str = "primal") -> Program:
        self.b.loc, self.b.role = Loc(self.source, line), role
        return self

    def op(self, name: str, *args: Any, hint: str = "", type: Type | None = None) -> Var:
        full = self._full(name, args)
        return self.b.emit(name, *full, hint=hint, type=type)

    def _full(self, name: str, args: Sequence[Any]) -> list[Any]:
        """Literals as constants, defaults filled in."""
        found = [const(a) if isinstance(a, (int, float, str)) or a is None else a for a in args]
        spec = OPS[name]
        return found + [const(spec.defaults[p]) for p in spec.params[len(found):]]

    def __getattr__(self, name: str) -> Callable[..., Var]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kw: self.op(name if name in OPS else f"np.{name}", *args, **kw)

    def sum(self, x: Var, **kw: Any) -> Var:
        return self.op("np.sum", x, **kw)  # Python's own is an operation too

    def pop(self, stack: Var, hint: str = "") -> tuple[Var, Var]:
        item, rest = self.b.emit_all("pop", stack)
        item.hint, rest.hint = hint, stack.hint
        return item, rest

    def new_list(self, elem: Type, hint: str) -> Var:
        return self.op("list", (), type=List(elem), hint=hint)

    def loop(self, carried: Sequence[tuple[str, Type, Atom]], trip: Callable[..., Sequence[Atom]], *,
             n: Atom | int | None = None, index: str = "i", cond: Callable[..., Atom] | None = None,
             **options: Any) -> tuple[Var, ...]:
        """A ``for`` over ``range(n)`` (or a ``while``); ``trip(index, *params)`` gives the results of the body."""
        params = tuple(Var(t, h) for h, t, _ in carried)
        i = Var(INT, index) if n is not None else None
        test = None
        if cond is not None:
            with self.b.block() as stmts:
                result = cond(*params)
            test = block(stmts, (result,))
        with self.b.block() as stmts:
            results = trip(*(params if i is None else (i, *params)))
        outs = tuple(Var(t, h) for h, t, _ in carried)
        stop = const(n) if isinstance(n, int) else n
        bounds = {} if i is None else {"index": i, "lo": const(0), "hi": stop, "step": const(1)}
        self.b.add(Loop(params, tuple(a for _, _, a in carried), block(stmts, tuple(results)), outs, cond=test, loc=self.b.loc,
                        role=self.b.role, **bounds, **options))
        return outs

    def branch(self, cond: Atom, then: Callable[[], Sequence[Atom]], orelse: Callable[[], Sequence[Atom]],
               outs: Sequence[tuple[str, Type]], **options: Any) -> tuple[Var, ...]:
        blocks = []
        loc, role = self.b.loc, self.b.role
        for arm in (then, orelse):
            with self.b.block() as stmts:
                results = tuple(arm())
            blocks.append(block(stmts, results))
        made = tuple(Var(t, h) for h, t in outs)
        self.b.add(If(cond, blocks[0], blocks[1], made, loc=loc, role=role, **options))
        return made

    def function(self, *results: Atom, tree: Tree | None = None, args: tuple[tuple[str, Tree], ...] | None = None,
                 **options: Any) -> Function:
        leaves: Tree = Leaf(0) if len(results) == 1 else Node("tuple", tuple(Leaf(k) for k in range(len(results))))
        given = tuple((p.hint, Leaf(k)) for k, p in enumerate(self.params)) if args is None else args
        return Function(self.name, tuple(self.params), block(self.b.stmts, results), given, tree or leaves, **options)

    def module(self, *results: Atom, **options: Any) -> Module:
        return Module(self.function(*results, **options), facts=self.b.facts)


def wave() -> Module:
    """The loop of the design page: the joint form, after planning the stash."""
    p = Program("""
        def wave(u, c, n):
            for t in range(n):
                u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
            return np.sum(u * u)
        """, "wave_grad")
    u, c, n = p.param("u", VEC), p.param("c", FLOAT), p.param("n", INT)
    p.at(2)
    stash = p.new_list(INSIDE, "stash")

    def forward(t: Var, u: Var, stash: Var) -> list[Atom]:
        p.at(3)
        inner = p.view(u, INNER)
        saved = p.append(stash, inner, hint="stash")
        step = p.subtract(p.view(u, RIGHT), p.view(u, LEFT))
        new = p.add(inner, p.multiply(p.multiply(c, inner), step))
        return [p.setview(u, new, INNER, hint="u"), saved]

    u1, stash1 = p.loop([("u", VEC, u), ("stash", List(INSIDE), stash)], forward, n=n, index="t")
    p.at(4).b.emit_all("split", types=())
    p.at(4, "adjoint")
    start = p.multiply(2.0, u1, hint="u_bar")

    def backward(t: Var, u: Var, stash: Var, u_bar: Var, c_bar: Var) -> list[Atom]:
        p.at(3, "adjoint")
        saved, rest = p.pop(stash)
        u = p.setview(u, saved, INNER, hint="u")
        s_bar = p.view(u_bar, INNER)
        u_bar = p.setview(u_bar, 0.0, INNER, hint="u_bar")
        d = p.subtract(p.view(u, RIGHT), p.view(u, LEFT))
        inner = p.view(u, INNER)
        c_bar = p.add(c_bar, p.sum(p.multiply(p.multiply(s_bar, inner), d)), hint="c_bar")
        p_bar = p.multiply(s_bar, c)
        d_bar = p.multiply(p_bar, inner)
        u_bar = p.addview(u_bar, p.add(s_bar, p.multiply(p_bar, d)), INNER, hint="u_bar")
        u_bar = p.addview(u_bar, d_bar, RIGHT, hint="u_bar")
        u_bar = p.subview(u_bar, d_bar, LEFT, hint="u_bar")
        return [u, rest, u_bar, c_bar]

    p.at(2, "adjoint")
    carried = [("u", VEC, u1), ("stash", List(INSIDE), stash1), ("u_bar", VEC, start), ("c_bar", FLOAT, const(0.0))]
    *_, u_bar, c_bar = p.loop(carried, backward, n=n, index="t", reverse=True)
    return p.module(u_bar, c_bar)


def loss() -> Module:
    """The split form of the design page."""
    text = """
        def loss(W, x, y):
            h = np.tanh(x @ W)
            err = h - y
            return np.mean(err ** 2)
        """
    p = Program(text, "loss_fwd")
    W, x, y = (p.param(name, MAT) for name in "Wxy")
    h = p.at(2).tanh(p.matmul(x, W), hint="h")
    err = p.at(3).subtract(h, y, hint="err")
    value = p.at(4).mean(p.power(err, 2))
    stash = p.tuple((x, h, err))
    fwd = p.function(value, stash)
    q = Program(text, "loss_bwd")
    q.source = p.source
    saved, out_bar = q.param("stash", Tuple((MAT, MAT, MAT))), q.param("out_bar", FLOAT)
    x, h, err = (q.untuple(saved, k, hint=hint) for k, hint in enumerate(("x", "h", "err")))
    q.at(4, "adjoint")
    err_bar = q.multiply(q.divide(q.multiply(2.0, out_bar), q.size(err)), err, hint="err_bar")
    q.at(2, "adjoint")
    t_bar = q.multiply(err_bar, q.subtract(1.0, q.multiply(h, h)))
    W_bar = q.matmul(q.view(x, Path((Transpose((1, 0)),))), t_bar, hint="W_bar")
    return Module(fwd, {"loss_bwd": q.function(W_bar)}, p.b.facts)
