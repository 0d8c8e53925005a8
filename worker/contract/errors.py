"""What can go wrong while painting, each with the code it crosses the queue as."""

from worker.contract import FailureCode


class PaintingError(Exception):
    """Ends a render. `code` is what the bot is told; the message is for operators."""

    code = FailureCode.INTERNAL


class PictureMissing(PaintingError):
    """A blob that the job names is not in the store (expired, or Redis was wiped)."""

    code = FailureCode.PICTURE_MISSING


class PictureUnreadable(PaintingError):
    """A blob is not a picture that can be decoded."""

    code = FailureCode.PICTURE_UNREADABLE


class Diverged(PaintingError):
    """The loss was not finite, also after the retries with a smaller step."""

    code = FailureCode.DIVERGED


class OutOfMemory(PaintingError):
    """The device cannot hold even the smallest tile."""

    code = FailureCode.OUT_OF_MEMORY


class DeadlinePassed(PaintingError):
    """The job's own deadline passed between two iterations."""

    code = FailureCode.DEADLINE


class Cancelled(PaintingError):
    """The bot or an operator asked for this job to stop."""

    code = FailureCode.CANCELLED


class WeightsUnavailable(PaintingError):
    """The network's weights can be neither found nor downloaded; the message says exactly what to do."""

    code = FailureCode.WEIGHTS_UNAVAILABLE
