"""``heapq`` and ``bisect``: order by values that only the run knows."""

import bisect
import heapq

import numpy as np

from programs.registry import THREE, array, program

MANY = array(12) + 1.5
COSTS = np.array([[0.0, 2.0, 5.0, 0.0], [2.0, 0.0, 1.0, 4.0], [5.0, 1.0, 0.0, 1.5], [0.0, 4.0, 1.5, 0.0]]) + 0.01
KNOTS = [0.0, 0.55, 1.0, 1.6, 2.1, 2.9]


@program(MANY)
def sorted_by_a_heap(x):
    heap = []
    for v in x:
        heapq.heappush(heap, v)
    s = 0.0
    for k in range(7):
        s += heapq.heappop(heap) ** 2 * k
    return s


@program(MANY)
def huffman(x):
    heap = list(x)
    heapq.heapify(heap)
    cost = 0.0
    while len(heap) > 1:
        pair = heapq.heappop(heap) + heapq.heappop(heap)
        cost += pair
        heapq.heappush(heap, pair)
    return cost**2


@program(MANY)
def largest_of_all(x):
    best = []
    for v in x:
        if len(best) < 4:
            heapq.heappush(best, v)
        else:
            heapq.heappushpop(best, v)
    heapq.heapreplace(best, x[0] * 3.0)
    return sum(v**2 for v in best) + heapq.nlargest(3, x)[2] * heapq.nsmallest(2, x, key=lambda v: -v)[1]


@program(COSTS)
def shortest_path(w):
    dist = [np.inf] * 4
    dist[0] = 0.0
    done = np.zeros(4, dtype=bool)
    heap = [(0.0, 0)]
    while heap:
        d, u = heapq.heappop(heap)
        if done[u]:
            continue
        done[u] = True
        for v in range(4):
            if w[u, v] > 0.1 and d + w[u, v] < dist[v]:
                dist[v] = d + w[u, v]
                heapq.heappush(heap, (dist[v], v))
    return dist[3] ** 2 + dist[2]


@program(THREE)
def known_order(x):
    heap = list(zip([3, 1, 2], range(3), strict=True))
    heapq.heapify(heap)
    s = 0.0
    while heap:
        _, k = heapq.heappop(heap)
        s = s * 2.0 + x[k] ** 2
    return s


@program(MANY)
def pieces(x):
    s = 0.0
    for v in x:
        k = bisect.bisect_right(KNOTS, v) - 1
        s += ((v - KNOTS[k]) / (KNOTS[k + 1] - KNOTS[k])) ** 2 * (k + 1)
    return s


@program(MANY)
def inserted_in_order(x):
    items = []
    for v in x:
        bisect.insort(items, v)
    sums = np.cumsum(x)
    points = [(0.1, 2.0), (0.8, 3.0), (1.6, 5.0)]
    at = bisect.bisect(points, 1.0, key=lambda p: p[0])
    return items[0] * items[5] + items[-1] ** 2 + sums[bisect.bisect_left(sums, 10.0)] ** 2 * points[at][1]
