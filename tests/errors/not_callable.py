import srcdiff


def call():
    srcdiff.grad(3.0)

message = """\
3.0, of type float, cannot be called
    pass a function
"""
