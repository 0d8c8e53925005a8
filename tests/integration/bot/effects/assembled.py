"""The whole bot, put together by bot.wiring."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image
from pydantic import SecretStr

from bot.errors import PictureError
from bot.loop import Bot
from bot.posts import Attachment, Media
from bot.styles.listing import in_use
from bot.wiring import blobs_of, wired
from tests import ROOT
from tests.fakes.hostile_server import Listener as Server
from tests.fakes.hostile_server import answer
from tests.integration.bot.effects.case import PATIENCE_S, Case


def image(size: tuple[int, int] = (64, 48), file_format: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, file_format)
    return file.getvalue()


def fetched(case: Case) -> str:
    """What becomes of a picture on the test's own host."""
    with Server({"/a.png": answer(200, image(), Content_Type="image/png")}) as here, assembled(case) as bot:
        try:
            bot.parts.pictures.fetch(Attachment(Media.IMAGE, f"http://127.0.0.1:{here.port}/a.png"))
        except PictureError as refusal:
            return refusal.reason.value
        return "fetched"


@contextmanager
def assembled(case: Case) -> Iterator[Bot]:
    case.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with wired(case.settings, case.redis_url) as bot:
        yield bot


def kept_px(case: Case) -> int:
    """Long side of a photo of 4200 px as it is kept for painting."""
    with assembled(case) as bot:
        key = bot.parts.pictures.admit(image((4200, 2800), "JPEG"))
        data = bot.parts.pictures.read(key)
    assert data is not None
    with Image.open(io.BytesIO(data)) as kept:
        return max(kept.size)


def where_the_ledger_is(case: Case) -> str:
    with assembled(case):
        found = [path.parent.name for path in case.folder.rglob("ledger.sqlite")]
    return ", ".join(found)


def slugs(case: Case) -> tuple[bool, bool]:
    """Whether the operator's style and a built-in one can be had."""
    own = case.folder / "styles"
    own.mkdir(exist_ok=True)
    (own / "rose.png").write_bytes(image())
    entry = 'slug = "rose"\ntitle = "Rose"\nfile = "rose.png"\nartist = "A"\nyear = "1900"\nlicence = "CC0"\n'
    (own / "styles.toml").write_text(f"[[style]]\n{entry}")
    known = {style.slug for style in in_use(case.settings).styles}
    return "rose" in known, "starry-night" in known


def weakly_confined(case: Case) -> str:
    """Whether a bot starts where the decoder is not held by seccomp: as another processor, whose calls are unknown."""
    if shutil.which("setarch") is None or os.uname().machine != "x86_64":
        pytest.skip("needs setarch, to be another processor")
    program = (
        "from bot.wiring import _check_confinement, Unready; from bot.pictures.decode import SafeDecoder\n"
        "from bot.settings import Settings\n"
        "with SafeDecoder() as decoder:\n    _check_confinement(decoder, Settings())"
    )
    allowed = str(case.settings.allow_weak_confinement)
    environment = os.environ | {"STYLESMITH_ALLOW_WEAK_CONFINEMENT": allowed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["setarch", "i686", sys.executable, "-c", program], cwd=case.folder, env=environment, capture_output=True,
        text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    return "went on" if done.returncode == 0 else "refused" if "not confined by seccomp" in done.stderr else done.stderr


def travels(case: Case) -> bool:
    """Whether a job's pictures lie in the folder that the test names."""
    folder = case.folder / "blobs"
    url = SecretStr(case.settings.blobs_url.get_secret_value().replace("HERE", str(folder)))
    settings = case.settings.model_copy(update={"blobs_url": url})
    import redis

    with redis.Redis.from_url(case.redis_url) as connection:
        blobs_of(settings, connection).put(b"a picture")
    return any(path.is_file() for path in folder.rglob("*"))
