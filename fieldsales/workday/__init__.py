"""The working day: who to see today, the whole customer on one screen, what a phone carries."""
