"""The door: pictures are fetched within limits, decoded in a sandboxed process, and enter as bare pixels."""
