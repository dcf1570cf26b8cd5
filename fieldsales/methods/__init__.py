"""Collection methods (催收方式) made on a page, without programming, and carried from house to house as a file."""
