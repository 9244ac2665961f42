"""Terminal views of the catalog's queries; each can give JSON instead."""

from app.cli.show.frame import to_json
from app.cli.show.stories import show_stories, show_story

__all__ = ["show_stories", "show_story", "to_json"]
