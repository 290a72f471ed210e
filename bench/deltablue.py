"""An incremental solver of constraints with strengths, after DeltaBlue: a chain of equalities, and a projection."""

STRONGEST, REQUIRED, PREFERRED, NORMAL, WEAK, WEAKEST = range(6)


class Variable:
    def __init__(self, value):
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.walk_strength = WEAKEST
        self.stay = True
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def add(self, planner):
        self.add_to_graph()
        planner.incremental_add(self)

    def satisfy(self, planner, mark):
        self.choose_method(mark)
        if not self.is_satisfied():
            return None
        self.mark_inputs(mark)
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.mark_unsatisfied()
        out.determined_by = self
        planner.add_propagate(self, mark)
        out.mark = mark
        return overridden

    def destroy(self, planner):
        if self.is_satisfied():
            planner.incremental_remove(self)
        self.remove_from_graph()

    def is_input(self):
        return False


class Unary(Constraint):
    def __init__(self, v, strength, planner):
        super().__init__(strength)
        self.my_output = v
        self.satisfied = False
        self.add(planner)

    def add_to_graph(self):
        self.my_output.constraints.append(self)
        self.satisfied = False

    def choose_method(self, mark):
        self.satisfied = self.my_output.mark != mark and self.strength < self.my_output.walk_strength

    def is_satisfied(self):
        return self.satisfied

    def mark_inputs(self, mark):
        pass

    def output(self):
        return self.my_output

    def mark_unsatisfied(self):
        self.satisfied = False

    def inputs_known(self, mark):
        return True

    def recalculate(self):
        out = self.my_output
        out.walk_strength = self.strength
        out.stay = not self.is_input()
        if out.stay:
            self.execute()

    def remove_from_graph(self):
        self.my_output.constraints.remove(self)
        self.satisfied = False

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    def is_input(self):
        return True


class Binary(Constraint):
    def __init__(self, a, b, strength, planner):
        super().__init__(strength)
        self.a = a
        self.b = b
        self.direction = 0
        self.add(planner)

    def choose_method(self, mark):
        a, b = self.a, self.b
        if a.mark == mark:
            self.direction = 1 if b.mark != mark and self.strength < b.walk_strength else 0
        elif b.mark == mark:
            self.direction = -1 if self.strength < a.walk_strength else 0
        elif a.walk_strength > b.walk_strength:
            self.direction = -1 if self.strength < a.walk_strength else 0
        else:
            self.direction = 1 if self.strength < b.walk_strength else 0

    def add_to_graph(self):
        self.a.constraints.append(self)
        self.b.constraints.append(self)
        self.direction = 0

    def is_satisfied(self):
        return self.direction != 0

    def input(self):
        return self.a if self.direction == 1 else self.b

    def output(self):
        return self.b if self.direction == 1 else self.a

    def mark_inputs(self, mark):
        self.input().mark = mark

    def mark_unsatisfied(self):
        self.direction = 0

    def inputs_known(self, mark):
        i = self.input()
        return i.mark == mark or i.stay or i.determined_by is None

    def recalculate(self):
        i, out = self.input(), self.output()
        out.walk_strength = max(self.strength, i.walk_strength)
        out.stay = i.stay
        if out.stay:
            self.execute()

    def remove_from_graph(self):
        self.a.constraints.remove(self)
        self.b.constraints.remove(self)
        self.direction = 0


class Equal(Binary):
    def execute(self):
        self.output().value = self.input().value


class Scale(Binary):
    def __init__(self, a, scale, offset, b, strength, planner):
        self.scale = scale
        self.offset = offset
        super().__init__(a, b, strength, planner)

    def execute(self):
        if self.direction == 1:
            self.b.value = self.a.value * self.scale.value + self.offset.value
        else:
            self.a.value = (self.b.value - self.offset.value) // self.scale.value


class Planner:
    def __init__(self):
        self.current = 0

    def new_mark(self):
        self.current += 1
        return self.current

    def incremental_add(self, c):
        mark = self.new_mark()
        overridden = c.satisfy(self, mark)
        while overridden is not None:
            overridden = overridden.satisfy(self, mark)

    def incremental_remove(self, c):
        out = c.output()
        c.mark_unsatisfied()
        c.remove_from_graph()
        unsatisfied = self.remove_propagate(out)
        for strength in range(REQUIRED, WEAKEST):
            for u in unsatisfied:
                if u.strength == strength:
                    self.incremental_add(u)
        c.add_to_graph()

    def make_plan(self, sources):
        mark = self.new_mark()
        plan, todo = [], sources
        while todo:
            c = todo.pop()
            if c.output().mark != mark and c.inputs_known(mark):
                plan.append(c)
                c.output().mark = mark
                self.add_consuming(c.output(), todo)
        return plan

    def extract_plan(self, constraints):
        return self.make_plan([c for c in constraints if c.is_input() and c.is_satisfied()])

    def add_propagate(self, c, mark):
        todo = [c]
        while todo:
            d = todo.pop()
            if d.output().mark == mark:
                self.incremental_remove(c)
                return False
            d.recalculate()
            self.add_consuming(d.output(), todo)
        return True

    def remove_propagate(self, out):
        out.determined_by = None
        out.walk_strength = WEAKEST
        out.stay = True
        unsatisfied, todo = [], [out]
        while todo:
            v = todo.pop()
            for c in v.constraints:
                if not c.is_satisfied():
                    unsatisfied.append(c)
            for c in v.constraints:
                if c is not v.determined_by and c.is_satisfied():
                    c.recalculate()
                    todo.append(c.output())
        return unsatisfied

    def add_consuming(self, v, todo):
        for c in v.constraints:
            if c is not v.determined_by and c.is_satisfied():
                todo.append(c)


def chain(n):
    planner = Planner()
    vs = [Variable(0) for _ in range(n + 1)]
    for i in range(n):
        Equal(vs[i], vs[i + 1], REQUIRED, planner)
    Stay(vs[-1], NORMAL, planner)
    edit = Edit(vs[0], PREFERRED, planner)
    plan = planner.extract_plan([edit])
    for i in range(100):
        vs[0].value = i
        for c in plan:
            c.execute()
        assert vs[-1].value == i
    edit.destroy(planner)
    return vs[-1].value, len(plan)


def projection(n):
    planner = Planner()
    scale, offset = Variable(10), Variable(1000)
    ends = []
    for i in range(n):
        a, b = Variable(i), Variable(i)
        ends.append(b)
        Stay(a, NORMAL, planner)
        Scale(a, scale, offset, b, REQUIRED, planner)
    change(planner, a, 17)
    total = b.value
    change(planner, scale, 5)
    total += sum(v.value for v in ends)
    change(planner, offset, 2000)
    return total + sum(v.value for v in ends)


def change(planner, v, value):
    edit = Edit(v, PREFERRED, planner)
    plan = planner.extract_plan([edit])
    for _ in range(10):
        v.value = value
        for c in plan:
            c.execute()
    edit.destroy(planner)


print([(chain(200), projection(200)) for _ in range(100)])
