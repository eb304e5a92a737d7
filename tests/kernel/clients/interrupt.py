"""Interrupts cells of a kernel once they print `begun`, and tells what came of each, seconds after the interrupt.

Reads from stdin {"before": [...], "cells": [...]}: cells that run to their end first, and those to be interrupted.
"""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel


def run(client, code, on_output=lambda text: None):
    texts = []

    def note(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            texts.append(content["text"])
            on_output("".join(texts))
        elif message["msg_type"] in ("display_data", "execute_result", "update_display_data"):
            texts.append(content["data"].get("text/plain", "") + "\n")

    reply = client.execute_interactive(code, output_hook=note, timeout=120, stop_on_error=False)
    return reply["content"], "".join(texts)


def interrupted(manager, client, code):
    at = []

    def interrupt(text):
        if "begun" in text and not at:
            time.sleep(1)
            at.append(time.monotonic())
            manager.interrupt_kernel()

    content, text = run(client, code, interrupt)
    return {"status": content["status"], "ename": content.get("ename"), "seconds": time.monotonic() - at[0], "text": text}


def main():
    task = json.load(sys.stdin)
    manager, client = start_new_kernel(kernel_name="losslab")
    try:
        for code in task["before"]:
            content, text = run(client, code)
            if content["status"] != "ok":
                raise RuntimeError(f"{content}\n{text}")
        done = [interrupted(manager, client, code) for code in task["cells"]]
        after = run(client, task["after"])
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    json.dump({"cells": done, "after": after[1]}, sys.stdout)


if __name__ == "__main__":
    main()
