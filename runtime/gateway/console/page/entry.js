// SPDX-License-Identifier: MIT
// An entry of the list: a line that says it all, and what unfolds below it.

import { button, copy, make, parse, pretty, time, took } from "./dom.js";
import * as tests from "./tests.js";

const LINE_MAX = 400; // of a payload in one line; what is longer unfolds

// The same id always has the same colour.
export function hue(id) {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return sum;
}

export function idOf(id, more = {}) {
  const element = make("span", { className: "id", title: id, ...more }, id.slice(0, 8));
  if (id) element.style.setProperty("--hue", hue(id));
  return element;
}

const strong = (text) => text && make("b", {}, text);
const soft = (text) => text && make("span", { className: "soft" }, text);
const mono = (text) => text && make("code", {}, text.slice(0, LINE_MAX));

// What API Gateway would make of an answer: its status and its body.
function outcome({ text = "", note, bad }) {
  if (bad) return [make("span", { className: "bad" }, note || "failed")];
  const { statusCode, body, ...rest } = parse(text) ?? {};
  if (statusCode === undefined) return [mono(text)];
  if (body === undefined && Object.keys(rest).length) return [mono(text)];
  return [soft(String(statusCode)), mono(typeof body === "string" ? body : undefined)];
}

export function summary({ event, answered, route, lines }) {
  const { text = "", note, status } = event;
  switch (event.kind) {
    case "invoked":
      return [
        strong(route),
        route !== event.function && soft(event.function),
        soft("→"),
        ...(answered ? outcome(answered) : [soft("…")]),
        lines.length > 0 && soft(lines.length === 1 ? "1 log line" : `${lines.length} log lines`),
      ];
    case "received":
      return [strong(event.route || "no route"), mono(text), note !== "selected" && soft(note)];
    case "sent":
      return [soft(note), mono(text)];
    case "managed":
      return [strong(note), soft(String(status)), mono(text)];
    case "asked":
      return [mono(text.split("\n")[0])];
    case "opened":
      return [text ? `with ${text}` : soft("101")];
    case "refused":
      return [strong(String(status)), note];
    case "closed":
      return [strong(String(status)), text];
    case "authorized":
      return [strong(String(status)), note];
    case "log": {
      const { level, message } = parse(text) ?? {};
      return [soft(event.function), level && strong(level), message ?? text.slice(0, LINE_MAX)];
    }
    default:
      return [soft(event.function), note, text.split("\n")[0].slice(0, LINE_MAX)];
  }
}

export function head(entry, { onclick }) {
  const { event, answered, connection = "" } = entry;
  return make(
    "button",
    { type: "button", className: "head", "aria-expanded": String(entry.open === true), onclick },
    make("time", {}, time(event.at ?? 0)),
    make("span", { className: "kind" }, event.kind),
    idOf(connection),
    make("span", { className: "what" }, ...summary(entry).filter(Boolean).map((part) => (part.nodeType ? part : make("span", {}, part)))),
    make("span", { className: "took" }, took(answered?.durationUs ?? event.durationUs)),
  );
}

// A log line as the runtime writes it is JSON; others are what they are.
function logLine(text) {
  const { level, message } = parse(text) ?? {};
  if (!level || !message) return make("div", {}, text);
  return make("div", { title: text }, make("b", { className: `level ${/^(ERROR|FATAL)$/.test(level) ? "bad" : ""}` }, level), ` ${message}`);
}

// What API Gateway looked at, and what it came to.
function reason({ note, api }, selectionOf) {
  return note === "selected" ? `selected by ${selectionOf(api)}` : note;
}

function facts(entry, { onpick, selectionOf }) {
  const { event, answered, route, connection, cause } = entry;
  const received = event.kind === "received" ? event : cause?.received;
  const rows = [
    ["connection", connection && button(connection, () => onpick(connection), { className: "link mono", title: "Show only its events" })],
    ["API", [event.api, event.stage].filter(Boolean).join(" / ")],
    ["function", event.function],
    ["route", [route ?? event.route, received && reason(received, selectionOf)].filter(Boolean).join(", ")],
    ["authorizer", cause?.authorized && `${cause.authorized.status} ${cause.authorized.note ?? ""}`],
    ["note", event.kind !== "received" && event.note],
    ["status", event.status && String(event.status)],
    ["request", event.requestId],
    ["took", took(answered?.durationUs ?? event.durationUs)],
    ["outcome", answered && (answered.note || "done")],
  ];
  return make(
    "dl",
    {},
    ...rows.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
  );
}

// Further calls and the events around are for the tests that it may become.
export function detail(entry, { onpick, selectionOf, events }) {
  const { event, answered, lines } = entry;
  const part = (title, text) => text && [make("h3", {}, title), make("pre", { tabIndex: 0 }, pretty(text))];
  const isCall = event.kind === "invoked";
  const whole = isCall && answered && !event.cut && !answered.cut;
  return make(
    "div",
    { className: "detail" },
    facts(entry, { onpick, selectionOf }),
    ...(part(isCall ? "Event" : "Text", event.text) || []),
    lines.length > 0 && make("h3", {}, "Log"),
    lines.length > 0 && make("pre", { tabIndex: 0 }, ...lines.map(logLine)),
    ...((answered && part("Answer", answered.text)) || []),
    (event.cut || answered?.cut) && make("p", { className: "soft" }, "Shown is the beginning; there was more."),
    make(
      "div",
      { className: "buttons" },
      event.text && button(isCall ? "Copy the event" : "Copy the text", (click) => copy(event.text, click.target)),
      answered?.text && button("Copy the answer", (click) => copy(answered.text, click.target)),
      whole && button("Copy as a test", (click) => copy(tests.invocation(entry, events), click.target), { title: "This call alone, for wsgen-gateway replay" }),
      button("Copy all", (click) => copy(JSON.stringify({ event, ...(answered && { answered, log: lines }) }, null, 2), click.target)),
    ),
  );
}
