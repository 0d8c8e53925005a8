"""What bot and worker share: jobs and outcomes as JSON, their keys in Redis, and blobs. Imports no torch."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

SCHEMA = 1
"""Number of this contract. A worker refuses a job with a higher one, and reads every lower one."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
JobId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,120}$")]
"""RQ allows letters, digits, `_` and `-` in a job id, nothing else (rq/job.py)."""


class Kind(StrEnum):
    STYLE = "style"
    DREAM = "dream"
    TEXTURE = "texture"


class Colours(StrEnum):
    """Whose colours the painting has (Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer")."""

    STYLE = "style"
    LUMINANCE = "luminance"
    STATISTICS = "statistics"


class Init(StrEnum):
    PHOTO = "photo"
    NOISE = "noise"


class Faces(StrEnum):
    """Whether faces are found and protected. AUTO protects them where a face is large enough to be recognised."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class DreamLayer(StrEnum):
    """Deep Dream's layers, named by what they bring out."""

    STROKES = "strokes"
    TEXTURES = "textures"
    PATTERNS = "patterns"
    SHAPES = "shapes"
    EYES = "eyes"


class Format(StrEnum):
    JPEG = "jpeg"
    PNG = "png"


class Film(StrEnum):
    """Whether a short film of the painting growing is made beside it, and in which format."""

    NONE = "none"
    MP4 = "mp4"
    GIF = "gif"


class _Plain(BaseModel):
    # Pydantic would keep the last 16,000 short texts that it met, ids and hashes, which are never the same again.
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")


STRENGTHS = (0, 100)
STYLE_SCALES = (0.25, 4.0)
SEEDS = (0, 2**31 - 1)
"""The least and the most of what `Options` takes; whoever reads a wish keeps to them."""


class Options(_Plain):
    """Everything a person can ask for; every field has the default that suits most photos."""

    kind: Kind = Kind.STYLE
    strength: int = Field(50, ge=STRENGTHS[0], le=STRENGTHS[1])
    """0 keeps nearly the photo, 100 nearly only the style; 50 is the house default."""
    style_scale: float = Field(1.0, ge=STYLE_SCALES[0], le=STYLE_SCALES[1])
    """Size of the style's strokes relative to the painting; 2 makes them twice as large."""
    weights: tuple[Annotated[float, Field(gt=0, le=1000)], ...] = ()
    """One a style, or empty for equal shares; normalised to sum 1 by the worker."""
    colours: Colours = Colours.STYLE
    edge_px: int = Field(512, ge=64, le=4096)
    """Long side of the painting; a smaller photo is painted at this size all the same."""
    seed: int = Field(0, ge=SEEDS[0], le=SEEDS[1])
    init: Init = Init.PHOTO
    faces: Faces = Faces.AUTO
    layer: DreamLayer = DreamLayer.PATTERNS
    """Only for dreams."""
    format: Format = Format.JPEG
    backbone: Literal["auto", "lite", "vgg19"] = "auto"
    film: Film = Field(Film.NONE, exclude_if=lambda film: film is Film.NONE)
    """Left out where none is asked for, so that an older worker still takes the job."""


class RenderJob(_Plain):
    """One painting to make. Pictures are blob keys: normalised PNG or JPEG, upright, sRGB, no metadata."""

    schema_number: int = Field(SCHEMA, ge=1)
    id: JobId
    photo: Sha256 | None = None
    """None only for textures."""
    styles: tuple[Sha256, ...] = Field((), max_length=8)
    """Empty only for dreams; a dream's first style, if any, guides it."""
    options: Options = Options()
    deadline_s: float = Field(900, gt=0, le=7200)
    """Seconds of painting after which the worker gives up with FailureCode.DEADLINE."""

    @model_validator(mode="after")
    def _has_its_pictures(self) -> "RenderJob":
        if self.options.kind is not Kind.TEXTURE and self.photo is None:
            raise ValueError("a style or dream job needs a photo")
        if self.options.kind is not Kind.DREAM and not self.styles:
            raise ValueError("a style or texture job needs at least one style")
        if self.options.weights and len(self.options.weights) != len(self.styles):
            raise ValueError("weights must be empty or one a style")
        return self


