#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""peers.py WSGEN SHARED: our templates against the peers', fact by fact.

For each WebSocket template that the CDK or SST v2 made of an example of its
documentation there is a spec here that asks for the same. Both templates are
cut down to facts without logical ids (a route with what it leads to, what a
function may do, who may invoke it), and the facts must be equal. Where we
differ on purpose, DIFFERENCES says so, once for all cases, and WITHOUT for one. Every template of ours, those of the golden cases
and nested ones too, must also pass SHARED/tools/cfn-check --strict.

Exit status: 0 equal, 1 not, 77 SHARED is not there.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

# name of a peer's template -> spec, and what is left out on purpose
CDK = """
name: x
grouping: route
accessLog: false
manageConnections: false
defaults: { function: { tracing: off } }
"""
SST = """
name: my-app
grouping: route
stage: dev
gateway: { name: dev-my-app-Api }
"""

CASES = {
    "ws-add-route": CDK + """
gateway: { name: mywsapi }
stages: []
routes: { sendmessage: src/a.on_send }
""",
    "ws-api-key-required": CDK + """
gateway: { name: mywsapi, apiKeySelection: header }
stage: dev
routes: { $connect: { handler: src/a.on_connect, apiKey: true } }
""",
    "ws-api-key-selection": """
name: x
apis:
  a: { stages: [], gateway: { name: mywsapi, apiKeySelection: header } }
  b: { stages: [], gateway: { name: usageid, apiKeySelection: authorizer } }
  c: { stages: [], gateway: { name: custom,
        apiKeySelection: $request.header.x-my-key } }
""",
    "ws-aws-integration": CDK + """
gateway: { name: mywsapi }
stage: dev
resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
routes:
  $connect:
    integration: &put
      type: aws
      action: dynamodb:PutItem
      permissions: [[Table, "dynamodb:PutItem"]]
      requestTemplates:
        application/json: !Sub
          '{"TableName":"${Table}","Item":{"id":{"S":"$context.requestId"}}}'
  store:
    integration:
      <<: *put
      passthrough: never
      contentHandling: toText
      requestParameters:
        integration.request.header.x-conn: context.connectionId
      templateSelection: \\$default
      timeout: 5s
""",
    "ws-core-routes": CDK + """
gateway: { name: mywsapi }
stage: { name: dev, description: My Stage }
routes:
  $connect: src/a.on_connect
  $disconnect: src/a.on_disconnect
  $default: src/a.on_default
""",
    "ws-import-api": CDK + """
gateway: { id: api-1234 }
stage: dev
routes: { sendmessage: src/a.on_send }
""",
    "ws-lambda-authorizer": CDK + """
gateway: { name: WebSocketApi }
stages: []
authorizer: { type: lambda, name: Authorizer, handler: src/b.on_auth }
routes: { $connect: src/a.on_connect, sendmessage: src/a.on_send }
""",
    "ws-lambda-authorizer-sources": CDK + """
gateway: { name: WebSocketApi }
stages: []
authorizer:
  type: lambda
  name: chat-auth
  handler: src/b.on_auth
  identity: [query.token, header.Cookie, context.identity.sourceIp,
             stageVariables.env]
routes: { $connect: src/a.on_connect }
""",
    "ws-lambda-integration-options": CDK + """
gateway: { name: mywsapi }
stages: []
routes:
  upload:
    handler: src/a.on_upload
    integration: { timeout: 2s, contentHandling: toBinary }
""",
    "ws-manage-connections-all": """
name: x
defaults: { function: { tracing: off } }
functions:
  fn: { handler: src/a.on_fn, permissions: [[x, manageConnections]] }
accessLog: false
stage: { name: dev, autoDeploy: false }
gateway: { name: mywsapi }
""",
    "ws-manage-connections-stage": """
name: x
defaults: { function: { tracing: off } }
functions: { fn: src/a.on_fn }
grants: [{ to: fn, stages: dev, actions: manageConnections }]
accessLog: false
stage: { name: dev, autoDeploy: false }
gateway: { name: mywsapi }
""",
    "ws-mock-integration": CDK + """
gateway: { name: mywsapi }
stage: dev
routes:
  sendMessage:
    reply: true
    integration:
      type: mock
      requestTemplates: { application/json: '{"statusCode":200}' }
      templateSelection: \\$default
""",
    "ws-multi-stage": """
name: x
accessLog: false
manageConnections: [prod]
defaults: { function: { tracing: off } }
gateway: { name: mywsapi }
stages: [{ name: dev }, { name: prod, description: production }]
routes: { $default: src/a.on_default }
""",
    "ws-return-response": CDK + """
gateway: { name: mywsapi }
stages: []
routes: { sendmessage: { handler: src/a.on_send, reply: true } }
""",
    "ws-route-settings": """
name: x
accessLog: false
gateway: { name: api }
stage:
  name: dev
  autoDeploy: false
  throttle: { rate: 1000, burst: 1000 }
  metrics: true
  variables: { env: dev, table: notes }
""",
    "ws-shared-function": """
name: x
accessLog: false
manageConnections: false
defaults: { function: { tracing: off } }
gateway: { name: mywsapi }
stage: dev
routes:
  $connect: src/a.on_connect
  $disconnect: src/a.on_disconnect
  $default: src/a.on_default
""",
    "sst2-ws-minimal": SST + """
routes:
  $connect: src/a.on_connect
  $default: src/a.on_default
  $disconnect: src/a.on_disconnect
  sendMessage: src/a.on_send
""",
    "sst2-ws-auth-iam": SST + """
authorizer: iam
routes:
  $connect: src/a.on_connect
  $default: src/a.on_default
  $disconnect: src/a.on_disconnect
""",
    "sst2-ws-function-defaults": SST + """
resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
defaults:
  function:
    timeout: 20s
    environment: { tableName: "${Table}" }
    permissions: [Table]
routes:
  $default: src/a.on_default
  $connect: src/a.on_connect
  $disconnect: src/a.on_disconnect
""",
    "sst2-ws-function-merge": SST + """
resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Bucket: { Type: AWS::S3::Bucket }
defaults:
  function:
    timeout: 20s
    environment: { tableName: "${Table}" }
    permissions: [Table]
routes:
  $default:
    handler: src/a.on_default
    function:
      timeout: 10s
      environment: { bucketName: "${Bucket}" }
      permissions: [Bucket]
  $connect: src/a.on_connect
""",
    "sst2-ws-get-function": SST + """
routes:
  $connect: src/a.on_connect
  $default: src/a.on_default
  $disconnect: src/a.on_disconnect
  sendMessage: src/a.on_send
""",
    "sst2-ws-lazy-routes": SST + """
routes:
  $connect: src/a.on_connect
  $default: src/a.on_default
  $disconnect: src/a.on_disconnect
  sendMessage: src/a.on_send
""",
    "sst2-ws-log-format": SST + """
accessLog:
  format: "$context.identity.sourceIp,$context.requestTime,\\
    $context.httpMethod,$context.routeKey,$context.protocol,\\
    $context.status,$context.responseLength,$context.requestId"
routes: { $default: src/a.on_default }
""",
    "sst2-ws-log-off": SST + """
accessLog: false
routes: { $default: src/a.on_default }
""",
    "sst2-ws-log-retention": SST + """
accessLog: { retention: one_week }
routes: { $default: src/a.on_default }
""",
    "sst2-ws-permissions-route": SST + """
routes:
  $connect: src/a.on_connect
  $default: { handler: src/a.on_default, permissions: [s3] }
  $disconnect: src/a.on_disconnect
  sendMessage: src/a.on_send
""",
    "sst2-ws-permissions-forms": """
name: my-app
functions: { other: src/a.on_other }
resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Bucket: { Type: AWS::S3::Bucket }
apis:
  api:
    grouping: route
    stage: dev
    gateway: { name: dev-my-app-Api }
    routes:
      $connect:
        handler: src/a.on_connect
        permissions: [s3, "dynamodb:Query", Table, Bucket, other, other2]
      $default:
        handler: src/a.on_default
        permissions:
          - { actions: "s3:GetObject", resources: "${Bucket.Arn}/private/*" }
          - [Table, read]
      $disconnect: { handler: src/a.on_disconnect, permissions: "*" }
  other2:
    grouping: route
    stage: dev
    gateway: { name: dev-my-app-Other2 }
    routes: { $default: src/b.on_other_default }
""",
    "sst2-ws-return-response": SST + """
routes: { $default: { handler: src/a.on_default, reply: true } }
""",
    "sst2-ws-stage-props": """
name: my-app
grouping: route
gateway: { name: dev-my-app-Api }
stage: { name: prod, throttle: { rate: 10, burst: 5 } }
routes: { $default: src/a.on_default }
""",
}

