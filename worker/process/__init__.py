"""Process set-up that bot and worker share: log, limits, death with the parent."""
