"""Written methods for the tests: the shipped examples, and one that makes use of everything."""

from __future__ import annotations

from pathlib import Path

import fieldsales.methods

EXAMPLES = Path(fieldsales.methods.__file__).parent / "examples"
WITNESS = (EXAMPLES / "witness.toml").read_text(encoding="utf-8")
VOICE_CALL = (EXAMPLES / "voice_call.toml").read_text(encoding="utf-8")

EVERYTHING = (Path(__file__).parent / "everything.toml").read_text(encoding="utf-8")
ALL = {"witness": WITNESS, "voice_call": VOICE_CALL, "everything": EVERYTHING}
