# Goroutines in gdb: gdb -x scripts/braid-gdb.py PROGRAM
#
#   info goroutines        what each does, where, and where it was created
#   goroutine N bt         the stack of goroutine N, or of g1, main (under the checker), or by name
#   goroutine N COMMAND    any other command in its innermost frame: up, info locals, p x
#   goroutine all bt       all stacks
#
# Works in live programs and in cores that hold the stacks (gdb's own generate-core-file leaves them
# out), on the production scheduler and under the checker, and needs no debug information: the
# runtime says in braid_debugger_view (runtime/core/goroutine.cpp) where things lie. Nothing is
# written into the program: a parked goroutine's stack is shown by an unwinder that takes its saved
# registers for those of the caller of the innermost frame.
import re
import struct

import gdb

# As in runtime/core/wait_reason.cpp and checker/trace/describe.cpp.
REASONS = (
    "runnable,running,chan receive,chan receive (nil chan),chan send,chan send (nil chan),select,"
    "select (no cases),sleep,sync.Mutex.Lock,sync.RWMutex.RLock,sync.RWMutex.Lock,"
    "sync.WaitGroup.Wait,sync.Cond.Wait,synctest.Wait,atomic await,waiting"
).split(",")
RUNNABLE, RUNNING = 0, 1
OPERATIONS = (
    "go,yield,print,send,recv,select,close,len,lock,try_lock,unlock,add,wait,sleep,after,now,load,"
    "store,update,await,read,write,choose,end,fire,made,destroyed,lock_shared,try_lock_shared,"
    "unlock_shared,lock,await readers,try_lock,unlock,wait,wait,notify,released,start,stop,reset,"
    "settle"
).split(",")

# What Boost.Context leaves at the saved stack pointer on x86-64, from there on.
SAVED = {"r12": 8, "r13": 16, "r14": 24, "r15": 32, "rbx": 40, "rbp": 48, "rip": 56}
SAVED_BYTES = 64


def word(address):
    memory = gdb.selected_inferior().read_memory(address, 8)
    return struct.unpack("<Q", bytes(memory))[0]


def byte(address):
    return bytes(gdb.selected_inferior().read_memory(address, 1))[0]


def text(address):
    found = b""
    while address and len(found) < 1000:
        one = bytes(gdb.selected_inferior().read_memory(address + len(found), 1))
        if one == b"\0":
            break
        found += one
    return found.decode(errors="replace")


def text_of_string(address):
    """Of a std::string of libstdc++: where its characters are, and how many."""
    begin, size = word(address), word(address + 8)
    return bytes(gdb.selected_inferior().read_memory(begin, size)).decode(errors="replace")


def place(address):
    """`file.cpp:12` of a braid::where: file, function, line."""
    file = word(address)
    if file == 0:
        return ""
    line = struct.unpack("<I", bytes(gdb.selected_inferior().read_memory(address + 16, 4)))[0]
    return f"{text(file).rsplit('/', 1)[-1]}:{line}"


def address_of(symbol):
    try:
        return int(gdb.parse_and_eval(f"(unsigned long)&'{symbol}'"))
    except gdb.error:
        return None


class View:
    """Where things lie in this program."""

    def __init__(self):
        at = address_of("braid_debugger_view")
        if at is None:
            raise gdb.GdbError("no braid in this program, or its symbols are stripped")
        try:
            values = [word(at + 8 * i) for i in range(18)]
        except gdb.MemoryError:
            raise gdb.GdbError("the program does not run")
        self.newest = values[0]
        self.older, self.self = values[1:3]
        (self.id, self.number, self.pending, self.doing, self.machine, self.stack) = values[3:9]
        (self.stack_bytes, self.created_at, self.created_by, self.bytes) = values[9:13]
        self.op_kind, self.op_object, self.op_at = values[13:16]
        self.extra, self.label = values[16:18]

    def is_checked(self):
        """True under the checker, whose scheduler is installed."""
        installed = address_of("braid::(anonymous namespace)::installed")
        if installed is None or word(installed) == 0:
            return False
        table = word(word(installed))
        return "lockstep" in gdb.execute(f"info symbol {table}", to_string=True)


class Goroutine:
    def __init__(self, view, at, is_checked, threads):
        self.id = word(at + view.id)
        self.machine = word(at + view.machine)
        self.name = None
        if is_checked:
            number = word(at + view.number) & 0xFFFFFFFF
            self.name = f"g{number}" if number else "main"
        extra = word(at + view.extra)
        self.label = text_of_string(extra + view.label) if extra else ""
        self.created_at = place(at + view.created_at)
        self.created_by = word(at + view.created_by)
        lowest = word(at + view.stack)
        size = word(at + view.stack_bytes)
        inside = [t for t, sp in threads if lowest and lowest <= sp < lowest + size]
        self.thread = inside[0] if inside else None
        self.describe(view, at, is_checked)

    def describe(self, view, at, is_checked):
        reason = byte(at + view.doing)
        pending = word(at + view.pending)
        self.at = ""
        if self.thread is not None:
            self.state = f"running on thread {self.thread.num}"
        elif reason not in (RUNNABLE, RUNNING):
            self.state = REASONS[reason] if reason < len(REASONS) else f"reason {reason}"
        elif is_checked and self.machine and pending:
            kind = byte(pending + view.op_kind)
            self.state = "before " + (
                OPERATIONS[kind] if kind < len(OPERATIONS) else f"operation {kind}"
            )
        else:
            self.state = "runnable" if self.machine else "has not run yet"
        waits = self.thread is None and reason not in (RUNNABLE, RUNNING)
        if pending and (waits or is_checked and self.machine):
            self.at = place(pending + view.op_at)

    def is_called(self, name):
        return name in (str(self.id), self.name, self.label)

    def title(self):
        name = "".join(f" {known}" for known in (self.name, self.label) if known)
        line = f"goroutine {self.id}{name} [{self.state}]"
        if self.at:
            line += f"  {self.at}"
        if self.created_at:
            line += f"  created by goroutine {self.created_by} at {self.created_at}"
        return line


