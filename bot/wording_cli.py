"""What the commands say to whoever typed them; the bot's replies are in bot.reply.wording."""

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from bot.errors import PictureReason
from worker.contract import FailureCode, Rendered

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

MANY_PHOTOS: Final = "Several photos need --out-dir, where each painting gets its photo's name."
NO_STYLE: Final = "A style is missing: name a picture of a painting, or a house style, after the photo."
ONE_PLACE: Final = "Say where the painting goes: --out FILE, or --out-dir FOLDER."
NO_TEXTURE_PHOTO: Final = "A texture is made from styles alone: leave the photo out."
TOO_MANY_STYLES: Final = "Eight styles are the most."
WEIGHTS: Final = "--weights needs one number for each style."
DREAM_OR_TEXTURE: Final = "Choose --dream or --texture, not both."

LOCKED: Final = "Another bot is using this data directory; one directory, one bot."
NOTHING_TO_FOLLOW: Final = (
    "No account is set up. `stylesmith login mastodon` fetches a token (STYLESMITH_MASTODON_URL and _TOKEN), "
    "`stylesmith login x` the keys of X; to try without an account: `stylesmith demo`."
)
UNSAFE_REDIS: Final = (
    "STYLESMITH_REDIS_URL names a Redis on another machine without a password. "
    "Whoever can write to it decides what is posted: give it a password (deploy/redis has settings and users)."
)

DEMO_STARTS: Final = "Starting Redis, a sandbox, a bot and a worker on this machine ..."
SCENE: Final = "A town across a river, an hour after sunset"
DEMO_WAITS: Final = "The bot looks at the mention ..."
DEMO_STOPPED: Final = "Stopped."
DEMO_NO_SANDBOX: Final = "the sandbox did not start in time."
DEMO_NO_BOT: Final = "the bot did not start in time."


def demo_page(url: str) -> str:
    """Where to watch."""
    return f"Watch it on {url} . Somebody mentions the bot with a photo and a painting ..."


def demo_queued(place: int) -> str:
    """Before it is painted."""
    return f"Waiting for the worker, at place {place} ..." if place else "The worker has taken it ..."


def demo_progress(fraction: float, stage: str, remaining_s: float | None) -> str:
    """While it is painted."""
    left = f", about {max(1, round(remaining_s))} s left" if remaining_s is not None else ""
    return f"Painting: {fraction:.0%} {f'({stage})' if stage else ''}{left}"


def demo_painted(path: str, seconds: float, description: str) -> str:
    """The happy end."""
    return f"Answered after {seconds:.0f} s. The painting is {path} ({description})"


def demo_stays(url: str) -> str:
    """While the page is left open."""
    return f"Mention it yourself on {url} ; Ctrl-C stops everything."


def demo_failed(why: str) -> str:
    """The other end."""
    return f"The demo did not end with a painting: {why}"


def process_ended(name: str, status: int, lines: str) -> str:
    """A child that should run."""
    return f"the {name} ended with status {status}: {lines or 'it said nothing'}"


def declined(text: str) -> str:
    """The bot answered without a picture."""
    return f"the bot answered: {text}"


def no_answer(wait_s: float) -> str:
    """Nothing within the time."""
    return f"no answer came within {wait_s:.0f} s (--wait-s)."


def no_download(url: str) -> str:
    """The posted picture is not there."""
    return f"the posted picture at {url} could not be downloaded."


def sandbox_refused(why: str) -> str:
    """The sandbox did not take the mention."""
    return f"the sandbox did not take the mention: {why}"


FORGOTTEN: Final = "Marked. The bot removes replies and pictures within the hour, if it is running."
FORGOTTEN_MENTION: Final = "What this mention said was removed; there is nothing to take up again."
REPLAYED: Final = "It is new again; a running bot takes it up within seconds."
AMBIGUOUS: Final = "Several platforms have a mention of this id; say which with --platform."


def no_ledger(directory: str) -> str:
    """No bot ever ran there."""
    return f"There is no ledger in {directory}. Is STYLESMITH_DATA_DIR right, and did the bot run?"


