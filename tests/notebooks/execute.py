"""Runs a notebook through a real kernel and tells how each cell ended.

Reads from stdin {"kernel": ..., "timeout": ..., "notebook": ...}, a notebook in nbformat 4, and writes to stdout the
executed notebook and the status of every reply. The replies are looked at, not only the outputs: stock tslab
publishes no `error` output. Cells after one that failed are not run.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient


class Failed(Exception):
    """A cell's reply was not `ok`."""


def execute(task):
    notebook = nbformat.reads(json.dumps(task["notebook"]), as_version=4)
    replies = []

    def note(cell, cell_index, execute_reply):
        content = execute_reply["content"]
        replies.append({"cell": cell_index, "status": content["status"]})
        if content["status"] != "ok":
            raise Failed

    client = NotebookClient(
        notebook,
        kernel_name=task["kernel"],
        timeout=task["timeout"],
        on_cell_executed=note,
    )
    try:
        client.execute()
    except Failed:
        pass
    return {"notebook": json.loads(nbformat.writes(notebook)), "replies": replies}


if __name__ == "__main__":
    json.dump(execute(json.load(sys.stdin)), sys.stdout)
