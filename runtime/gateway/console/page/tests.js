// SPDX-License-Identifier: MIT
// What was seen, as a test to keep: of one invocation, or of a conversation.

// A here-document takes anything but a line that is its own end.
function heredoc(text) {
  let end = "END";
  while (text.split("\n").includes(end)) end += "_";
  return [`<<'${end}'`, `${text}\n${end}`];
}

// The function's own binary answers one event on its standard input.
export function invocation(entry) {
  const { function: name, route } = entry.invoked;
  const [event, eventText] = heredoc(entry.invoked.text);
  const [answer, answerText] = heredoc(entry.answered.text);
  return [
    "#!/bin/sh",
    `# ${route || name} answers as it did. Run it in the spec's folder.`,
    "set -e",
    "wanted=$(mktemp) && given=$(mktemp)",
    'trap \'rm -f "$wanted" "$given"\' EXIT',
    `cat >"$wanted" ${answer}`,
    answerText,
    `build/functions/${name}/bootstrap >"$given" ${event}`,
    eventText,
    'diff "$wanted" "$given"',
    "",
  ].join("\n");
}

// What one client said and heard, with python3-websockets.
export function conversation(url, lines) {
  const steps = lines.map(({ mine, text }) =>
    mine
      ? `        await client.send(${JSON.stringify(text)})`
      : `        assert await hear(client) == ${JSON.stringify(text)}`,
  );
  return [
    "#!/usr/bin/env python3",
    '"""A conversation as it went; wsgen dev has to be running."""',
    "import asyncio",
    "",
    "import websockets",
    "",
    "",
    "async def hear(client):",
    "    return await asyncio.wait_for(client.recv(), 10)",
    "",
    "",
    "async def main():",
    `    async with websockets.connect(${JSON.stringify(url)}) as client:`,
    ...(steps.length ? steps : ["        pass"]),
    "",
    "",
    "asyncio.run(main())",
    "",
  ].join("\n");
}
