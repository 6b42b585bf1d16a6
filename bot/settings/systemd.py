"""What systemd tells a process that it has started (sd_notify(3), sd_watchdog_enabled(3)); nothing elsewhere."""

import os

_MICROSECONDS = 1_000_000


def systemd_notify_socket() -> str | None:
    """The address of the socket for notices; an abstract one begins with NUL."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    return place.replace("@", "\0", 1) if place.startswith("@") else place if place.startswith("/") else None


def systemd_watchdog_term() -> float | None:
    """Seconds within which systemd wants to hear of the process; None: it does not watch."""
    term, watched = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if watched and watched != str(os.getpid()):
        return None
    return int(term) / _MICROSECONDS if term.isdecimal() and int(term) else None
