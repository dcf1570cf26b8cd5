"""The first steps of every command: look at the machine, set it up if need be, go on in the right Python."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldsales import places
from fieldsales.machine import environment, system
from fieldsales.machine.speech import say, without_addresses

USAGE_ZH = """用法：python3 -m fieldsales 命令 [选项]

  up    [--empty] [--host H] [--port P]     准备这台机器，建立数据库和演示数据，在 http://127.0.0.1:8000 提供服务
        [--lan]                             用 HTTPS 给同一网络里的手机使用，并显示二维码
  test  [--fast | --all] [pytest 选项]       准备这台机器，运行全部检查和测试

准备好之后，--help 列出其余命令（import、export、audit、verify、token …）。"""
USAGE_EN = """Usage: python3 -m fieldsales COMMAND [OPTIONS]

  up    [--empty] [--host H] [--port P]     set up, make the database with demo data, serve http://127.0.0.1:8000
        [--lan]                             HTTPS for phones in the same network, with a QR code
  test  [--fast | --all] [pytest options]   set the machine up, run every check and test

Once set up, --help lists the other commands (import, export, audit, verify, token …)."""


def prepare(arguments: Sequence[str]) -> int | None:
    """Make the machine ready for the command and go on in the program's own Python (this process is replaced).

    Returns None when this very process is ready to go on, else the exit code: 0 after the usage was
    shown on a machine that is not set up, 1 when something is missing that only a person can install.
    """
    testing = list(arguments[:1]) == ["test"]
    everything = testing and "--all" in arguments
    root = places.source_root()
    if root is None or _someone_installed_it(root):
        return _check_in_place(testing=testing, everything=everything)
    folder = environment.environment_dir(root)
    ready = environment.is_ready(folder, root, testing=testing)
    if not ready and list(arguments[:1]) in ([], ["-h"], ["--help"]):
        say(USAGE_ZH, USAGE_EN)
        return 0
    stopped = _set_up(folder, root, testing=testing, ready=ready, everything=everything)
    if stopped is None and not environment.running_in(folder):
        _go_on_in(folder, root, arguments)
    return stopped


def _someone_installed_it(root: Path) -> bool:
    """Return whether this Python has fieldsales installed by other hands than ours (pip, a container)."""
    return environment.installed_in_place() and not environment.running_in(environment.environment_dir(root))


def _set_up(folder: Path, root: Path, *, testing: bool, ready: bool, everything: bool) -> int | None:
    """Bring what is missing; return None, or 1 after saying what a person must do."""
    try:
        making = not ready and not environment.works(folder)
        system.ensure(_parts(testing=testing, making=making, ready=ready, everything=everything))
        if not ready:
            environment.ensure(folder, root, testing=testing)
    except system.CannotInstall as needed:
        return _tell_what_is_missing(str(needed))
    except (environment.CannotPrepare, OSError, subprocess.SubprocessError) as failed:
        say("准备没有完成；已装好的会保留，再运行一次即可继续：", "Not set up; run it again to go on:", error=True)
        print(without_addresses(str(failed)), file=sys.stderr)
        return 1
    return None


def _parts(*, testing: bool, making: bool, ready: bool, everything: bool) -> tuple[system.Part, ...]:
    """Return what to look for; a machine that was ready before is not asked about fonts (it takes long)."""
    parts = system.parts_for(testing=testing, making_environment=making, everything=everything)
    return tuple(part for part in parts if not (ready and part.package == "fonts-noto-cjk"))


def _tell_what_is_missing(line: str) -> int:
    """Say which line a person with root rights must type; nothing was changed."""
    say(
        "缺少系统软件，而这里没有管理员权限。什么都没有改动。请让有权限的人运行这一行，然后再试：\n",
        "System packages are missing and there are no root rights here. Nothing was changed.\n"
        "Have someone with the rights run this line, then try again:\n",
        error=True,
    )
    print(f"    {line}\n", file=sys.stderr)
    return 1


def _check_in_place(*, testing: bool, everything: bool) -> int | None:
    """An installed fieldsales brings its own packages; the system's libraries and the tests' may be missing."""
    try:
        system.ensure(_parts(testing=testing, making=False, ready=True, everything=everything))
    except system.CannotInstall as needed:
        return _tell_what_is_missing(str(needed))
    if importlib.util.find_spec("pytest" if testing else "flask") is not None:
        return None
    extra = "[test]" if testing else ""
    say(
        f"缺少 Python 软件包，请运行：pip install 'fieldsales{extra}'",
        f"Python packages are missing; run: pip install 'fieldsales{extra}'",
        error=True,
    )
    return 1


def _go_on_in(folder: Path, root: Path, arguments: Sequence[str]) -> None:
    """Replace this process by the environment's Python with the same command."""
    python = str(environment.python_of(folder))
    surroundings = dict(os.environ)
    if not os.access(root, os.W_OK):  # a checkout that cannot be written to is not installed, only looked into
        surroundings["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), surroundings.get("PYTHONPATH")]))
    sys.stdout.flush()
    os.execve(python, [python, "-m", "fieldsales", *arguments], surroundings)
