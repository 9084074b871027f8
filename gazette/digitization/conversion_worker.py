"""Becomes LibreOffice under limits: `python -m gazette.digitization.conversion_worker MEMORY_BYTES FILE_BYTES
PROGRAM ARGUMENT…`.

The limits are set here and not between fork and exec, where a threaded parent must run no Python.
"""

from __future__ import annotations

import os
import sys

from gazette.digitization.sandbox_worker import limit


def main() -> None:
    memory_bytes, file_bytes, *command = sys.argv[1:]
    limit(int(memory_bytes), int(file_bytes))
    os.environ.pop("PYTHONPATH", None)
    os.execv(command[0], command)  # noqa: S606 - the program that gazette.digitization.conversion found on the path


if __name__ == "__main__":
    main()
