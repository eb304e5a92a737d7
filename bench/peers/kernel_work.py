"""The work of bench/kernel.mjs: one line of JSON for each line of JSON read.

A line names a piece of work and a session; a session is a kernel that lives from its first work to `close`. Its answer
is `{"value": seconds or megabytes}`, or `{"failed": why}`. In cells, `{n}` stands for a number not used before.
"""
import itertools
import json
import re
import signal
import statistics
import sys
import time

sys.dont_write_bytecode = True

from kernel_wire import Kernel, Message, NoAnswer

numbers = itertools.count(1000)
sessions = {}


def session(task):
    """The session's kernel, with the cell run that comes before what is measured."""
    if task["session"] not in sessions:
        kernel = sessions[task["session"]] = Kernel(task["argv"], task["env"], task["cwd"])
        kernel.ready()
        kernel.listen()
        if task.get("before"):
            kernel.execute(task["before"])
    return sessions[task["session"]]


def numbered(code):
    return code.replace("{n}", str(next(numbers)))


def once(measure):
    """For work whose kernel is a new one every time."""

    def run(task):
        kernel = Kernel(task["argv"], task["env"], task["cwd"])
        try:
            return measure(kernel, task)
        finally:
            kernel.close()

    return run


@once
def ready(kernel, task):
    kernel.ready()
    return time.perf_counter() - kernel.started


@once
def first_cell(kernel, task):
    kernel.ready()
    kernel.execute_at_once(task["code"])
    return time.perf_counter() - kernel.started


@once
def memory(kernel, task):
    kernel.ready()
    kernel.listen()
    kernel.execute(task["code"])
    time.sleep(task["settle"])
    return kernel.resident()


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def cell(task):
    """Seconds from request to reply and idle, the median of a round."""
    kernel = session(task)
    codes = [numbered(task["code"]) for _ in range(task["times"])]
    return statistics.median(timed(lambda: kernel.execute(code)) for code in codes)


def complete(task):
    kernel = session(task)

    def ask():
        asked = {"code": task["code"], "cursor_pos": len(task["code"])}
        matches = kernel.ask(kernel.shell, "complete_request", asked, 10)["matches"]
        if not any(task["expect"] in match.lower() for match in matches):
            raise NoAnswer(f"{len(matches)} completions, none of them {task['expect']}")

    return statistics.median(timed(ask) for _ in range(task["times"]))


def volume(task):
    """Seconds from the request to idle; what came is looked at when the clock has stopped: nothing lost, in order."""
    kernel = session(task)
    start = time.perf_counter()
    request = kernel.send_cell(task["code"])
    arrived = []
    while True:
        if not kernel.iopub.poll(20_000):
            raise NoAnswer(f"lost: {len(arrived)} messages and no idle")
        frames = kernel.iopub.recv_multipart()
        arrived.append(frames)
        if len(frames[-1]) < 100 and b'"idle"' in frames[-1]:
            message = Message(frames)
            if message.answers(request) and message.is_idle:
                break
    seconds = time.perf_counter() - start
    late = 0
    while kernel.iopub.poll(500):
        late += Message(kernel.iopub.recv_multipart()).answers(request)
    if late > 0:
        raise NoAnswer(f"late: {late} of {late + len(arrived)} messages came after idle")
    check(task, [Message(frames) for frames in arrived])
    return seconds


def check(task, messages):
    """Every number from 0 to count - 1 must have come, in order."""
    if task["kind"] == "display":
        texts = [m.content["data"]["text/plain"] for m in messages if m.type in ("display_data", "execute_result")]
    else:
        texts = ["".join(m.content["text"] for m in messages if m.type == "stream")]
        if len(texts[0]) < task["bytes"]:
            raise NoAnswer(f"lost: {len(texts[0]) / 1e6:.1f} of {task['bytes'] / 1e6:.1f} MB came")
    found = [int(number) for text in texts for number in re.findall(r"#(\d+)#", text)]
    if len(found) != task["count"]:
        raise NoAnswer(f"lost: {len(found)} of {task['count']} came")
    if found != list(range(task["count"])):
        raise NoAnswer("came in another order")


def answer(task):
    """The slowest answer while a cell computes."""
    kernel = session(task)
    request = kernel.send_cell(task["code"])
    start = time.perf_counter()
    time.sleep(0.2)
    slowest = 0.0
    for _ in range(task["times"]):
        slowest = max(slowest, timed(lambda: ping(kernel, task["channel"])))
        time.sleep(0.02)
    if time.perf_counter() - start > task["seconds"]:
        raise NoAnswer("the cell may have ended before all was asked")
    idle = False
    while not idle:
        if not kernel.iopub.poll(10_000):
            raise NoAnswer("no idle after the computing cell")
        message = Message(kernel.iopub.recv_multipart())
        idle = message.is_idle and message.answers(request)
    return slowest


def ping(kernel, channel, timeout=0.8):
    if channel == "heartbeat":
        kernel.heartbeat.send(b"ping")
        if not kernel.heartbeat.poll(1000 * timeout):
            raise NoAnswer(f"no answer within {timeout} s")
        return kernel.heartbeat.recv()
    if channel == "control":
        return kernel.ask(kernel.control, "kernel_info_request", {}, timeout)
    return kernel.ask(kernel.shell, "comm_info_request", {}, timeout)


def close(task):
    kernel = sessions.pop(task["session"], None)
    if kernel is not None:
        kernel.close()
    return 0


WORK = {
    **{"ready": ready, "first cell": first_cell, "memory": memory},
    **{"cell": cell, "complete": complete, "volume": volume, "answer": answer, "close": close},
}


def main():
    for line in sys.stdin:
        task = json.loads(line)
        try:
            print(json.dumps({"value": WORK[task["work"]](task)}), flush=True)
        except NoAnswer as error:
            print(json.dumps({"failed": str(error)}), flush=True)


# Kernels must not outlive the benchmark, however it ends.
for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(name, lambda *_: sys.exit(1))
try:
    main()
finally:
    for kernel in sessions.values():
        kernel.close()
