# SPDX-License-Identifier: MIT
"""Signature Version 4, written a second time: the gateway's is checked by it."""

import datetime
import hashlib
import hmac
import urllib.parse

UNRESERVED = "-_.~"


def _hash(data):
    return hashlib.sha256(data).hexdigest()


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _canonical_query(query):
    pairs = []
    for part in query.split("&") if query else []:
        name, _, value = part.partition("=")
        pairs.append(
            tuple(
                urllib.parse.quote(urllib.parse.unquote(text), safe=UNRESERVED)
                for text in (name, value)
            )
        )
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _signature(key, scope, when, canonical):
    text = "\n".join(["AWS4-HMAC-SHA256", when, scope, _hash(canonical.encode())])
    secret = b"AWS4" + key.secret.encode()
    for word in scope.split("/"):
        secret = _hmac(secret, word)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


class Key:
    """Who signs. The default is the one who may do everything here."""

    def __init__(self, id="local", secret="local", token=None):
        self.id, self.secret, self.token = id, secret, token


LOCAL = Key()


def _now(skew):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(seconds=skew)).strftime("%Y%m%dT%H%M%SZ")


def _canonical(method, path, query, headers, payload):
    names = sorted(headers)
    return "\n".join(
        [
            method,
            urllib.parse.quote(path, safe="/" + UNRESERVED),
            _canonical_query(query),
            *(f"{name}:{headers[name]}" for name in names),
            "",
            ";".join(names),
            payload,
        ]
    )


def in_headers(method, target, host, body=b"", key=LOCAL, region="us-east-1",
               service="execute-api", skew=0):
    """The headers that sign a request, Host included."""
    path, _, query = target.partition("?")
    when = _now(skew)
    headers = {"host": host, "x-amz-date": when}
    if key.token:
        headers["x-amz-security-token"] = key.token
    scope = f"{when[:8]}/{region}/{service}/aws4_request"
    canonical = _canonical(method, path, query, headers, _hash(body))
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key.id}/{scope}, "
        f"SignedHeaders={';'.join(sorted(headers))}, "
        f"Signature={_signature(key, scope, when, canonical)}"
    )
    return headers


def in_query(target, host, key=LOCAL, region="us-east-1", expires=300, skew=0):
    """The target of a GET, signed in its query."""
    path, _, query = target.partition("?")
    when = _now(skew)
    scope = f"{when[:8]}/{region}/execute-api/aws4_request"
    given = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{key.id}/{scope}",
        "X-Amz-Date": when,
        "X-Amz-Expires": str(expires),
        "X-Amz-SignedHeaders": "host",
    }
    if key.token:
        given["X-Amz-Security-Token"] = key.token
    query = "&".join(filter(None, [query, urllib.parse.urlencode(given)]))
    canonical = _canonical("GET", path, query, {"host": host}, _hash(b""))
    signature = _signature(key, scope, when, canonical)
    return f"{path}?{query}&X-Amz-Signature={signature}"
