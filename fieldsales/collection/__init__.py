"""Collection: the case, claims to verify, actions taken by a method, tasks, and who comes next."""
