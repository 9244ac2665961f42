"""Croissant 1.0 (MLCommons): JSON-LD that lets tools such as mlcroissant find, verify and read the three tables."""

from __future__ import annotations

from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from pipeline.publish.exports.export import ExportOptions
from pipeline.publish.reading import Release
from pipeline.publish.schema import TABLES, Column, TableShape

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
PARQUET = "application/x-parquet"  # what mlcroissant reads


def write_stream(release: Release, out: BinaryIO, options: ExportOptions) -> int:
    """The metadata as one JSON document; file addresses are relative to it."""
    out.write(orjson.dumps(describe(release), option=orjson.OPT_INDENT_2) + b"\n")
    return len(TABLES)


def describe(release: Release) -> dict[str, Any]:
    """The metadata as data."""
    published = str(release.manifest["published_at"])
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "wirecopy",
        "description": "News articles folded into stories: which outlet ran which report, when, how much of it, "
        "and whether it credited the agency.",
        "license": "the texts belong to their publishers",
        "url": "https://localhost/wirecopy",
        "version": "1.0.0",
        "alternateName": release.version,
        "datePublished": published[:10],
        "citeAs": f"wirecopy release {release.version}",
        "distribution": [_file(release, table) for table in TABLES],
        "recordSet": [_record_set(table) for table in TABLES],
    }


def _file(release: Release, table: TableShape) -> dict[str, Any]:
    stated = release.manifest["files"][table.file_name]
    return {
        "@type": "cr:FileObject",
        "@id": table.file_name,
        "name": table.file_name,
        "contentUrl": table.file_name,
        "contentSize": f"{stated['bytes']} B",
        "encodingFormat": PARQUET,
        "sha256": stated["sha256"],
    }


def _record_set(table: TableShape) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"A record is {table.row}.",
        "key": [{"@id": f"{table.name}/{name}"} for name in table.order],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: TableShape, column: Column) -> dict[str, Any]:
    name = f"{table.name}/{column.name}"
    source: dict[str, Any] = {"fileObject": {"@id": table.file_name}, "extract": {"column": column.name}}
    field: dict[str, Any] = {"@type": "cr:Field", "@id": name, "name": name, "description": column.meaning}
    if not pa.types.is_list(column.type):
        return {**field, "dataType": _data_type(column.type), "source": source}
    return {**field, "repeated": True, "subField": [_sub_field(name, source, one) for one in column.type.value_type]}


def _sub_field(parent: str, source: dict[str, Any], member: pa.Field) -> dict[str, Any]:
    name = f"{parent}/{member.name}"
    picked = {**source, "transform": {"jsonPath": member.name}}
    return {"@type": "cr:Field", "@id": name, "name": name, "dataType": _data_type(member.type), "source": picked}


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind):
        return "sc:Float"
    return "sc:DateTime" if pa.types.is_timestamp(kind) else "sc:Text"
