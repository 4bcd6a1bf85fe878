// SPDX-License-Identifier: MIT
// The list of what happened. An invocation is one entry, with its event, its
// answer, its log lines and how long it took; everything else is one each.

import { button, copy, make, pretty, time, took } from "./dom.js";
import * as tests from "./tests.js";

const ENTRIES_MAX = 2000;

// Which kinds of events each button shows.
const GROUPS = {
  clients: ["asked", "opened", "refused", "closed"],
  messages: ["received", "sent"],
  functions: ["invoked", "log", "function"],
  authorizers: ["authorized"],
  connections: ["managed"],
  rest: ["build", "note"],
};

export class Log {
  constructor({ list, find, pause, clear, kinds, hint }) {
    Object.assign(this, { list, find, pause, hint });
    this.entries = [];
    this.calls = new Map(); // by request id: entries of invocations
    this.waiting = []; // while paused
    this.hidden = new Set();
    find.addEventListener("input", () => this.filter());
    pause.addEventListener("click", () => this.toggle());
    clear.addEventListener("click", () => this.clear());
    for (const group of Object.keys(GROUPS)) {
      const press = button(group, () => {
        const shown = press.getAttribute("aria-pressed") !== "true";
        press.setAttribute("aria-pressed", shown);
        for (const kind of GROUPS[group]) this.hidden[shown ? "delete" : "add"](kind);
        this.filter();
      });
      press.setAttribute("aria-pressed", "true");
      kinds.append(press);
    }
    list.addEventListener("keydown", (press) => this.walk(press));
  }

  add(events) {
    if (this.pause.getAttribute("aria-pressed") === "true") {
      this.waiting.push(...events);
      this.waiting.splice(0, this.waiting.length - ENTRIES_MAX);
      this.pause.textContent = `Resume (${this.waiting.length})`;
      return;
    }
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
    for (const event of events) this.addOne(event);
    while (this.entries.length > ENTRIES_MAX) this.drop();
    this.hint.hidden = this.entries.length > 0;
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  addOne(event) {
    const call = this.calls.get(event.requestId);
    if (event.kind === "answered" && call) {
      call.answered = event;
      this.draw(call);
      return;
    }
    if (event.kind === "log" && call) {
      call.lines.push(event.text);
      this.draw(call);
      return;
    }
    const entry = { event, lines: [], element: make("li") };
    if (event.kind === "invoked") {
      entry.invoked = event;
      this.calls.set(event.requestId, entry);
    }
    this.entries.push(entry);
    this.draw(entry);
    this.list.append(entry.element);
  }

  drop() {
    const entry = this.entries.shift();
    entry.element.remove();
    if (entry.invoked) this.calls.delete(entry.invoked.requestId);
  }

  draw(entry) {
    const { event, answered, element } = entry;
    const open = entry.open === true;
    const bad = event.bad || answered?.bad;
    const head = make(
      "button",
      { type: "button", className: "head", "aria-expanded": String(open), onclick: () => this.unfold(entry) },
      make("span", { className: "soft mono" }, time(event.at ?? 0)),
      make("span", { className: `kind ${event.kind}` }, event.kind),
      make("span", { className: "who", title: event.connectionId ?? "" }, (event.connectionId ?? "").slice(0, 8)),
      make("span", { className: "what" }, summary(entry)),
      make("span", { className: "soft took" }, took(answered?.durationUs ?? event.durationUs)),
    );
    const focused = element.contains(document.activeElement);
    element.classList.toggle("is-bad", Boolean(bad));
    element.hidden = !this.matches(entry);
    element.replaceChildren(head, ...(open ? [detail(entry)] : []));
    if (focused) head.focus();
  }

  unfold(entry) {
    entry.open = !entry.open;
    this.draw(entry);
  }

  // Arrows go from entry to entry.
  walk(press) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    const at = press.target.closest?.("#log > li");
    if (!step || !at || !press.target.classList.contains("head")) return;
    let next = at;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next?.hidden);
    next?.firstElementChild.focus();
    press.preventDefault();
  }

  matches(entry) {
    if (this.hidden.has(entry.event.kind)) return false;
    const words = this.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return true;
    const text = [JSON.stringify(entry.event), JSON.stringify(entry.answered ?? ""), ...entry.lines]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  }

  filter() {
    for (const entry of this.entries) entry.element.hidden = !this.matches(entry);
  }

  only(text) {
    this.find.value = text;
    this.filter();
  }

  toggle() {
    const paused = this.pause.getAttribute("aria-pressed") !== "true";
    this.pause.setAttribute("aria-pressed", paused);
    this.pause.textContent = paused ? "Resume" : "Pause";
    if (!paused) this.add(this.waiting.splice(0));
  }

  clear() {
    this.entries = [];
    this.waiting = [];
    this.calls.clear();
    this.list.replaceChildren();
    this.hint.hidden = false;
  }
}

function summary({ event, answered, lines }) {
  const text = event.text ?? "";
  switch (event.kind) {
    case "invoked":
      return `${event.function} ${event.route ?? ""} → ${answered ? outcome(answered) : "…"}${lines.length ? `  (${lines.length} log lines)` : ""}`;
    case "received":
      return `${event.route ?? "no route"} ← ${text}`;
    case "sent":
      return `${event.note ?? ""}: ${text}`;
    case "closed":
      return `${event.status} ${text}`;
    case "refused":
      return `${event.status} ${event.note ?? ""}`;
    case "asked":
      return text.split("\n")[0];
    default:
      return [event.function, event.status, event.note, text].filter(Boolean).join(" ");
  }
}

function outcome(answered) {
  const text = answered.text ?? "";
  return `${answered.note ?? ""} ${text}`.trim() || "done";
}

const NAMES = { connectionId: "connection", requestId: "request", function: "function", route: "route", note: "why", status: "status", api: "API", stage: "stage" };

function detail(entry) {
  const { event, answered, lines } = entry;
  const facts = make("dl");
  for (const [key, name] of Object.entries(NAMES))
    if (event[key]) facts.append(make("dt", {}, name), make("dd", {}, String(event[key])));
  if (answered) facts.append(make("dt", {}, "outcome"), make("dd", {}, answered.note ?? "done"));
  const box = make("div", { className: "detail" }, facts);
  const part = (title, text) => text && box.append(make("h3", {}, title), make("pre", {}, pretty(text)));
  part(event.kind === "invoked" ? "Event" : "Text", event.text);
  part("Log", lines.join("\n"));
  part("Answer", answered?.text);
  const copied = { event, ...(answered && { answered, log: lines }) };
  const buttons = make(
    "div",
    { className: "buttons" },
    button("Copy", (click) => copy(JSON.stringify(copied, null, 2), click.target)),
    event.text ? button("Copy text", (click) => copy(event.text, click.target)) : null,
    answered?.text ? button("Copy as a test", (click) => copy(tests.invocation(entry), click.target)) : null,
  );
  box.append(buttons);
  return box;
}
