"""What a process of its own holds, told by the kernel (`/proc/self/status`).

`resource.getrusage` would not do: its `ru_maxrss` survives fork and exec, so that a process started by a large one
seems as large.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass

_STATUS = "\nprint(open('/proc/self/status').read())"


def resident_mb(code: str, *arguments: str) -> float:
    """What an interpreter holds once it has run `code`."""
    return _field_mb("VmRSS", _status_after(code, *arguments))


def peak_mb(code: str, *arguments: str) -> float:
    """The most that an interpreter held while it ran `code`."""
    return _field_mb("VmHWM", _status_after(code, *arguments))


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that a process held: of its own, and with the files it had mapped, which the system may drop at any
    time; and what it printed."""

    own_mb: float
    mb: float
    printed: str


def peak_of(code: str, *arguments: str) -> Peak:
    """What an interpreter held while it ran `code`; its own is looked at twenty times a second."""
    own = 0.0
    with subprocess.Popen(_command(code, *arguments), stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            with open(f"/proc/{process.pid}/status") as status:
                held = status.read()
            own = max(own, _field_mb("RssAnon", held)) if "RssAnon" in held else own
            time.sleep(0.05)
        assert process.stdout is not None
        printed = process.stdout.read()
    return Peak(own, _field_mb("VmHWM", printed), printed)


def resident_mb_of(pid: int) -> float:
    """What the running process `pid` holds."""
    with open(f"/proc/{pid}/status") as status:
        return _field_mb("VmRSS", status.read())


def _status_after(code: str, *arguments: str) -> str:
    """The status of an interpreter once it has run `code`."""
    return subprocess.run(_command(code, *arguments), check=True, capture_output=True, text=True).stdout


def _command(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code + _STATUS, *arguments]


def _field_mb(field: str, status: str) -> float:
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    if not found:
        raise ValueError(f"the status tells no {field}")
    return int(found[1]) / 1024
