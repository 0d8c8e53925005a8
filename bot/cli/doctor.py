"""`stylesmith doctor`: whether a bot would start here and answer, line by line, and what to do where not."""

import os
from collections.abc import Iterator
from dataclasses import asdict

import typer
from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from bot.cli import checks
from bot.cli.output import AsJson, as_json, say
from bot.cli.sentences import bad_settings
from bot.platforms.finding import Finding
from bot.settings import Settings
from bot.text import printable
from worker.process.settings import PREFIX
from worker.settings import WorkerSettings


def doctor(*, json: AsJson = False) -> None:
    """Check whether the bot would start and answer: each line is ok or says what to do.

    Exit status: 0 a mention would be answered, 1 it would not.
    """
    findings: list[Finding] = []
    for finding in examine():
        findings.append(finding)
        if not json:
            typer.echo(f"{'ok  ' if finding.ok else 'FIX '} {finding.about:13} {printable(finding.says, 500)}")
    if json:
        as_json([asdict(finding) for finding in findings])
    wrong = sum(not finding.ok for finding in findings)
    if wrong:
        if not json:
            say(f"{wrong} {'thing needs' if wrong == 1 else 'things need'} mending before mentions are answered.")
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Every finding; only the first where the settings cannot be read."""
    try:
        settings = Settings()
        WorkerSettings()
    except (ValidationError, OSError) as error:
        yield Finding("settings", False, bad_settings(error))
        return
    unknown = unknown_settings()
    says = f"no such setting: {', '.join(unknown)}; .env.example in the sources has all of them"
    yield Finding("settings", not unknown, says if unknown else "all can be read")
    for check in checks.ALL:
        yield from check(settings)


def unknown_settings() -> list[str]:
    """Names that begin like ours and mean nothing: most likely misspelt."""
    fields = Settings.model_fields | WorkerSettings.model_fields
    secrets = {f"{name}_file" for name, field in fields.items() if field.annotation is SecretStr}
    known = {f"{PREFIX}{name}".upper() for name in {*fields, *secrets, "crash_at", "python"}}
    given = {*os.environ, *dotenv_values(".env")}
    return sorted(name for name in given if name.upper().startswith(PREFIX) and name.upper() not in known)
