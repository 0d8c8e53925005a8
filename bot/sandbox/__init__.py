"""A one-process instance that speaks the Mastodon client API, with a page to look at."""
