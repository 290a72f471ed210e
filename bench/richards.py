"""An operating system's kernel in small, after Martin Richards' benchmark: tasks with priorities, queues of packets, devices, a scheduler."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(1, 7)
KIND_DEVICE, KIND_WORK = 1000, 1001
SIZE = 4


class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * SIZE

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        p = queue
        while p.link is not None:
            p = p.link
        p.link = self
        return queue


class Task:
    def __init__(self, kernel, ident, priority, queue, waiting):
        self.kernel = kernel
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.packet_pending = queue is not None
        self.task_waiting = waiting
        self.task_holding = False
        self.link = kernel.tasks
        kernel.tasks = self
        kernel.table[ident] = self

    def is_held_or_waiting(self):
        return self.task_holding or (not self.packet_pending and self.task_waiting)

    def add_packet(self, packet, old):
        if self.queue is None:
            self.queue = packet
            self.packet_pending = True
            if self.priority > old.priority:
                return self
        else:
            packet.append_to(self.queue)
        return old

    def run_task(self):
        if self.task_waiting and self.packet_pending and not self.task_holding:
            packet = self.queue
            self.queue = packet.link
            self.packet_pending = self.queue is not None
            self.task_waiting = False
        else:
            packet = None
        return self.run(packet)

    def wait(self):
        self.task_waiting = True
        return self

    def hold(self):
        self.kernel.holds += 1
        self.task_holding = True
        return self.link

    def release(self, ident):
        task = self.kernel.table[ident]
        task.task_holding = False
        return task if task.priority > self.priority else self

    def send(self, packet):
        task = self.kernel.table[packet.ident]
        self.kernel.sent += 1
        packet.link = None
        packet.ident = self.ident
        return task.add_packet(packet, self)


class Idle(Task):
    def __init__(self, kernel):
        Task.__init__(self, kernel, IDLE, 0, None, False)
        self.control = 1
        self.count = 10000

    def run(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.hold()
        if self.control & 1 == 0:
            self.control //= 2
            return self.release(DEVICE_A)
        self.control = self.control // 2 ^ 0xD008
        return self.release(DEVICE_B)


class Worker(Task):
    def __init__(self, kernel, queue):
        Task.__init__(self, kernel, WORKER, 1000, queue, True)
        self.destination = HANDLER_A
        self.letter = 0

    def run(self, packet):
        if packet is None:
            return self.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.ident = self.destination
        packet.datum = 0
        for i in range(SIZE):
            self.letter += 1
            if self.letter > 26:
                self.letter = 1
            packet.data[i] = 64 + self.letter
        return self.send(packet)


class Handler(Task):
    def __init__(self, kernel, ident, priority, queue):
        Task.__init__(self, kernel, ident, priority, queue, True)
        self.work = None
        self.devices = None

    def run(self, packet):
        if packet is not None:
            if packet.kind == KIND_WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is None:
            return self.wait()
        count = work.datum
        if count >= SIZE:
            self.work = work.link
            return self.send(work)
        device = self.devices
        if device is None:
            return self.wait()
        self.devices = device.link
        device.datum = work.data[count]
        work.datum = count + 1
        return self.send(device)


class Device(Task):
    def __init__(self, kernel, ident, priority):
        Task.__init__(self, kernel, ident, priority, None, True)
        self.pending = None

    def run(self, packet):
        if packet is None:
            packet = self.pending
            if packet is None:
                return self.wait()
            self.pending = None
            return self.send(packet)
        self.pending = packet
        return self.hold()


class Kernel:
    def __init__(self):
        self.tasks = None
        self.table = [None] * 7
        self.holds = self.sent = 0

    def schedule(self):
        task = self.tasks
        while task is not None:
            if task.is_held_or_waiting():
                task = task.link
            else:
                task = task.run_task()


def packets(ident, kind, n=3):
    queue = None
    for _ in range(n):
        queue = Packet(queue, ident, kind)
    return queue


def run():
    kernel = Kernel()
    Idle(kernel)
    Worker(kernel, packets(0, KIND_WORK, 2))
    Handler(kernel, HANDLER_A, 2000, packets(DEVICE_A, KIND_DEVICE))
    Handler(kernel, HANDLER_B, 3000, packets(DEVICE_B, KIND_DEVICE))
    Device(kernel, DEVICE_A, 4000)
    Device(kernel, DEVICE_B, 5000)
    kernel.schedule()
    return kernel.sent, kernel.holds


print([run() for _ in range(40)])
