"""Comprehensions and generator expressions: functions of their first iterable."""

from __future__ import annotations

import ast

from .context import Lowerer
from .exprs import expression
from .values import Closure, Value

__all__ = ["comprehension"]

Comprehension = ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp


def comprehension(cx: Lowerer, node: Comprehension) -> Value:
    """A comprehension is a function of its first iterable, as Python has it."""
    from .inline import call_closure

    made = cx.memo.get(("comp", node))
    if made is None:
        made = cx.memo["comp", node] = as_function(node, result_name(node, cx.memo.get(("bound to", node), "items")))
    first = expression(cx, node.generators[0].iter)
    return call_closure(cx, Closure(made, cx.frames[-1]), (first,), {}, node)


def result_name(node: Comprehension, wanted: str) -> str:
    """What the result is called while it is made: ``wanted``, unless the comprehension names something else so."""
    taken = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    while wanted in taken:
        wanted += "_"
    return wanted


def as_function(node: Comprehension, name: str) -> ast.FunctionDef:
    """A function that makes its result under this name."""
    result = ast.Name(name, ast.Load())
    empty: ast.expr = ast.List([], ast.Load())
    if isinstance(node, ast.GeneratorExp):
        body: list[ast.stmt] = [ast.Expr(ast.Yield(node.elt))]
    elif isinstance(node, ast.DictComp):
        empty = ast.Dict([], [])
        body = [ast.Assign([ast.Name("key_", ast.Store())], node.key),  # before the value, unlike in d[key] = value
                ast.Assign([ast.Subscript(result, ast.Name("key_", ast.Load()), ast.Store())], node.value)]
    else:
        add = "append"
        if isinstance(node, ast.SetComp):
            empty, add = ast.Call(ast.Name("set", ast.Load()), [], []), "add"
        body = [ast.Expr(ast.Call(ast.Attribute(result, add, ast.Load()), [node.elt], []))]
    for k, gen in reversed(list(enumerate(node.generators))):
        for test in reversed(gen.ifs):
            body = [ast.If(test, body, [])]
        source = ast.Name("iterable_", ast.Load()) if k == 0 else gen.iter
        body = [ast.For(gen.target, source, body, [])]
    start = ast.Assign([ast.Name(name, ast.Store())], empty)
    end = ast.Return(ast.Name(name, ast.Load()))
    args = ast.arguments([], [ast.arg("iterable_")], None, [], [], None, [])
    stmts: list[ast.stmt] = body if isinstance(node, ast.GeneratorExp) else [start, *body, end]
    if named := [n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)]:  # bound in the function around it
        stmts.insert(0, ast.Nonlocal(named))
    made = ast.FunctionDef("listcomp", args, stmts, [])
    for inner in ast.walk(made):
        if not hasattr(inner, "lineno") and isinstance(inner, (ast.stmt, ast.expr)):
            ast.copy_location(inner, node)
    return made
