"""The worker's log on standard error, one line an event, for people or as JSON: ids and codes, nobody's words."""

import json
import logging


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        fields = {"at": self.formatTime(record), "level": record.levelname.lower(), "logger": record.name}
        fields["event"] = record.getMessage()
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def log_to_stderr(level: str, *, as_json: bool) -> None:
    """Set up logging for a process."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonLines() if as_json else plain)
    logging.basicConfig(level=level.upper(), handlers=[handler])
