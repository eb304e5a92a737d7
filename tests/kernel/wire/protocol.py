"""Asks a kernel what jupyter_kernel_test does not, with jupyter_client; prints what came as JSON, by scenario."""

import json
import sys
import time
from queue import Empty

import zmq
from jupyter_client.manager import start_new_kernel
from jupyter_client.session import Session

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def short(message):
    """What the tests look at."""
    return {"type": message["msg_type"], "content": message["content"]}


def until_idle(client, request, types=None):
    """What iopub has for a request until it is idle, without the states."""
    published = []
    while True:
        message = client.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "status":
            if message["content"]["execution_state"] == "idle":
                return published
        elif types is None or message["msg_type"] in types:
            published.append(short(message))


def reply_to(client, request, channel="shell"):
    while True:
        message = getattr(client, f"get_{channel}_msg")(timeout=30)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def run(client, code, **options):
    request = client.execute(code, **options)
    return {"reply": reply_to(client, request), "published": until_idle(client, request)}


def ask(client, type, content, channel="shell"):
    message = client.session.msg(type, content)
    getattr(client, f"{channel}_channel").send(message)
    return message["header"]["msg_id"]


@scenario
def welcome(client, manager):
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.linger = 0
    socket.rcvtimeo = 10_000
    socket.subscribe(b"")
    socket.connect(manager._make_url("iopub"))
    session = Session(key=manager.session.key)
    message = session.recv(socket, mode=0)[1]
    socket.close()
    return short(message)


@scenario
def cell(client, manager):
    return run(client, "console.log('out'); console.error('err'); 1 + 1")


@scenario
def states(client, manager):
    request = client.execute("await new Promise((resolve) => setTimeout(resolve, 400))")
    time.sleep(0.2)
    asked = ask(client, "comm_info_request", {})
    reply_to(client, asked)
    seen = []
    while True:
        message = client.get_iopub_msg(timeout=30)
        parent = message["parent_header"].get("msg_id")
        if message["msg_type"] == "status" and parent in (request, asked):
            who = "cell" if parent == request else "comm_info"
            seen.append([who, message["content"]["execution_state"]])
            if seen[-1] == ["cell", "idle"]:
                reply_to(client, request)
                return seen


@scenario
def error(client, manager):
    return run(client, "let fine = 1;\nthrow new RangeError('too far');")


@scenario
def counts(client, manager):
    def count(**options):
        return run(client, "1", **options)["reply"]["execution_count"]

    first = count()
    return [value - first for value in [first, count(), count(silent=True), count(store_history=False), count()]]


@scenario
def silent(client, manager):
    return run(client, "console.log('heard'); 7", silent=True)


@scenario
def expressions(client, manager):
    wanted = {"good": "6 * 7", "bad": "nothing.at.all"}
    return run(client, "const x = 1;", user_expressions=wanted)["reply"]["user_expressions"]


@scenario
def aborted(client, manager):
    def statuses(stop):
        # The others are there when it fails.
        codes = ["await new Promise((resolve) => setTimeout(resolve, 300)); throw new Error('stop')", "1", "2"]
        requests = [client.execute(code, stop_on_error=stop) for code in codes]
        answers = [reply_to(client, request)["status"] for request in requests]
        for request in requests:
            until_idle(client, request)
        return answers

    return {"stop": statuses(True), "go on": statuses(False), "next": run(client, "3")["reply"]["status"]}


@scenario
def late(client, manager):
    first = client.execute("setTimeout(() => console.log('late'), 300); 'first'")
    reply_to(client, first)
    second = client.execute("await new Promise((resolve) => setTimeout(resolve, 700)); console.log('second');")
    reply_to(client, second)
    texts = []
    while len(texts) < 2:
        message = client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "stream":
            who = {first: "first", second: "second"}[message["parent_header"]["msg_id"]]
            texts.append([who, message["content"]["text"]])
    until_idle(client, second)
    return texts


@scenario
def order(client, manager):
    code = "for (let i = 0; i < 3; i++) { console.log('o' + i); display('d' + i); console.error('e' + i); }"
    shown = run(client, code)["published"]
    return [one["content"].get("text") or one["content"]["data"]["text/plain"] for one in shown if one["type"] != "execute_input"]


@scenario
def code_points(client, manager):
    code = "'💥💥'.leng"
    request = ask(client, "complete_request", {"code": code, "cursor_pos": len(code)})
    content = reply_to(client, request)
    until_idle(client, request)
    return {"length": len(code), "start": content["cursor_start"], "end": content["cursor_end"], "matches": content["matches"]}


@scenario
def while_computing(client, manager):
    request = client.execute("const end = Date.now() + 2000; let turns = 0; while (Date.now() < end) turns++; 'done'")
    time.sleep(0.7)
    taken = {}
    for channel, type, content in [
        ("control", "kernel_info_request", {}),
        ("shell", "comm_info_request", {}),
        ("shell", "complete_request", {"code": "Mat", "cursor_pos": 3}),
    ]:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            reply_to(client, ask(client, type, content, channel), channel)
            times.append(time.perf_counter() - started)
        taken[type] = sorted(times)[2]
    heart = zmq.Context.instance().socket(zmq.REQ)
    heart.linger = 0
    heart.rcvtimeo = 5000
    heart.connect(manager._make_url("hb"))
    started = time.perf_counter()
    heart.send(b"ping")
    assert heart.recv() == b"ping"
    taken["heartbeat"] = time.perf_counter() - started
    heart.close()
    busy = True
    try:
        client.get_shell_msg(timeout=0.01)
        busy = False
    except Empty:
        pass
    status = reply_to(client, request)["status"]
    until_idle(client, request)
    return {"taken": taken, "stillBusy": busy, "status": status}


