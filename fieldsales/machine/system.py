"""Programs and libraries of the operating system: what is missing, and how apt brings it."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldsales.machine.speech import say, step, without_addresses

APT_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts")
CHINESE_FONTS = ("*CJK*", "*SourceHan*", "*wqy*", "uming*", "ukai*", "DroidSansFallback*", "PingFang*")


class CannotInstall(Exception):
    """Something is missing that only a person with more rights can install; the message says how."""


@dataclass(frozen=True)
class Part:
    """One thing the system must have: how to see whether it is there, and the Debian package that brings it."""

    package: str
    is_there: Callable[[], bool]


def has_library(soname: str) -> bool:
    """Return whether the loader finds the shared library, by its Linux name or any system's name for it."""
    try:
        ctypes.CDLL(soname)
        return True
    except OSError:
        return ctypes.util.find_library(soname.removeprefix("lib").split(".so")[0]) is not None


def has_chinese_font() -> bool:
    """Return whether a font with Chinese characters is installed (asks fontconfig, else looks at the files)."""
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    folders = [Path(name).expanduser() for name in FONT_FOLDERS]
    return any(next(folder.rglob(name), None) for folder in folders if folder.is_dir() for name in CHINESE_FONTS)


def can_make_environments() -> bool:
    """Return whether ``venv`` can put pip into what it makes (Debian ships ``ensurepip`` apart)."""
    return importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None


def has_program(*names: str) -> bool:
    """Return whether one of these programs is on the path."""
    return any(shutil.which(name) for name in names)


def mini_browser() -> Path | None:
    """WebKitGTK's own small browser, which its driver drives; Debian keeps it off the path."""
    return next((path for path in sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), reverse=True)), None)


def parts_for(*, testing: bool, making_environment: bool, everything: bool = False) -> tuple[Part, ...]:
    """Return what the program needs, with ``testing`` also what its tests need, with ``everything`` the rare ones."""
    parts = [
        Part("libpango-1.0-0", lambda: has_library("libpango-1.0.so.0")),
        Part("libpangoft2-1.0-0", lambda: has_library("libpangoft2-1.0.so.0")),
        Part("libharfbuzz-subset0", lambda: has_library("libharfbuzz-subset.so.0")),
        Part("fonts-noto-cjk", has_chinese_font),
    ]
    if making_environment:
        parts.append(Part(f"python{sys.version_info.major}.{sys.version_info.minor}-venv", can_make_environments))
    if testing:
        parts += [
            Part("libatomic1", lambda: has_library("libatomic.so.1")),  # the Node that drives Chromium needs it
            Part("chromium", lambda: has_program("chromium")),
            Part("poppler-utils", lambda: has_program("pdfsig")),
            Part("qpdf", lambda: has_program("qpdf")),
            Part("openssl", lambda: has_program("openssl")),
            Part("libimage-exiftool-perl", lambda: has_program("exiftool")),
            Part("softhsm2", lambda: has_program("softhsm2-util")),
        ]
    if everything:
        parts += [  # what veraPDF needs
            Part("default-jre-headless", lambda: has_program("java")),
            Part("libjaxb-java", lambda: any(Path("/usr/share/java").glob("jaxb-*.jar"))),
            # and the second engine, on a screen that is not there
            Part("webkit2gtk-driver", lambda: has_program("WebKitWebDriver") and mini_browser() is not None),
            Part("xvfb", lambda: has_program("Xvfb")),
        ]
    return tuple(parts)


def missing(parts: Sequence[Part]) -> list[str]:
    """Return the Debian packages of the parts that are not there."""
    return [part.package for part in parts if not part.is_there()]


def apt_line(packages: Sequence[str]) -> str:
    """Return the exact line a person with root rights types."""
    install = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    return f"sudo sh -c 'apt-get update && {install}'"


def _way_to_root() -> list[str] | None:
    """Return what to put before a command so that it runs as root without asking, or None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _apt(prefix: Sequence[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get; wait for another apt rather than fail."""
    settings = [f"{name}={value}" for name, value in APT_ENVIRONMENT.items()]
    command = [*prefix, "env", *settings, "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def ensure(parts: Sequence[Part]) -> None:
    """Install what is missing, or raise CannotInstall with the exact line, having changed nothing."""
    packages = missing(parts)
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise CannotInstall(
            f"{names}\n(Debian 的软件包名；此系统没有 apt，请用它自己的工具安装相应的库，然后再运行一次。\n"
            " Debian's names; there is no apt here: install the same with your system's tool, then run this again.)"
        )
    prefix = _way_to_root()
    if prefix is None:
        raise CannotInstall(apt_line(packages))
    with step(f"安装系统软件：{names}", f"Installing system packages: {names}") as progress:
        done = _apt(prefix, "install", "--no-install-recommends", *packages)
        if done.returncode != 0:
            progress("apt-get update")
            _apt(prefix, "update")
            done = _apt(prefix, "install", "--no-install-recommends", *packages)
        if done.returncode != 0:
            say("apt 没有成功：", "apt did not succeed:", error=True)
            print(without_addresses("\n".join((done.stdout + done.stderr).splitlines()[-12:])), file=sys.stderr)
            raise CannotInstall(apt_line(packages))
    importlib.invalidate_caches()
    still = missing([part for part in parts if part.package in packages])
    if still:
        raise CannotInstall(apt_line(still))
