"""VERIFY.md and INDEX.md of an evidence bundle: what is in it, and how a stranger checks it with stock tools."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise

from fieldsales.exchange.bundlecase import Case
from fieldsales.exchange.bundleitems import WORDS, Contents, Item
from fieldsales.kernel.errors import N_
from fieldsales.kernel.sentences import say

INTRO = (
    N_("This bundle can be checked without the program that made it. The steps below use sha256sum, pdfsig, openssl, "
       "qpdf and exiftool only; each must end without an error. Run them in the unpacked folder, with bash."),
    N_("It shows that these files were sealed and recorded as they are, and since when. It does not show who held the "
       "pen: the device key belongs to the rep's phone. Who signed, and with what authority, the papers and originals "
       "say. It is not legal advice."),
    N_("A certificate in this bundle proves nothing by itself: compare its fingerprint with one you have from the "
       "house or the authority by another way."),
)
TITLES = {
    "sums": N_("Nothing was changed or left out on the way"),
    "grown": N_("Each revision of a paper begins with the whole of the one before"),
    "seals": N_("Seals are valid, and nothing was added after the last signature"),
    "inside": N_("What is embedded in a paper is what lies beside it"),
    "apart": N_("The same by openssl: the seal over its bytes, and each time stamp"),
    "device": N_("The device has signed what was shown"),
    "originals": N_("Originals are the ones that were named, with their own metadata"),
    "receipts": N_("The house had signed for the signing when it came in"),
    "log": N_("The log's chain leads unbroken to its stamped head"),
}
#: What whoever hands the evidence in fills in, above the list and below it.
_BLANKS = ("案号 / Case: ____________________　案由 / Cause: ____________________", "",
           "提交人 / Handed in by: ____________________")
_SIGNED = ("提交人签名或者盖章 / Signed or sealed: ____________________　提交日期 / On: ____________________　"
           "副本份数 / Copies: ____",)
Step = tuple[str, list[str]]


def steps_of(made: Contents) -> list[Step]:
    """The steps in order: (code of the title, commands)."""
    steps: list[Step] = [("sums", ["sha256sum --check --strict --quiet SHA256SUMS"])]
    grown, seals, inside, apart = _of_papers(made)
    steps += [("grown", grown), ("seals", seals), ("inside", inside), ("apart", apart)]
    steps.append(("device", [command for folder in made.signed for command in _device(folder)]))
    steps.append(("originals", [f'exiftool -G1 -s "{path}"' for path in made.photos]))
    steps.append(("receipts", [command for folder in made.receipts for command in _receipt(folder)]))
    steps.append(("log", _log(made)))
    return [(title, commands) for title, commands in steps if commands]


def _of_papers(made: Contents) -> tuple[list[str], list[str], list[str], list[str]]:
    grown, seals, inside, apart = [], [], [], []
    for folder, files, signatures in made.papers:
        for shorter, longer in pairwise(files):
            expected = hashlib.sha256(shorter.content).hexdigest()
            grown.append(f'head -c {len(shorter.content)} "{longer.path}" | sha256sum --check --quiet '
                         f'<(echo "{expected}  -")')
        newest = files[-1].path
        seals += [
            f'qpdf --check "{newest}" > /dev/null',
            # pdfsig checks seals; it names time stamps without checking them, openssl does below
            f'test "$(pdfsig -nocert "{newest}" | grep -c "Signature is Valid")" -eq '
            f'{sum(not stamp for stamp, *_ in signatures)}',
            f'pdfsig -nocert "{newest}" | grep "otal document signed" | tail -n 1 | grep -v "Not total" > /dev/null',
        ]
        for item in made.items:
            if item.path.startswith(f"{folder}/signing/"):
                name = item.path.rsplit("/", 1)[1]
                inside.append(f'qpdf --show-attachment="{name}" "{newest}" | sha256sum --check --quiet '
                              f'<(sha256sum < "{item.path}")')
        apart += _apart(folder, files, signatures, made.has_roots)
    return grown, seals, inside, apart


def _apart(folder: str, files: list[Item], signatures: list[tuple[bool, int, list[int], str]], roots: bool
           ) -> list[str]:
    found = []
    for stamp, index, (_, length, _, rest), path in signatures:
        covered = f'<(head -c {length} "{files[index].path}"; tail -c {rest} "{files[index].path}")'
        if not stamp:
            found.append(f'openssl cms -verify -inform DER -in "{path}" -binary -content {covered} -CAfile '
                         f'"{folder}/chain.pem" -partial_chain -purpose any -no_check_time -out /dev/null')
        elif roots:
            found.append(f'openssl ts -verify -data {covered} -in "{path}" -token_in -CAfile '
                         "certificates/time-roots.pem")
    return found


def _device(folder: str) -> list[str]:
    def named(key: str, file: str) -> str:
        found = f'$(sha256sum < "{folder}/{file}" | cut -c 1-64)'
        return f'grep -q "\\"{key}\\":\\"{found}\\"" "{folder}/manifest.json"'

    return [
        named("payload_sha256", "payload.json"), named("text_sha256", "text.txt"),
        named("strokes_sha256", "strokes.json"),
        f'openssl dgst -sha256 -verify "{folder}/device-key.pem" -signature "{folder}/device-signature.der" '
        f'"{folder}/manifest.json"',
    ]  # fmt: skip


def _receipt(folder: str) -> list[str]:
    return [f'openssl dgst -sha256 -verify <(openssl x509 -in "{folder}/certificate.pem" -noout -pubkey) -signature '
            f'"{folder}/receipt.der" "{folder}/receipt.json"']


def _log(made: Contents) -> list[str]:
    bodies = [one.path for one in made.items if one.path.startswith("log/body-")]
    if not bodies:
        return []
    walk = ('head="$(cat log/before.txt)"; while read -r seq command status body link; do head="$(printf '
            "'%s\\n%s\\n%s\\n%s\\n%s' "
            '"$head" "$seq" "$command" "$status" "$body" | sha256sum | cut -c 1-64)"; '
            'test "$head" = "$link" || exit 1; '
            "done < log/chain.txt")
    found = [walk]
    for path in bodies:
        seq = path.removeprefix("log/body-").removesuffix(".bin")
        found.append(f'grep -q "^{seq} .* $(sha256sum < {path} | cut -c 1-64) " log/chain.txt')
    if made.head and made.has_roots:
        found += [f'test "$(tail -n 1 log/chain.txt | cut -d " " -f 5)" = {made.head}',
                  f"openssl ts -verify -digest {made.head} -in log/head.tst -token_in -CAfile "
                  "certificates/time-roots.pem"]
    return found


def verify_text(made: Contents, number: str) -> str:
    """VERIFY.md: both languages, one set of commands."""
    lines = [f"# {number}: VERIFY / 核验", ""]
    for lang in ("zh", "en"):
        for words in INTRO:
            lines += [say(words, lang), ""]
    for n, (title, commands) in enumerate(steps_of(made), 1):
        lines += [f"## {n}. {say(TITLES[title], 'zh')} / {TITLES[title]}", "", "```bash", *commands, "```", ""]
    for one in made.missing:
        lines += [f"- {say(_MISSING, 'zh')} / {_MISSING}: {one.slot} {one.of} {one.sha256}"]
    if not made.head:
        lines += [say(_UNANCHORED, "zh"), "", _UNANCHORED, ""]
    return "\n".join(lines) + "\n"


_MISSING = N_("Named on record, but its bytes have not come in yet")
_UNANCHORED = N_("No time authority has stamped the log's head since these acts: its chain is shown, its time is not.")


def index_text(made: Contents, case: Case) -> str:
    """INDEX.md: each file numbered, with its SHA-256, where it comes from and what it shows, to be dated and signed by
    whoever hands it in (证据规定 19: sorted and numbered, source, purpose and content in short, signed and dated)."""
    heads = " | ".join(("编号 / No.", "文件 / File", "来源 / Origin", "证明目的 / Purpose", "SHA-256"))
    lines = [f"# {case.plan.number}: INDEX / 证据目录", "", *_BLANKS, "", f"| {heads} |", "|---|---|---|---|---|"]
    for number, item in enumerate(made.items, 1):
        origin, purpose = WORDS[item.kind]
        lines.append(f"| {number} | {item.path} | {say(origin, 'zh')} / {origin} | {say(purpose, 'zh')} / {purpose} "
                     f"| `{hashlib.sha256(item.content).hexdigest()}` |")
    return "\n".join([*lines, "", *_SIGNED]) + "\n"


def index_json(made: Contents) -> str:
    """index.json: the same for programs."""
    rows = [{"file": item.path, "sha256": hashlib.sha256(item.content).hexdigest(), "size": len(item.content),
             "kind": item.kind} for item in made.items]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
