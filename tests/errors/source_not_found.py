namespace = {}
exec(" * ".join(["f = lambda x: x", "x"]), namespace)
f = namespace['f']
args = (0.5,)

message = """\
the source of <lambda> is not available
    define it in a file or a notebook (what exec ran is found while a variable holds the text; Python's prompt keeps none before version 3.13), or give it a rule
    while differentiating <lambda> (<string>:1) with respect to x
"""
