"""Reports: what is owed by age, what was promised and kept, how the program itself fares."""
