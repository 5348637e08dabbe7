"""The commands of `kg`, by what they are for: each parses its arguments, calls one function and prints the result."""
