# SPDX-License-Identifier: MIT
"""One event for each route of a function, made from gateway.json, and what
its answer has to look like. Bodies are the least that the message allows."""

import base64
import json

IDENTITY = {"sourceIp": "127.0.0.1", "userAgent": "golden"}


def context(key, event_type):
    return {
        "routeKey": key,
        "eventType": event_type,
        "extendedRequestId": "ext=",
        "requestTime": "14/Nov/2023:22:13:20 +0000",
        "messageDirection": "IN",
        "stage": "dev",
        "connectedAt": 1700000000000,
        "requestTimeEpoch": 1700000000001,
        "identity": IDENTITY,
        "requestId": "req=",
        "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
        "connectionId": "conn=",
        "apiId": "abc123",
    }


def headers():
    one = {"Host": "localhost", "Sec-WebSocket-Version": "13"}
    return {
        "headers": one,
        "multiValueHeaders": {name: [text] for name, text in one.items()},
    }


# --- bodies ---------------------------------------------------------------


def whole(field, low):
    low = int(field["min"]) if "min" in field else low
    if "max" in field and int(field["max"]) < max(low, 0):
        return int(field["max"])
    return max(low, 0) if "min" not in field else low


def number(field):
    if "min" in field:
        return float(field["min"])
    return min(0.0, float(field.get("max", 0)))


def value_of(messages, field):
    kind = field["type"]
    least = int(float(field.get("min", 0))) if kind != "number" else 0
    if "default" in field:
        return field["default"]
    if kind == "string":
        return "x" * least
    if kind == "bytes":
        return base64.b64encode(b"x" * least).decode()
    if kind == "bool":
        return True
    if kind in ("int32", "int64", "uint32", "uint64"):
        return whole(field, 0)
    if kind == "number":
        return number(field)
    if kind == "timestamp":
        return "2023-11-14T22:13:20Z"
    if kind == "json":
        return {"any": ["thing"]}
    if kind == "enum":
        return field["values"][0]
    if kind == "list":
        return [value_of(messages, field["item"]) for _ in range(least)]
    if kind == "map":
        return {
            f"key{i}": value_of(messages, field["item"]) for i in range(least)
        }
    return body_of(messages, field["message"])


def body_of(messages, name):
    return {
        field["name"]: value_of(messages, field)
        for field in messages[name]["fields"]
        if not field.get("optional")
    }


def has_pattern(messages, name):
    """No text can be made for a pattern without a default."""
    return any(
        ("pattern" in field and "default" not in field)
        or (
            field["type"] == "message"
            and has_pattern(messages, field["message"])
        )
        for field in messages[name]["fields"]
        if not field.get("optional")
    )


# --- events ---------------------------------------------------------------


def is_accepted(answer):
    if answer.get("statusCode") != 200:
        return "the stub does not accept"
    return None


def is_answered(answer):
    if answer.get("statusCode") not in (200, 400):
        return "the route fails"
    return None


def is_replied(answer):
    if answer.get("statusCode") != 200:
        return "the stub's reply is not valid"
    try:
        json.loads(answer["body"])
    except ValueError:
        return "the reply is no JSON"
    return None


def is_denied(answer):
    # Those that read tokens find none in the event.
    if answer.get("errorMessage") == "Unauthorized":
        return None
    if "policyDocument" not in answer:
        return "neither a policy nor 401"
    statements = answer["policyDocument"]["Statement"]
    if [s["Effect"] for s in statements] != ["Deny"]:
        return "the stub lets in"
    return None


def is_anything(answer):
    return None


def of_route(messages, route):
    key = route["key"]
    if key == "$connect":
        return {**headers(), "requestContext": context(key, "CONNECT")}, is_accepted
    if key == "$disconnect":
        place = context(key, "DISCONNECT")
        place["disconnectStatusCode"] = 1001
        place["disconnectReason"] = "Going away"
        return {**headers(), "requestContext": place}, is_accepted
    body = {"action": key}
    if "message" in route:
        if has_pattern(messages, route["message"]):
            return None, None
        body = body_of(messages, route["message"])
    place = context(key, "MESSAGE")
    place["messageId"] = "msg="
    event = {
        "requestContext": place,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
    return event, is_replied if route["twoWay"] else is_answered


def authorizer_event():
    arn = "arn:aws:execute-api:eu-west-1:123456789012:abc123/dev/$connect"
    return {
        "type": "REQUEST",
        "methodArn": arn,
        **headers(),
        "queryStringParameters": {"token": "none"},
        "multiValueQueryStringParameters": {"token": ["none"]},
        "stageVariables": {},
        "requestContext": context("$connect", "CONNECT"),
    }


def of(gateway, function):
    """(what, event, what is wrong with an answer) for each that it takes."""
    messages = {message["name"]: message for message in gateway["messages"]}
    found = []
    for api in gateway["apis"]:
        for route in api["routes"]:
            if route.get("function") != function["name"]:
                continue
            event, is_valid = of_route(messages, route)
            if event:
                found.append((route["key"], event, is_valid))
        for authorizer in api["authorizers"]:
            if authorizer.get("function") == function["name"]:
                found.append(("authorizer", authorizer_event(), is_denied))
    return found or [("raw", {"any": "event"}, is_anything)]
