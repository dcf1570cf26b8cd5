"""What the press prints: everything of the text, nothing from outside, the same bytes for the same paper."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from fieldsales.config import Settings
from fieldsales.documents import papers, press
from fieldsales.documents.frames import write_frame
from fieldsales.kernel.errors import Invalid
from tests.documents import make_clause_cases as made
from tests.documents import samples


def words_of(pdf: bytes, tmp_path: Path) -> str:
    """The PDF's text as pdftotext reads it, without any white space."""
    path = tmp_path / "words.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    return unicodedata.normalize("NFC", "".join(text.split()))


def squeezed(text: str) -> str:
    """The same for a text of ours."""
    return "".join(text.split())


def _make(kind: str, source: dict[str, Any], lang: str, settings: Settings) -> bytes:
    return press.make(kind, source, lang, settings)


@pytest.mark.parametrize("case", made.papers()[:2] + made.papers()[14:16], ids=lambda case: str(case[0]))
def test_page_shows_the_signed_text(case: Any, settings: Settings, tmp_path: Path) -> None:
    """E4: the PDF's text shows every instalment and every clause."""
    kind, lang, payload, signatory, _ = case
    source = samples.signed_source(payload, signatory, lang)
    shown = words_of(_make(kind, source, lang, settings), tmp_path)
    paper = papers.paper_of(kind, lang, source, settings.public_url, True)
    for block in paper.blocks:
        if block.kind == "rows":
            assert all(squeezed(cell) in shown for row in block.rows for cell in row)
        elif block.kind in ("title", "number", "clause"):
            assert squeezed(block.text) in shown
    assert squeezed(source["payload"]["debtor_name"]) in shown
    assert source["signing"]["manifest_sha256"][:16] in shown
    assert squeezed("第1页，共") in shown


def test_same_paper_gives_the_same_bytes(settings: Settings, source: dict[str, Any]) -> None:
    assert _make("plan", source, "zh", settings) == _make("plan", source, "zh", settings)


def test_html_in_every_field_is_text(settings: Settings, tmp_path: Path) -> None:
    """Nothing of a name reaches the engine as HTML or CSS, and nothing is fetched."""
    evil = '<img src="file:///etc/passwd"><style>*{display:none}</style>'
    payload = made.plan(3, 100_00, 2, debtor_name=evil, debtor_address=evil, place=evil, guarantor_name=evil)
    shown = words_of(_make("plan", samples.signed_source(payload), "zh", settings), tmp_path)
    assert squeezed(evil) in shown
    assert "root:" not in shown


def test_sign_without_a_glyph_is_refused_naming_it(settings: Settings) -> None:
    """Never a box on a signed page."""
    payload = made.plan(4, 100_00, 1, debtor_name="\U0001f98a五金\ue000")
    with pytest.raises(Invalid) as refused:
        _make("plan", samples.signed_source(payload), "zh", settings)
    assert refused.value.code == "documents.no_glyph"
    assert refused.value.params["signs"] == "U+E000, U+1F98A"


def test_rare_name_is_printed_from_the_whole_face(settings: Settings, tmp_path: Path) -> None:
    payload = made.plan(5, 100_00, 1, debtor_name="义乌市䶮㛃商行")
    assert "䶮㛃" in words_of(_make("plan", samples.signed_source(payload), "zh", settings), tmp_path)


