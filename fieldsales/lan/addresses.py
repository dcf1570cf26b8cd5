"""Where this machine can be reached from the network it is in, and how a phone is told: a QR code."""

from __future__ import annotations

import fcntl
import io
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterable

import segno

#: Interfaces that lead to containers and virtual machines of this machine, not to a phone.
_INNER = ("lo", "docker", "br-", "veth", "virbr", "vmnet", "cni", "flannel", "podman", "utun")
_SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface
#: An address of nobody (RFC 5737): a datagram socket "connected" to it sends nothing, but picks the way out.
_NOBODY = ("198.51.100.1", 9)


def lan_addresses() -> list[str]:
    """The IPv4 addresses a phone in the same network can use, the one of the default route first.

    Addresses the whole world can reach are left out: ``--lan`` is for the house.
    """
    found = [_way_out(), *_of_interfaces()]
    wanted = [one for one in found if one and _is_of_the_house(one)]
    return list(dict.fromkeys(wanted))


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOBODY)
        except OSError:  # no route at all
            return ""
        return str(probe.getsockname()[0])


def _of_interfaces() -> list[str]:
    if sys.platform != "linux":
        try:
            return list(socket.gethostbyname_ex(socket.gethostname())[2])
        except OSError:
            return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _number, name in socket.if_nameindex():
            if name.startswith(_INNER):
                continue
            try:
                answer = fcntl.ioctl(asking.fileno(), _SIOCGIFADDR, struct.pack("256s", name[:15].encode()))
            except OSError:  # an interface without an address
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _is_of_the_house(address: str) -> bool:
    one = ipaddress.ip_address(address)
    return one.is_private and not one.is_loopback and not one.is_link_local


def local_name() -> str:
    """This machine's name as the network's own name service (mDNS) says it: ``hostname.local``."""
    plain = socket.gethostname().split(".")[0].lower()
    safe = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign == "-")).strip("-")
    return f"{safe or 'fieldsales'}.local"


def code(address: str) -> segno.QRCode:
    """The QR code of an address."""
    return segno.make_qr(address, error="m")


def code_lines(address: str) -> list[str]:
    """The QR code in half-block characters, one line of the terminal each; light on dark, as terminals are."""
    drawn = io.StringIO()
    code(address).terminal(drawn, compact=True, border=2)
    return drawn.getvalue().rstrip("\n").split("\n")


def side_by_side(codes: Iterable[tuple[str, str]], gap: int = 4, *, coloured: bool = False) -> str:
    """Several codes next to one another, each under its title: (title, address).

    ``coloured``: white on black whatever the terminal's own colours, as a camera wants it.
    """
    on, off = ("\033[97;40m", "\033[0m") if coloured else ("", "")
    columns = []
    for title, address in codes:
        lines = code_lines(address)
        columns.append((title, max(len(lines[0]), _width(title)), lines))
    height = max(len(lines) for _, _, lines in columns)
    rows = [(" " * gap).join(title + " " * (width - _width(title)) for title, width, _ in columns)]
    for n in range(height):
        parts = [(lines[n] if n < len(lines) else "", width) for _, width, lines in columns]
        rows.append((" " * gap).join((on + line + off if line else "") + " " * (width - len(line))
                                     for line, width in parts).rstrip(" "))
    return "\n".join(rows)


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)