# Too much for one template.
NESTED = """
name: x
grouping: route
stage: { name: dev, autoDeploy: false }
authorizer: { type: lambda, handler: src/b.on_auth }
conditions: { Here: !Equals [!Ref "AWS::Region", us-east-1] }
defaults:
  function:
    environment: { WHERE: !If [Here, here, there], URL: "${x.callbackUrl}" }
routes:
""" + "".join(f"  r{i}: {{ handler: src/a.on_r{i}, reply: true }}\n"
               for i in range(100))

# What is left out of one case's facts, and why.
WITHOUT = {
    # An id of a function is to invoke it, not lambda:*; `read` of a table is
    # not its stream; two APIs have a stage each, so each is named.
    "sst2-ws-permissions-forms": r"lambda:(\*|InvokeFunction)\""
    r"|dynamodb:(BatchGet|ConditionCheck|Describe|Get|Scan|Query)"
    r"|ManageConnections|\"function raw\"",
}

PSEUDO = {"us-east-1": "{AWS::Region}", "111111111111": "{AWS::AccountId}"}


class Facts:
    """What a template says, without the names that it says it with."""

    def __init__(self, template):
        self.resources = template["Resources"]
        self.parameters = template.get("Parameters", {})
        self.only = None  # the one stage's part of a connection's ARN

    def of(self, kind):
        return [(name, r.get("Properties", {})) for name, r in
                self.resources.items() if r["Type"] == "AWS::" + kind]

    # -- values

    def named(self, name, attribute=None):
        if name.startswith("AWS::"):
            return "{" + name + "}"
        if name in self.parameters:
            return str(self.parameters[name].get("Default", "{" + name + "}"))
        kind = self.resources[name]["Type"][5:]
        return "{" + kind + ("." + attribute if attribute else "") + "}"

    def fold(self, value):
        """A value with its references named after what they refer to."""
        if isinstance(value, list):
            return [self.fold(v) for v in value]
        if isinstance(value, dict):
            if len(value) == 1:
                key, of = next(iter(value.items()))
                if key == "Ref":
                    return self.named(of)
                if key == "Fn::GetAtt":
                    return self.named(*of)
                if key == "Fn::Join":
                    return of[0].join(map(self.fold, of[1]))
                if key == "Fn::Sub":
                    return self.sub(of)
            return {k: self.fold(v) for k, v in value.items()}
        if isinstance(value, str):
            for word, name in PSEUDO.items():
                value = value.replace(word, name)
        return value

    def sub(self, of):
        text, own = (of, {}) if isinstance(of, str) else of

        def one(match):
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return str(self.fold(own[name]))
            return self.named(*name.split(".", 1))
        return re.sub(r"\$\{([^}]*)\}", one, text)

    def helpers(self):
        """The functions of custom resources."""
        return {self.target(r["Properties"]["ServiceToken"])
                for r in self.resources.values()
                if r["Type"].startswith("Custom::")}

    def target(self, value):
        """The logical id that a value names, wherever in it."""
        found = re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"([^"]+)"',
                           json.dumps(value))
        for text in re.findall(r"\$\{([A-Za-z0-9]+)", json.dumps(value)):
            found.append(text)
        found = [f for f in found if f in self.resources]
        return found[-1] if found else None

    # -- what there is

    def leads_to(self):
        """Function -> the keys of the routes that it takes."""
        keys = {}
        integrations = dict(self.of("ApiGatewayV2::Integration"))
        for _, route in self.of("ApiGatewayV2::Route"):
            integration = integrations[self.target(route["Target"])]
            keys.setdefault(self.target(integration.get("IntegrationUri")),
                            []).append(route["RouteKey"])
        for _, authorizer in self.of("ApiGatewayV2::Authorizer"):
            keys.setdefault(self.target(authorizer["AuthorizerUri"]),
                            []).append("authorizer")
        return {f: ",".join(sorted(k)) for f, k in keys.items()}

    def all(self):
        return (self.apis() + self.routes() + self.stages() +
                self.permissions() + self.rights() + self.functions())

    def apis(self):
        facts = [("api", self.fold(p)) for _, p in self.of("ApiGatewayV2::Api")]
        for _, p in self.of("ApiGatewayV2::Authorizer"):
            facts.append(("authorizer", self.fold(p)))
        return facts

    def routes(self):
        facts = []
        integrations = dict(self.of("ApiGatewayV2::Integration"))
        for _, p in self.of("ApiGatewayV2::Route"):
            fact = self.fold(p)
            fact["Target"] = self.fold(integrations[self.target(p["Target"])])
            facts.append(("route", fact))
        for _, p in self.of("ApiGatewayV2::RouteResponse"):
            fact = self.fold(p)
            fact["RouteId"] = \
                self.resources[self.target(p["RouteId"])]["Properties"]["RouteKey"]
            facts.append(("route response", fact))
        return facts

    def stages(self):
        facts = []
        for _, p in self.of("ApiGatewayV2::Stage"):
            log = self.resources.get(self.target(
                p.get("AccessLogSettings", {}).get("DestinationArn")))
            fact = self.fold(p)
            if log:
                fact["AccessLogSettings"]["DestinationArn"] = \
                    self.fold(log["Properties"]) | \
                    {"kept": log.get("DeletionPolicy")}
            facts.append(("stage", fact))
        return facts

    def permissions(self):
        keys = self.leads_to()
        facts = []
        for _, p in self.of("Lambda::Permission"):
            fact = self.fold(p)
            fact["FunctionName"] = keys.get(self.target(p["FunctionName"]))
            facts.append(("permission", fact))
        return facts

    def rights(self):
        """One fact for each effect, action and resource of a role."""
        keys = self.leads_to()
        roles = {}
        helpers = self.helpers()
        for name, p in self.of("Lambda::Function"):
            if name in helpers:
                continue  # SST looks after the account's role by one of these
            roles[self.target(p["Role"])] = "function " + keys.get(name, "raw")
        for _, p in self.of("ApiGatewayV2::Integration"):
            if "CredentialsArn" in p:
                roles[self.target(p["CredentialsArn"])] = "integration"
        facts = set()
        for _, p in self.of("IAM::Policy"):
            who = roles.get(self.target(p["Roles"]))
            for s in p["PolicyDocument"]["Statement"] if who else ():
                listed = [v if isinstance(v, list) else [v]
                          for v in (s["Action"], s["Resource"])]
                for action in listed[0]:
                    for resource in map(self.fold, listed[1]):
                        if self.only:
                            resource = resource.replace(
                                self.only, "/only" + self.only.replace("/", " ", 1))
                        facts.add((who, s["Effect"], action, resource))
        for name, p in self.of("IAM::Role"):
            if name in roles:
                facts.add((roles[name], "trusts", json.dumps(
                    self.fold(p["AssumeRolePolicyDocument"]["Statement"]),
                    sort_keys=True), ""))
        return [("may", list(f)) for f in facts]

    def functions(self):
        keys = self.leads_to()
        facts = []
        for name, p in self.of("Lambda::Function"):
            if name not in self.helpers():
                facts.append(("function", {"routes": keys.get(name, "raw")} |
                              self.fold(p)))
        return facts