def test_what_was_found_when_recorded_is_printed(settings: Settings, source: dict[str, Any], tmp_path: Path) -> None:
    product = press.produce("plan", source, "zh", settings, ["balance_moved", "no_such_flag"])
    assert squeezed("登记时发现") in words_of(product.content, tmp_path)
    assert "账面余额已有变动" in words_of(product.content, tmp_path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_receipt_says_pending_and_company_account(lang: str, settings: Settings, tmp_path: Path) -> None:
    shown = words_of(_make("receipt", samples.receipt(), lang, settings), tmp_path)
    assert ("待确认" if lang == "zh" else "pending") in shown
    assert squeezed(made.ACCOUNT) in shown
    assert "30,000.00" in shown
    assert ("叁万元整" if lang == "zh" else "thirtythousandonly") in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_letter_states_the_whole_debt(lang: str, settings: Settings, tmp_path: Path) -> None:
    """诉讼时效规定 9: never a part; what is not listed is said to be counted in."""
    whole = samples.letter()
    total = f"{whole['payload']['total_minor'] / 100:,.2f}"
    assert total in words_of(_make("letter", whole, lang, settings), tmp_path)
    more = samples.letter(total_minor=whole["payload"]["total_minor"] + 777_00)
    assert "¥777.00" in words_of(_make("letter", more, lang, settings), tmp_path)


def test_bill_is_not_payment_until_honoured(settings: Settings, tmp_path: Path) -> None:
    source = samples.receipt(method="bill", bill_number="2 310 5", bill_acceptor="招商银行",
                             bill_matures_on="2027-05-21")  # fmt: skip
    assert "汇票到期兑付前" in words_of(_make("receipt", source, "zh", settings), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(made.papers())))
def test_every_case_is_printed_without_a_warning(index: int, settings: Settings) -> None:
    """Any warning of the engine fails the paper, so a paper at all is the proof."""
    kind, lang, payload, signatory, _ = made.papers()[index]
    assert _make(kind, samples.signed_source(payload, signatory, lang), lang, settings).startswith(b"%PDF-1.7")


def test_attachments_match_the_printed_hashes(sealed_file: Path, source: dict[str, Any], tmp_path: Path) -> None:
    """Everything checkable with stock tools: pdfdetach and sha256sum, openssl for the device's signature."""
    target = tmp_path / "out"
    target.mkdir()
    subprocess.run(["pdfdetach", "-saveall", "-o", target, sealed_file], check=True, capture_output=True)
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in target.iterdir()}
    signing = source["signing"]
    assert hashes["payload.json"] == signing["payload_sha256"]
    assert hashes["text.txt"] == signing["text_sha256"]
    assert hashes["strokes.json"] == signing["strokes_sha256"]
    assert hashes["manifest.json"] == signing["manifest_sha256"]
    assert json.loads((target / "manifest.json").read_bytes())["payload_sha256"] == hashes["payload.json"]
    key = load_pem_public_key((target / "device-key.pem").read_bytes())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signature = (target / "device-signature.der").read_bytes()
    # the same as: openssl dgst -sha256 -verify device-key.pem -signature device-signature.der manifest.json
    key.verify(signature, (target / "manifest.json").read_bytes(), ec.ECDSA(SHA256()))


def test_press_outlives_a_fault_and_a_slow_piece_of_work(source: dict[str, Any], settings: Settings) -> None:
    """Work that takes too long is ended with its process; the next piece gets a new one."""
    own = press.Press(size=1, seconds=60)
    pid = own.ask("warm", {}, [])[0]["pid"]
    with pytest.raises(press.PressFault):
        own.ask("make", {"paper": {"nonsense": 1, "files": []}}, [])
    assert own.ask("warm", {}, [])[0]["pid"] == pid
    head, blobs = papers.paper_of("plan", "zh", source, settings.public_url, True).to_json()
    own.seconds = 0.001
    with pytest.raises(press.PressFault):
        own.ask("make", {"paper": head}, blobs)
    own.seconds = 60
    assert own.ask("make", {"paper": head}, blobs)[1][0].startswith(b"%PDF")
    assert own.ask("warm", {}, [])[0]["pid"] != pid
    own.close()


def test_web_process_does_not_load_the_engine() -> None:
    """The slow imports live in the press's own process."""
    code = (
        "import sys, fieldsales.app; "
        "print([m for m in ('weasyprint', 'pyhanko', 'fontTools') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip().endswith("[]")


def test_press_whose_house_was_stopped_ends_without_a_word() -> None:
    with subprocess.Popen([sys.executable, "-m", "fieldsales.documents.pressroom"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()  # nobody waits for the answer any more
        write_frame(child.stdin, {"work": "nothing there is"}, [])
        assert child.wait(30) == 0
        assert child.stderr.read() == b""