def stack_pointers():
    """Of each thread: (thread, its stack pointer)."""
    selected = gdb.selected_thread()
    if selected is None:
        raise gdb.GdbError("the program does not run")
    found = []
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        found.append((thread, int(gdb.parse_and_eval("(unsigned long)$sp"))))
    selected.switch()
    return found


def goroutines():
    view = View()
    threads = stack_pointers()
    is_checked = view.is_checked()
    found = []
    block = word(view.newest)
    while block:
        at = block + view.self
        if word(at + view.id):  # else it is free
            found.append(Goroutine(view, at, is_checked, threads))
        block = word(block + view.older)
    return sorted(found, key=lambda g: g.id)


def make_unwinder():
    import gdb.unwinder

    class Frame:
        def __init__(self, sp, pc):
            self.sp = sp
            self.pc = pc

    class Parked(gdb.unwinder.Unwinder):
        def __init__(self):
            super().__init__("braid-goroutine")
            self.machine = None
            self.sp = None

        def __call__(self, pending):
            if self.machine is None:
                return None
            sp = pending.read_register("rsp")
            if int(sp) & (2**64 - 1) != self.sp:
                return None
            kind = sp.type
            # gdb wants callers at higher addresses: this frame is said to lie below the goroutine's.
            below = gdb.Value(self.machine).cast(kind)
            unwound = pending.create_unwind_info(Frame(below, pending.read_register("rip")))
            for register, offset in SAVED.items():
                value = gdb.Value(word(self.machine + offset)).cast(
                    pending.read_register(register).type
                )
                unwound.add_saved_register(register, value)
            unwound.add_saved_register("rsp", gdb.Value(self.machine + SAVED_BYTES).cast(kind))
            return unwound

        def show(self, machine):
            self.sp = None
            gdb.invalidate_cached_frames()
            self.sp = int(gdb.parse_and_eval("(unsigned long)$sp"))
            self.machine = machine
            gdb.invalidate_cached_frames()

        def stop(self):
            self.machine = None
            gdb.invalidate_cached_frames()

    unwinder = Parked()
    gdb.unwinder.register_unwinder(None, unwinder, replace=True)
    return unwinder


unwinder = make_unwinder()


def in_goroutine(g, command):
    """What the command prints in its innermost frame."""
    if g.thread is not None:
        selected = gdb.selected_thread()
        g.thread.switch()
        try:
            return gdb.execute(command, to_string=True)
        finally:
            selected.switch()
    if not g.machine:
        return "it has no stack: it has not run yet\n"
    if word(g.machine + SAVED["rip"]) == 0:
        return "its stack is not in this core\n"
    if is_backtrace(command):  # the innermost frame, which is not shown, counts
        command = re.sub(r"(?<= )\d+", lambda n: str(int(n[0]) + 1), command)
    unwinder.show(g.machine)
    try:
        gdb.newest_frame().older().select()
        return gdb.execute(command, to_string=True)
    finally:
        unwinder.stop()


def is_backtrace(command):
    return re.match(r"(bt|backtrace|where)\b", command) is not None


def own_frames(listing):
    """A listing of frames without the innermost, which is the thread's, up to the goroutine's first."""
    lines = []
    for line in listing.splitlines():
        frame = re.match(r"#(\d+)\s+(.*)", line)
        if frame and frame[1] == "0":
            continue
        if frame:
            line = f"#{int(frame[1]) - 1:<3} {frame[2]}"
        elif not line.startswith(" "):  # such as: Backtrace stopped
            continue
        lines.append(line)
        if frame and "stack_switch::enter" in line:
            break
    return "\n".join(lines) + "\n"


class InfoGoroutines(gdb.Command):
    """What each goroutine does, where, and where it was created."""

    def __init__(self):
        super().__init__("info goroutines", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        found = goroutines()
        for g in found:
            print(g.title())
        if not found:
            print("no goroutines")


class GoroutineCommand(gdb.Command):
    """goroutine N COMMAND: runs a command, such as bt, in goroutine N, in g1 or main, or in all."""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        name, _, command = argument.strip().partition(" ")
        command = command.strip()
        if not name or not command:
            raise gdb.GdbError("usage: goroutine N COMMAND, such as: goroutine 2 bt")
        chosen = [g for g in goroutines() if name == "all" or g.is_called(name)]
        if not chosen:
            raise gdb.GdbError(f"no goroutine is called '{name}'; 'info goroutines' shows them")
        for g in chosen:
            print(g.title())
            try:
                said = in_goroutine(g, command)
            except gdb.error as why:
                raise gdb.GdbError(str(why))
            if is_backtrace(command) and g.thread is None and g.machine:
                said = own_frames(said)
            print(said, end="")


InfoGoroutines()
GoroutineCommand()