class FailureCode(StrEnum):
    """Why there is no painting. The sentence a person reads for each is found in bot.reply.wording."""

    BAD_JOB = "bad_job"
    PICTURE_MISSING = "picture_missing"
    PICTURE_UNREADABLE = "picture_unreadable"
    OUT_OF_MEMORY = "out_of_memory"
    DIVERGED = "diverged"
    DEADLINE = "deadline"
    CANCELLED = "cancelled"
    WEIGHTS_UNAVAILABLE = "weights_unavailable"
    INTERNAL = "internal"


class _Told(_Plain):
    """What a worker tells: a bot of the version before reads what it knows of it."""

    model_config = ConfigDict(extra="ignore")


class Rendered(_Told):
    outcome: Literal["rendered"] = "rendered"
    id: JobId
    blob: Sha256
    format: Format
    height_px: int = Field(gt=0)
    width_px: int = Field(gt=0)
    seconds: float = Field(ge=0)
    iterations: int = Field(ge=0)
    backbone: str
    seed: int
    faces: int = Field(0, ge=0)
    """How many faces were protected."""
    unframed: int = Field(0, ge=0)
    """How many styles were painted without the frame, margin or wall around them."""
    film: Sha256 | None = Field(None, exclude_if=lambda film: film is None)
    """Blob of the film, where one was asked for."""

    @property
    def shown(self) -> str:
        """Blob of what is shown to people: the film, else the painting."""
        return self.film or self.blob


class Failed(_Told):
    """No painting was made. PICTURE_MISSING is for the bot to mend (send the blobs again), never for a person."""

    outcome: Literal["failed"] = "failed"
    id: JobId
    code: FailureCode
    detail: str = Field("", max_length=500)
    """For operators: the exception's type and place, no user text, no secrets."""


Outcome = Annotated[Rendered | Failed, Field(discriminator="outcome")]
OUTCOME: TypeAdapter[Rendered | Failed] = TypeAdapter(Outcome, config=ConfigDict(cache_strings="keys"))
"""`OUTCOME.validate_json(text)` reads an outcome."""


class Progress(_Told):
    """How far a job is; overwritten in place about once a second."""

    id: JobId
    fraction: float = Field(ge=0, le=1)
    stage: str = ""
    """Scale or octave, such as `256 px`."""
    remaining_s: float | None = Field(None, ge=0)
    preview: Sha256 | None = None
    """Blob of a small JPEG of the painting so far."""
    worker: str = ""


QUEUE = "renders"
"""Name of the one RQ queue (one, because only a single-queue worker pops with LMOVE, which survives a kill)."""

FUNCTION = "worker.jobs.render"
"""The only function a job may name."""

BLOB_TTL_S = 24 * 3600
OUTCOME_TTL_S = 7 * 24 * 3600
PROGRESS_TTL_S = 3600
FINISHED_TTL_S = 600
"""How long RQ remembers a job that ended; the outcome itself lives longer, under its own key."""
FAILED_TTL_S = 24 * 3600
WAKES = 1000
"""Length limit of the wake list while no bot reads it."""


def outcome_key(job_id: str) -> str:
    """Redis key of the JSON of a job's `Outcome`."""
    return f"stylesmith:outcome:{job_id}"


def progress_key(job_id: str) -> str:
    """Redis key of the JSON of a job's newest `Progress`."""
    return f"stylesmith:progress:{job_id}"


def cancel_key(job_id: str) -> str:
    """Redis key whose existence asks the worker to stop this job at its next iteration."""
    return f"stylesmith:cancel:{job_id}"


LEASE_S = 15
"""Seconds for which a worker's claim on a job lasts unless renewed. Redis counts them, so no clock has to agree."""


def lease_key(job_id: str) -> str:
    """Redis key that exists while a living worker paints this job; its value is the worker's name."""
    return f"stylesmith:lease:{job_id}"


WAKE_KEY = "stylesmith:wake"
"""Redis list the worker pushes a job id to when its outcome is stored; the bot blocks on it. Losing it costs a poll."""
