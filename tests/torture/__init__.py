"""What an office, a power cut and a cheat do to the book, done to it systematically: see README.md."""
