// SPDX-License-Identifier: MIT
// What was seen, as a test to keep: invocations as a recording that the gateway
// plays again, a conversation as a program of its own.

const HEAD = '{"recording":"wsgen-gateway","version":1}';

// A here-document takes anything but a line that is its own end.
function heredoc(lines) {
  let end = "END";
  while (lines.includes(end)) end += "_";
  return [`<<'${end}'`, ...lines, end];
}

function script(title, events) {
  const [mark, ...lines] = heredoc([HEAD, ...events.map((event) => JSON.stringify(event))]);
  return [
    "#!/bin/sh",
    `# ${title} Run it in the spec's folder.`,
    "set -eu",
    "recording=$(mktemp)",
    "trap 'rm -f \"$recording\"' EXIT",
    `cat >"$recording" ${mark}`,
    ...lines,
    'wsgen-gateway replay "$recording" build',
    "",
  ].join("\n");
}

const oneLine = (text) => text.replace(/[^ -~]+/g, " ");

// What functions were asked and answered, and what they posted meanwhile.
const isPlayed = ({ kind }) => kind === "invoked" || kind === "answered" || kind === "managed";

export const recording = (events) =>
  script("The functions answer as they did.", events.filter(isPlayed));

// One invocation; posts between its begin and its end are taken for its own.
export function invocation({ invoked, answered, route }, events) {
  const from = events.indexOf(invoked);
  const to = events.indexOf(answered);
  const posts = from < 0 ? [] : events.slice(from, to).filter(({ kind }) => kind === "managed");
  const title = `${[invoked.function, "answers", route].filter(Boolean).join(" ")} as it did.`;
  return script(oneLine(title), [invoked, ...posts, answered]);
}

// Ids and times are others each time.
const VARIES = /"(?:[\w-]{15}=|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/g;

function step(name, { kind, text }) {
  switch (kind) {
    case "open":
      return `${name} = await clients.enter_async_context(websockets.connect(${text}))`;
    case "mine":
      return `await ${name}.send(${JSON.stringify(text)})`;
    case "theirs":
      return `await hear(${name}, ${JSON.stringify(text.replace(VARIES, '"*"'))})`;
    case "close":
      return `await ${name}.close()`;
  }
}

// What clients said and heard, in the order in which they did.
export function conversation(clients) {
  const steps = clients
    .flatMap(({ lines }, at) => lines.map((line) => ({ name: clients.length > 1 ? `client_${at + 1}` : "client", line })))
    .sort((a, b) => a.line.order - b.line.order)
    .map(({ name, line }) => step(name, line));
  return [
    "#!/usr/bin/env python3",
    '"""A conversation as it went, with python3-websockets; wsgen dev has to run."""',
    "",
    "import asyncio",
    "import contextlib",
    "import json",
    "",
    "import websockets",
    "",
    "",
    "def same(wanted, found):",
    "    if isinstance(wanted, dict) and isinstance(found, dict):",
    "        return wanted.keys() == found.keys() and all(",
    "            same(wanted[key], found[key]) for key in wanted",
    "        )",
    "    if isinstance(wanted, list) and isinstance(found, list):",
    "        return len(wanted) == len(found) and all(map(same, wanted, found))",
    '    return wanted in ("*", found)  # "*": an id or a time, another each time',
    "",
    "",
    "def read(text):",
    "    try:",
    "        return json.loads(text)",
    "    except ValueError:",
    "        return text",
    "",
    "",
    "async def hear(client, wanted):",
    "    found = await asyncio.wait_for(client.recv(), 10)",
    '    assert same(read(wanted), read(found)), f"wanted {wanted}, not {found}"',
    "",
    "",
    "async def main():",
    "    async with contextlib.AsyncExitStack() as clients:",
    ...(steps.length ? steps : ["pass"]).map((line) => `        ${line}`),
    "",
    "",
    "asyncio.run(main())",
    "",
  ].join("\n");
}
