"""How a process of ours behaves: its log, its limits, its tie to the parent."""
