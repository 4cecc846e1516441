"""Every rule, numerically: reverse against differences, forward against differences, one against the other; and the types.

The formulas are run by ``eval``, with a driver of a few lines in place of the compiler's. The rules of one operation are
one text for both modes, so no one of the three checks would do: a wrong formula can agree with itself.
"""

from __future__ import annotations

import ast
import inspect
import warnings
from typing import Any

import numpy as np
import pytest
from rows import ROWS, Num, Row, call, draw, in_float32, takes_complex

from srcdiff import runtime
from srcdiff.composed import COMPOSED
from srcdiff.errors import SignatureError, UnsupportedError
from srcdiff.frontend.array_calls import FUNCTIONS
from srcdiff.ir import dims
from srcdiff.ir.build import const
from srcdiff.ir.core import Const, Var
from srcdiff.ir.dims import Dim, Facts
from srcdiff.ir.ops import OPS
from srcdiff.ir.types import Array, Object, Scalar, Tuple
from srcdiff.rules import constant, elementwise, linear, table

STEP = {"float64": (1e-6, 2e-6), "float32": (1e-1, 1e-5)}  # by the result's dtype: the step, and the tolerance (casts only)


# -- a driver ----------------------------------------------------------------------------------------------------------


def full(row: Row, args: tuple[Any, ...]) -> tuple[Any, ...]:
    sig = table.signature(row.name)
    return args + tuple(sig.defaults[p] for p in sig.params[len(args):])


def is_float(value: Any) -> bool:
    return isinstance(value, float | complex | np.ndarray | np.generic) and np.asarray(value).dtype.kind in "fc"


def as_real_as(value: Any, bar: Any) -> np.ndarray:
    """The driver takes the real part where a real value has a complex adjoint or tangent."""
    return np.asarray(bar if np.iscomplexobj(value) else np.real(bar))


def leaves(args: Any, path: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Any]]:
    """Every float in nested arguments, with its place."""
    if isinstance(args, tuple):
        return [leaf for k, a in enumerate(args) for leaf in leaves(a, (*path, k))]
    return [(path, args)] if is_float(args) else []


def replaced(args: Any, path: tuple[int, ...], value: Any) -> Any:
    if not path:
        return value
    k = path[0]
    return (*args[:k], replaced(args[k], path[1:], value), *args[k + 1:])


def evaluate(row: Row, text: str, args: tuple[Any, ...], y: Any, g: Any, index: tuple[int, ...]) -> Any:
    i: Any = index[0] if len(index) == 1 else index
    env = dict(zip(table.signature(row.name).params, args, strict=True)) | {"y": y, "g": g, "i": i}
    code = table.compiled(text, row.name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "invalid value encountered in (scalar )?divide")  # means of empty arrays
        warnings.filterwarnings("ignore", "overflow encountered")  # where the primal overflows too
        return eval(code, {**table.formula_modules(), **env})


def differentiable(row: Row, args: tuple[Any, ...]) -> list[tuple[str, tuple[int, ...], Any]]:
    rule, spec = OPS[row.name].rule, OPS[row.name]
    return [(spec.params[path[0]], path, value) for path, value in leaves(args)
            if spec.params[path[0]] in rule.vjp and path[0] not in spec.shape_only]


def vjp(row: Row, args: tuple[Any, ...], y: Any, g: Any) -> list[np.ndarray]:
    rule = OPS[row.name].rule
    found = []
    for param, path, value in differentiable(row, args):
        bar = evaluate(row, rule.vjp[param], args, y, g, path[1:])
        found.append(as_real_as(value, runtime.unbroadcast(bar, value)).astype(np.asarray(value).dtype))
    return found


