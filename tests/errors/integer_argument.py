def f(x):
    return x * x


args = (3,)

message = """\
x is an int: derivatives are with respect to floating-point values. Pass float(x), or choose other arguments with argnums
"""
