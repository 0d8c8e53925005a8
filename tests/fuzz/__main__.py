"""`python -m tests.fuzz TARGET --minutes 60`: coverage-guided fuzzing with atheris; without it, seeded mutations.

Targets are `mention`, `gate`, `decoder`, and `heic`: the decoder on nothing but what phones send. A crash ends with
status 77 and leaves the input as `crash-…` in the folder of `--found`; `python -m tests.fuzz TARGET --again FILE` runs
it once more.
"""

import argparse
import importlib
import itertools
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Read the arguments and fuzz."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=["mention", "gate", "decoder", "heic"])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, default=Path("artefacts"))
    parser.add_argument("--again", type=Path)
    arguments = parser.parse_args()
    arguments.found.mkdir(exist_ok=True)
    if arguments.again:
        from tests.fuzz.targets import TARGETS

        TARGETS[arguments.target](arguments.again.read_bytes())
        return
    try:
        guided(arguments)
    except ModuleNotFoundError as missing:
        if missing.name != "atheris":
            raise
        print("atheris is not installed (pip install atheris): seeded mutations instead")  # noqa: T201
        blind(arguments)


def guided(arguments: argparse.Namespace) -> None:
    """libFuzzer through atheris, all of our modules instrumented; does not return."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["bot"], enable_loader_override=False):
        targets = importlib.import_module("tests.fuzz.targets")
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(targets.seeds(arguments.target)):
            (Path(folder) / str(number)).write_bytes(data)
        options = [f"-max_total_time={int(arguments.minutes * 60)}", f"-seed={arguments.seed}", "-max_len=100000"]
        options += [f"-artifact_prefix={arguments.found}/", "-rss_limit_mb=3000", "-timeout=20", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, folder], targets.TARGETS[arguments.target])
        atheris.Fuzz()


def blind(arguments: argparse.Namespace) -> None:
    """Seeded mutations until the time is over."""
    from tests.fuzz.mutation import mutants
    from tests.fuzz.targets import TARGETS, seeds

    deadline, runs = time.monotonic() + arguments.minutes * 60, 0
    for batch in itertools.count(arguments.seed):
        for data in mutants(seeds(arguments.target), 1000, batch):
            (arguments.found / "last-input").write_bytes(data)
            TARGETS[arguments.target](data)
            runs += 1
        if time.monotonic() > deadline:
            print(f"{runs} runs, no crash")  # noqa: T201
            return


if __name__ == "__main__":
    main()
