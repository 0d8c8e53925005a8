"""The truth about every mention, in SQLite: rows, transactions, the lock that keeps a second bot out."""

from bot.ledger.ledger import Ledger
from bot.ledger.rows import About, Answer, JobRow, Plan, Post, PostKind, Row, Source, State, Unreadable
from bot.ledger.table import StaleRow

__all__ = [
    "About", "Answer", "JobRow", "Ledger", "Plan", "Post", "PostKind", "Row", "Source", "StaleRow", "State",
    "Unreadable",
]  # fmt: skip