def jvp(row: Row, args: tuple[Any, ...], y: Any, dots: list[Any]) -> Any:
    rule = OPS[row.name].rule
    where = differentiable(row, args)
    if rule.kind == "linear":
        tangents = args
        for k, param in enumerate(OPS[row.name].params):
            if param in rule.vjp:
                tangents = replaced(tangents, (k,), zeros_of(args[k]))
        for (_, path, _), dot in zip(where, dots, strict=True):
            tangents = replaced(tangents, path, dot)
        return call(row.name, tangents)
    terms = []
    for (param, path, _), dot in zip(where, dots, strict=True):
        if rule.kind == "bilinear":
            terms.append(call(row.name, replaced(args, path, dot)))
        else:
            text = (rule.jvp if rule.kind == "general" else rule.vjp)[param]
            terms.append(evaluate(row, text, args, y, dot, path[1:]))
    if isinstance(y, tuple):
        return tuple(sum(np.asarray(t[k]) for t in terms) for k in range(len(y)))
    return np.broadcast_to(as_real_as(y, sum(np.asarray(t) for t in terms)), np.shape(y))


def zeros_of(arg: Any) -> Any:
    if isinstance(arg, tuple):
        return tuple(zeros_of(a) for a in arg)
    return type(arg)(0) if isinstance(arg, int | float | complex) else np.zeros_like(arg) if arg is not None else None


def outputs(value: Any) -> list[np.ndarray]:
    return [np.asarray(v, dtype=complex) for v in (value if isinstance(value, tuple) else (value,))]


