"""What has happened: the journal, the state that follows from it, and the questions one may ask.  The only SQL."""
