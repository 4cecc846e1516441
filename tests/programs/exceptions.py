"""``try``, ``raise``, ``assert`` and ``del``: no exception in the run, or one that the program raises itself."""

import math

import numpy as np

from programs.registry import array, program

POSITIVE = np.abs(array(3)) + 0.2


class Rejected(Exception):
    pass


@program(POSITIVE)
def nothing_is_raised(x):
    try:
        y = np.log(x[0])
    except ValueError:
        y = 0.0
    else:
        y = y * 2.0
    finally:
        z = x[1]
    return y * z


@program(array(3))
def a_missing_key(x):
    table = {"a": x[0]}
    try:
        v = table["b"]
    except KeyError:
        v = x[1] * table["a"]
    return v * v


@program(array(3))
def a_missing_item(x):
    items = [x[0], x[1]]
    total = 0.0
    for k in range(4):
        try:
            total += items[k] ** 2
        except IndexError:
            total *= x[2]
            break
    return total


@program(array(3))
def a_call_that_does_not_fit(x):
    def area(a, b):
        return a * b

    try:
        return area(x[0])
    except TypeError:
        return area(x[0], x[1]) * x[2]


@program(array(3))
def conversions(x):
    total = 0.0
    for text in ("2", "two", "3.5"):
        try:
            scale = float(text)
        except ValueError:
            scale = -1.0
        total += scale * x[0] * x[1]
    return total * x[2]


@program(array(3), array(3, shift=1.0))
def raised_under_a_condition(x, y):
    total = 0.0
    for k in range(3):
        try:
            if x[k] > 0.9:
                raise KeyError
            if x[k] > 0.2:
                raise ValueError("too large")
            total = total + x[k] * y[k]
        except ValueError:
            total = total + x[k] * x[k]
        except KeyError:
            total = total + y[k] ** 3
        else:
            total = total * 2.0
        finally:
            total = total + y[0] * x[1]
    return total


@program(array(4))
def out_of_a_loop(x):
    y = x[0]
    try:
        for k in range(4):
            for _ in range(2):
                y = y + x[k] * x[k]
                if x[k] < 0.0:
                    raise StopIteration
        y = y * 2.0
    except StopIteration:
        y = y * y
    return y * x[1]


@program(array(3))
def raised_in_a_helper(x):
    def checked(v, limit):
        if limit > 1:
            raise Rejected("over", limit)
        return v * v

    total = 0.0
    for k in (1, 2):
        try:
            total = total + checked(x[k], k)
        except Rejected as error:
            total = total * error.args[1] * x[0]
    return total


@program(array(2))
def returned_from_a_try(x):
    try:
        if x[0] > 0.0:
            return math.exp(x[0]) * x[1]
        y = x[0]
    except (OverflowError, ValueError):
        return 0.0
    return y * x[1]


@program(array(3))
def finally_on_every_way_out(x):
    s = 1.0
    for k in range(3):
        try:
            if k == 1:
                continue
            s = s + x[k] * x[k]
        finally:
            s = s * x[0]
    return s


@program(array(2))
def a_return_and_finally(x):
    y = x * 2.0
    try:
        if x[0] > 0.5:
            return np.sum(y * y)
        y[0] = x[1]
    finally:
        y = y * 3.0
    return np.sum(y * x)


@program(array(3))
def a_test_that_computes_nothing(x):
    A = np.outer(x, x) + np.eye(3)
    try:
        np.linalg.cholesky(A)
    except np.linalg.LinAlgError:
        return 0.0
    return np.sum(A * A * A)


@program(array(3))
def tried_again(x):
    n = 0
    while True:
        try:
            n += 1
            if n < 3:
                raise RuntimeError("again")
            y = x * n
            break
        except RuntimeError:
            continue
    return np.sum(y * y)


@program(array(3))
def nested_and_passed_on(x):
    try:
        try:
            if x[0] > -10.0:
                raise ValueError("inside")
            y = x
        except KeyError:
            y = x * 5.0
        finally:
            w = x[1]
    except ValueError:
        y = x * x * 7.0
    return np.sum(y * y) * w


@program(array(3))
def raised_again(x):
    try:
        try:
            raise KeyError("k")
        except KeyError:
            raise
    except LookupError:
        y = x * 2.0
    return np.sum(y * y)


@program(array(3))
def an_exception_that_is_made_first(x):
    error = Rejected("no")
    try:
        if x[0] > -10.0:
            raise error
    except Rejected as caught:
        return np.sum(x * x) * len(caught.args)
    return x[0]


@program(array(3))
def raised_and_never_reached(x):
    if x[0] > 100.0:
        raise ValueError(f"too large: {x[0]}")
    if np.any(np.isnan(x)):
        raise Rejected
    assert x[0] < 50.0, f"large: {x[0]}"
    return np.sum(x * x)


