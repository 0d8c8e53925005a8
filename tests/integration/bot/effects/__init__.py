"""Experiments that show what a setting of the bot does."""
