"""The handbook: pages for reps, managers, administrators and authors of plugins, shown inside the program."""
