"""The reference in the handbook is the one the code writes of itself, and names everything there is."""

from __future__ import annotations

from pathlib import Path

import pytest

import fieldsales.plugin_api as api
from fieldsales.plugin_api.contributing import KINDS
from fieldsales.plugin_api.reference import hooks, records, reference

PAGES = Path(__file__).parents[2] / "fieldsales" / "handbook"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reference_in_the_handbook_is_the_codes_own(lang: str) -> None:
    """When it fails: ``python3 -m fieldsales plugin reference zh > fieldsales/handbook/plugin-reference.zh.md``."""
    assert (PAGES / f"plugin-reference.{lang}.md").read_text("utf-8") == reference(lang)


def test_reference_names_every_hook_and_every_record() -> None:
    assert set(hooks()) == set(KINDS)
    text = reference("en")
    for name in (*hooks(), *records()):
        assert f"### `{name}`" in text
    assert {"CollectionMethod", "Decision", "CaseFacts", "Field"} <= set(records()) <= set(api.__all__)


def test_reference_tells_when_what_and_what_an_error_does() -> None:
    text = reference("zh").partition("### `observers`")[2].partition("### ")[0]
    for part in ("何时调用", "返回", "出错时", "起始版本", "```python\n@hookimpl\ndef observers"):
        assert part in text
