# Random small programs in one form, which programs.hpp reads, and the same as Go source.
#
# A program: {"capacities": of its channels, -1 for a nil one, "group": what the wait group starts
# with, "waits": whether main waits for all others, "goroutines": lists of instructions, main
# first}. Instructions: ["send", 0], ["once", ["send", 0]], ["select", [["recv", 0], ["send", 1]],
# true], where true is for a default case.
import random

ON_CHANNEL = ["send", "recv", "close", "try_send", "try_recv", "size"]
PLAIN = ["print", "send", "recv", "close", "try_send", "try_recv", "size", "select", "done", "wait"]
WITH_LOCK = ["locked", "wlocked", "rlocked", "once"]
# What belongs together: each to be done by some goroutine, which may be the same.
TOGETHER = [
    *[["send", "recv"]] * 4,
    *[["select", "select"]] * 3,
    *[["select", "send"], ["select", "recv"], ["try_send", "recv"], ["send", "try_recv"]] * 2,
    ["select", "close"],
    ["send", "close"],
    ["recv", "close"],
    ["close", "close"],
    ["size", "recv"],
    ["wait", "done", "done"],
    ["add", "done", "wait"],
    ["cond_wait", "signal"],
    ["cond_wait", "cond_wait", "signal", "broadcast"],
    ["await_set", "set"],
    ["await_set", "cond_wait", "set"],
    ["once", "once"],
    ["locked", "locked"],
    ["wlocked", "rlocked", "rlocked"],
    ["lock unlock", "lock unlock"],
    ["lock unlock", "unlock lock"],
    *[["any"]] * 4,
]


def any_program(seed):
    """The same for the same seed, always."""
    draw = random.Random(seed)
    channels = draw.choice([1, 2, 2, 3])
    goroutines = [[] for _ in range(draw.choice([2, 3, 3, 3, 4]))]
    for _ in range(draw.randint(2, 4)):
        for several in draw.choice(TOGETHER):
            doer = draw.choice(goroutines)
            doer += [instruction(draw, one, channels) for one in several.split()]
    for number in range(1, len(goroutines)):
        parent = goroutines[0 if draw.random() < 0.8 else draw.randrange(number)]
        parent.insert(0 if draw.random() < 0.7 else draw.randint(0, len(parent)), ["start", number])
    program = {
        "capacities": [draw.choice([0, 0, 0, 1, 1, 2]) for _ in range(channels)],
        "group": draw.randint(0, 2),
        "waits": draw.random() < 0.8,
        "goroutines": goroutines,
    }
    if draw.random() < 0.03:
        program["capacities"][0] = -1
    # A goroutine that outlives main must not end the process, which may run the next one.
    program["waits"] = program["waits"] or can_be_fatal(program)
    return program


def instruction(draw, kind, channels):
    if kind == "any":
        kind = draw.choice(PLAIN + WITH_LOCK)
    if kind in WITH_LOCK:
        return [kind, instruction(draw, draw.choice(PLAIN), channels)]
    if kind == "select":
        cases = [
            [draw.choice(["send", "recv"]), draw.randrange(channels)]
            for _ in range(draw.choice([1, 2, 2, 2, 3]))
        ]
        return [kind, cases, draw.random() < 0.3]
    if kind in ON_CHANNEL:
        return [kind, draw.randrange(channels)]
    return [kind]


def can_be_fatal(program):
    """Whether it may unlock a mutex that is not locked: that cannot be recovered from."""
    return any(["unlock"] in list for list in program["goroutines"])


