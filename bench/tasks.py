"""A small operating system: classes, methods, attributes, linked lists, queues; in the manner of Martin Richards' benchmark."""


class Packet:
    def __init__(self, link, kind, ident):
        self.link = link
        self.kind = kind
        self.ident = ident
        self.value = 0
        self.data = [0, 0, 0, 0]


def append(queue, packet):
    packet.link = None
    if queue is None:
        return packet
    p = queue
    while p.link is not None:
        p = p.link
    p.link = packet
    return queue


class Task:
    def __init__(self, system, ident, priority):
        self.system = system
        self.ident = ident
        self.priority = priority
        self.queue = None
        self.holding = False
        self.runs = 0

    def receive(self, packet):
        self.queue = append(self.queue, packet)

    def take(self):
        p = self.queue
        if p is not None:
            self.queue = p.link
            p.link = None
        return p

    def ready(self):
        return not self.holding and self.queue is not None

    def run(self):
        raise NotImplementedError


class Idle(Task):
    def __init__(self, system, ident, count):
        Task.__init__(self, system, ident, 0)
        self.control = 1
        self.count = count

    def ready(self):
        return self.count > 0

    def run(self):
        self.count -= 1
        if self.control & 1:
            self.control = self.control // 2 ^ 0xD008
            self.system.release(4)
        else:
            self.control //= 2
            self.system.release(3)


class Worker(Task):
    def __init__(self, system, ident, priority):
        Task.__init__(self, system, ident, priority)
        self.where = 0
        self.letter = 0

    def run(self):
        p = self.take()
        self.where = 4 if self.where == 3 else 3
        for i in range(4):
            self.letter = self.letter + 1
            if self.letter > 26:
                self.letter = 1
            p.data[i] = 64 + self.letter
        p.value += 1
        self.system.send(self.where, p)


class Device(Task):
    def run(self):
        p = self.take()
        s = 0
        for d in p.data:
            s += d
        self.system.checksum = (self.system.checksum * 31 + s) % 1000003
        self.holding = True
        self.system.send(1 if p.kind else 2, p)


class System:
    def __init__(self):
        self.tasks = []
        self.checksum = 0
        self.sent = 0

    def add(self, task):
        self.tasks.append(task)

    def find(self, ident):
        for t in self.tasks:
            if t.ident == ident:
                return t
        raise KeyError(ident)

    def send(self, ident, packet):
        self.sent += 1
        packet.ident = ident
        self.find(ident).receive(packet)

    def release(self, ident):
        self.find(ident).holding = False

    def schedule(self):
        turns = 0
        while True:
            best = None
            for t in self.tasks:
                if t.ready() and (best is None or t.priority > best.priority):
                    best = t
            if best is None:
                return turns
            best.runs += 1
            best.run()
            turns += 1


def main(count):
    s = System()
    s.add(Idle(s, 0, count))
    s.add(Worker(s, 1, 10))
    s.add(Worker(s, 2, 11))
    s.add(Device(s, 3, 40))
    s.add(Device(s, 4, 41))
    for i in range(6):
        s.find(1 + i % 2).receive(Packet(None, i % 2, 0))
    return s.schedule(), s.checksum, s.sent, [t.runs for t in s.tasks]


print(main(300000))
