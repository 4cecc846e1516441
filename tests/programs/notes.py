"""Notes taken in objects that the function does not own."""

from __future__ import annotations

import numpy as np

from programs.registry import array, program

HISTORY: list[object] = []
COUNTS = {"calls": 0, "trips": 0}


class Recorder:
    def __init__(self):
        self.values = []
        self.calls = 0


RECORDER = Recorder()


@program(array(3))
def noted(x):
    loss = np.sum(x ** 2)
    HISTORY.append(float(loss))
    COUNTS["calls"] += 1
    return loss


@program(array(3))
def noted_in_a_loop(x):
    for k in range(3):
        x = np.sin(x)
        COUNTS["trips"] += 1
        if x[0] > 0.0:
            RECORDER.values.append((k, x.copy()))
    RECORDER.calls += 1
    return np.sum(x)


@program(array(3), refused=True)
def read_back(x):
    HISTORY.append(float(x[0]))
    return x[1] * HISTORY[-1]


@program(array(3), refused=True)
def counted_and_used(x):
    COUNTS["calls"] += 1
    return x[0] * COUNTS["calls"]
