"""A picture is on the disk whole or not at all, whenever its writer dies."""

import signal
import subprocess
import sys
from pathlib import Path

WRITER = """
import resource, signal, sys
from pathlib import Path
from bot.pictures import store as pictures
from tests.faults import mutants
mutants.apply()
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
pictures.write_whole(Path(sys.argv[1]) / "picture", b"x" * 20_000)
"""


def test_a_picture_whose_writer_was_killed_is_not_there(tmp_path: Path) -> None:
    writer = subprocess.run([sys.executable, "-c", WRITER, str(tmp_path)], check=False)
    assert writer.returncode == -signal.SIGXFSZ, "it was not killed in the middle"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
