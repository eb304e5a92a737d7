"""Writes messages.json: what jupyter_client's Session puts on the wire. Run by hand: python make.py > messages.json"""

import base64
import datetime
import json

from jupyter_client.session import Session

KEY = "9f2c7a41-6d58-4c07-b1de-7f30a6e2c915"
HEADER = {
    "msg_id": "c0ffee_7_1",
    "msg_type": "execute_request",
    "username": "ada",
    "session": "c0ffee",
    "date": datetime.datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=datetime.timezone.utc),
    "version": "5.4",
}
PARENT = {**HEADER, "msg_id": "c0ffee_7_0", "msg_type": "comm_open"}
CONTENT = {"code": "const π = '𝒳\\u0000';\n", "silent": False, "n": 1.5, "user_expressions": {}}


def case(name, key, scheme, parent, content, buffers, idents):
    session = Session(key=key.encode(), signature_scheme=scheme)
    message = {
        "header": HEADER,
        "msg_id": HEADER["msg_id"],
        "msg_type": HEADER["msg_type"],
        "parent_header": parent,
        "metadata": {"cellId": "a1"},
        "content": content,
    }
    frames = session.serialize(message, ident=idents) + buffers
    return {
        "name": name,
        "key": key,
        "scheme": scheme,
        "frames": [base64.b64encode(frame).decode() for frame in frames],
        "content": content,
    }


print(
    json.dumps(
        [
            case("plain", KEY, "hmac-sha256", PARENT, CONTENT, [], [b"client-1"]),
            case("buffers", KEY, "hmac-sha256", {}, CONTENT, [bytes(range(256)), b""], [b"\x00k\xff", b"two"]),
            case("sha512", KEY, "hmac-sha512", {}, {}, [], []),
            case("unsigned", "", "hmac-sha256", {}, CONTENT, [], [b"client-1"]),
        ],
        indent=1,
    )
)
