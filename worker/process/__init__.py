"""Process set-up that bot and worker share: settings, log, limits, death with the parent."""