def like(rng: np.random.Generator, value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(like(rng, v) for v in value)
    drawn = rng.uniform(-1.0, 1.0, np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.uniform(-1.0, 1.0, np.shape(value))
    return type(value)(drawn) if type(value) in (float, complex) else np.asarray(drawn, np.asarray(value).dtype)[()]


def differences(row: Row, args: tuple[Any, ...], dots: list[Any], eps: float) -> list[np.ndarray]:
    low, high = args, args
    for (_, path, value), dot in zip(differentiable(row, args), dots, strict=True):
        low, high = replaced(low, path, value - eps * dot), replaced(high, path, value + eps * dot)
    return [(b - a) / (2 * eps) for a, b in zip(outputs(call(row.name, low)), outputs(call(row.name, high)), strict=True)]


def inner(a: list[Any], b: list[Any]) -> float:
    """The real part of the sum of products, nothing conjugated: how much the loss grows along a tangent."""
    return float(sum(np.real(np.sum(np.asarray(x) * np.asarray(y))) for x, y in zip(a, b, strict=True)))


# -- the three checks --------------------------------------------------------------------------------------------------


def check(row: Row) -> None:
    args = full(row, draw(row))
    y = call(row.name, args)
    floats = [v for v in (y if isinstance(y, tuple) else (y,)) if np.asarray(v).dtype.kind in "fc"]
    if not differentiable(row, args) or not floats:
        return
    eps, rtol = STEP[str(np.asarray(np.real(floats[0])).dtype)]
    rng = np.random.default_rng(1)
    g = like(rng, y)
    bars = vjp(row, args, y, g)
    for k, (_, path, value) in enumerate(differentiable(row, args)):
        dots = [like(rng, v) if j == k else zeros_of(v) for j, (_, _, v) in enumerate(differentiable(row, args))]
        expected = differences(row, args, dots, eps)
        tangent = outputs(jvp(row, args, y, dots))
        assert [t.shape for t in tangent] == [e.shape for e in expected]
        for t, e in zip(tangent, expected, strict=True):
            np.testing.assert_allclose(t, e, rtol=rtol, atol=rtol / 10, err_msg=f"forward, argument {path}")
        gs = outputs(g)
        backwards = inner([bars[k]], [dots[k]])
        assert inner(gs, expected) == pytest.approx(backwards, rel=rtol, abs=rtol / 10), f"reverse, argument {path}"
        assert inner(gs, tangent) == pytest.approx(backwards, rel=rtol / 100, abs=rtol / 1e3), f"both, argument {path}"


BY_NAME: dict[str, list[Row]] = {}
for _row in ROWS:
    BY_NAME.setdefault(_row.name, []).append(_row)


@pytest.mark.filterwarnings("ignore:invalid value encountered", "ignore:Mean of empty slice")
@pytest.mark.parametrize("name", sorted(n for n in BY_NAME if OPS[n].rule.kind != "constant"))
def test_derivatives(name: str) -> None:
    """All three agree, in float64."""
    for row in BY_NAME[name]:
        try:
            check(row)
        except Exception as error:
            error.add_note(row.id)
            raise


@pytest.mark.filterwarnings("ignore:invalid value encountered", "ignore:Mean of empty slice")
@pytest.mark.parametrize("name", sorted(n for n in BY_NAME if OPS[n].rule.kind != "constant"))
def test_float32(name: str) -> None:
    """In float32 the adjoints are those of float64, to its precision."""
    for row in (r for r in BY_NAME[name] if not takes_complex(r)):
        wide, narrow = full(row, draw(row)), full(row, draw(in_float32(row)))
        y, y32 = call(name, wide), call(name, narrow)
        g = like(np.random.default_rng(1), y)
        if isinstance(y, tuple):
            g32: Any = tuple(np.asarray(v, np.asarray(v32).dtype)[()] for v, v32 in zip(g, y32, strict=True))
        else:
            g32 = np.asarray(g, y32.dtype)[()] if isinstance(y32, np.generic | np.ndarray) else g
        for a, b in zip(vjp(row, wide, y, g), vjp(row, narrow, y32, g32), strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-3, atol=2e-4, err_msg=row.id)


# Operations that are analytic in their arguments, and that take complex ones.
ANALYTIC = """
    np.add np.subtract np.multiply np.divide np.negative np.positive np.power np.float_power np.square np.reciprocal np.exp
    np.expm1 np.exp2 np.log np.log1p np.log2 np.log10 np.sqrt np.sin np.cos np.tan np.arcsin np.arccos np.arctan np.sinh
    np.cosh np.tanh np.arcsinh np.arccosh np.arctanh np.sinc np.sum np.mean np.prod np.cumsum np.cumprod np.nansum
    np.nanmean np.nanprod np.nancumsum np.nancumprod np.sum~where np.mean~where np.prod~where np.matmul np.dot np.inner
    np.outer np.tensordot np.einsum np.trace np.diagonal np.linalg.inv np.linalg.det np.linalg.solve np.where np.stack
    np.concatenate np.hstack np.vstack np.reshape np.take np.diff np.gradient np.convolve np.polyval np.vander
    scipy.special.erf scipy.special.erfc scipy.special.erfi scipy.special.dawsn scipy.special.gamma scipy.special.loggamma
    scipy.special.digamma scipy.special.expm1 scipy.special.log1p
""".split()


def complex_step(row: Row) -> None:
    """The tangent is the imaginary part of f(x + i h dx) / h for a tiny h: differences without cancellation."""
    args = full(row, draw(row))
    where = differentiable(row, args)
    y = call(row.name, args)
    if not where or np.asarray(y).dtype.kind != "f" or np.asarray(y).dtype == np.float32:
        return
    rng = np.random.default_rng(1)
    dots = [like(rng, v) for _, _, v in where]
    moved = args
    for (_, path, value), dot in zip(where, dots, strict=True):
        moved = replaced(moved, path, value + 1e-30j * np.asarray(dot)[()])
    expected = np.imag(call(row.name, moved)) / 1e-30
    np.testing.assert_allclose(np.asarray(jvp(row, args, y, dots)), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.filterwarnings("ignore:invalid value encountered", "ignore:Mean of empty slice")
@pytest.mark.parametrize("name", ANALYTIC)
def test_complex_step(name: str) -> None:
    for row in (r for r in BY_NAME[name] if not takes_complex(r) and "float64" not in r.args):
        try:
            complex_step(row)
        except Exception as error:
            error.add_note(row.id)
            raise


def test_every_operation_has_a_row() -> None:
    public = {name for name in table.SIGNATURES if not name.startswith("rt.") and table.registered_function(name) is None}
    assert sorted(public - set(BY_NAME)) == []


# -- types -------------------------------------------------------------------------------------------------------------


def ir_arg(arg: Any, value: Any, name: str) -> Any:
    """The argument as the compiler sees it: a variable whose dimensions are symbols, or a constant."""
    if isinstance(arg, tuple):
        return tuple(ir_arg(a, v, f"{name}[{k}]") for k, (a, v) in enumerate(zip(arg, value, strict=True)))
    if not isinstance(arg, Num):
        return const(value)
    if arg.form in ("py", "np"):
        return Var(Scalar(arg.dtype, arg.form == "py"), name)
    shape = tuple(n if n == 1 else dims.of(dims.Sym(f"{name}.shape[{k}]", n)) for k, n in enumerate(arg.shape))
    layout = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "A"
    return Var(Array(arg.dtype, shape, layout), name)


def check_type(found: Any, actual: Any) -> None:
    if isinstance(found, tuple) or isinstance(found, Tuple):
        for t, a in zip(found if isinstance(found, tuple) else found.items, actual, strict=True):
            check_type(t, a)
        return
    assert found.dtype == str(np.asarray(actual).dtype)
    if isinstance(found, Scalar):
        assert not isinstance(actual, np.ndarray)
        assert found.py == (not isinstance(actual, np.generic))
        return
    assert isinstance(actual, np.ndarray), f"{found} for a {type(actual)}"
    assert len(found.shape) == actual.ndim
    for d, n in zip(found.shape, actual.shape, strict=True):
        known = dims.hint_of(d)
        assert known == n or (known is None and isinstance(d, Dim)), f"{found} for {actual.shape}"
    if found.layout == "C":
        assert actual.flags.c_contiguous
    if found.layout == "F":
        assert actual.flags.f_contiguous


@pytest.mark.filterwarnings("ignore:invalid value encountered", "ignore:Mean of empty slice", "ignore:Degrees of freedom")
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_types(name: str) -> None:
    """The inferred type is the type of what NumPy returns."""
    for row in BY_NAME[name]:
        for variant in (row, in_float32(row)):
            values = draw(variant)
            params = OPS[name].params
            args = tuple(ir_arg(a, v, p) for a, v, p in zip(variant.args, values, params, strict=False))
            args += tuple(const(table.signature(name).defaults[p]) for p in params[len(args):])
            try:
                check_type(OPS[name].infer(args, Facts()), call(name, values))
            except Exception as error:
                error.add_note(variant.id)
                raise


def test_static_arguments_must_be_known() -> None:
    x, axis = Var(Array("float64", (3, 3), "C"), "x"), Var(Scalar("int64", True), "axis")
    with pytest.raises(UnsupportedError, match="axis of np.sum must be known"):
        OPS["np.sum"].infer((x, axis, const(False), const(None)), Facts())


def test_operands_that_do_not_fit_are_refused() -> None:
    flags = Var(Array("bool", (3,), "C"), "m")
    with pytest.raises(UnsupportedError, match="np.subtract does not take operands of type bool, bool"):
        OPS["np.subtract"].infer((flags, flags), Facts())
    with pytest.raises(UnsupportedError, match="a of np.sum is a sequence"):
        OPS["np.sum"].infer(((const(1.0), const(2.0)), const(None), const(False), const(None)), Facts())
    with pytest.raises(UnsupportedError, match="must be a number or an array"):
        OPS["np.sin"].infer((Const("a", Object("static")),), Facts())
    z = Var(Array("complex128", (3,), "C"), "z")
    with pytest.raises(UnsupportedError, match="complex"):
        OPS["np.maximum"].infer((z, z), Facts())


def test_lists_of_unknown_length() -> None:
    from srcdiff.ir.types import List

    rows = Var(List(Array("float64", (3,), "C")), "rows")
    stacked = OPS["np.stack"].infer((rows, const(1)), Facts())
    assert stacked.shape[0] == 3 and dims.hint_of(stacked.shape[1]) is None
    for name, args in (("np.concatenate", (rows, const(0))), ("np.hstack", (rows,)), ("np.concatenate", (rows, const(None)))):
        joined = OPS[name].infer(args, Facts())
        assert len(joined.shape) == 1 and dims.hint_of(joined.shape[0]) is None
    assert OPS["np.vstack"].infer((rows,), Facts()).shape[1] == 3


# -- the table itself --------------------------------------------------------------------------------------------------

AT_RUN_TIME = {"smul", "sdiv", "unbroadcast", "diagonal", "zeros_list", "add_lists"}
AT_RUN_TIME |= {name[3:] for name in table.SIGNATURES if name.startswith("rt.")}
LITERALS = {"np.nan", "np.inf", "np.pi", "np.newaxis"}


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def mentioned(tree: ast.AST) -> set[str]:
    """The library functions that code calls, by full name."""
    inner_nodes = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    names = {dotted(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and id(n) not in inner_nodes}
    return {n for n in names if n.split(".")[0] in ("np", "rt", "math", "scipy")}


def test_every_name_in_a_formula_can_be_differentiated() -> None:
    texts = [(name, text) for name in table.SIGNATURES for formulas in (OPS[name].rule.vjp, OPS[name].rule.jvp)
             for text in formulas.values()]
    for name, text in texts:
        for used in mentioned(ast.parse(text, mode="eval")):
            known = used[3:] in runtime.__all__ if used.startswith("rt.") else used in OPS
            assert known, f"{used} in the rule of {name}"


def test_runtime_functions_can_be_lowered() -> None:
    for name in set(runtime.__all__) - set(runtime.static.__all__) - AT_RUN_TIME:
        for used in mentioned(ast.parse(inspect.getsource(getattr(runtime, name)))):
            known = used in OPS or used in COMPOSED or used in LITERALS or table.function_of(used) in FUNCTIONS
            assert known, f"{used} in rt.{name}"


def test_our_formulas_mention_only_what_is_in_scope() -> None:
    for name, signature in table.SIGNATURES.items():
        rule = OPS[name].rule
        for formulas in (rule.vjp, rule.jvp, rule.lists):
            table.check(signature, formulas, rule.where)


def test_formulas_mention_only_what_is_in_scope() -> None:
    with pytest.raises(SignatureError, match=r"test_rules\.py:\d+: the formula for 'x' of np.spline mentions 'z'"):
        elementwise("np.spline(x)", x="g * z")
    with pytest.raises(SignatureError, match="has no parameter 'z'"):
        elementwise("np.spline(x)", z="g")
    with pytest.raises(SignatureError, match="the name 'y' means something else"):
        elementwise("np.spline(x, y)", x="g")
    assert "np.spline" not in OPS


def test_no_operation_has_two_rules_of_ours() -> None:
    again = compile("constant('np.sign(x)')", table.__file__.replace("table.py", "again.py"), "exec")
    with pytest.raises(SignatureError, match=r"again.py:1: np.sign has a rule already"):
        exec(again, {"constant": constant})


def softplus(x):
    return np.log1p(np.exp(x))


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def total(x, weight=1.0):
    return weight * np.sum(x)


def test_rules_for_the_users_own_functions() -> None:
    elementwise(softplus, x="g * sigmoid(x)")
    name = table.registered(softplus)
    assert name == f"{__name__}.softplus"
    assert table.function_of(name) is softplus
    x = np.array([0.5, -1.0])
    scope = table.formula_modules() | table.formula_globals(OPS[name].rule.where)
    bar = eval(OPS[name].rule.vjp["x"], {**scope, "x": x, "g": 1.0})
    np.testing.assert_allclose(bar, sigmoid(x))
    assert OPS[name].infer((Var(Array("float32", (2,), "C")),), Facts()) == Array("float32", (2,), "C")
    assert OPS[name].infer((Var(Scalar("int64", True)),), Facts()) == Scalar("float64", True)
    with pytest.raises(SignatureError, match="mentions 'sigmoit'"):
        elementwise(softplus, x="g * sigmoit(x)")
    with pytest.raises(SignatureError, match="is not an expression"):
        elementwise(softplus, x="g *")
    linear(total, x="np.full_like(x, g * weight)", shape=lambda facts, x, weight: (), static="weight")
    assert OPS[table.registered(total)].defaults == {"weight": 1.0}
