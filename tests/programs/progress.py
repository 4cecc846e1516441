"""Progress bars, where ``tqdm`` is installed."""

import importlib.util

from programs.registry import THREE, program

if importlib.util.find_spec("tqdm") is not None:
    from tqdm import tqdm, trange

    @program(THREE)
    def bars(x):
        s = 0.0
        for k, v in enumerate(tqdm(x, disable=True)):
            s += v**2 * k
        for k, v in tqdm(enumerate(x), total=3, disable=True):
            s += v**3 * k
        for k in trange(3, disable=True):
            s += x[k] ** 3
        return s
