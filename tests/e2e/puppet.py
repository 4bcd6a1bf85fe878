# SPDX-License-Identifier: MIT
"""A Lambda function that does what its events tell it, and keeps them.

It stands in as the bootstrap where a test is about the gateway and not about
handlers in C. Orders are JSON: in the query's `do` on CONNECT, in the query's
`auth` for an authorizer, in the body's `do` of a message:

    {"answer": any}           answered as it stands
    {"text": "..."}           answered as these very bytes
    {"env": "NAME"}           with that variable of its environment
    {"me": 1}                 with the connection's id
    {"pid": 1}                with its process's id
    {"big": 131073}           with a body of so many bytes
    {"error": "message"}      reported to the Runtime API as an error
    {"exit": 3}               the process ends
    {"sleep": 0.2}            before any of these
    {"call": ["POST", "data", id, endpoint]}   a @connections call, signed as
                              this function; what came of it is kept. The id is
                              the own one and the endpoint the own stage's
                              unless they are given

All events, and what calls came to, are lines of events.jsonl beside it.
"""

import http.client
import json
import os
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sign  # noqa: E402

ROOT = os.environ.get("LAMBDA_TASK_ROOT", ".")
API = os.environ["AWS_LAMBDA_RUNTIME_API"]


def keep(line):
    with open(os.path.join(ROOT, "events.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def orders(event):
    query = event.get("queryStringParameters") or {}
    if event.get("type") == "REQUEST":
        return json.loads(query.get("auth", '{"allow": 1}'))
    if "body" in event:
        try:
            body = json.loads(event["body"])
        except ValueError:
            return {}
        return body.get("do", {}) if isinstance(body, dict) else {}
    return json.loads(query.get("do", "{}"))


def call(event, method, data, identity=None, endpoint=None):
    """One @connections call, with the credentials that the gateway gave us."""
    url = urllib.parse.urlsplit(endpoint or os.environ["WSG_ENDPOINT"])
    identity = identity or event["requestContext"]["connectionId"]
    path = f"{url.path}/@connections/{urllib.parse.quote(identity, safe='')}"
    key = sign.Key(
        os.environ["AWS_ACCESS_KEY_ID"],
        os.environ["AWS_SECRET_ACCESS_KEY"],
        os.environ["AWS_SESSION_TOKEN"],
    )
    body = data.encode() if method == "POST" else b""
    headers = sign.in_headers(method, path, url.netloc, body, key)
    link = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    link.request(method, path, body if method == "POST" else None, headers)
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    keep({"called": method, "status": answer.status, "body": text})


def policy(event, effect, resource=None):
    return {
        "principalId": "somebody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": effect,
                    "Resource": resource or event["methodArn"],
                }
            ],
        },
        "context": {"tenant": "acme", "number": 7, "flag": True},
    }


def answer(event, order):
    if "text" in order:
        return order["text"]
    if "env" in order:
        return json.dumps({"body": os.environ.get(order["env"], "")})
    if "me" in order:
        return json.dumps({"body": event["requestContext"]["connectionId"]})
    if "pid" in order:
        return json.dumps({"body": str(os.getpid())})
    if "big" in order:
        return json.dumps({"body": "z" * order["big"]})
    if "answer" in order:
        return json.dumps(order["answer"])
    if event.get("type") == "REQUEST":
        said = policy(event, order.get("effect", "Allow"), order.get("resource"))
        said.update(order.get("more", {}))
        return json.dumps(said)
    return json.dumps({"statusCode": 200, "body": "fine"})


def main():
    link = http.client.HTTPConnection(API)
    base = "/2018-06-01/runtime/invocation/"
    while True:
        link.request("GET", base + "next")
        came = link.getresponse()
        event = json.loads(came.read())
        request = came.headers["Lambda-Runtime-Aws-Request-Id"]
        keep(event)
        order = orders(event)
        time.sleep(order.get("sleep", 0))
        if "call" in order:
            call(event, *order["call"])
        if "exit" in order:
            os._exit(order["exit"])
        if "error" in order:
            body = json.dumps({"errorMessage": order["error"], "errorType": "Oops"})
            link.request("POST", base + request + "/error", body)
        else:
            link.request("POST", base + request + "/response", answer(event, order))
        link.getresponse().read()


main()
