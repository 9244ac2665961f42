"""A release in other formats. One module per format; `export_release` is the one way in."""

from pipeline.publish.exports.export import FORMATS, ExportOptions, export_release

__all__ = ["FORMATS", "ExportOptions", "export_release"]
