"""Planning the stash: what is kept, recomputed, rewound and pushed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from stash_programs import POLICIES, born_in_a_branch, ops, planned, recursive, rnn, scan, swapped, vector, wave

import srcdiff
from srcdiff.ir.types import Stash
from srcdiff.transform.stash import StashEntry


def count(entries: list[StashEntry]) -> Counter[str]:
    return Counter(e.how for e in entries)


def pushed(entries: list[StashEntry]) -> list[str]:
    return [e.what for e in entries if e.how == "push"]


def test_stencil_is_rewound_and_saves_one_slice():
    _, entries = planned(wave, vector(), 0.3, 3, wrt=(0, 1))
    assert len(pushed(entries)) == 1
    assert count(entries)["rewind"] == 1


def test_stencil_without_rewinding_saves_no_product_of_a_saved_value():
    _, entries = planned(wave, vector(), 0.3, 3, wrt=(0, 1), rewind=False)
    assert len(pushed(entries)) <= 2
    assert count(entries)["rewind"] == 0


def test_carried_state_is_saved_once_a_trip():
    _, entries = planned(rnn, vector(3), np.outer(vector(3), vector(3)), 4, wrt=(0, 1))
    assert pushed(entries) == ["h"]


def test_gradient_without_the_weights_needs_only_the_results():
    _, entries = planned(rnn, vector(3), np.outer(vector(3), vector(3)), 4)
    assert pushed(entries) == ["h"]


def test_scalars_are_not_rewound_for_one_push_less():
    _, entries = planned(scan, vector(), 6)
    assert count(entries)["rewind"] == 0


def test_double_buffer_is_rewound():
    _, entries = planned(swapped, vector(), vector() * 2, 3, rewind=True)
    assert count(entries)["rewind"] == 1


def test_straight_line_code_has_no_stash():
    def straight(x, y):
        h = np.tanh(x * y)
        return np.sum(h * h)

    after, entries = planned(straight, vector(), vector())
    assert set(count(entries)) == {"keep"}
    assert not ops(after.main, "append", "pop", "list")


def test_straight_line_write_is_undone_rather_than_copied():
    def overwrite(x, y):
        s = np.sum(np.sin(x))
        x[2] = 0.5
        return s + np.sum(np.sin(x) * y)

    _, entries = planned(overwrite, vector(), vector())
    assert count(entries)["rewind"] == 1


def test_cheap_condition_is_recomputed():
    def parity(x, n):
        s = 0.0
        for i in range(n):
            if i % 2 == 0:
                s = s + np.sin(x[i])
            else:
                s = s + np.cos(x[i])
        return s

    _, entries = planned(parity, vector(), 6)
    assert not pushed(entries)


def test_shape_alone_saves_nothing():
    def only_shapes(x, n):
        s = 0.0
        for i in range(n):
            y = np.sin(x)
            s = s + np.sum(y * 2.0) + y[0]
        return s

    _, entries = planned(only_shapes, vector(), 3)
    assert not pushed(entries)


def test_an_append_is_undone_by_a_pop():
    def filled(x, n):
        items = []
        s = 0.0
        for i in range(n):
            items.append(x[i] * x[i])
            s = s + items[-1] * items[0]
        return s

    after, entries = planned(filled, vector(), 4)
    assert all("list" not in e.type for e in entries if e.how == "push")


def test_stored_value_is_read_back():
    """``t`` is what was just written: it is still in the array, until the write is undone."""
    def forwarded(x, y, n):
        for i in range(n):
            t = np.sin(x[i] * y[i])
            x[i] = t
            y[i] = np.exp(t) * t
        return np.sum(x * y)

    _, entries = planned(forwarded, vector(), vector(), 6, rewind=True)
    assert "t" not in pushed(entries)


@pytest.mark.parametrize("rewind", POLICIES)
def test_value_stored_where_indices_repeat_is_not_read_back(rewind):
    def repeated(x, n):
        for i in range(n):
            t = np.sin(x[:2] * x[3:5])
            x[np.array([0, 0])] = t
            x[3:5] = np.exp(t)
        return np.sum(x)

    planned(repeated, vector(), 3, rewind=rewind)


def test_counter_of_a_while_is_known_from_the_trip():
    def counted(x, n):
        s, k = 0.0, 1
        while k < n:
            s = s + np.sin(x[k])
            k += 2
        return s

    _, entries = planned(counted, vector(), 6)
    assert not pushed(entries)


def test_kept_functions_are_split():
    after, _ = planned(recursive, vector(), 4)
    fwd, bwd = after.functions["nested_sines_fwd"], after.functions["nested_sines_bwd"]
    assert fwd.body.results[-1].type == bwd.params[0].type == Stash("nested_sines")
    assert "nested_sines_joint" not in after.functions


def test_value_of_a_branch_is_saved_where_it_is_used():
    """A name that some path leaves unassigned is pushed in the branch that reads it."""
    after, _ = planned(born_in_a_branch, vector(), 5)
    assert any(op.args[1].hint == "y" for op in ops(after.main, "append"))


def test_report_names_line_kind_and_size():
    _, entries = planned(wave, vector(), 0.3, 3)
    push = next(e for e in entries if e.how == "push")
    assert push.line == wave.__code__.co_firstlineno + 2
    assert push.bytes == "8 * (max(u.shape[0] - 2, 0))"
    assert str(push).startswith("push")


def invariant(x, w, n):
    for _ in range(n):
        factor = np.exp(np.sin(w))
        x = np.tanh(x * factor)
    return np.sum(x)


def invariant_in_nested_loops(x, w, n):
    for i in range(n):
        for _ in range(2):
            x = x * np.exp(w) + np.sin(x[0] * i)
    return np.sum(x)


def invariant_in_a_branch(x, w, n):
    for i in range(n):
        if i > 1:
            x = np.tanh(x * np.exp(w))
    return np.sum(x)


def overwritten_operand(x, w, n):
    for _ in range(n):
        x = np.tanh(x * np.exp(w))
        w[0] = w[0] * 0.5
    return np.sum(x)


@pytest.mark.parametrize(("fun", "appends"), [(invariant, 1), (invariant_in_nested_loops, 1), (invariant_in_a_branch, 3),
                                              (overwritten_operand, 2)])
def test_what_is_the_same_in_every_trip_is_not_pushed(fun, appends) -> None:
    """It is computed once more, in front of the mirror; not where a branch decides, or where an operand is overwritten."""
    x, w = np.array([0.3, -0.2, 0.5]), np.array([0.1, 0.4, -0.3])
    text = srcdiff.source(fun, x, w, 3, argnums=(0, 1), form="joint")
    assert text.count(".append(") == appends, text
    for n in (0, 3):
        srcdiff.testing.check_grads(fun, (x, w, n), order=2)


def stops_early(x, n):
    s = x
    for _ in range(n):
        s = s + x * 0.3
        if s > 1.5 and x > 0.0:
            s = s * x
            break
        s = s * np.sin(s)
    return s


def goes_on(x, n):
    s, k = x, 0
    while k < n:
        s = s + np.sin(s) * 0.3
        if s < 1.5 or x < 0.0:
            k = k + 1
            s = s * x
        else:
            return s * s
    return s


@pytest.mark.parametrize("fun", [stops_early, goes_on])
def test_the_condition_of_an_exit_is_not_pushed(fun) -> None:
    """It can have its value only in the last trip, so it is saved once."""
    text = srcdiff.source(fun, 0.9, 5, form="joint")
    assert text.count("stopped = False") == 2 if fun is stops_early else text.count("going = True") == 2
    assert text.count(".append(") == 2
    for x in (0.3, 0.9, 1.4, 2.0, -0.5):
        for n in (0, 1, 2, 7):
            srcdiff.testing.check_grads(fun, (x, n), order=2)
