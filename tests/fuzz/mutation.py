"""A small seeded mutator, for runs without a coverage-guided fuzzer."""

import random
from collections.abc import Iterator, Sequence

_WORDS = (
    b"\0", b"\xff\xd8", b"\xff\xda\0\x02", b"\xff\xd9", b"IDAT", b"IEND", b"tEXt", b"\x7f\xff\xff\xff", b"ok\n", b"no ",
    b"</p>", b"<a class='mention'", b"&#", b"&amp;", b"\xed\xa0\x80", b"\xe2\x80\xae", b"size=", b"\xcc\x81" * 40,
    b"https://", b"@", b"\\", b"[::1]", b"%00", b"\r\n", b"x" * 3000, b"<b>" * 500,
)  # fmt: skip


def mutants(seeds: Sequence[bytes], runs: int, seed: int) -> Iterator[bytes]:
    """`runs` files, each a seed after one to eight changes; the same ones for the same `seed`."""
    chance = random.Random(seed)
    yield from seeds
    for _ in range(runs):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            _change(data, chance, seeds)
        yield bytes(data)


def _change(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    end = min(len(data), at + chance.randint(0, 30))
    match chance.randrange(6):
        case 0:
            data[at:end] = b""
        case 1:
            data[at:at] = chance.choice(_WORDS)
        case 2:
            data[at:end] = chance.randbytes(end - at)
        case 3:
            data[at:at] = data[at:end] * chance.randint(1, 20)
        case 4:
            other = chance.choice(seeds)
            data[at:] = other[chance.randint(0, len(other)) :]
        case _ if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
