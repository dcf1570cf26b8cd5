"""Modules as they are served: lighter, line by line the same program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fieldsales.web.slim import slim
from tests.browser.test_kernel_in_node import ROOT, node, run

MODULES = sorted((ROOT / "static" / "js").rglob("*.js"))


@pytest.mark.parametrize(("written", "served"), [
    ("a = 1; // one\nb", "a=1;\nb"),
    ("/** doc\n * more */\nexport {}", "\n\nexport{}"),
    ('x = "// no comment"; y = \'/* nor this */\'', 'x="// no comment";y=\'/* nor this */\''),
    ("x = /[/\"'`] = \\//g.test(y) // regex", "x=/[/\"'`] = \\//g.test(y)"),
    ("x = a / b / c; // division", "x=a / b / c;"),
    ("return /a b/.test(x)", "return /a b/.test(x)"),
    ("x = (a) / 2 // half", "x=(a)/ 2"),
    ("x = a + +b - -c", "x=a + +b - -c"),
    ("x = a ? -1 : \" : \"", "x=a?-1:\" : \""),
    ("x = list[0] / 2 /* c */ / 3", "x=list[0]/ 2   / 3"),
    ("const f = async ({ a, b }) => { return !a; }", "const f=async({a,b})=>{return!a;}"),
    ("t = `  two\n   spaces // kept = ${ a /* gone */ } ` + \" { \"",
     "t=`  two\n   spaces // kept = ${a   } ` + \" { \""),
    ("html`<p>\n      ${x ? html`<b>\n   1</b>` : \"\"}\n   // text</p>`",
     "html`<p>\n${x?html`<b>\n1</b>`:\"\"}\n// text</p>`"),
    ("if (a) {\n    b();\n}", "if(a){\nb();\n}"),
    ("a = {b: {c: `${ {d: 1}.d }`}}", "a={b:{c:`${{d:1}.d }`}}"),
    ("const s = 'it\\'s // fine = '", "const s='it\\'s // fine = '"),
])
def test_slim_takes_comments_and_blanks_only(written: str, served: str) -> None:
    assert slim(written + "\n").rstrip() == served


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT / "static" / "js")) for path in MODULES])
def test_every_module_keeps_its_lines(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert slim(source).count("\n") == source.count("\n")


def test_every_served_module_is_a_module(tmp_path: Path) -> None:
    for number, path in enumerate(MODULES):
        (tmp_path / f"{number}.mjs").write_text(slim(path.read_text(encoding="utf-8")), encoding="utf-8")
    reads = """const { SourceTextModule } = require("vm"), { readFileSync } = require("fs");
        for (const path of process.argv.slice(1))
            new SourceTextModule(readFileSync(path, "utf8"), { identifier: path });"""
    done = subprocess.run([node(), "--experimental-vm-modules", "-e", reads,
                           *(str(tmp_path / f"{number}.mjs") for number in range(len(MODULES)))],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_served_kernel_does_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "js" / "kernel"
    folder.mkdir(parents=True)
    for path in (ROOT / "static" / "js" / "kernel").glob("*.js"):
        (folder / path.name).write_text(slim(path.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "vendor").symlink_to(ROOT / "static" / "vendor")
    said = run(f'import {{ canonical, nfc }} from "{tmp_path}/js/kernel/canonical.js";'
               f'import {{ parseAmount }} from "{tmp_path}/js/kernel/money.js";'
               'console.log(JSON.stringify([canonical({b: 1, a: nfc("x\\u202ey")}), parseAmount("1.5万")]))')
    assert said == ['{"a":"xy","b":1}', 1500000]


def test_slim_says_which_line_it_cannot_read() -> None:
    with pytest.raises(ValueError, match="line 2"):
        slim("a\n'open\n")
