"""A written method packed as the folder of a plugin in Python: code, tests, README, and the text it came from."""

from __future__ import annotations

import io
import zipfile

from fieldsales.plugin_api.written import Written, write
from fieldsales.plugin_api.written.as_python import source_of
from fieldsales.plugin_api.written.shape import slim

TEST = '''\
"""Tests of {name} alone: no database, no app."""

from __future__ import annotations

from pathlib import Path

from fieldsales.plugin_api.testing import contract, judge
from fieldsales.plugin_api.written import method_of, read

from .. import METHOD

WRITTEN = method_of(read((Path(__file__).parent / "{name}.toml").read_bytes()))


def test_{name}_keeps_the_contract() -> None:
    contract(METHOD)


def test_{name}_empty_form_decides_as_the_text_it_came_from() -> None:
    """Take this out once the plugin shall do something else."""
    assert judge(METHOD) == judge(WRITTEN)
'''
README = '''\
# {name}

{title}: a collection method for fieldsales, written on the page of own methods and exported to go on in Python.

1. Switch the method off on the page: two plugins cannot have one name.
2. Put this folder into the one named by `FIELDSALES_PLUGINS_DIR`.
3. `python3 -m fieldsales plugin check {name}` and `python3 -m pytest {name}`.

Raise `version` in `METHOD` whenever a question changes. What was recorded before stays readable.
'''
#: Every file has the same moment, so that the same method is the same archive.
_MOMENT = (2000, 1, 1, 0, 0, 0)


def files_of(written: Written) -> dict[str, str]:
    """The plugin's files by path."""
    name, title = written.name, written.document["labels"]
    return {
        f"{name}/__init__.py": source_of(written),
        f"{name}/README.md": README.format(name=name, title=f"{title['zh']} / {title['en']}"),
        f"{name}/tests/__init__.py": "",
        f"{name}/tests/test_{name}.py": TEST.format(name=name),
        f"{name}/tests/{name}.toml": write(slim(written.document)),
    }


def packed(written: Written) -> bytes:
    """The files as a zip archive."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files_of(written).items():
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), text.encode())
    return body.getvalue()
