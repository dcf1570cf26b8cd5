"""``up --lan``: HTTPS on the local network for phones, with a certificate authority of one's own."""
