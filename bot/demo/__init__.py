"""What `stylesmith demo` is made of: real processes, and a person who mentions the bot."""
