"""A news site that does everything wrong a site can do, on loopback ports, with good articles in between."""