def not_yours(directory: str) -> str:
    """This user may not open the ledger."""
    return f"Permission denied: the ledger in {directory} is for the user that runs the bot. Try it as that user."


def newer_ledger(versions: str) -> str:
    """A newer Stylesmith wrote the ledger."""
    return f"A newer Stylesmith wrote this ledger: {versions}. Please update this program."


def older_ledger(versions: str) -> str:
    """The bot that runs, or ran last, is older than this program."""
    return f"An older Stylesmith wrote this ledger: {versions}. Restart the bot; it brings the ledger up to date."


def moved_meanwhile(mention_id: str) -> str:
    """Somebody or something else took the mention up."""
    return f"Mention {mention_id} changed just now; nothing was done. Please look again with `stylesmith mention show`."


def no_such_person(handle: str) -> str:
    """Nothing is known of them."""
    return f"The ledger knows nothing of {handle}."


def forget_deed(handle: str) -> str:
    """Completes 'This would ...'."""
    return f"delete our replies to {handle}, their pictures and paintings, and what they asked"


def no_such_mention(mention_id: str) -> str:
    """Not in the ledger."""
    return f"The ledger has no mention {mention_id}; `stylesmith mention list` shows the newest."


def answered_already(mention_id: str) -> str:
    """One mention, one answer."""
    return f"Mention {mention_id} was answered; there is one answer to a mention. Its author can reply 'again'."


def still_open(mention_id: str, state: str) -> str:
    """Nothing to replay."""
    return f"Mention {mention_id} is {state}; the bot is still working on it."


def replay_deed(mention_id: str) -> str:
    """Completes 'This would ...'."""
    return f"take mention {mention_id} through everything once more, and answer it"


DOCTOR_FOUND: Final = "Something needs mending before the bot can run here."
SETTINGS_FINE: Final = "all can be read"
NO_MASTODON: Final = "not set up (STYLESMITH_MASTODON_URL and _TOKEN together; `stylesmith login mastodon`)"
LOGIN_REFUSED: Final = "the server refuses the token; fetch a new one with `stylesmith login mastodon`"
OWN_STYLES: Final = "our own; STYLESMITH_STYLES_DIR names a folder of yours"
NO_WORKER: Final = "the worker cannot be asked; is PyTorch installed? (A machine for the bot alone does not need it.)"


def unknown_settings(names: list[str]) -> str:
    """Most likely misspelt."""
    return f"no such setting: {', '.join(names)}; .env.example has all of them"


def not_writable(directory: str) -> str:
    """The data directory."""
    return (
        f"{directory} cannot be written: it is full, read-only or somebody else's; "
        "make room, or set STYLESMITH_DATA_DIR or its owner"
    )


def disk(directory: str, free_bytes: int) -> str:
    """Room for ledger and pictures."""
    return f"{free_bytes / 2**30:.1f} GiB free in {directory}" + (
        "" if free_bytes >= 2**30 else "; make room, a GiB at least"
    )


BLOBS_IN_REDIS: Final = "travel through Redis"
BLOBS_ELSEWHERE: Final = "travel where STYLESMITH_BLOBS_URL says; written, read and removed there just now"


def no_blobs(why: str) -> str:
    """The place where pictures travel is no place, needs a package, or is away."""
    return (
        f"STYLESMITH_BLOBS_URL does not work ({why}): is it an fsspec URL such as s3://bucket/pictures, is its package "
        "installed (pip install 'stylesmith[s3]'), and may this machine write there?"
    )


def private_redis(program: str) -> str:
    """No address was given."""
    return f"a private one will be started ({program})"


def redis_up(version: str) -> str:
    """It answers."""
    return f"answers, version {version}"


def redis_down(why: str) -> str:
    """It does not."""
    return f"does not answer ({why}); is STYLESMITH_REDIS_URL right, and is it running?"


def server_silent(url: str, why: str) -> str:
    """The Mastodon server."""
    return f"{url} cannot be asked ({why}); is STYLESMITH_MASTODON_URL right?"


def account(account_id: str, host: str) -> str:
    """The token is good."""
    return f"account {account_id} on {host}"


