"""The command `stylesmith`: one file a noun."""
