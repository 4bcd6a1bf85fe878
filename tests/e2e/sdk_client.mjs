// SPDX-License-Identifier: MIT
// The AWS SDK's @connections client: each JSON line is a command, answered with
// a line of what came of it.
//
// usage: node sdk_client.mjs ENDPOINT, where the SDK is installed
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const sdk = createRequire(process.cwd() + "/")(
  "@aws-sdk/client-apigatewaymanagementapi",
);
const [endpoint] = process.argv.slice(2);

async function call({ command, input, secret = "local", size }) {
  const client = new sdk.ApiGatewayManagementApiClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: secret },
    maxAttempts: 1,
  });
  if (size) input.Data = "z".repeat(size);
  try {
    const { $metadata, ...output } = await client.send(
      new sdk[command](input),
    );
    return { status: $metadata.httpStatusCode, output };
  } catch (error) {
    return {
      status: error.$metadata?.httpStatusCode,
      name: error.name,
      known: error.name in sdk && error instanceof sdk[error.name],
    };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await call(JSON.parse(line))));
