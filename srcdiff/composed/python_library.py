"""Python's builtins on sequences, written out."""

import numpy as np

__all__ = ["add_lists", "all_items", "any_item", "append_bounded", "append_left_bounded", "array_beside", "as_rows",
           "at_place", "at_place_or", "beside_array", "chosen", "columns", "count_of", "endless_items", "equal_lengths",
           "extend_list", "first_in_order", "first_of", "first_or", "has_item", "indexed_items", "inserted", "keys_of",
           "largest", "largest_by", "largest_or", "last_in_order", "list_from", "list_of", "mapped", "middle", "numbered",
           "ordered", "own_items", "place_between", "place_made", "place_of", "places_in_order", "put_all", "put_at_place",
           "ranks", "reduced", "repeat_item", "replaced", "require_division", "reversed_list", "slice_list", "smallest",
           "smallest_by", "smallest_or", "sum_items", "taken_from_place", "without"]


def sum_items(items, start):
    total = start
    for item in items:
        total = total + item
    return total


def reduced(fun, items, start):
    total = start
    for item in items:
        total = fun(total, item)
    return total


def largest(first, rest):
    best = first
    for item in rest:
        best = max(best, item)
    return best


def smallest(first, rest):
    best = first
    for item in rest:
        best = min(best, item)
    return best


def last_in_order(first, rest):
    best = first
    for item in rest:
        if item > best:
            best = item
    return best


def first_in_order(first, rest):
    best = first
    for item in rest:
        if item < best:
            best = item
    return best


def largest_or(items, default):
    best = default
    empty = True
    for item in items:
        if empty or item > best:
            best = item
        empty = False
    return best


def smallest_or(items, default):
    best = default
    empty = True
    for item in items:
        if empty or item < best:
            best = item
        empty = False
    return best


def place_of(items, wanted):
    for k in range(len(items)):
        if items[k] == wanted:
            return k
    raise ValueError("the item is not in the list")


def place_between(items, wanted, start, stop):
    first = start if start >= 0 else max(len(items) + start, 0)
    last = len(items) if stop is None else min(stop, len(items)) if stop >= 0 else len(items) + stop
    for k in range(first, last):
        if items[k] == wanted:
            return k
    raise ValueError("the item is not in the list")


def count_of(items, wanted):
    count = 0
    for item in items:
        if item == wanted:
            count += 1
    return count


def largest_by(first, rest, key):
    best = first
    top = key(first)
    for item in rest:
        value = key(item)
        if value > top:
            best = item
            top = value
    return best


def smallest_by(first, rest, key):
    best = first
    least = key(first)
    for item in rest:
        value = key(item)
        if value < least:
            best = item
            least = value
    return best


def ordered(keys, reverse):
    """The positions of the items in order; equal ones stay in theirs, also where the largest comes first."""
    if reverse:
        return np.size(keys) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]
    return np.argsort(keys, kind="stable")


def equal_lengths(count, other, message):
    if count != other:
        raise ValueError(message)


def any_item(items):
    for item in items:  # noqa: SIM110  the loop is what is lowered
        if item:
            return True
    return False


def all_items(items):
    for item in items:  # noqa: SIM110  the loop is what is lowered
        if not item:
            return False
    return True


def numbered(items, start):
    k = start
    for item in items:
        yield k, item
        k += 1


def mapped(fun, items):
    for item in items:
        yield fun(item)


def beside_array(items, array):
    k = 0
    for item in items:
        if k >= len(array):
            return
        yield item, array[k]
        k += 1  # noqa: SIM113  enumerate of a generator is one of these functions itself


def array_beside(array, items):
    if len(array) > 0:
        other, k = array[0], 1  # read before the generator goes on
        for item in items:
            yield other, item
            if k >= len(array):
                return
            other = array[k]
            k += 1


def first_of(items):
    for item in items:
        return item
    raise StopIteration


def first_or(items, default):
    for item in items:
        return item
    return default


def has_item(items, wanted):
    for item in items:  # noqa: SIM110  the loop is what is lowered
        if item == wanted:
            return True
    return False


def list_of(items):
    out = []
    for item in items:
        out.append(item)
    return out


def as_rows(items):
    out = []
    for item in items:
        out.append(list(item))
    return out


def columns(rows):
    out = []
    for j in range(min([len(row) for row in rows])):
        out.append([row[j] for row in rows])
    return out