# -- where we differ on purpose: SPEC.md section 19 and its neighbours ----------

# Node's and SST's own variables, and what no two runtimes share.
OWN_VARIABLES = {"AWS_NODEJS_CONNECTION_REUSE_ENABLED", "SST_APP", "SST_STAGE",
                 "SST_SSM_PREFIX"}
# SST gives these; the CDK's stubs leave all of them to Lambda.
FUNCTION = {"Architectures", "Environment", "EphemeralStorage", "Timeout",
            "TracingConfig"}


def exact_source(kind, fact, _cdk):
    """A permission's source is the exact route: the peers' starts with any
    run of characters, `*$connect`, ours with a stage."""
    if kind == "permission":
        fact["SourceArn"] = re.sub(r"(\{ApiGatewayV2::Api\}|api-1234)"
                                   r"/(\*/?|[a-z]+/)(?!authorizers)",
                                   r"\1/*", fact["SourceArn"])
        fact["SourceArn"] = fact["SourceArn"].replace("/*{ApiG", "/{ApiG")
    return kind, fact


def own_logs(kind, fact, _cdk):
    """A function writes to its own log group, not to all of them by a
    managed policy."""
    if kind == "may" and fact[2].startswith("logs:"):
        return None
    return kind, fact


def own_stages(kind, fact, _cdk):
    """ManageConnections is for the API's own stages, not for any. With one
    stage that is all there is to tell apart; with more it is compared."""
    if kind == "may" and fact[2] == "execute-api:ManageConnections":
        fact[3] = re.sub(r"/only [^/]*/", "/*/", fact[3])
    return kind, fact


