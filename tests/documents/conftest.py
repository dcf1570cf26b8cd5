"""A sealed plan, made once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldsales.config import Settings
from fieldsales.documents import press
from tests.documents import make_clause_cases as made
from tests.documents import samples
from tests.documents.authority import Authority, serving


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of its own, with a development key once something was sealed."""
    return Settings(home=tmp_path_factory.mktemp("home"), public_url="https://papers.example", production=False)


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    """A signed plan of six instalments with a guarantor."""
    return samples.signed_source(made.plan(2, 18_230_000, 6, guarantor_name="周海平"))


@pytest.fixture(scope="session")
def sealed(settings: Settings, source: dict[str, Any]) -> press.Product:
    """The plan, sealed."""
    return press.produce("plan", source, "zh", settings)


@pytest.fixture
def sealed_file(sealed: press.Product, tmp_path: Path) -> Path:
    """The plan as a file."""
    path = tmp_path / "plan.pdf"
    path.write_bytes(sealed.content)
    return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Whoever tells the time."""
    with serving(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="module")
def house(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A house with a key and a time authority."""
    return Settings(
        home=tmp_path_factory.mktemp("home"), signer_p12=authority.sealing_key(), signer_password="test",
        production=True, tsa_urls=authority.url, tsa_roots=authority.folder / "root.pem", tsa_timeout_s=5,
        public_url="https://papers.example")
