"""`python -m lab.devices STATE.json`: one simulated device until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from lab.devices.state import POLL_S, BadState, Device


def main(arguments: list[str]) -> int:
    """Exit status: 0 after a signal, 2 when the device could not be started."""
    if len(arguments) != 1:
        print("usage: python -m lab.devices STATE.json", file=sys.stderr)
        return 2
    device = Device(Path(arguments[0]))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        device.refresh()
    except (BadState, OSError) as error:
        print(f"cannot start {arguments[0]}: {error}", file=sys.stderr)
        return 2
    while not stop.wait(POLL_S):
        try:
            device.refresh()
        except (BadState, OSError) as error:
            # the writer may be half-way, or a port not free yet: the next round tries again
            print(f"not applied yet: {error}", file=sys.stderr, flush=True)
    device.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
