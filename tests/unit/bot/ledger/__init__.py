"""Tests of `bot/ledger`."""