def index_only(kind, fact, _cdk):
    """A table's permission reaches its indexes, not everything below it; an
    action named by itself is on them too, where it can do nothing."""
    if kind == "may" and fact[3] == "{DynamoDB::Table.Arn}/index/*":
        if fact[2] != "dynamodb:*":
            return None
        fact[3] = "{DynamoDB::Table.Arn}/*"
    return kind, fact


def any_partition(kind, fact, _cdk):
    """The CDK writes `arn:aws:` for services' URIs, which breaks elsewhere."""
    if kind == "route":
        uri = fact["Target"].get("IntegrationUri", "")
        fact["Target"]["IntegrationUri"] = uri.replace("{AWS::Partition}", "aws")
    return kind, fact


def native_functions(kind, fact, cdk):
    """Functions are provided.al2023 with 256 MB, and log to a group that the
    template has; the CDK's stubs say nothing that could be compared."""
    if kind == "function":
        kept = {k: v for k, v in fact.items() if k in FUNCTION and not cdk}
        variables = kept.get("Environment", {}).get("Variables", {})
        variables = {k: v for k, v in variables.items()
                     if k not in OWN_VARIABLES}
        kept.pop("Environment", None)
        if variables:
            kept["Environment"] = variables
        return kind, kept | {"routes": fact["routes"]}
    return kind, fact


