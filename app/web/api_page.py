"""The JSON twins described on a page of our own: it works offline and needs no script."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.web.site import html_answer

router = APIRouter()


@router.get("/api", include_in_schema=False)
def api(request: Request) -> Response:
    """Every address with its parameters and the shape of its answer."""
    schema = request.app.openapi()
    return html_answer(
        request, "api.html", endpoints=_endpoints(schema), shapes=_shapes(schema), version=schema["info"]["version"]
    )


def _endpoints(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for path, methods in schema["paths"].items():
        operation = methods["get"]
        answer = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
        found.append(
            {
                "path": path,
                "summary": operation["summary"],
                "parameters": [
                    {
                        "name": one["name"],
                        "kind": _kind(one.get("schema", {})),
                        "required": one.get("required", False),
                        "description": one.get("description", ""),
                    }
                    for one in operation.get("parameters", [])
                ],
                "answer": _kind(answer) if answer else "file",
            }
        )
    return found


def _shapes(schema: dict[str, Any]) -> list[dict[str, Any]]:
    shapes = schema.get("components", {}).get("schemas", {})
    return [
        {
            "name": name,
            "choices": shape.get("enum", []),
            "fields": [(field, _kind(one)) for field, one in shape.get("properties", {}).items()],
        }
        for name, shape in sorted(shapes.items())
        if "ValidationError" not in name
    ]


def _kind(one: dict[str, Any]) -> str:
    """A schema in a few words: string, integer, list of StoryRow, StoryRow or nothing."""
    if "$ref" in one:
        return str(one["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in one:
        return " or ".join(_kind(part) for part in one["anyOf"])
    kind = str(one.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(one.get('items', {}))}"
    if kind == "null":
        return "nothing"
    return str(one.get("format", kind)) if kind == "string" else kind
