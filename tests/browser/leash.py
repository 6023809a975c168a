"""Run a command that dies with its parent: ``python leash.py PARENT_PID COMMAND...``.

The parent may end without a word (SIGKILL), so the kernel is asked to see to it. That is done here
and not by `preexec_fn`, which must not be used beside threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h

if __name__ == "__main__":
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # stays over execv
    if os.getppid() != parent:  # it ended before the kernel was asked
        sys.exit(1)
    os.execv(command[0], command)
