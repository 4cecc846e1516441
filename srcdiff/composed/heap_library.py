"""The modules ``heapq`` and ``bisect``, written out."""

from .table import composed

__all__ = ["heap_pop", "heap_push", "heap_push_pop", "heap_replace", "heapify", "insert_left", "insert_right", "largest_items",
           "search_left", "search_right", "smallest_items"]


def toward_root(heap, start, place):
    """Move the item at ``place`` in front of its parents that are larger."""
    item = heap[place]
    while place > start:
        parent = (place - 1) // 2
        if not item < heap[parent]:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


def toward_leaves(heap, place):
    """Move the item at ``place`` to a leaf, the smaller child up each time, and from there to where it belongs."""
    start, item = place, heap[place]
    child = 2 * place + 1
    while child < len(heap):
        if child + 1 < len(heap) and not heap[child] < heap[child + 1]:
            child += 1
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = item
    toward_root(heap, start, place)


@composed("heapq.heappush")
def heap_push(heap, item):
    heap.append(item)
    toward_root(heap, 0, len(heap) - 1)


@composed("heapq.heappop")
def heap_pop(heap):
    item = heap.pop()
    if len(heap) > 0:
        first = heap[0]
        heap[0] = item
        toward_leaves(heap, 0)
        return first
    return item


@composed("heapq.heapreplace")
def heap_replace(heap, item):
    first = heap[0]
    heap[0] = item
    toward_leaves(heap, 0)
    return first


@composed("heapq.heappushpop")
def heap_push_pop(heap, item):
    if len(heap) > 0 and heap[0] < item:
        first = heap[0]
        heap[0] = item
        toward_leaves(heap, 0)
        return first
    return item


@composed("heapq.heapify")
def heapify(items):
    for k in range(len(items) // 2 - 1, -1, -1):
        toward_leaves(items, k)


@composed("heapq.nlargest")
def largest_items(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:n]


@composed("heapq.nsmallest")
def smallest_items(n, iterable, key=None):
    return sorted(iterable, key=key)[:n]


@composed("bisect.bisect_left")
def search_left(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    low, high = lo, len(a) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if (a[middle] if key is None else key(a[middle])) < x:
            low = middle + 1
        else:
            high = middle
    return low


@composed("bisect.bisect_right", "bisect.bisect")
def search_right(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    low, high = lo, len(a) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if x < (a[middle] if key is None else key(a[middle])):
            high = middle
        else:
            low = middle + 1
    return low


@composed("bisect.insort_left")
def insert_left(a, x, lo=0, hi=None, *, key=None):
    a.insert(search_left(a, x if key is None else key(x), lo, hi, key=key), x)


@composed("bisect.insort_right", "bisect.insort")
def insert_right(a, x, lo=0, hi=None, *, key=None):
    a.insert(search_right(a, x if key is None else key(x), lo, hi, key=key), x)
