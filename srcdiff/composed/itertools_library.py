"""Functions of ``itertools`` that build lists, written out: what they give is gone through once, in this order."""

__all__ = ["accumulated_by", "chained", "compressed", "drop_while", "filter_false", "filtered",
           "pairs_of", "sliced", "take_while", "triples_of"]


def accumulated_by(func, first, rest):
    total = first
    out = [total]
    for item in rest:
        total = func(total, item)
        out.append(total)
    return out


def chained(iterables):
    out = []
    for iterable in iterables:
        for item in iterable:
            out.append(item)
    return out


def compressed(data, selectors):
    out = []
    for item, selector in zip(data, selectors):  # noqa: B905  as long as the shorter
        if selector:
            out.append(item)
    return out


def filtered(keep, items):
    out = []
    for item in items:
        if keep(item):
            out.append(item)
    return out


def filter_false(drop, items):
    out = []
    for item in items:
        if not drop(item):
            out.append(item)
    return out


def sliced(items, start, stop, step):
    if stop is not None and stop <= 0:
        return
    k, wanted = 0, start
    for item in items:
        if k == wanted:
            yield item
            wanted += step
        k += 1  # noqa: SIM113  enumerate of a generator is one of these functions itself
        if stop is not None and k >= stop:
            return


def take_while(keep, items):
    out = []
    for item in items:
        if not keep(item):
            break
        out.append(item)
    return out


def drop_while(drop, items):
    out = []
    dropping = True
    for item in items:
        if dropping:
            dropping = bool(drop(item))
        if not dropping:
            out.append(item)
    return out


def pairs_of(items):
    out = []
    for i in range(len(items)):
        for j in range(i + 1, len(items)):
            out.append((items[i], items[j]))
    return out


def triples_of(items):
    out = []
    for i in range(len(items)):
        for j in range(i + 1, len(items)):
            for k in range(j + 1, len(items)):
                out.append((items[i], items[j], items[k]))
    return out
