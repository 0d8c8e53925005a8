"""Pictures of strangers: fetched within limits, decoded in a confined process, stored as bare pixels."""
