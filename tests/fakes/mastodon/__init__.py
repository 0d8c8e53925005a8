"""A Mastodon that misbehaves by a plan: the sandbox with faults in its stores and answers, and a log."""
