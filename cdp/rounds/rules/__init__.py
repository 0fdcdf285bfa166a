"""Rules of rounds: phases by date, the charter's contents."""
