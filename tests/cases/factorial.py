"""Recursion."""



def factorial(x, n):
    if n == 0:
        return 1.0
    return x * factorial(x, n - 1)


ARGS = (1.3, 4)


# -- generated --

def factorial_rec_fwd(x, n):
    t = n == 0
    if t:
        return 1.0, (x, t, None, None)
    t1, stash = factorial_rec_fwd(x, n - 1)
    return x * t1, (x, t, t1, stash)


def factorial_rec_bwd(stash, out_bar):
    x, t1, t, stash = stash
    if t1:
        x_bar = 0.0
    else:
        # line 8: return x * factorial(x, n - 1)
        x_bar = out_bar * t
        x_bar += factorial_rec_bwd(stash, out_bar * x)
    return x_bar


def factorial_grad(x, n):
    t = n == 0
    if t:
        stash = None
    else:
        t1, stash = factorial_rec_fwd(x, n - 1)
    if t:
        x_bar = 0.0
    else:
        # line 8: return x * factorial(x, n - 1)
        x_bar = t1 + factorial_rec_bwd(stash, x)
    return float(x_bar)