@scenario
def comm(client, manager):
    run(
        client,
        "jupyter.comm.register('echo', (comm) => { comm.onMessage(({ data, buffers }) => comm.send({ got: data }, { buffers })); });",
    )
    opened = ask(client, "comm_open", {"comm_id": "c1", "target_name": "echo", "data": {}})
    until_idle(client, opened)
    message = client.session.msg("comm_msg", {"comm_id": "c1", "data": {"π": 1}})
    client.session.send(client.shell_channel.socket, message, buffers=[bytes(range(256)), b""])
    while True:
        answer = client.get_iopub_msg(timeout=30)
        if answer["msg_type"] == "comm_msg":
            break
    until_idle(client, message["header"]["msg_id"])
    info = reply_to(client, ask(client, "comm_info_request", {"target_name": "echo"}))
    return {
        "content": answer["content"],
        "buffers": [list(bytes(buffer)) for buffer in answer["buffers"]],
        "info": info["comms"],
    }


@scenario
def unknown_comm(client, manager):
    opened = ask(client, "comm_open", {"comm_id": "c2", "target_name": "nobody", "data": {}})
    return [one for one in until_idle(client, opened) if one["type"] == "comm_close"]


@scenario
def asking(client, manager):
    request = client.execute("const name: string = prompt('Who?'); name.length", allow_stdin=True)
    question = client.get_stdin_msg(timeout=30)
    client.input("Ada")
    reply = reply_to(client, request)
    result = until_idle(client, request, ["execute_result"])
    unattended = run(client, "prompt('Who?')", allow_stdin=False)["reply"]
    return {
        "question": short(question),
        "parent": question["parent_header"]["msg_id"] == request,
        "status": reply["status"],
        "result": result[0]["content"]["data"]["text/plain"],
        "unattended": unattended["status"],
    }


@scenario
def interrupted(client, manager):
    run(client, "const kept = 'kept';")
    taken = {}
    for name, code in {
        "loop": "for (;;) {}",
        "pending": "await new Promise(() => {})",
        "after an await": "await null; for (;;) {}",
    }.items():
        request = client.execute(code)
        time.sleep(0.7)
        started = time.perf_counter()
        asked = ask(client, "interrupt_request", {}, "control")
        answer = reply_to(client, asked, "control")["status"]
        reply = reply_to(client, request)
        taken[name] = [answer, reply["status"], reply["ename"], time.perf_counter() - started]
        until_idle(client, request)
    return {"taken": taken, "next": run(client, "kept")["published"][-1]["content"]["data"]["text/plain"]}


@scenario
def history(client, manager):
    for code in ["'first remembered'", "'second remembered'", "'first remembered'"]:
        run(client, code)

    def get(**content):
        sent = {"output": False, "raw": True, **content}
        return reply_to(client, ask(client, "history_request", sent))["history"]

    return {
        "tail": [line[2] for line in get(hist_access_type="tail", n=2)],
        "unique": [line[2] for line in get(hist_access_type="search", pattern="* remembered'", unique=True)],
        "last": [line[2] for line in get(hist_access_type="range", session=0, start=-1)],
        "wrong": reply_to(client, ask(client, "history_request", {"hist_access_type": 7}))["status"],
    }


@scenario
def forged(client, manager):
    """A message with a wrong signature, and one that is sent twice: nothing comes back, on no channel."""
    socket = client.shell_channel.socket
    right = client.session
    wrong = Session(key=b"wrong")
    message = wrong.msg("kernel_info_request", {})
    wrong.send(socket, message)
    frames = right.serialize(right.msg("kernel_info_request", {}))
    socket.send_multipart(frames)
    socket.send_multipart(frames)
    time.sleep(0.5)
    replies = []
    try:
        while True:
            replies.append(client.get_shell_msg(timeout=0.3)["msg_type"])
    except Empty:
        pass
    published = []
    try:
        while True:
            parent = client.get_iopub_msg(timeout=0.3)["parent_header"].get("msg_id")
            published.append(parent == message["header"]["msg_id"])
    except Empty:
        pass
    return {"replies": replies, "ofForged": any(published)}


@scenario
def shutdown(client, manager):
    """The last one: in a busy loop."""
    client.execute("for (;;) {}")
    time.sleep(0.7)
    started = time.perf_counter()
    asked = ask(client, "shutdown_request", {"restart": False}, "control")
    reply = reply_to(client, asked, "control")
    status = manager.provisioner.process.wait(timeout=20)
    return {"reply": reply, "exit": status, "seconds": time.perf_counter() - started}


manager, client = start_new_kernel(kernel_name="losslab", startup_timeout=60)
results = {}
try:
    for name, function in SCENARIOS.items():
        try:
            results[name] = function(client, manager)
        except Exception as problem:  # The test of this scenario fails with it.
            results[name] = {"problem": f"{type(problem).__name__}: {problem}"}
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
json.dump(results, sys.stdout)
