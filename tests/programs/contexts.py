"""``with``: managers that carry no derivative, the user's own, and generators that are managers."""

import contextlib
import os
import threading
import time
import warnings

import numpy as np

from programs.registry import array, program

LOCK = threading.Lock()
SLOTS = threading.Semaphore(2)
POSITIVE = np.abs(array(3)) + 0.2


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *error):
        self.passed = time.perf_counter() - self.start


class Level:
    """Counts how deep it is."""

    def __init__(self, scale):
        self.depth = 0
        self.scale = scale

    def __enter__(self):
        self.depth += 1
        return self.scale * self.depth

    def __exit__(self, kind, error, trace):
        self.depth -= 1
        return False


@contextlib.contextmanager
def doubled(a):
    b = a * 2.0
    yield b
    b[0] = 0.0


@program(POSITIVE)
def errstate(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(x)
    return np.sum(y * y)


@program(np.array([0.0, 1.0, 2.0]), order=1)
def errstate_around_an_adjoint(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(x > 0.5, np.log(x), 0.0)
    return np.sum(y * y)


@program(array(3))
def left_by_return(x):
    with np.errstate(all="ignore"):
        if x[0] > 0.5:
            return np.sum(x * x)
        y = x * 2.0
    return np.sum(y * y)


@program(array(4))
def left_by_break_and_continue(x):
    s = 0.0
    for v in x:
        with np.errstate(all="ignore"):
            if v < 0.0:
                break
            if v > 0.9:
                continue
            s += v * v
        s *= 2.0
    return s * x[1]


@program(array(3))
def around_a_loop(x):
    s = x[0]
    with np.errstate(over="ignore"):
        for k in range(3):
            s = s * x[k] + np.tanh(s)
    return s


@program(array(3))
def locks(x):
    with LOCK, SLOTS:
        y = x * x
    LOCK.acquire()
    try:
        y = y * 2.0
    finally:
        LOCK.release()
    with threading.Lock():
        return np.sum(y * x)


@program(array(3))
def timers(x):
    with Timer() as timer:
        y = x * x
    print("took", timer.passed >= 0.0)
    return np.sum(y)


@program(array(3))
def nothing(x):
    with contextlib.nullcontext(x * 2.0) as y, contextlib.nullcontext():
        z = y * y
    return np.sum(z * x)


@program(array(3))
def unpacked(x):
    with contextlib.nullcontext((x, x * 2.0)) as (a, b):
        y = a * b
    return np.sum(y * y)


@program(array(3))
def a_class_with_active_values(x):
    level = Level(x[0])
    with level as outer:
        y = x * outer
        with level as inner:
            y = y * inner
    return np.sum(y * y) + level.depth


@program(array(3))
def generators(x):
    with doubled(x) as y:
        z = y * y
    return np.sum(z) + np.sum(y)


@program(array(3))
def left_out_of_a_generator(x):
    for v in x:
        with doubled(x) as y:
            if v > -10.0:
                return np.sum(y * y) * v
    return x[0]


@program(array(3))
def suppressed(x):
    y = x * 1.0
    with contextlib.suppress(ZeroDivisionError, KeyError):
        y = x * x
        if x[0] > -10.0:
            raise KeyError
        y = x * 3.0
    return np.sum(y * y)


@program(POSITIVE)
def warnings_caught(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = np.log(x)
    return np.sum(y * y)


@program(array(3))
def files(x):
    with open(os.devnull, "w") as file:
        y = x * x
        file.write(f"{y[0]:.3f}\n")
        print("written", y[1], file=file)
    return np.sum(y * x)


@program(array(3))
def redirected(x):
    with open(os.devnull, "w") as file, contextlib.redirect_stdout(file):
        print("hidden", x[0])
        y = x * x
    return np.sum(y * y)


@program(array(3))
def inside_a_generator(x):
    def squares():
        with np.errstate(all="ignore"):
            for v in x:
                yield v * v

    return sum(squares()) * x[0]


class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is not None and issubclass(kind, ValueError)


@program(array(3), refused=True)
def a_manager_that_swallows(x):
    with Swallow():
        y = x * x
    return np.sum(y)


@program(array(3), refused=True)
def an_exit_stack(x):
    with contextlib.ExitStack() as stack:
        y = stack.enter_context(contextlib.nullcontext(x * x))
    return np.sum(y)
