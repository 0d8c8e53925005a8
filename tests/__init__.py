"""Tests, and where they find what they test."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""
