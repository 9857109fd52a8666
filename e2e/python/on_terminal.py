"""Runs a command on a terminal of its own.

    on_terminal.py COMMAND... < TYPED

What comes on standard input is typed, and what the screen shows goes to standard output. As a
person would, it types a password, which is the first line, only once the prompt has turned the
echo off.
"""

import os
import pty
import sys
import termios
import time

LIMIT_SECONDS = 10


def wait_until_silent(terminal):
    deadline = time.monotonic() + LIMIT_SECONDS
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        if time.monotonic() > deadline:
            sys.exit("the terminal would show the password")
        time.sleep(0.01)


def main():
    terminal = None
    password_typed = False

    def show(screen):
        nonlocal terminal
        terminal = screen
        return os.read(screen, 4096)

    def read_typed(standard_input):
        nonlocal password_typed
        typed = os.read(standard_input, 4096)
        if not password_typed:
            wait_until_silent(terminal)
            password_typed = True
        return typed

    status = pty.spawn(sys.argv[1:], show, read_typed)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
