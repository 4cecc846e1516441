"""Recursion."""



def factorial(x, n):
    if n == 0:
        return 1.0
    return x * factorial(x, n - 1)


ARGS = (1.3, 4)


# -- generated --

def factorial_rec_fwd(x, n):
    t = n == 0
    stash = []
    stash_stash = []
    if t:
        result = 1.0
    else:
        t1, stash_1 = factorial_rec_fwd(x, n - 1)
        stash.append(t1)
        stash_stash.append(stash_1)
        result = x * t1
    stash = x, t, stash, stash_stash
    return result, stash


def factorial_rec_bwd(stash, out_bar):
    x, t, stash, stash_stash = stash
    if t:
        x_bar = 0.0
    else:
        # line 8: return x * factorial(x, n - 1)
        stash = list(stash)
        stash_stash = list(stash_stash)
        x_bar = out_bar * stash.pop()
        stash = stash_stash.pop()
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
