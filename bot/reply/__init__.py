"""What is said: every sentence a person can read, and the reply that is composed of them."""