def append_bounded(items, item, most):
    items.append(item)
    if len(items) > most:
        items.pop(0)


def append_left_bounded(items, item, most):
    items.insert(0, item)
    if len(items) > most:
        items.pop()


def list_from(first, items):
    out = [first]
    for item in items:
        out.append(item)
    return out


def extend_list(out, items):
    for item in items:
        out.append(item)


def repeat_item(item, times):
    out = []
    for _ in range(times):
        out.append(item)
    return out


def slice_list(items, start, stop, step):
    out = []
    first = 0 if start is None else min(start, len(items)) if start >= 0 else max(len(items) + start, 0)
    last = len(items) if stop is None else min(stop, len(items)) if stop >= 0 else len(items) + stop
    for k in range(first, last, step):
        out.append(items[k])
    return out


def replaced(items, start, stop, others):
    """The items with others in the place of a slice."""
    out = []
    first = 0 if start is None else min(start, len(items)) if start >= 0 else max(len(items) + start, 0)
    last = len(items) if stop is None else min(stop, len(items)) if stop >= 0 else len(items) + stop
    for k in range(first):
        out.append(items[k])
    for item in others:
        out.append(item)
    for k in range(max(first, last), len(items)):
        out.append(items[k])
    return out


def middle(items, before, after):
    """The items for a star between ``before`` and ``after`` other targets."""
    if len(items) < before + after:
        raise ValueError("not enough values to unpack")
    out = []
    for k in range(before, len(items) - after):
        out.append(items[k])
    return out


def reversed_list(items):
    out = []
    for k in range(len(items)):
        out.append(items[len(items) - 1 - k])
    return out


def require_division(length, parts):
    if length % parts != 0:
        raise ValueError("array split does not result in an equal division")


def add_lists(a, b):
    out = []
    for item in a:
        out.append(item)
    for item in b:
        out.append(item)
    return out


def inserted(items, place, item):
    out = []
    k = min(place, len(items)) if place >= 0 else max(len(items) + place, 0)
    for i in range(k):
        out.append(items[i])
    out.append(item)
    for i in range(k, len(items)):
        out.append(items[i])
    return out


def without(items, place):
    out = []
    k = place if place >= 0 else len(items) + place
    for i in range(k):
        out.append(items[i])
    for i in range(k + 1, len(items)):
        out.append(items[i])
    return out


def keys_of(items, key):
    return [key(item) for item in items]


def chosen(items, places):
    out = []
    for k in range(len(places)):
        out.append(items[places[k]])
    return out


def ranks(keys):
    """Numbers in the same order as the rows that the keys are columns of, the last one first; equal for equal rows."""
    order = np.lexsort(keys)
    found = np.zeros(len(order), dtype=np.int64)
    rank = 0
    for i in range(1, len(order)):
        same = True
        for key in keys:
            same = same and key[order[i]] == key[order[i - 1]]
        if not same:
            rank += 1
        found[order[i]] = rank
    return found


def own_items(step):
    while True:
        ended, item = step()
        if ended:
            break
        yield item


def endless_items(step):
    while True:
        yield step()


def indexed_items(step):
    k = 0
    while True:
        ended, item = step(k)
        if ended:
            break
        yield item
        k += 1


def at_place(values, place):
    if place < 0:
        raise KeyError("the dict has no such key")
    return values[place]


def at_place_or(values, place, default):
    if place >= 0:
        return values[place]
    return default


def put_at_place(keys, values, place, key, value):
    if place >= 0:
        values[place] = value
    else:
        keys.append(key)
        values.append(value)


def place_made(keys, values, place, key, value):
    if place >= 0:
        return place
    keys.append(key)
    values.append(value)
    return len(values) - 1


def put_all(items, more):
    for key, value in more.items():
        items[key] = value


def taken_from_place(keys, values, place):
    if place < 0:
        raise KeyError("the dict has no such key")
    keys.pop(place)
    return values.pop(place)


def places_in_order(items):
    """For each item, of how many others it comes after: by ``<``, as Python sorts."""
    found = np.zeros(len(items), dtype=np.int64)
    for i in range(len(items)):
        for j in range(i + 1, len(items)):
            if items[j] < items[i]:
                found[i] += 1
            else:
                found[j] += 1
    return found
