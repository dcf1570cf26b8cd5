"""The Flask toolkit: pages, errors, guards, words, the program at hand. It knows no capability."""
