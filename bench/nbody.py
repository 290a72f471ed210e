"""Five bodies as lists of floats."""

BODIES = [
    [0.0, 0.0, 0.0, -0.000387668, -0.00326913, 0.0000239357, 39.47841760435743],
    [4.84143144, -1.16032004, -0.10362204, 0.60632639, 2.81198684, -0.02521836, 0.03769367487038949],
    [8.34336671, 4.12479856, -0.4035234, -1.01077434, 1.82566237, 0.00841576, 0.011286326131968767],
    [12.89436956, -15.11115140, -0.22330757, 1.08279100, 0.86871301, -0.01083263, 0.0017237240570597112],
    [15.37969711, -25.9193146, 0.17925877, 0.97909073, 0.59469899, -0.03475595, 0.0020336868699246304],
]


def advance(bodies, dt, steps):
    for _ in range(steps):
        for i in range(len(bodies)):
            a = bodies[i]
            for j in range(i + 1, len(bodies)):
                b = bodies[j]
                dx = a[0] - b[0]
                dy = a[1] - b[1]
                dz = a[2] - b[2]
                mag = dt * ((dx * dx + dy * dy + dz * dz) ** -1.5)
                a[3] -= dx * b[6] * mag
                a[4] -= dy * b[6] * mag
                a[5] -= dz * b[6] * mag
                b[3] += dx * a[6] * mag
                b[4] += dy * a[6] * mag
                b[5] += dz * a[6] * mag
        for b in bodies:
            b[0] += dt * b[3]
            b[1] += dt * b[4]
            b[2] += dt * b[5]


def energy(bodies):
    e = 0.0
    for i, a in enumerate(bodies):
        e += 0.5 * a[6] * (a[3] * a[3] + a[4] * a[4] + a[5] * a[5])
        for b in bodies[i + 1:]:
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            e -= a[6] * b[6] / (dx * dx + dy * dy + dz * dz) ** 0.5
    return e


print(energy(BODIES))
advance(BODIES, 0.01, 180000)
print(energy(BODIES), BODIES[1][:3])
