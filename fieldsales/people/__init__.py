"""People: users, roles, teams, login, devices, and who may see whom."""
