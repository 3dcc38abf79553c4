"""Signs of life for the service manager that started us (systemd), if one asks for them."""

from __future__ import annotations

import os
import socket


def tell_manager(state: str) -> bool:
    """Send *state* (``READY=1``, ``WATCHDOG=1``, ``STOPPING=1``) to whoever started us; False where nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return False
    if address.startswith("@"):  # a name that lies in no folder
        address = f"\0{address[1:]}"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
            speaker.sendto(state.encode(), address)
    except OSError:  # a manager that does not listen must not stop the work
        return False
    return True
