"""How much memory painting takes, and how large a tile fits into a budget of it."""

import math

import torch

from worker.contract.errors import OutOfMemory
from worker.gatys.lbfgs import pairs_for
from worker.gatys.tiles import HALO_PX, STRIDE
from worker.gatys.vgg import CONVS, Vgg, stride_of

COPIES = 3.5
"""Feature maps alive per convolution: padded input, output and gradient, and what the allocator keeps.

Peak resident memory of painting with lite on a CPU in bfloat16, measured and foretold in MiB: 249 and 248 at 512 px in
one piece, 761 and 781 at 1024; in tiles of 512 px, 1,267 and 1,488 at 2048, 2,731 and 3,792 at 4096.
"""

PICTURES = 20
"""Of the painting's size that are alive in an iteration: canvas and start, photo, gradients, steps and work."""

LIBRARIES_BYTES = 70 * 2**20
"""What the libraries of convolution and Fourier transform take once."""

SMALLEST_TILE_PX = 128


def bytes_per_px(net: Vgg) -> float:
    """Bytes that one pixel of what the network reads takes while its gradient is computed."""
    item = net.conv("conv1_1").weight.element_size()
    channels = sum(net.width(conv) / stride_of(conv) ** 2 for conv in CONVS)
    return COPIES * item * channels


def picture_bytes(pixels: int) -> int:
    """Bytes of the painting itself, and of what L-BFGS remembers."""
    return 3 * 4 * pixels * (PICTURES + 2 * pairs_for(3 * pixels)) + LIBRARIES_BYTES


def tile_px(net: Vgg, size: tuple[int, int], budget_bytes: float) -> int | None:
    """Side of the tiles that a picture of (height, width) is painted in within the budget; None is in one piece."""
    pixels = size[0] * size[1]
    if pixels * bytes_per_px(net) + picture_bytes(pixels) <= budget_bytes:
        return None
    for_tile = (budget_bytes - picture_bytes(pixels)) / bytes_per_px(net)
    side = math.isqrt(max(0, int(for_tile))) - 2 * HALO_PX
    return max(SMALLEST_TILE_PX, side // STRIDE * STRIDE)


def halved(tile_px: int | None, size: tuple[int, int]) -> int:
    """The next smaller tile after memory ran out at this one (None: in one piece). Raises OutOfMemory at the end."""
    half_px = (tile_px or max(size)) // (2 * STRIDE) * STRIDE
    if half_px < SMALLEST_TILE_PX:
        raise OutOfMemory(f"{max(size)} px do not fit even in tiles of {2 * half_px} px")
    return half_px


SHORTAGES = (torch.OutOfMemoryError, MemoryError, RuntimeError)
"""What is raised where memory runs out, and, of the last, much else."""


def smaller(error: BaseException, tile_px: int | None, size: tuple[int, int]) -> int:
    """The next smaller tile after one of SHORTAGES. Raises the error itself where it says something else."""
    if not is_shortage(error):
        raise error
    return halved(tile_px, size)


def is_shortage(error: BaseException) -> bool:
    """Whether an error says that memory ran out; on a CPU, torch says so by a RuntimeError of its allocator."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "allocate memory" in str(error)
