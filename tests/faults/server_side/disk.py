"""A disk that remembers: SQLite's own file layer with a recorder, and on demand a fault, put in between.

A VFS registered by ctypes in the very SQLite library that Python uses: the program's own engine writes
through it, with its own settings. No root, no compiler. Every write is logged before it counts, every sync
after it succeeded, so a log cut anywhere says what a disk whose power fails there must still hold
(``tests.faults.server_side.replay``). ``os.fsync`` and ``os.replace`` are watched the same way for blobs.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import struct
import threading
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any

IOERR_WRITE, IOERR_FSYNC, FULL = 778, 1034, 13
#: What the mood file may say, and what a write and a sync answer then.
MOODS = {"full": (FULL, 0), "eio_write": (IOERR_WRITE, 0), "eio_sync": (0, IOERR_FSYNC)}

_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class _Methods(Structure):
    """``sqlite3_io_methods``, version 3."""

    _fields_ = [("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", _WRITE),
                ("truncate", _TRUNCATE), ("sync", _SYNC),
                *((name, c_void_p) for name in (
                    "size", "lock", "unlock", "check", "control", "sector", "characteristics", "shm_map", "shm_lock",
                    "shm_barrier", "shm_unmap", "fetch", "unfetch"))]


class _Vfs(Structure):
    """``sqlite3_vfs``, version 3."""

    _fields_ = [("version", c_int), ("file_size", c_int), ("longest", c_int), ("next", c_void_p), ("name", c_void_p),
                ("data", c_void_p), ("open", _OPEN), *((f"rest_{n}", c_void_p) for n in range(13))]


def library() -> ctypes.CDLL | None:
    """The SQLite library this Python uses, or None when it lies inside the interpreter and cannot be reached."""
    import _sqlite3

    try:
        maps = Path("/proc/self/maps").read_text()
        path = next((line.split()[-1] for line in maps.splitlines() if "libsqlite3" in line), _sqlite3.__file__)
        found = ctypes.CDLL(path)
        found.sqlite3_vfs_find.restype = POINTER(_Vfs)
    except (AttributeError, OSError):
        return None
    return found


class Log:
    """The record of everything that went to the disk, one pickled entry after another."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._turn = threading.Lock()

    def add(self, *entry: Any) -> None:
        """Write down one entry, whole."""
        data = pickle.dumps(entry)
        with self._turn:
            os.write(self._handle, struct.pack("<I", len(data)) + data)


class RecordingVfs:
    """The default VFS of this process from now on. ``mood``: a file whose word makes writes or syncs fail."""

    def __init__(self, lib: ctypes.CDLL, log: Log | None = None, mood: Path | None = None) -> None:
        self.log, self.mood = log, mood
        self._paths: dict[int, str] = {}
        self._own: dict[int, tuple[_Methods, _Methods]] = {}
        self._methods: dict[int, _Methods] = {}
        self._calls = (_WRITE(self._write), _TRUNCATE(self._truncate), _SYNC(self._sync))
        default = lib.sqlite3_vfs_find(None).contents
        self.vfs = _Vfs.from_buffer_copy(default)
        self._system_open = default.open
        self._opens, self._name = _OPEN(self._open), ctypes.create_string_buffer(b"recording")
        self.vfs.name, self.vfs.next, self.vfs.open = ctypes.addressof(self._name), None, self._opens
        for one in (self, self.vfs, self._name, self._opens, *self._calls):
            # SQLite calls them until the very end, when Python has let go of everything.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))
        if lib.sqlite3_vfs_register(ctypes.byref(self.vfs), 1):
            raise RuntimeError("SQLite did not take the VFS")

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        # The very pointer is handed on: the system keeps it for as long as the file is open.
        code = int(self._system_open(vfs, name, file, flags, out))
        place = ctypes.cast(file, POINTER(c_void_p))
        if code == 0 and place[0] and name:
            address = place[0]
            if address not in self._own:
                system = ctypes.cast(address, POINTER(_Methods)).contents
                ours = _Methods.from_buffer_copy(system)
                ours.write, ours.truncate, ours.sync = self._calls
                self._own[address] = (system, ours)
            self._methods[file], self._paths[file] = self._own[address][0], os.fsdecode(ctypes.string_at(name))
            place[0] = ctypes.addressof(self._own[address][1])
        return code

    def _fault(self, which: int) -> int:
        if self.mood is None or not self.mood.exists():
            return 0
        return MOODS.get(self.mood.read_text().strip(), (0, 0))[which]

    def _write(self, file: int, data: int, size: int, offset: int) -> int:
        fault = self._fault(0)
        if fault:
            return fault
        if self.log is not None:
            self.log.add("write", self._paths[file], offset, ctypes.string_at(data, size))
        return int(self._methods[file].write(file, data, size, offset))

    def _truncate(self, file: int, size: int) -> int:
        if self.log is not None:
            self.log.add("truncate", self._paths[file], size)
        return int(self._methods[file].truncate(file, size))

    def _sync(self, file: int, flags: int) -> int:
        code = self._fault(1) or int(self._methods[file].sync(file, flags))
        if self.log is not None and code == 0:
            self.log.add("sync", self._paths[file])
        return code


def watch_files(log: Log, below: Path) -> None:
    """Log what ``os.fsync`` made durable below a folder: a file's bytes, or a folder's names."""
    system: Callable[[Any], None] = os.fsync
    # os.open's path may differ from the folder's in a link.
    root = os.path.realpath(below)

    def fsync(handle: Any) -> None:
        number = handle if isinstance(handle, int) else handle.fileno()
        system(number)
        path = os.readlink(f"/proc/self/fd/{number}")
        if not (path == root or path.startswith(root + os.sep)):
            return
        if os.path.isdir(path):
            log.add("names", path, {name: os.lstat(os.path.join(path, name)).st_ino for name in os.listdir(path)})
        else:
            log.add("bytes", os.fstat(number).st_ino, Path(path).read_bytes())

    os.fsync = fsync