def x_keys(given: int) -> str:
    """All four or none."""
    if given == 0:
        return "not set up (`stylesmith login x`)"
    return "all four keys are there (not tried: X charges for each look)" if given == 4 else f"{given} of its 4 keys"


def house_styles(directory: str, number: int) -> str:
    """The operator's."""
    return f"{number} in {directory}" if number else f"none in {directory}: it needs a styles.toml (see the README)"


def paints_with(backbone: str) -> str:
    """The network."""
    return f"{backbone} is there"


def bad_settings(error: Exception) -> str:
    """Which settings cannot be used, and why; never their values."""
    if isinstance(error, ValidationError):
        wrong = (f"STYLESMITH_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        return "Some settings cannot be used. " + "; ".join(wrong)
    return f"A file that the settings name cannot be read: {getattr(error, 'filename', '')}"


def unusable(name: str, reason: PictureReason) -> str:
    """Why a file cannot be used."""
    return f"{name}: {UNUSABLE[reason]}"


def failed(name: str, code: FailureCode, detail: str = "") -> str:
    """Why a photo was not painted; the detail of missing weights says what to do."""
    told = detail if detail and code is FailureCode.WEIGHTS_UNAVAILABLE else FAILED[code]
    return f"{name}: {told}"


ONE_FILM: Final = "A film is made of one painting: name one photo."


def film_suffix(path: str) -> str:
    """That a film's name does not say its format."""
    return f"--timelapse: {path} must end in .mp4 or .gif."


def film_place(path: str) -> str:
    """That a film cannot go there."""
    return f"--timelapse: {path} is there already, or its folder is not. Name a new file in a folder that is there."


def no_such(name: str, house: str, near: str = "") -> str:
    """That a word is neither a file nor a house style; `near` is the style with the most similar name."""
    meant = f" Did you mean {near}?" if near else ""
    return f"{name}: there is no such file, and no house style of that name.{meant} The house has: {house}."


def progress(name: str, stage: str, fraction: float, remaining_s: float | None) -> str:
    """One line of a painting on its way."""
    left = "" if remaining_s is None else f", about {duration(remaining_s)} to go"
    return f"{name}: {stage}, {fraction:.0%}{left}"


def foretold(name: str, seconds: float, peak_bytes: float, how: str) -> str:
    """What a painting would take."""
    return f"{name}: about {duration(seconds)} and {peak_bytes / 1e6:,.0f} MB of memory ({how}). Nothing was painted."


def how(backbone: str, device: str, iterations: int, tile_px: int | None) -> str:
    """By what a painting would be made."""
    tiles = f", in tiles of {tile_px} px" if tile_px else ""
    return f"{backbone}, {device}; {iterations} iterations{tiles}"


def foretold_of_dream(name: str) -> str:
    """Nobody knows."""
    return f"{name}: a dream takes seconds on a GPU and up to some minutes on a CPU; it is not estimated."


def painted(name: str, out: str, rendered: Rendered) -> str:
    """One line under a finished painting."""
    protected = {0: "", 1: ", a face protected"}.get(rendered.faces, f", {rendered.faces} faces protected")
    size = f"{rendered.width_px} x {rendered.height_px}"
    cut = {0: "", 1: ", the style without its frame"}.get(rendered.unframed, ", the styles without their frames")
    how = f"in {duration(rendered.seconds)} with {rendered.backbone}{protected}{cut}"
    return f"{name}: painted as {out}, {size}, {how}"


def duration(seconds: float) -> str:
    """Seconds under two minutes, else minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


NO_DECODER: Final = "The process that opens pictures does not start; the bot would refuse every picture."


def unconfined(missing: str) -> str:
    return (
        f"The process that opens strangers' pictures is not held by {missing} here. Run the bot on Linux on x86-64 or"
        " ARM64 with seccomp, or accept the risk by STYLESMITH_ALLOW_WEAK_CONFINEMENT=true."
    )


def confined(held: Sequence[str], missing: Sequence[str]) -> str:
    without = f"; not by {', '.join(missing)}" if missing else ""
    return f"Pictures are opened in a process held by {', '.join(held)}{without}."
