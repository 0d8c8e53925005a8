"""What a mention asks for: its words, options and pictures, read without any input or output."""
