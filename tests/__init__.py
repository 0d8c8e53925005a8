"""Tests, and where they find what they test."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""
PICTURES = ROOT / "tests" / "pictures"
"""Photos and a framed painting that the tests carry; CREDITS.md beside them says whose they are."""
