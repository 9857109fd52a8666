"""Holds the replies of a service against the model that botocore is made of: Amazon's own."""

import json
import re


def complaints_about(operation, service, reply):
    """What is wrong with a raw reply of an operation, each as a sentence."""
    body = json.loads(reply["body"])
    headers = {name.lower(): value for name, value in reply["headers"].items()}
    complaints = []
    if headers.get("content-type") != "application/x-amz-json-1.1":
        complaints.append(f"the content type {headers.get('content-type')}")
    if not re.fullmatch(r"[0-9a-f-]{36}", headers.get("x-amzn-requestid", "")):
        complaints.append("no request id")
    if reply["status_code"] == 200:
        if operation.output_shape:
            complaints += mismatches(operation.output_shape, body, "")
        return complaints
    name = body.get("__type")
    listed = [shape.name for shape in operation.error_shapes]
    if name not in listed:
        complaints.append(f"{name}, which is none of {listed}")
    elif not isinstance(body.get("message"), str):
        complaints.append(f"{name} without a message")
    if headers.get("x-amzn-errortype", "").rstrip(":") != name:
        complaints.append(f"{name}, and in the header {headers.get('x-amzn-errortype')}")
    return complaints


def mismatches(shape, value, place):
    return list(CHECKS[shape.type_name](shape, value, place))


def structure(shape, value, place):
    if not isinstance(value, dict):
        yield f"{place} is no object"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{place}.{name} is missing"
    for name, inner in value.items():
        if name not in shape.members:
            yield f"{place}.{name} is unknown"
        else:
            yield from mismatches(shape.members[name], inner, f"{place}.{name}")


def each_of_list(shape, value, place):
    if not isinstance(value, list):
        yield f"{place} is no list"
        return
    for index, inner in enumerate(value):
        yield from mismatches(shape.member, inner, f"{place}[{index}]")


def each_of_map(shape, value, place):
    if not isinstance(value, dict):
        yield f"{place} is no map"
        return
    for name, inner in value.items():
        yield from mismatches(shape.key, name, f"{place}'s key")
        yield from mismatches(shape.value, inner, f"{place}.{name}")


def text(shape, value, place):
    if not isinstance(value, str):
        yield f"{place} is no text"
        return
    limits = shape.metadata
    if not limits.get("min", 0) <= len(value) <= limits.get("max", len(value)):
        yield f"{place} has a length of {len(value)}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"{place} is none of {limits['enum']}"
    if "pattern" in limits and not re.search(in_python(limits["pattern"]), value):
        yield f"{place} does not match {limits['pattern']}"


def number(shape, value, place):
    whole = isinstance(value, int) or shape.type_name not in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not whole:
        yield f"{place} is no {shape.type_name}"


def truth(_, value, place):
    if not isinstance(value, bool):
        yield f"{place} is no boolean"


def in_python(pattern):
    """Java's classes of characters, of which Python knows none, as what ours use of them."""
    return re.sub(r"\\p\{[LMSNPZ]\}", r"\\w\\W", pattern)


CHECKS = {
    "structure": structure,
    "list": each_of_list,
    "map": each_of_map,
    "string": text,
    "integer": number,
    "long": number,
    "double": number,
    "timestamp": number,
    "boolean": truth,
}
