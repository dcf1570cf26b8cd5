"""``python3 -m fieldsales verify FILE…``: judges sealed PDFs without a database or a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fieldsales.config import Settings
from fieldsales.documents import press
from fieldsales.documents.rules import SIZE_LIMIT, problem_words
from fieldsales.kernel.sentences import catalog
from fieldsales.machine.speech import in_chinese, say


def _judged(path: Path, settings: Settings) -> dict[str, Any]:
    if path.stat().st_size > SIZE_LIMIT:
        return {"problems": ["too_large"], "sound": False}
    return press.judge(path.read_bytes(), settings)


def _tell(path: Path, verdict: dict[str, Any]) -> None:
    if verdict["sound"]:
        mark = (" [开发环境印章]", " [development seal]")[not in_chinese()] if verdict["development"] else ""
        time = f" {verdict['time']} {verdict['authority']}" if verdict["time"] else ""
        proof = f" PAdES {verdict['level']}{time}{mark}"
        say(f"{path}：完好 {verdict['number']}{proof}", f"{path}: sound {verdict['number']}{proof}")
        return
    for problem in verdict["problems"]:
        english = problem_words(problem)
        say(f"{path}：{catalog().get(english, english)}", f"{path}: {english}", error=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@click.pass_context
def verify(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Judge sealed PDFs; exit code 1 when any of them is not sound."""
    settings, sound = Settings(), True
    for path in files:
        verdict = _judged(path, settings)
        sound = sound and bool(verdict["sound"])
        if as_json:
            click.echo(json.dumps({"file": str(path), **verdict}, ensure_ascii=False))
        else:
            _tell(path, verdict)
    ctx.exit(0 if sound else 1)


