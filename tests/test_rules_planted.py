"""Errors that are planted in rules are found by the checks of ``test_rules.py``.

Every formula of the table is given a wrong sign and a wrong factor; a sample is given the errors that people make.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest
from test_rules import BY_NAME, check

from srcdiff.ir.ops import OPS

NO_DERIVATIVE = ("np.zeros_like(", "0.0 * g")  # formulas that are zero have no sign


def formulas() -> list[tuple[str, str, str]]:
    """(operation, "vjp" or "jvp", parameter) of every formula that some row reaches."""
    found = []
    for name in sorted(BY_NAME):
        rule = OPS[name].rule
        for mode, texts in (("vjp", rule.vjp), ("jvp", rule.jvp)):
            found += [(name, mode, param) for param, text in texts.items() if not text.startswith(NO_DERIVATIVE)]
    return found


def plant(monkeypatch: pytest.MonkeyPatch, name: str, mode: str, param: str, text: str) -> None:
    spec = OPS[name]
    texts = {**getattr(spec.rule, mode), param: text}
    monkeypatch.setitem(OPS, name, replace(spec, rule=replace(spec.rule, **{mode: texts})))


def is_found(name: str) -> bool:
    """Whether a check fails: by a difference, or because what comes out has not even the shape."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in BY_NAME[name]:
            try:
                check(row)
            except (AssertionError, ValueError, TypeError, IndexError):
                return True
    return False


# What becomes an integer has no derivative.
UNREACHED = [("np.int32", "vjp", "x"), ("np.int64", "vjp", "x")]


@pytest.mark.parametrize("error", ["-1.0 * ({})", "2.0 * ({})"], ids=["sign", "factor"])
def test_wrong_signs_and_factors(error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = []
    for name, mode, param in formulas():
        with monkeypatch.context() as patch:
            plant(patch, name, mode, param, error.format(getattr(OPS[name].rule, mode)[param]))
            if not is_found(name):
                missed.append((name, mode, param))
    assert missed == UNREACHED


PLANTED = [  # what the formula has, what it should not have
    ("np.multiply", "vjp", "a", "g * b", "g * a"),  # the wrong operand
    ("np.divide", "vjp", "b", ", y)", ", a)"),
    ("np.arctan2", "vjp", "a", "g * b", "g * a"),
    ("np.tanh", "vjp", "x", "y * y", "x * x"),  # the argument for the result
    ("np.matmul", "vjp", "a", "b.T", "b"),  # no transpose
    ("np.matmul", "vjp", "b", "a.T", "a"),
    ("np.linalg.solve", "jvp", "a", "a, b, y", "a, b, b"),
    ("np.linalg.inv", "vjp", "a", "y.T @ g @ y.T", "y @ g @ y"),
    ("np.transpose", "vjp", "a", "rt.inverse_permutation(axes)", "axes"),
    ("np.moveaxis", "vjp", "a", "destination, source", "source, destination"),
    ("np.sum", "vjp", "a", "np.expand_dims(g, axis)", "g"),  # a dropped axis
    ("np.mean", "vjp", "a", "np.size(a, axis)", "np.size(a)"),
    ("np.logaddexp.reduce", "vjp", "a", "np.expand_dims(g, axis)", "g"),
    ("np.std", "vjp", "a", "- ddof", ""),
    ("np.nanmean", "vjp", "a", "keepdims=True), 1)", "keepdims=True) + 1, 1)"),
    ("np.prod~where", "vjp", "a", "g * initial", "g"),
    ("np.where", "vjp", "a", "g, 0.0", "0.0, g"),  # the wrong branch
    ("np.maximum", "vjp", "a", "a >= b", "a <= b"),
    ("np.fmin", "vjp", "b", "b < a", "b > a"),
    ("np.clip", "vjp", "a", "a >= a_min", "a <= a_min"),
    ("np.absolute", "vjp", "x", "np.sign(x)", "1.0"),
    ("np.cumsum", "vjp", "a", "np.flip(np.cumsum(np.flip(g, axis), axis), axis)", "np.cumsum(g, axis)"),  # the wrong direction
    ("np.diff", "vjp", "a", "n, axis", "1, axis"),
    ("np.convolve", "vjp", "a", "mode), rt.conjugated(v)", "'full'), rt.conjugated(v)"),
    ("np.correlate", "vjp", "v", "np.flip(", "("),
    ("np.interp", "vjp", "left", "x < xp[0]", "x > xp[0]"),
    ("np.quantile", "vjp", "a", "axis, method", "axis, 'hazen'"),
    ("np.median", "jvp", "a", "0.5", "0.6"),
    ("np.take", "vjp", "a", "axis)", "0)"),
    ("np.concatenate", "vjp", "arrays", "i, axis", "0, axis"),
    ("scipy.special.logsumexp", "vjp", "a", "b * ", ""),
    ("scipy.special.betainc", "vjp", "x", "b - 1.0", "b"),
    ("scipy.special.j1", "vjp", "x", "0.5", "1.0"),
    ("scipy.special.softmax", "vjp", "x", "keepdims=True", "keepdims=False"),
    ("scipy.special.kl_div", "vjp", "b", "g - ", "g + "),
]


@pytest.mark.parametrize(("name", "mode", "param", "right", "wrong"), PLANTED, ids=lambda v: v)
def test_the_errors_that_people_make(name: str, mode: str, param: str, right: str, wrong: str,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    text = getattr(OPS[name].rule, mode)[param]
    assert right in text
    plant(monkeypatch, name, mode, param, text.replace(right, wrong))
    assert is_found(name)
