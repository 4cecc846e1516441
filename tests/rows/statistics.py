"""Reductions that skip NaNs or what a mask leaves out, running extremes, order statistics."""

from __future__ import annotations

from .declare import Num, row

# -- without NaNs ------------------------------------------------------------------------------------------------------

for _name in ("sum", "mean", "prod", "max", "min", "var", "std", "median"):
    _tail = (None,) if _name in ("sum", "mean", "prod") else (None, 0) if _name in ("var", "std") else ()
    for _shape in ((4,), (2, 3), (2, 1, 3), (1, 1)):
        for _form in ("array", "nan"):
            if 1 not in _shape or _form == "array":
                row(f"np.nan{_name}", Num(_shape, form=_form))
                row(f"np.nan{_name}", Num(_shape, form=_form), -1)
                row(f"np.nan{_name}", Num(_shape, form=_form), 0, *_tail, True)
    row(f"np.nan{_name}", Num((2, 3, 2), form="nan"), (0, -1))
    row(f"np.nan{_name}", Num((4, 3), form="strided"), (1,), *_tail, True)
    row(f"np.nan{_name}", Num((2, 3), form="F"), 1)
for _name in ("sum", "prod"):
    row(f"np.nan{_name}", Num((0, 3)), 0)
    row(f"np.nan{_name}", Num())
for _name in ("max", "min"):
    row(f"np.nanarg{_name}", Num((2, 3), form="nan"), 1)
row("np.nanvar", Num((4,), form="nan"), None, None, 1)
row("np.nanstd", Num((4, 3), form="nan"), 0, None, 1)
for _name in ("cumsum", "cumprod"):
    for _shape, _axis in (((4,), None), ((4,), 0), ((2, 3), None), ((2, 3), 0), ((3, 3), -1), ((0,), None), ((1,), 0)):
        row(f"np.nan{_name}", Num(_shape, form="nan" if _shape[0] > 1 else "array"), _axis)

# -- under a mask, from an initial value -------------------------------------------------------------------------------

_MASK = Num((2, 3), 0, 2, dtype="bool")
for _name, _initial in (("sum", 0), ("prod", 1)):
    row(f"np.{_name}~where", Num((2, 3)), None, False, None, 2.5)
    row(f"np.{_name}~where", Num((2, 3)), 0, False, None, _initial, _MASK)
    row(f"np.{_name}~where", Num((2, 3), form="F"), 1, True, None, Num(form="py"), _MASK)
    row(f"np.{_name}~where", Num((2, 3), form="strided"), (0, 1), False, None, _initial, Num((3,), 0, 2, dtype="bool"))
    row(f"np.{_name}~where", Num((0, 3)), 0, False, None, Num(form="np"))
    row(f"np.{_name}~where", Num((1,)), None, False, None, Num())
for _name in ("max", "min"):
    row(f"np.{_name}~where", Num((2, 3)), None, False, 0.1)
    row(f"np.{_name}~where", Num((2, 3)), 0, False, Num(form="py"))
    row(f"np.{_name}~where", Num((2, 3), form="F"), 1, True, Num(form="np"), _MASK)
    row(f"np.{_name}~where", Num((2, 3), form="strided"), -1, False, 0.0, Num((3,), 0, 2, dtype="bool"))
    row(f"np.{_name}~where", Num((0, 2)), 0, False, Num())
_MOST = Num((3,), 1, 2, dtype="bool")
row("np.mean~where", Num((4, 3)), None, False, None, Num((4, 1), 1, 2, dtype="bool"))
row("np.mean~where", Num((4, 3), form="F"), 0, True, None, _MOST)
row("np.mean~where", Num((2, 3), form="strided"), 1, False, None, _MOST)
for _name in ("var", "std"):
    row(f"np.{_name}~where", Num((4, 3)), None, 0, False, None, Num((4, 3), 0, 2, dtype="bool"))
    row(f"np.{_name}~where", Num((4, 3), form="F"), 0, 1, True, None, _MOST)
    row(f"np.{_name}~where", Num((4, 3), form="strided"), 1, 0, False, None, _MOST)
    row(f"np.{_name}~where", Num((4, 3)), 0, 1, False, None, True, Num((1, 3)))
    row(f"np.{_name}~where", Num((3,)), None, 0, False, None, True, Num(form="py"))
for _name, _initial in (("nansum", 0), ("nanprod", 1)):
    row(f"np.{_name}~where", Num((2, 3), form="nan"), None, None, False, 2.5)
    row(f"np.{_name}~where", Num((4, 3), form="nan"), 1, None, True, Num(form="py"), _MOST)
    row(f"np.{_name}~where", Num((2, 3)), 0, None, False, _initial, _MASK)
