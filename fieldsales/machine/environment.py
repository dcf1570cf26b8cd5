"""The program's own Python environment: made once, stamped, and made again when it is broken."""

from __future__ import annotations

import configparser
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fieldsales import places
from fieldsales.machine.speech import say, step, without_addresses

STAMP = ".fieldsales-stamp"
LEAST = (3, 11)


class CannotPrepare(Exception):
    """The Python packages could not be installed; the message ends with pip's own last words."""


def installed_in_place() -> bool:
    """Return whether the running Python already has fieldsales installed by someone (pip, a container)."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return any(next(Path(folder).glob("fieldsales-*.dist-info"), None) for folder in folders)


def environment_dir(root: Path) -> Path:
    """Return where the environment of this checkout is or will be: in it, or under FIELDSALES_HOME."""
    beside = root / ".venv"
    return beside if os.access(root, os.W_OK) or (beside / STAMP).is_file() else places.home() / "venv"


def python_of(folder: Path) -> Path:
    """Return the environment's interpreter."""
    return folder / "bin" / "python"


def running_in(folder: Path) -> bool:
    """Return whether this process is the environment's own interpreter."""
    return Path(sys.prefix).resolve() == folder.resolve()


def fingerprint(root: Path) -> str:
    """Return the SHA-256 over what decides which packages belong into the environment."""
    digest = hashlib.sha256()
    for name in ("setup.cfg", "pyproject.toml", "fieldsales/constraints.txt"):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return digest.hexdigest()


def is_ready(folder: Path, root: Path, *, testing: bool) -> bool:
    """Return whether the environment carries a stamp for exactly this source and a Python that is still there."""
    try:
        stamp = json.loads((folder / STAMP).read_text())
        packages = folder / "lib" / f"python{stamp['python']}" / "site-packages"
        interpreter = python_of(folder).resolve(strict=True)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if running_in(folder) and stamp["python"] != f"{sys.version_info.major}.{sys.version_info.minor}":
        return False
    fresh = stamp.get("test" if testing else "app") == fingerprint(root)
    return fresh and packages.is_dir() and os.access(interpreter, os.X_OK)


def works(folder: Path) -> bool:
    """Return whether the environment's Python starts, is new enough and has pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {LEAST!r})"
    try:
        asked = subprocess.run([str(python_of(folder)), "-I", "-c", question], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def _make(folder: Path) -> None:
    """Make the environment afresh; a broken one is put away first."""
    if folder.exists():
        say(f"  {folder} 不完整，重新建立", f"  {folder} is not whole: making it again")
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    venv.create(folder, with_pip=True, symlinks=True)


def _requirements(root: Path, *, testing: bool) -> list[str]:
    """Return what pip is asked for: the checkout itself, or only what it needs where it cannot be written to."""
    if os.access(root, os.W_OK):
        return ["-e", f"{root}[test]" if testing else str(root)]
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    wanted = setup["options"]["install_requires"]
    if testing:
        wanted += setup["options.extras_require"]["test"]
    return wanted.split("\n")[1:]


def _pip(folder: Path, arguments: Sequence[str], progress: Callable[[str], None]) -> None:
    """Run the environment's pip, counting packages; raise CannotPrepare with its last lines when it fails."""
    command = [str(python_of(folder)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *arguments]
    seen: list[str] = []
    found: set[str] = set()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            seen.append(line)
            words = line.split()
            if words[:1] == ["Collecting"]:
                found.add(words[1])
                progress(f"{len(found)}  {words[1]}")
            elif line.startswith("Installing collected packages"):
                progress(f"{len(found)}  …")
    if pip.returncode != 0:
        raise CannotPrepare(without_addresses("".join(seen[-15:])))


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock that keeps two starts from preparing the same machine at once."""
    home = places.home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("另一个 fieldsales 正在准备，等它完成…", "Another fieldsales is setting up; waiting for it…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure(folder: Path, root: Path, *, testing: bool) -> None:
    """Make the environment ready. The stamp is written last, so that a broken-off attempt is simply made again."""
    with _alone():
        if is_ready(folder, root, testing=testing):
            return
        started = time.monotonic()
        (folder / STAMP).unlink(missing_ok=True)
        if not works(folder):
            with step(f"建立 Python 环境 {folder}", f"Making a Python environment in {folder}"):
                _make(folder)
        with step("更新 pip", "Upgrading pip") as progress:
            _pip(folder, ["--upgrade", "pip"], progress)
        with step("安装 Python 软件包，约一两分钟", "Installing Python packages, a minute or two") as progress:
            constraints = str(root / "fieldsales" / "constraints.txt")
            _pip(folder, ["-c", constraints, *_requirements(root, testing=testing)], progress)
        _stamp(folder, root, testing=testing)
        seconds = time.monotonic() - started
        say(f"准备完成，共 {seconds:.0f} 秒。", f"Ready after {seconds:.0f} s.")


def _stamp(folder: Path, root: Path, *, testing: bool) -> None:
    """Write down which source the environment was made for; what the tests need includes the program's needs."""
    asked = subprocess.run(
        [str(python_of(folder)), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    mark = fingerprint(root)
    stamp = {"python": asked.stdout.strip(), "app": mark} | ({"test": mark} if testing else {})
    waiting = folder / (STAMP + ".new")
    waiting.write_text(json.dumps(stamp))
    waiting.replace(folder / STAMP)