def written_auto_deploy(kind, fact, _cdk):
    """AutoDeploy false is written out; the CDK leaves it away."""
    if kind == "stage" and fact.get("AutoDeploy") is False:
        fact = {k: v for k, v in fact.items() if k != "AutoDeploy"}
    return kind, fact


DIFFERENCES = [exact_source, own_logs, own_stages, index_only, any_partition,
               native_functions, written_auto_deploy]


def normal(template, name):
    facts = []
    cdk = name.startswith("ws-")
    known = Facts(template)
    stages = known.of("ApiGatewayV2::Stage")
    if len(stages) == 1:
        only = known.fold(stages[0][1]["StageName"])
        known.only = f"/{only}/*/@connections/"
    for fact in known.all():
        for difference in DIFFERENCES:
            fact = fact and difference(*fact, cdk)
        if fact:
            facts.append(json.dumps(fact, sort_keys=True))
    # one integration serves all routes of a function; facts name it in each
    without = WITHOUT.get(name)
    return sorted({f for f in facts if not without or not re.search(without, f)})


# -- running --------------------------------------------------------------------


def build(wsgen, folder, name):
    spec = os.path.join(folder, name + ".yaml")
    with open(spec, "w", encoding="utf-8") as f:
        f.write(CASES[name])
    out = os.path.join(folder, name)
    run = subprocess.run([wsgen, spec, "-o", out, "--emit", "cfn", "--format",
                          "json"], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"{name}: wsgen failed:\n{run.stdout}{run.stderr}")
    return out


def cfn_check(shared, folder):
    """Whether all templates below folder are ones that AWS would take."""
    templates = []
    for where, _, files in os.walk(folder):
        nested = os.path.basename(where) == "nested"
        templates += [os.path.join(where, f) for f in files
                      if f.endswith((".json", ".yaml")) and
                      (nested or f.startswith(("template.", "account.")))]
    if not templates:
        print(f"{folder}: no template")
        return False
    check = subprocess.run([os.path.join(shared, "tools", "cfn-check"),
                            "--strict", "--quiet", *sorted(templates)],
                           capture_output=True, text=True, check=False)
    print(check.stdout, end="")
    return check.returncode == 0


def compare(wsgen, shared, folder, name):
    peers = os.path.join(shared, "reference", "peer-templates")
    with open(os.path.join(peers, name + ".template.json"),
              encoding="utf-8") as f:
        theirs = normal(json.load(f), name)
    out = build(wsgen, folder, name)
    with open(os.path.join(out, "template.json"), encoding="utf-8") as f:
        ours = normal(json.load(f), name)
    for fact in sorted(set(theirs) - set(ours)):
        print(f"{name}: theirs only: {fact}")
    for fact in sorted(set(ours) - set(theirs)):
        print(f"{name}: ours only:   {fact}")
    return cfn_check(shared, out) and ours == theirs


def main():
    wsgen, shared = map(os.path.abspath, sys.argv[1:3])
    if not os.path.isdir(os.path.join(shared, "reference", "peer-templates")):
        print(f"peers: no {sys.argv[2]}: not run")
        return 77
    only = sys.argv[3:] or sorted(CASES)
    with tempfile.TemporaryDirectory() as folder:
        wrong = [n for n in only if not compare(wsgen, shared, folder, n)]
        CASES["nested"] = NESTED
        good = cfn_check(shared, build(wsgen, folder, "nested"))
    golden = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
    good = cfn_check(shared, golden) and good
    print(f"peers: {len(only) - len(wrong)} of {len(only)} are the same")
    return 1 if wrong or not good else 0


if __name__ == "__main__":
    sys.exit(main())
