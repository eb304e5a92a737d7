"""Types into `jupyter console` on a terminal of its own, and writes as JSON what stood on the screen after each step."""

import json
import re
import sys

import pexpect

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>()][0-9A-B]?)")


def main() -> None:
    steps = json.load(sys.stdin)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "jupyter_console", "--kernel", "losslab"],
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 120),
    )
    screens = []
    child.expect(r"In \[")
    for step in steps:
        child.send(step["send"])
        child.expect(step["expect"])
        screens.append(ESCAPES.sub("", child.before + child.after))
    child.expect(pexpect.EOF)
    child.close()
    json.dump({"screens": screens, "status": child.exitstatus}, sys.stdout)


if __name__ == "__main__":
    main()
