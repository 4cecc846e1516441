"""A while loop."""



def newton(a, x):
    while abs(x * x - a) > 1e-12:
        x = 0.5 * (x + a / x)
    return x


ARGS = (2.0, 1.0)


# -- generated --

def newton_grad(a, x):
    stash_x = []
    trips = 0
    while abs(x * x - a) > 1e-12:
        trips += 1
        stash_x.append(x)
        x = 0.5 * (x + a / x)
    x_bar = 1.0
    a_bar = 0.0
    for _ in reversed(range(trips)):
        # line 7: x = 0.5 * (x + a / x)
        x_bar *= 0.5
        x = stash_x.pop()
        t_bar = x_bar / x
        a_bar += t_bar
        x_bar -= t_bar * (a / x)
    return float(a_bar)
