"""finally with return, break, continue, re-raise; nested; order of events."""

log = []


def with_continue(n):
    s = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                continue
            s += i
        finally:
            s += 1000
    return s


def with_break(n):
    s = 0
    for i in range(n):
        try:
            if i == 70:
                break
            s += 1
        finally:
            s += 100
    return s, i


def with_return(n):
    for i in range(n):
        try:
            if i == 65:
                return i
        finally:
            log.append(i)


def override(n):
    out = []
    for i in range(n):
        out.append(swallow(i))
    return out[:4], len(out)


def swallow(i):
    try:
        if i % 2:
            raise ValueError(i)
        return "try"
    finally:
        if i % 4 > 1:
            return "finally"
        if i % 4 == 1:
            return "swallowed"


def nested(n):
    s = []
    for i in range(n):
        try:
            try:
                if i % 5 == 0:
                    raise KeyError(i)
            finally:
                s.append("inner")
        except KeyError:
            s.append("except")
        else:
            s.append("else")
        finally:
            s.append("outer")
    return s[:8], len(s)


def reraise(n):
    c = 0
    for i in range(n):
        try:
            try:
                1 / (i % 2)
            except ZeroDivisionError:
                c += 1
                raise
            finally:
                c += 10
        except ZeroDivisionError as e:
            c += 100
    return c


def finally_in_loop_in_finally(n):
    s = 0
    try:
        for i in range(n):
            try:
                s += i
            finally:
                for j in range(3):
                    s += j
    finally:
        s = -s
    return s


def loop_in_except(n):
    try:
        raise ValueError("v")
    except ValueError as e:
        s = 0
        for i in range(n):
            s += i
            try:
                if i % 10 == 0:
                    raise KeyError(i)
            except KeyError as k:
                s += k.__context__ is e
        return s, str(e)


print(with_continue(90), with_break(100), with_return(100), len(log), override(80), nested(60), reraise(60), finally_in_loop_in_finally(70), loop_in_except(80))