PRINT_RECEIVED = 't.print("LABEL " + strconv.Itoa(v) + yes(more, " true", " false"))'
# As Go. VALUE: what is sent, LABEL: the beginning of what is printed, ON: the channel.
GO = {
    "print": 't.print("LABEL")',
    "start": "t.start(ON)",
    "send": "t.c[ON] <- VALUE",
    "recv": f"v, more := <-t.c[ON]\n{PRINT_RECEIVED}",
    "close": "close(t.c[ON])",
    "try_send": """select {
case t.c[ON] <- VALUE:
t.print("LABEL sent")
default:
t.print("LABEL full")
}""",
    "try_recv": f"""select {{
case v, more := <-t.c[ON]:
{PRINT_RECEIVED}
default:
t.print("LABEL empty")
}}""",
    "size": 't.print("LABEL " + strconv.Itoa(len(t.c[ON])))',
    "lock": "t.guard.Lock()",
    "unlock": "t.guard.Unlock()",
    "locked": "t.guard.Lock()\nt.step()\nINNER\nt.step()\nt.guard.Unlock()",
    "wlocked": "t.book.Lock()\nt.step()\nINNER\nt.step()\nt.book.Unlock()",
    "rlocked": "t.book.RLock()\nt.step()\nINNER\nt.step()\nt.book.RUnlock()",
    "once": "t.only.Do(func() {\nt.step()\nINNER\nt.step()\n})",
    "add": "t.group.Add(1)",
    "done": "t.group.Done()",
    "wait": 't.group.Wait()\nt.print("LABEL waited")',
    "signal": "t.changed.Signal()",
    "broadcast": "t.changed.Broadcast()",
    "set": "t.guard.Lock()\nt.isSet = true\nt.changed.Broadcast()\nt.step()\nt.guard.Unlock()",
    "cond_wait": """t.guard.Lock()
t.step()
t.changed.Wait()
t.print("LABEL woken")
t.guard.Unlock()""",
    "await_set": """t.guard.Lock()
for !t.isSet {
t.step()
t.changed.Wait()
}
t.print("LABEL set")
t.guard.Unlock()""",
}


def go_instruction(one, label, value):
    if one[0] == "select":
        return go_select(one, label, value)
    text = GO[one[0]]
    if len(one) > 1 and isinstance(one[1], list):
        text = text.replace("INNER", go_instruction(one[1], label, value))
    elif len(one) > 1:
        text = text.replace("ON", str(one[1]))
    return text.replace("LABEL", label).replace("VALUE", str(value))


def go_select(one, label, value):
    lines = ["select {"]
    for number, (what, on) in enumerate(one[1]):
        if what == "send":
            lines += [f"case t.c[{on}] <- {value}:", f't.print("{label} case {number}")']
        else:
            lines += [
                f"case v, more := <-t.c[{on}]:",
                PRINT_RECEIVED.replace("LABEL", f"{label} case {number}"),
            ]
    if one[2]:
        lines += ["default:", f't.print("{label} default")']
    return "\n".join(lines + ["}"])


def go_program(program):
    """A value of the type `program` of main.go."""
    capacities = ", ".join(str(capacity) for capacity in program["capacities"])
    waits = "true" if program["waits"] else "false"
    lines = [f"{{[]int{{{capacities}}}, {program['group']}, {waits}, []func(*task){{"]
    for who, instructions in enumerate(program["goroutines"]):
        lines.append("func(t *task) {")
        for number, one in enumerate(instructions):
            text = go_instruction(one, f"{who}.{number}", 10 * (who + 1) + number)
            lines += ["{", text, "}", "t.step()"]
        lines.append("},")
    return indented("\n".join(lines + ["}},"]))


def indented(text):
    """Go source with the indentation that its braces ask for."""
    lines, depth = [], 0
    for line in text.split("\n"):
        if line.startswith("}"):
            depth -= 1
        lines.append("\t" * (depth - line.startswith(("case ", "default:"))) + line)
        if line.endswith("{"):
            depth += 1
    return "\n".join(lines)


def go_file(programs):
    """The Go file that, with main.go, runs them."""
    head = 'package main\n\nimport "strconv"\n\nvar _ = strconv.Itoa\n\nvar programs = []program{\n'
    return head + "\n".join(go_program(program) for program in programs) + "\n}\n"
