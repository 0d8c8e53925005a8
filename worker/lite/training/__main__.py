"""`python -m worker.lite.training --data ../shared/train --teachers ../shared/weights --out worker/lite`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import torch
from rich.progress import MofNCompleteColumn, Progress

from worker.lite.training import examination, loop, pictures
from worker.lite.training.export import export
from worker.lite.training.teachers import Teachers

CHECKPOINT = "checkpoint.pt"

Say = Callable[[int, str], None]


def main() -> None:
    """Train, or go on training, until the steps are done; the weights in --out are always the latest."""
    options = _options()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if options.threads:
        torch.set_num_threads(options.threads)
    training, held_out = pictures.load(options.data)
    plan = loop.Plan(steps=options.steps, seed=options.seed)
    trainer = loop.Trainer(plan, Teachers.load(options.teachers, dtype=torch.bfloat16), training, device)
    options.run.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    if (options.run / CHECKPOINT).exists():
        trainer.resume(options.run / CHECKPOINT)
    with (options.run / "log.jsonl").open("a", encoding="utf-8") as log, _bar(plan.steps, trainer.step) as say:
        for progress in trainer.run(plan.steps):
            if not loop.finite(progress):
                raise SystemExit(f"The loss is no number at step {progress.step}. Run the command again to go back.")
            _note(log, {"time": round(time.time(), 1), **asdict(progress)})
            losses = (progress.features, progress.grams, progress.gradient)
            say(progress.step, "features {:.3f} grams {:.3f} gradient {:.3f}".format(*losses))
            if progress.step % options.every == 0 or progress.step == plan.steps:
                _keep(trainer, held_out, options, log)


def _keep(trainer: loop.Trainer, held_out: pictures.Shelf, options: argparse.Namespace, log: TextIO) -> None:
    trainer.save(options.run / CHECKPOINT)
    weights = options.out / "lite.safetensors"
    digest = export(trainer.averaged, weights, steps=trainer.step, seed=trainer.plan.seed)
    report = examination.examine(trainer, held_out)
    _note(log, {"step": trainer.step, "held_out": asdict(report), "sha256": digest})
    print(f"step {trainer.step}: held out {report}; SHA-256 {digest}", flush=True)


def _note(log: TextIO, line: dict[str, object]) -> None:
    print(json.dumps(line), file=log, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker.lite.training", description="Train lite's weights.")
    parser.add_argument("--data", type=Path, required=True, help="folder with photos/ and art/")
    parser.add_argument("--teachers", type=Path, required=True, help="folder with the teachers' safetensors files")
    parser.add_argument("--out", type=Path, required=True, help="folder for lite.safetensors")
    parser.add_argument("--run", type=Path, default=Path("artefacts/training"), help="folder for checkpoint and log")
    parser.add_argument("--steps", type=int, default=loop.Plan().steps)
    parser.add_argument("--every", type=int, default=250, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose")
    return parser.parse_args()


@contextmanager
def _bar(steps: int, done: int) -> Iterator[Say]:
    """A progress bar in a terminal, a line every ten steps elsewhere."""
    if not sys.stdout.isatty():
        yield lambda step, text: None if step % 10 else print(f"step {step}/{steps} {text}", flush=True)
        return
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn()) as bar:
        task = bar.add_task("", total=steps, completed=done)
        yield lambda step, text: bar.update(task, completed=step, description=text)


if __name__ == "__main__":
    main()
