"""A kernel as a process and its sockets: raw frames, so that what is timed is the kernel and not a client library."""
import hmac
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid

import psutil
import zmq
from jupyter_client.connect import write_connection_file

DELIMITER = b"<IDS|MSG>"
context = zmq.Context()


class NoAnswer(Exception):
    """What was waited for did not come."""


class Message:
    """One message; nothing but the header is parsed before it is asked for."""

    def __init__(self, frames):
        start = frames.index(DELIMITER)
        header, self.parent_bytes, _, self.content_bytes = frames[start + 2 : start + 6]
        self.type = json.loads(header)["msg_type"]

    def answers(self, request):
        return request in self.parent_bytes

    @property
    def content(self):
        return json.loads(self.content_bytes)

    @property
    def is_idle(self):
        return self.type == "status" and b'"idle"' in self.content_bytes


def must_be_ok(code, reply, said):
    if reply["status"] != "ok":
        raise NoAnswer(f"cell failed: {code[:80]} {reply} {said[-3:]}")


class Kernel:
    """Starts a process of `argv` (`{connection_file}` stands for the file) and connects before it has bound anything."""

    def __init__(self, argv, env, cwd):
        self.folder = tempfile.TemporaryDirectory(prefix="losslab-bench-")
        self.file, info = write_connection_file(os.path.join(self.folder.name, "kernel.json"), kernel_name="bench")
        self.key = info["key"] if isinstance(info["key"], bytes) else info["key"].encode()
        self.session = uuid.uuid4().hex
        self.shell = self.connect(zmq.DEALER, info["shell_port"])
        self.control = self.connect(zmq.DEALER, info["control_port"])
        self.heartbeat = self.connect(zmq.REQ, info["hb_port"])
        self.iopub = self.connect(zmq.SUB, info["iopub_port"])
        command = [part.replace("{connection_file}", self.file) for part in argv]
        if command[0] in ("python", "python3"):
            command[0] = sys.executable
        whole = {**os.environ, **env, "JPY_PARENT_PID": str(os.getpid())}
        self.said = open(os.path.join(self.folder.name, "stderr"), "wb+")
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": self.said}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=cwd, env=whole, start_new_session=True, **quiet)

    def connect(self, kind, port):
        socket = context.socket(kind)
        socket.linger = 0
        # Neither end may drop what the other has not read, nor may the pause between two tries be what is timed.
        socket.rcvhwm = socket.sndhwm = 0
        socket.setsockopt(zmq.RECONNECT_IVL, 2)
        if kind == zmq.SUB:
            socket.subscribe(b"")
        socket.connect(f"tcp://127.0.0.1:{port}")
        return socket

    def send(self, socket, kind, content):
        """The id of the request, as bytes to look for in the parents of what answers it."""
        request = uuid.uuid4().hex
        header = {
            **{"msg_id": request, "session": self.session, "username": "bench", "version": "5.4"},
            **{"msg_type": kind, "date": time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())},
        }
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        signature = hmac.digest(self.key, b"".join(parts), "sha256").hex().encode()
        socket.send_multipart([DELIMITER, signature, *parts])
        return request.encode()

    def ready(self, timeout=60):
        """Waits for the first answer; asks again and again, because a kernel may lose what comes while it binds."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            self.send(self.shell, "kernel_info_request", {})
            if self.shell.poll(100):
                return self.shell.recv_multipart()
            if self.process.poll() is not None:
                self.said.seek(0)
                last = self.said.read().decode(errors="replace")[-500:]
                raise NoAnswer(f"ended with {self.process.returncode} before it was ready: {last}")
        raise NoAnswer(f"not ready within {timeout} s")

    def listen(self, timeout=20):
        """Waits until iopub is connected: what a kernel publishes before that is rightly lost."""
        end = time.perf_counter() + timeout
        while not self.iopub.poll(100):
            self.send(self.shell, "kernel_info_request", {})
            if time.perf_counter() > end:
                raise NoAnswer(f"nothing on iopub within {timeout} s")
        while self.iopub.poll(300):
            self.iopub.recv_multipart()

    def ask(self, socket, kind, content, timeout=60):
        """The reply's content."""
        request = self.send(socket, kind, content)
        end = time.perf_counter() + timeout
        while (left := end - time.perf_counter()) > 0:
            if socket.poll(1000 * left):
                message = Message(socket.recv_multipart())
                if message.answers(request):
                    return message.content
        raise NoAnswer(f"no {kind.replace('_request', '_reply')} within {timeout} s")

    def execute(self, code, timeout=30):
        """Runs a cell; back when its reply and its idle are there. Throws unless it ended well."""
        request = self.send_cell(code)
        poller = zmq.Poller()
        poller.register(self.shell, zmq.POLLIN)
        poller.register(self.iopub, zmq.POLLIN)
        end = time.perf_counter() + timeout
        reply, idle, said = None, False, []
        while reply is None or not idle:
            events = poller.poll(1000 * max(0, end - time.perf_counter()))
            if not events:
                raise NoAnswer(f"{'no idle' if reply else 'no reply'} within {timeout} s: {code[:60]}")
            for socket, _ in events:
                message = Message(socket.recv_multipart())
                if not message.answers(request):
                    continue
                if socket is self.shell:
                    reply = message.content
                elif message.is_idle:
                    idle = True
                elif message.type in ("stream", "error"):
                    said.append(message.content_bytes)
        must_be_ok(code, reply, said)

    def execute_at_once(self, code):
        """The same right after the start: iopub may not be connected yet, so the reply alone counts."""
        request = self.send_cell(code)
        while self.shell.poll(60_000):
            message = Message(self.shell.recv_multipart())
            if message.answers(request):
                return must_be_ok(code, message.content, [])
        raise NoAnswer("no reply within 60 s")

    def send_cell(self, code):
        asked = {"silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        return self.send(self.shell, "execute_request", {"code": code, "stop_on_error": True, **asked})

    def resident(self):
        """Megabytes in memory of the kernel's process and all below it."""
        root = psutil.Process(self.process.pid)
        return sum(process.memory_info().rss for process in [root, *root.children(recursive=True)]) / 1e6

    def close(self):
        # What is below the kernel may have left its group.
        try:
            below = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            below = []
        try:
            self.send(self.control, "shutdown_request", {"restart": False})
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        for process in below:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        self.process.wait()
        for socket in (self.shell, self.control, self.heartbeat, self.iopub):
            socket.close()
        self.said.close()
        self.folder.cleanup()
