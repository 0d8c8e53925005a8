"""Commands, run in this process."""

from typer.testing import CliRunner


def run(app: object, *words: str) -> tuple[int, str]:
    """Exit status and everything that was said."""
    result = CliRunner().invoke(app, list(words))  # type: ignore[arg-type]  # a Typer
    return result.exit_code, result.output
