"""What a process of its own holds, told by the kernel (`/proc/self/status`).

`resource.getrusage` would not do: its `ru_maxrss` survives fork and exec, so that a process started by a large one
seems as large.
"""

from __future__ import annotations

import re
import subprocess
import sys

_STATUS = "\nprint(open('/proc/self/status').read())"


def resident_mb(code: str, *arguments: str) -> float:
    """What an interpreter holds once it has run `code`."""
    return _field_mb("VmRSS", _status_after(code, *arguments))


def peak_mb(code: str, *arguments: str) -> float:
    """The most that an interpreter held while it ran `code`."""
    return _field_mb("VmHWM", _status_after(code, *arguments))


def resident_mb_of(pid: int) -> float:
    """What the running process `pid` holds."""
    with open(f"/proc/{pid}/status") as status:
        return _field_mb("VmRSS", status.read())


def _status_after(code: str, *arguments: str) -> str:
    """The status of an interpreter once it has run `code`."""
    command = [sys.executable, "-c", code + _STATUS, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _field_mb(field: str, status: str) -> float:
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    if not found:
        raise ValueError(f"the status tells no {field}")
    return int(found[1]) / 1024
