"""A bundled world of loopback outlets that runs the main job without the internet."""
