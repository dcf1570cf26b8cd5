"""Exchange: ledgers, bank files and lists, in and out."""
