"""n-queens, fannkuch, knapsack, permutations, sudoku-like backtracking, Floyd-Warshall, life, heap, binary search."""
import heapq


def queens(n, row=0, cols=0, d1=0, d2=0):
    if row == n:
        return 1
    c = 0
    free = ((1 << n) - 1) & ~(cols | d1 | d2)
    while free:
        b = free & -free
        free ^= b
        c += queens(n, row + 1, cols | b, (d1 | b) << 1, (d2 | b) >> 1)
    return c


def queens_list(n):
    found = 0
    pos = [-1] * n
    r = 0
    while r >= 0:
        pos[r] += 1
        while pos[r] < n:
            for k in range(r):
                if pos[k] == pos[r] or abs(pos[k] - pos[r]) == r - k:
                    break
            else:
                break
            pos[r] += 1
        if pos[r] < n:
            if r == n - 1:
                found += 1
            else:
                r += 1
                pos[r] = -1
                continue
        else:
            r -= 1
    return found


def fannkuch(n):
    perm1 = list(range(n))
    count = [0] * n
    best = checksum = nperm = 0
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        perm = perm1[:]
        flips = 0
        while (k := perm[0]):
            perm[:k + 1] = perm[k::-1]
            flips += 1
        best = max(best, flips)
        checksum += flips if nperm % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, best
            perm1.insert(r, perm1.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        nperm += 1


def knapsack(items, cap):
    t = [[0] * (cap + 1) for _ in range(len(items) + 1)]
    for i, (w, v) in enumerate(items, 1):
        for c in range(cap + 1):
            t[i][c] = t[i - 1][c]
            if w <= c and t[i - 1][c - w] + v > t[i][c]:
                t[i][c] = t[i - 1][c - w] + v
    return t[-1][-1]


def floyd(n):
    INF = float("inf")
    d = [[0 if i == j else (i * 7 + j * 3) % 11 + 1 if (i + j) % 3 else INF for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return sum(map(sum, d))


def life(steps):
    cells = {(0, 1), (1, 2), (2, 0), (2, 1), (2, 2), (10, 10), (10, 11), (10, 12)}
    for _ in range(steps):
        n = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy:
                        k = x + dx, y + dy
                        n[k] = n.get(k, 0) + 1
        cells = {k for k, c in n.items() if c == 3 or c == 2 and k in cells}
    return sorted(cells)


def dijkstra(n):
    dist = {0: 0}
    heap = [(0, 0)]
    while heap:
        d, u = heapq.heappop(heap)
        if d > dist[u]:
            continue
        for v, w in ((u * 2 % n, 3), ((u + 1) % n, 4), (u * u % n, u % 5 + 1)):
            if v not in dist or d + w < dist[v]:
                dist[v] = d + w
                heapq.heappush(heap, (d + w, v))
    return len(dist), sum(dist.values())


def bisect(l, x):
    lo, hi = 0, len(l)
    while lo < hi:
        mid = (lo + hi) // 2
        if l[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    return lo


print(queens(6), queens_list(6), fannkuch(5), knapsack([(3, 4), (4, 5), (7, 10), (8, 11), (9, 13)], 40), floyd(14), life(20), dijkstra(200))
print(sum(bisect([i * i for i in range(50)], k) for k in range(0, 2500, 31)))
