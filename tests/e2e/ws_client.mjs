// SPDX-License-Identifier: MIT
// The client of the package ws, told what to do by JSON lines and telling what
// happens as JSON lines.
//
// usage: node ws_client.mjs URL [SUBPROTOCOL...], where ws is installed
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { WebSocket } = createRequire(process.cwd() + "/")("ws");
const [url, ...protocols] = process.argv.slice(2);

function tell(event, more) {
  console.log(JSON.stringify({ event, ...more }));
}

// What is offered is the package's default: compression of messages.
const client = new WebSocket(url, protocols);

client.on("open", () => {
  const { protocol, extensions } = client;
  tell("open", { protocol, extensions });
});
client.on("message", (data, binary) => {
  tell("message", { text: data.toString(), binary });
});
client.on("pong", (data) => tell("pong", { text: data.toString() }));
client.on("close", (code, reason) => {
  tell("close", { code, reason: reason.toString() });
});
client.on("error", (error) => tell("error", { text: error.message }));
client.on("unexpected-response", (request, response) => {
  let body = "";
  response.on("data", (piece) => (body += piece));
  response.on("end", () => {
    tell("refused", { status: response.statusCode, body });
    request.destroy();
  });
});

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line);
    if ("send" in order) client.send(order.send);
    // Pieces of one message, each a frame.
    for (const [i, piece] of (order.pieces ?? []).entries())
      client.send(piece, { fin: i === order.pieces.length - 1 });
    if ("ping" in order) client.ping(order.ping);
    if ("close" in order) client.close(order.close, order.reason);
  })
  .on("close", () => client.terminate());
