"""A ray tracer of spheres over a plane, with a class of vectors of floats."""

import math


class Vector:
    __slots__ = "x", "y", "z"

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vector(self.x - o.x, self.y - o.y, self.z - o.z)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def unit(self):
        return self * (1.0 / math.sqrt(self.dot(self)))

    def mirrored(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.unit()

    def at(self, t):
        return self.origin + self.direction * t


class Sphere:
    def __init__(self, centre, radius, colour):
        self.centre = centre
        self.radius = radius
        self.colour = colour

    def hit(self, ray):
        to = self.centre - ray.origin
        v = to.dot(ray.direction)
        d = self.radius * self.radius - (to.dot(to) - v * v)
        if d < 0.0:
            return None
        t = v - math.sqrt(d)
        return t if t > 1e-6 else None

    def normal(self, p):
        return (p - self.centre).unit()


class Plane:
    colour = 0.4

    def __init__(self, y):
        self.y = y

    def hit(self, ray):
        if ray.direction.y > -1e-6:
            return None
        t = (self.y - ray.origin.y) / ray.direction.y
        return t if t > 1e-6 else None

    def normal(self, p):
        return Vector(0.0, 1.0, 0.0)


class Scene:
    def __init__(self):
        self.things = [Sphere(Vector(i * 1.5 - 3.0, math.sin(i), 6.0 + i % 2), 0.8, 0.2 + i * 0.15) for i in range(5)] + [Plane(-1.5)]
        self.light = Vector(-5.0, 8.0, -3.0)

    def nearest(self, ray):
        best, found = None, None
        for thing in self.things:
            t = thing.hit(ray)
            if t is not None and (best is None or t < best):
                best, found = t, thing
        return best, found

    def colour(self, ray, depth):
        t, thing = self.nearest(ray)
        if thing is None:
            return 0.1
        p = ray.at(t)
        normal = thing.normal(p)
        to_light = Ray(p, self.light - p)
        c = 0.1 * thing.colour
        if self.nearest(to_light)[1] is None:
            c += max(0.0, to_light.direction.dot(normal)) * thing.colour
        if depth > 0:
            c += 0.3 * self.colour(Ray(p, ray.direction.mirrored(normal)), depth - 1)
        return c

    def render(self, width, height):
        total = 0.0
        for j in range(height):
            for i in range(width):
                total += self.colour(Ray(Vector(0.0, 0.0, 0.0), Vector((i - width / 2) / width, (height / 2 - j) / width, 1.0)), 2)
        return total


print(Scene().render(240, 160))
