"""What confines the decoder is said, and a machine that does not confine it is told to its operator."""

import logging
import os
import platform
import shutil
import subprocess
import sys

import pytest

from bot.pictures.confine import LAYERS, MINIMUM
from bot.pictures.decode import SafeDecoder
from tests import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
OTHER = pytest.mark.skipif(
    shutil.which("setarch") is None or platform.machine() != "x86_64", reason="needs setarch, to be another processor"
)
"""A machine whose system calls are not known: no seccomp."""


def elsewhere(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":

    command = ["setarch", "i686", sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_every_layer_that_a_decoder_reports_has_a_name_and_the_least_hold_here() -> None:
    with SafeDecoder() as decoder:
        held = decoder.confinement()
    assert MINIMUM <= held <= LAYERS


def test_the_layers_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot"), SafeDecoder() as decoder:
        held = decoder.check_confinement()
    [record] = [record for record in caplog.records if record.message == "decoder confined"]
    assert (record.by, record.not_by) == (sorted(held), sorted(LAYERS - held))  # type: ignore[attr-defined]  # passed as extra


CHECK = """
from bot.pictures.decode import SafeDecoder, Unconfined
with SafeDecoder() as decoder:
    try:
        decoder.check_confinement(weaker_allowed={allowed})
        print("went on")
    except Unconfined as error:
        print("refused:", error)
"""


@OTHER
def test_a_machine_without_seccomp_is_refused_unless_it_is_allowed_by_name() -> None:
    assert elsewhere(CHECK.format(allowed=False)).stdout == "refused: seccomp\n"
    assert elsewhere(CHECK.format(allowed=True)).stdout == "went on\n"


@OTHER
def test_the_doctor_says_what_is_missing() -> None:
    program = (
        "from bot.cli.checks import decoder; from bot.settings import Settings; "
        "print(*((each.ok, each.says) for each in decoder(Settings())))"
    )
    refused = elsewhere(program).stdout
    assert refused.startswith("(False")
    assert "not confined by seccomp" in refused
    allowed = elsewhere(program, STYLESMITH_ALLOW_WEAK_CONFINEMENT="true").stdout
    assert allowed.startswith("(True")
    assert "not by seccomp" in allowed