@program(array(3))
def assertions(x):
    try:
        assert x[0] > 50.0, "small"
        y = x
    except AssertionError:
        y = x * x
    return np.sum(y * y)


@program(array(3))
def what_was_written_before(x):
    y = x.copy()
    items = []
    try:
        y[0] = x[1] * x[1]
        items.append(y[0])
        if y[0] > -1.0:
            raise Rejected
        y[1] = 0.0
        items.append(x[2])
    except Rejected:
        items.append(y[1] * y[2])
    return sum(items) * y[0] + np.sum(y)


@program(array(3))
def an_optional_module(x):
    try:
        import a_module_that_nobody_has as fast
    except ImportError:
        fast = None
    import math as m

    return np.sum(x * x) if fast is not None else np.sum(np.tanh(x)) * m.cos(x[0])


@program(array(3))
def duck_typing(x):
    total = 0.0
    for v in (x, 2.0, [x[0], x[1]]):
        try:
            total = total + len(v) * np.sum(x)
        except TypeError:
            total = total * x[1] * v
    return total


@program(array(3))
def deleted(x):
    table = {"a": x[0], "b": x[1] * x[0]}
    items = [x[0], x[1], x[2], x[0] * x[1]]
    y = x * 2.0
    del y, table["a"], items[0], items[1:]
    y = x * items[0]
    return table["b"] * np.sum(y * y) * len(items) * len(table)


@program(array(3), order=1)
def an_exception_that_is_printed(x):
    try:
        if x[0] > -10.0:
            raise ValueError(f"large: {x[0]:.2f}")
        return x[0]
    except ValueError as error:
        print("rejected:", error)
        return np.sum(x * x)


@program(array(3), refused=True)
def raised_in_a_helper_under_a_condition(x):
    def checked(v):
        if v > -10.0:
            raise Rejected
        return v

    try:
        y = checked(x[0])
    except Rejected:
        y = x[1]
    return y * y


@program(-POSITIVE, refused=True)
def caught_at_run_time(x):
    try:
        y = math.sqrt(x[0])
    except ValueError:
        y = x[1]
    return y * y


@program(array(3), refused=True)
def caught_at_run_time_and_not_needed(x):
    try:
        np.linalg.cholesky(-np.outer(x, x))
    except np.linalg.LinAlgError:
        return np.sum(x)
    return np.sum(x * x)


@program(array(3), refused=True)
def loop_that_only_an_exception_ends(x):
    s, i = 0.0, 0
    try:
        while True:
            s += x[i] ** 2
            i += 1
    except IndexError:
        pass
    return s


@program(array(4), order=1)
def finally_reads_the_index_of_the_loop(x):
    for k in range(4):
        try:
            if x[k] < 0:
                raise RuntimeError
            if x[k] > 0.9:
                break
        except RuntimeError:
            continue
        else:
            r = x[k] ** 2
        finally:
            s = x[k]
    return r * s


@program(array(4), refused=True)
def reshaped_for_the_error(x):
    try:
        x.reshape(3, 3)
    except ValueError:
        return x[0] ** 2
    return x[1] ** 3


@program(array(4), order=1)
def a_row_for_the_error(x):
    try:
        y = x.reshape(2, 2)[3]
    except IndexError:
        return x[0] ** 2
    return np.sum(y)


@program(array(4), order=1)
def views_that_fail_for_certain(x):
    total = x[0]
    for test in (lambda: x.squeeze(0), lambda: np.transpose(x, (1, 0)), lambda: np.moveaxis(x.reshape(2, 2), (0, 1), (1, 1)),
                 lambda: np.rot90(x.reshape(2, 2), axes=(0, 0)), lambda: x.reshape(2, 2).diagonal(0, 1, 1)):
        try:
            test()
        except ValueError:
            total = total * x[1] + x[0]
    return total


@program(array(4), order=1)
def iterators_of_numbers(x):
    total = x[0]
    for test in (iter, enumerate, zip, lambda v: map(abs, v)):
        try:
            test(3)
        except TypeError:
            total = total * x[1] + x[0]
    return total


@program(array(4), refused=True)
def squeeze_of_a_long_axis(x):
    return np.sum(x.squeeze(0))


@program(array(4), refused=True)
def an_axis_that_there_is_not(x):
    return np.sum(np.expand_dims(x, 7)) + np.sum(x.diagonal())


class Growing:

    def __init__(self, v):
        self.v, self.k = v, 0

    def step(self):
        if self.k >= 20:
            raise ValueError("too many steps")
        self.k += 1
        self.v = self.v * 1.1 + 0.1


@program(0.3)
def last_value_of_a_loop_that_may_raise(a):
    held, total = Growing(a), 0.0
    while held.v < 1.2:
        total += held.v
        held.step()
    return total * held.v
