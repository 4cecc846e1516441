"""The IR as text: deterministic, and close to Python, for tests, error messages and people.

::

    def loss(x: f64[x.shape[0]]):
        s.1 = np.sum(x, None, False)
        x.2 = setview(x, 0.0, [1:-1])
        for i in range(0, 3, 1), s.3 = s.1:
            s.4 = np.add(s.3, x.2)
            yield s.4
        -> s.5
        return s.5

A variable is its hint and, where the hint is taken, a number in order of appearance.
"""

from __future__ import annotations

from typing import Any

from .core import (
    Arg,
    Atom,
    Block,
    Const,
    Diagonal,
    Function,
    If,
    Index,
    Loop,
    Module,
    Op,
    Path,
    Reshape,
    Slice,
    Stmt,
    Transpose,
    Var,
)

__all__ = ["print_function", "print_module"]


def print_module(module: Module, *, types: bool = False) -> str:
    """The main function and the kept ones, in the order in which they were made."""
    functions = [module.main, *module.functions.values()]
    return "\n\n".join(print_function(f, types=types) for f in functions)


def print_function(fn: Function, *, types: bool = False, bad: Stmt | Block | None = None) -> str:
    """``fn`` as text; ``types`` adds the type of every variable, ``bad`` marks a statement or block."""
    return _Printer(types, bad).function(fn)


class _Printer:
    def __init__(self, types: bool, bad: Stmt | Block | None) -> None:
        self.types = types
        self.bad = bad
        self.names: dict[Var, str] = {}
        self.taken: set[str] = set()
        self.lines: list[str] = []

    # -- names and arguments -------------------------------------------------------------------------------------------

    def name(self, var: Var) -> str:
        if var not in self.names:
            base = var.hint or "t"
            text = base if var.hint and base not in self.taken else f"{base}.{len(self.names)}"
            self.taken.add(text)
            self.names[var] = text
        return self.names[var]

    def define(self, var: Var) -> str:
        return f"{self.name(var)}: {var.type}" if self.types else self.name(var)

    def atom(self, atom: Atom) -> str:
        return self.name(atom) if isinstance(atom, Var) else _literal(atom)

    def arg(self, arg: Arg) -> str:
        if isinstance(arg, (Var, Const)):
            return self.atom(arg)
        if isinstance(arg, tuple):
            return "(" + ", ".join(map(self.arg, arg)) + ("," if len(arg) == 1 else "") + ")"
        if isinstance(arg, Path):
            return "".join(map(self.step, arg.steps)) or "[]"
        return self.item(arg)

    def step(self, step: Any) -> str:
        if isinstance(step, Index):
            return "[" + ", ".join(map(self.item, step.items)) + "]"
        if isinstance(step, Transpose):
            return f".T{step.perm}"
        if isinstance(step, Reshape):
            return ".reshape(" + ", ".join(map(self.atom, step.shape)) + ")"
        assert isinstance(step, Diagonal)
        return f".diagonal({step.offset}, {step.axis1}, {step.axis2})"

    def item(self, item: Any) -> str:
        if isinstance(item, Slice):
            parts = ["" if p is None else self.atom(p) for p in (item.start, item.stop, item.step)]
            return ":".join(parts if item.step is not None else parts[:2])
        if item is Ellipsis:
            return "..."
        return "None" if item is None else self.arg(item)

    # -- statements ----------------------------------------------------------------------------------------------------

    def function(self, fn: Function) -> str:
        params = ", ".join(map(self.define, fn.params))
        self.lines.append(f"def {fn.name}({params}):")
        self.block(fn.body, "    ", "return")
        return "\n".join(self.lines)

    def block(self, block: Block, indent: str, word: str = "yield") -> None:
        for stmt in block.stmts:
            mark = ">>> " if stmt is self.bad else ""
            self.stmt(stmt, indent, mark)
        mark = ">>> " if block is self.bad else ""
        if block.results or mark:
            self.lines.append(f"{indent}{mark}{word} {', '.join(map(self.atom, block.results))}".rstrip())
        elif not block.stmts:
            self.lines.append(indent + "pass")

    def stmt(self, stmt: Stmt, indent: str, mark: str) -> None:
        if isinstance(stmt, Op):
            self.op(stmt, indent, mark)
        elif isinstance(stmt, If):
            self.lines.append(f"{indent}{mark}{stmt.style} {self.atom(stmt.cond)}:")
            self.block(stmt.then, indent + "    ")
            self.lines.append(f"{indent}else:")
            self.block(stmt.orelse, indent + "    ")
            self.outs(stmt.outs, indent)
        else:
            self.loop(stmt, indent, mark)

    def op(self, op: Op, indent: str, mark: str) -> None:
        args = ", ".join(map(self.arg, op.args))
        outs = ", ".join(map(self.define, op.outs))
        name = f"call {op.callee}" if op.callee else op.name
        self.lines.append(f"{indent}{mark}{outs}{' = ' if outs else ''}{name}({args})")

    def loop(self, loop: Loop, indent: str, mark: str) -> None:
        inits = [f"{self.define(p)} = {self.atom(i)}" for p, i in zip(loop.params, loop.inits, strict=False)]
        if loop.index is None:
            head = "while"
        else:
            bounds = ", ".join(self.atom(a) for a in (loop.lo, loop.hi, loop.step) if a is not None)
            trips = f"range({bounds})"
            head = f"for {self.name(loop.index)} in {f'reversed({trips})' if loop.reverse else trips}"
        flags = ", stop" if loop.stop else ""
        self.lines.append(f"{indent}{mark}{', '.join([head, *inits])}{flags}:")
        if loop.cond is not None:
            self.block(loop.cond, indent + "    ", "test")
        self.block(loop.body, indent + "    ")
        self.outs(loop.outs + (() if loop.trips is None else (loop.trips,)), indent)

    def outs(self, outs: tuple[Var, ...], indent: str) -> None:
        if outs:
            self.lines.append(f"{indent}-> " + ", ".join(map(self.define, outs)))


def _literal(const: Const) -> str:
    """A literal; objects that have no faithful text are shown by the name of their type."""
    if const.name:
        return const.name
    if isinstance(const.value, (bool, int, float, complex, str, tuple, type(None))):
        return repr(const.value)
    text = repr(const.value)
    return f"<{type(const.value).__name__}>" if " at 0x" in text else text
