// SPDX-License-Identifier: MIT
// A function as one writes it for Node.js, that posts to its connections.
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

// Address, region and credentials are all in the environment.
const connections = new ApiGatewayManagementApiClient({});

export async function handler(event, context) {
  const { eventType, connectionId } = event.requestContext;
  console.log(`${eventType} ${connectionId}`);
  if (eventType === "CONNECT") {
    const { name } = event.queryStringParameters ?? {};
    return { statusCode: name ? 200 : 400 };
  }
  if (eventType === "DISCONNECT") return { statusCode: 200 };
  const { to = connectionId, fail } = JSON.parse(event.body);
  if (fail) throw new TypeError(fail);
  const input = { ConnectionId: to, Data: `posted by ${context.functionName}` };
  let outcome = "posted";
  try {
    await connections.send(new PostToConnectionCommand(input));
  } catch (error) {
    outcome = error.name;
  }
  return { statusCode: 200, body: JSON.stringify({ outcome, me: connectionId }) };
}
