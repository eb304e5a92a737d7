"""Speaks to bare.cjs as jupyter_client does: what it makes of the bytes is printed as JSON."""

import json
import sys
import time

import zmq
from jupyter_client.session import Session

with open(sys.argv[1]) as file:
    connection = json.load(file)
FLOOD = json.loads(sys.argv[2])
session = Session(key=connection["key"].encode(), signature_scheme=connection["signature_scheme"])
context = zmq.Context()


def socket(kind, channel):
    made = context.socket(kind)
    made.linger = 0
    made.rcvtimeo = 20_000
    made.rcvhwm = 0
    if kind == zmq.SUB:
        made.subscribe(b"")
    made.connect(f"{connection['transport']}://{connection['ip']}:{connection[channel + '_port']}")
    return made


def receive(made):
    """Verifies the signature, and that it was not seen before."""
    return session.recv(made, mode=0)[1]


iopub = socket(zmq.SUB, "iopub")
welcome = receive(iopub)
replies = []
for channel in ["shell", "control", "stdin"]:
    asker = socket(zmq.DEALER, channel)
    content = {"text": "", "π": "𝒳\0\u2028", "channel": channel}
    session.send(asker, "echo_request", content, buffers=[bytes(range(256)), b""])
    reply = receive(asker)
    assert reply["content"] == content, reply["content"]
    assert [bytes(buffer) for buffer in reply["buffers"]] == [bytes(range(256)), b""]
    replies.append([reply["msg_type"], reply["parent_header"]["msg_type"], reply["header"]["version"]])

shell = socket(zmq.DEALER, "shell")
forged = Session(key=b"wrong", signature_scheme=connection["signature_scheme"])
forged.send(shell, "echo_request", {"code": "forged"})
dropped = receive(iopub)

started = time.perf_counter()
session.send(shell, "flood_request", {"text": FLOOD["text"] * FLOOD["times"], "flood": FLOOD["count"]})
numbers, characters = [], 0
while len(numbers) < FLOOD["count"]:
    content = receive(iopub)["content"]
    numbers.append(content["n"])
    characters += len(content["text"])
seconds = time.perf_counter() - started
last = receive(shell)
print(
    json.dumps(
        {
            "welcome": [welcome["msg_type"], welcome["content"]],
            "replies": replies,
            "dropped": dropped["content"],
            "inOrder": numbers == list(range(FLOOD["count"])),
            "characters": characters,
            "last": last["msg_type"],
            "seconds": seconds,
        }
    )
)
