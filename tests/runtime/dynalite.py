# SPDX-License-Identifier: MIT
"""dynalite, a DynamoDB that runs here, and tables in it."""
import json
import re
import subprocess
import urllib.request

import yaml


def table_of(template):
    """What CreateTable takes of the table that a template of wsgen's has."""
    with open(template, encoding="utf-8") as file:
        resources = yaml.safe_load(file)["Resources"]
    [found] = [resource["Properties"] for resource in resources.values()
               if resource["Type"] == "AWS::DynamoDB::Table"]
    ttl = found.pop("TimeToLiveSpecification")
    assert ttl == {"AttributeName": "expires", "Enabled": True}, ttl
    return found


class Dynalite:
    PACKAGE = "dynalite@3.2.2"

    def __init__(self, command):
        self.process = subprocess.Popen(
            ["node", command, "--port", "0", "--createTableMs", "0",
             "--deleteTableMs", "0", "--updateTableMs", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        line = self.process.stdout.readline().decode()
        found = re.search(r"http://\S+:(\d+)", line)
        assert found, line
        self.url = "http://127.0.0.1:" + found[1]

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def call(self, operation, **body):
        request = urllib.request.Request(
            self.url, json.dumps(body).encode(), {
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "DynamoDB_20120810." + operation,
                "X-Amz-Date": "20260101T000000Z",
                "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/"
                "us-east-1/dynamodb/aws4_request, SignedHeaders=host, "
                "Signature=a"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def wait_for(self, name, there):
        while (name in self.call("ListTables")["TableNames"]) != there:
            pass
        while there and self.call("DescribeTable", TableName=name)["Table"][
                "TableStatus"] != "ACTIVE":
            pass

    def make_table(self, name, properties):
        self.call("CreateTable", TableName=name, **properties)
        self.wait_for(name, True)

    def drop_table(self, name):
        self.call("DeleteTable", TableName=name)
        self.wait_for(name, False)

    def scan(self, name):
        return self.call("Scan", TableName=name)["Items"]

    def put(self, name, pk, sk, expires):
        self.put_many(name, [(pk, sk, expires)])

    def put_many(self, name, items):
        requests = [{"PutRequest": {"Item": {
            "pk": {"S": pk}, "sk": {"S": sk},
            "expires": {"N": str(int(expires))}}}}
            for pk, sk, expires in items]
        for at in range(0, len(requests), 25):
            self.call("BatchWriteItem",
                      RequestItems={name: requests[at:at + 25]})