for _name in ("nanmax", "nanmin"):
    row(f"np.{_name}~where", Num((4, 3), form="nan"), None, False, Num(form="py"))
    row(f"np.{_name}~where", Num((4, 3)), 1, True, 0.1, _MOST)
    row(f"np.{_name}~where", Num((0, 2)), 0, False, Num())
row("np.nanmean~where", Num((4, 3)), 1, None, False, _MOST)
row("np.nanmean~where", Num((4, 3), form="nan"), None, None, True, _MOST)
for _name in ("nanvar", "nanstd"):
    row(f"np.{_name}~where", Num((4, 3)), 1, None, 0, True, _MOST)
    row(f"np.{_name}~where", Num((4, 3), form="nan"), 0, None, 1, False, True, Num((1, 3)))
    row(f"np.{_name}~where", Num((4, 3), form="nan"), None, None, 1, False, _MOST)
for _name in ("any", "all"):
    row(f"np.{_name}~where", Num((2, 3)), 0, False, _MASK)

# -- reductions and running values of ufuncs ---------------------------------------------------------------------------

for _name in ("logaddexp", "logaddexp2", "hypot", "subtract"):
    for _shape in ((4,), (2, 3), (2, 1, 3), (1,)):
        row(f"np.{_name}.reduce", Num(_shape))
        row(f"np.{_name}.reduce", Num(_shape), -1, None, True)
    row(f"np.{_name}.reduce", Num((2, 3), form="F"), 1)
    row(f"np.{_name}.reduce", Num((2, 3), form="strided"), 0)
row("np.add.reduceat", Num((5,)), (0, 3, 1))
row("np.add.reduceat", Num((2, 4), form="F"), (0, 2), 1)
for _name in ("maximum", "minimum"):
    for _shape in ((5,), (3, 2), (1,), (0,)):
        row(f"np.{_name}.accumulate", Num(_shape))
    row(f"np.{_name}.accumulate", Num((2, 4), form="F"), 1)
    row(f"np.{_name}.accumulate", Num((2, 4), form="strided"), -1)

# -- order statistics --------------------------------------------------------------------------------------------------

for _shape in ((5,), (4,), (2, 3), (3, 4), (1,), (1, 3)):
    row("np.median", Num(_shape))
    row("np.median", Num(_shape), 0)
    row("np.median", Num(_shape), -1, True)
row("np.median", Num((2, 3, 3)), (0, 2))
row("np.median", Num((2, 3, 4)), (1, -1), True)
row("np.median", Num((3, 4), form="F"), 1)
row("np.median", Num((3, 4), form="strided"), 1)
_FRACTIONS = {"quantile": 1.0, "percentile": 100.0}
for _prefix, _form in (("", "array"), ("nan", "nan")):
    for _name, _most in _FRACTIONS.items():
        _name = f"np.{_prefix}{_name}"
        row(_name, Num((5,), form=_form), Num((), 0.1 * _most, 0.9 * _most, form="py"))
        row(_name, Num((3, 4), form=_form), 0.3 * _most)
        row(_name, Num((3, 4), form=_form), 0.4 * _most, 0)
        row(_name, Num((4, 5), form=_form), Num((2,), 0.1 * _most, 0.9 * _most), 1)
        row(_name, Num((4, 5), form=_form), Num((2, 2), 0.1 * _most, 0.9 * _most), -1, "linear", True)
        row(_name, Num((3, 4), form="F"), Num((2,), 0.1 * _most, 0.9 * _most, form="strided"), 1)
        row(_name, Num((2, 3, 4), form="strided"), Num((1,), 0.1 * _most, 0.9 * _most), (0, 2))
        for _method in ("lower", "higher", "nearest", "midpoint", "hazen", "weibull", "median_unbiased", "normal_unbiased",
                        "interpolated_inverted_cdf"):
            row(_name, Num((6,), form=_form), Num((), 0.2 * _most, 0.8 * _most, form="py"), None, _method)
            row(_name, Num((3, 5), form=_form), 0.35 * _most, 1, _method, True)
        for _method in ("inverted_cdf", "closest_observation"):
            row(_name, Num((6,), form=_form), 0.3 * _most, None, _method)
        row(_name, Num((2, 5), form=_form), 0.3 * _most, 1, "inverted_cdf", False, Num((2, 5), 0.5, 1.5))
        row(_name, Num((2, 5)), Num((2,), 0.02 * _most, 0.12 * _most), 1, "weibull")  # at the smallest element
        row(_name, Num((1,)), 0.3 * _most)
        row(_name, Num((3,)), 0)
        row(_name, Num((3,)), int(_most))
