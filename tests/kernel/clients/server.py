"""Runs a cell through a Jupyter server, as JupyterLab and Notebook do: a websocket, and the server's limits on output.

Reads from stdin {"url": ..., "code": ...}; writes to stdout how many messages of each type came, and the streams' text.
"""

import collections
import json
import sys
import urllib.request
import uuid

import websocket


def ask(url: str, body: dict | None = None, method: str = "GET") -> bytes:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:
        return answer.read()


def request(code: str) -> dict:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.4"}
    header |= {"username": "", "session": uuid.uuid4().hex, "date": ""}
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}


def run(url: str, code: str) -> dict:
    kernel = json.loads(ask(f"{url}/api/kernels", {"name": "losslab"}, "POST"))["id"]
    socket = websocket.create_connection(f"{url.replace('http', 'ws')}/api/kernels/{kernel}/channels", timeout=120)
    message = request(code)
    socket.send(json.dumps(message))
    counts = collections.Counter()
    text = collections.Counter()
    while True:
        got = json.loads(socket.recv())
        if got["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        counts[got["msg_type"]] += 1
        if got["msg_type"] == "stream":
            text[got["content"]["name"]] += len(got["content"]["text"])
        if got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
            break
    socket.close()
    ask(f"{url}/api/kernels/{kernel}", method="DELETE")
    return {"counts": counts, "text": text}


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
