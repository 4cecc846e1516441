import srcdiff


class Model:
    def __init__(self, w):
        self.w = w


def call():
    srcdiff.grad(Model)

message = """\
Model is a class
    pass a function that makes one: lambda x: Model(x).loss()
"""
