"""Sun and outer planets, pulled by each other: energies and positions over the years.

    python examples/nbody.py [YEARS]

Distances in astronomical units, time in days, masses in suns; start positions of the Computer Language Benchmarks Game.
"""

import sys

DAYS_PER_YEAR = 365.24
PI = 3.141592653589793
SUN = 4 * PI * PI
# name, position, velocity per day, mass
START = [
    ("sun", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 1.0),
    ("jupiter", (4.84143144246472090, -1.16032004402742839, -0.103622044471123109), (0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023), 0.000954791938424326609),
    ("saturn", (8.34336671824457987, 4.12479856412430479, -0.403523417114321381), (-0.00276742510726411, 0.00499852801234917238, 0.0000230417297573763929), 0.000285885980666130812),
    ("uranus", (12.8943695621391310, -15.1111514016986312, -0.223307578892655734), (0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556), 0.0000436624404335156298),
    ("neptune", (15.3796971148509165, -25.9193146099879641, 0.179258772950371181), (0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870), 0.0000515138902046611451),
]
X, Y, Z, VX, VY, VZ, MASS = range(7)


def make_bodies():
    bodies = [[*p, *(v * DAYS_PER_YEAR for v in velocity), m * SUN] for _, p, velocity, m in START]
    for axis in (VX, VY, VZ):       # the whole stays where it is
        bodies[0][axis] = -sum(b[axis] * b[MASS] for b in bodies) / SUN
    return bodies


def energy(bodies):
    e = 0.0
    for i in range(len(bodies)):
        a = bodies[i]
        e += 0.5 * a[MASS] * (a[VX] * a[VX] + a[VY] * a[VY] + a[VZ] * a[VZ])
        for j in range(i + 1, len(bodies)):
            b = bodies[j]
            dx = a[X] - b[X]
            dy = a[Y] - b[Y]
            dz = a[Z] - b[Z]
            e -= a[MASS] * b[MASS] / (dx * dx + dy * dy + dz * dz) ** 0.5
    return e


def advance(bodies, dt, steps):
    n = len(bodies)
    for _ in range(steps):
        for i in range(n):
            a = bodies[i]
            for j in range(i + 1, n):
                b = bodies[j]
                dx = a[0] - b[0]
                dy = a[1] - b[1]
                dz = a[2] - b[2]
                d2 = dx * dx + dy * dy + dz * dz
                mag = dt / (d2 * d2 ** 0.5)
                ma = a[6] * mag
                mb = b[6] * mag
                a[3] -= dx * mb
                a[4] -= dy * mb
                a[5] -= dz * mb
                b[3] += dx * ma
                b[4] += dy * ma
                b[5] += dz * ma
        for b in bodies:
            b[0] += dt * b[3]
            b[1] += dt * b[4]
            b[2] += dt * b[5]


def main():
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 2400
    bodies = make_bodies()
    print("     year  energy         " + "".join(f"{s[0]:>20}" for s in START[1:]))
    part = max(1, years // 6)
    for year in range(0, years + 1, part):
        if year:
            advance(bodies, 0.01, part * 100)
        print(f"{year:9}  {energy(bodies):.12f}" + "".join(f"{b[X]:10.4f}{b[Y]:10.4f}" for b in bodies[1:]))


main()
