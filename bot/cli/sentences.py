"""What several commands say, and a sentence for each code; the bot's replies are in bot.reply.wording."""

from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.errors import PictureReason
from bot.styles.catalogue import Catalogue
from worker.contract import FailureCode

UNUSABLE: Final = {
    PictureReason.GONE: "there is no such file.",
    PictureReason.PENDING: "it is not ready yet.",
    PictureReason.FORBIDDEN_HOST: "it may not be fetched from there.",
    PictureReason.UNREACHABLE: "it cannot be read.",
    PictureReason.TOO_MANY_BYTES: "the file is too large for the memory that is free; save a smaller copy.",
    PictureReason.TOO_MANY_PIXELS: "it has too many pixels for the memory that is free; save a smaller copy.",
    PictureReason.TOO_SMALL: "it is too small to paint; 16 pixels a side are the least.",
    PictureReason.TOO_NARROW: "it is too long and thin; twenty times as long as wide is the most.",
    PictureReason.NOT_A_PICTURE: "this is not a picture.",
    PictureReason.FORMAT: "this kind of picture is not read; save it as JPEG, PNG, WebP or TIFF.",
    PictureReason.MISLABELLED: "it is another kind of picture than it is called; save it anew.",
    PictureReason.BROKEN: "the picture is damaged or cut short.",
    PictureReason.EMPTY: "there is nothing in the picture: it is blank or wholly transparent.",
    PictureReason.TOO_SLOW: "opening it took too long.",
}

FAILED: Final = {
    FailureCode.BAD_JOB: "this combination of pictures and options makes no painting.",
    FailureCode.PICTURE_MISSING: "a picture went missing on the way.",
    FailureCode.PICTURE_UNREADABLE: "a picture could not be opened.",
    FailureCode.OUT_OF_MEMORY: "there is not enough memory at this size; try a smaller --size.",
    FailureCode.DIVERGED: "the painting did not settle; try another --seed or a lower --strength.",
    FailureCode.DEADLINE: "it took too long; try a smaller --size.",
    FailureCode.CANCELLED: "it was stopped.",
    FailureCode.WEIGHTS_UNAVAILABLE: "the network's weights cannot be had.",
    FailureCode.INTERNAL: "something went wrong inside; this is a defect of Stylesmith.",
}


def not_writable(directory: str) -> str:
    return (
        f"{directory} cannot be written: it is full, read-only or somebody else's; "
        "make room, or set STYLESMITH_DATA_DIR or its owner"
    )


def why_no_folder(error: OSError) -> str:
    """Why nothing can be kept in a folder, in a few words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "there is a file of that name"
    return error.strerror or str(error)


def bad_settings(error: Exception) -> str:
    """Which settings cannot be used, and why; never their values."""
    if isinstance(error, ValidationError):
        wrong = (f"STYLESMITH_{'_'.join(map(str, e['loc'])).upper()}: {_plainly(e)}" for e in error.errors())
        return "Some settings cannot be used. " + "; ".join(wrong)
    return f"A file that the settings name cannot be read: {getattr(error, 'filename', '')}"


def _plainly(error: ErrorDetails) -> str:
    """What is wrong with a value, in words for whoever wrote it."""
    limits, kind = error.get("ctx") or {}, error["type"]
    if kind in {"finite_number", "int_parsing_size"}:
        return "this has to be a smaller, finite number"
    if kind.startswith(("int_", "float_")):
        return "this has to be a whole number" if kind.startswith("int_") else "this has to be a number"
    if kind.startswith("bool_"):
        return "this has to be true or false"
    for bound, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")):
        if bound in limits:
            return f"this has to be {words} {limits[bound]:.15g}"
    if "expected" in limits:
        return f"this has to be {limits['expected'].replace(chr(39), '')}"
    return error["msg"].removeprefix("Value error, ")


def did_you_mean(catalogue: Catalogue, name: str) -> str:
    """The style that was most likely meant, as a question to append; or nothing."""
    near = catalogue.near(name)
    return f" Did you mean {near.slug}?" if near else ""


def failed(name: str, code: FailureCode, detail: str = "") -> str:
    """Why a photo was not painted; the detail of missing weights says what to do."""
    told = detail if detail and code is FailureCode.WEIGHTS_UNAVAILABLE else FAILED[code]
    return f"{name}: {told}"


def duration(seconds: float) -> str:
    """Seconds under two minutes, else minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
