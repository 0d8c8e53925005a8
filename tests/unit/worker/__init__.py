"""Tests of the worker package that need nothing."""
