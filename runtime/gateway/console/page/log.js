// SPDX-License-Identifier: MIT
// The list of what happened. An invocation is one entry, with its event, its
// answer, its log lines and how long it took; everything else is one each.

import { button, copy, make, parse } from "./dom.js";
import { detail, head } from "./entry.js";
import * as tests from "./tests.js";

const ENTRIES_MAX = 1000;
const EVENTS_MAX = 4000; // as they came, for tests
const REST = 3; // times as long as the last drawing took,
const REST_MAX_MS = 500; // but no longer than so
const NEAR_PX = 60; // so close to its end, the list follows what comes

// Which kinds of events each button shows.
const GROUPS = {
  clients: ["asked", "opened", "refused", "closed"],
  messages: ["received", "sent"],
  functions: ["invoked", "log", "function"],
  authorizers: ["authorized"],
  "@connections": ["managed"],
  other: ["build", "note"],
};

export class Log {
  constructor({ list, find, pause, clear, keep, kinds, hint, selectionOf }) {
    Object.assign(this, { list, find, pause, hint, selectionOf });
    this.hidden = new Set();
    this.waiting = [];
    this.rest = 0;
    this.empty();
    find.addEventListener("input", () => this.filter());
    pause.addEventListener("click", () => this.toggle());
    clear.addEventListener("click", () => this.clear());
    keep.addEventListener("click", ({ target }) => copy(tests.recording(this.listed()), target));
    for (const [group, members] of Object.entries(GROUPS)) kinds.append(this.groupButton(group, members));
    list.addEventListener("keydown", (press) => this.walk(press));
  }

  empty() {
    this.entries = [];
    this.events = [];
    this.calls = new Map(); // by request id: entries of invocations
    this.causes = new Map(); // by API Gateway's: why a route, who let it in
    this.waiting = [];
  }

  groupButton(group, members) {
    const press = button(group, () => {
      const shown = press.getAttribute("aria-pressed") !== "true";
      press.setAttribute("aria-pressed", shown);
      for (const kind of members) this.hidden[shown ? "delete" : "add"](kind);
      this.filter();
    });
    press.setAttribute("aria-pressed", "true");
    press.dataset.kind = members[0];
    return press;
  }

  get paused() {
    return this.pause.getAttribute("aria-pressed") === "true";
  }

  // Drawn with the next frame: more may come before anybody can see it. When
  // drawing takes long, the page rests between two frames to stay usable.
  add(events) {
    for (const event of events) this.waiting.push(event);
    this.waiting.splice(0, this.waiting.length - EVENTS_MAX);
    if (this.paused) this.pause.textContent = `Resume (${this.waiting.length})`;
    else this.asked ||= setTimeout(() => requestAnimationFrame(() => this.draw()), this.rest);
  }

  draw() {
    const begun = performance.now();
    this.asked = 0;
    if (this.paused) return;
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    const changed = new Set();
    for (const event of this.waiting.splice(0)) changed.add(this.take(event));
    this.events.splice(0, this.events.length - EVENTS_MAX);
    while (this.entries.length > ENTRIES_MAX) this.drop();
    for (const entry of changed) if (!entry.dropped) this.put(entry);
    this.hint.hidden = this.entries.length > 0;
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) this.list.scrollTop = this.list.scrollHeight;
    this.rest = Math.min(REST * (performance.now() - begun), REST_MAX_MS);
  }

  // The entry that the event begins or belongs to.
  take(event) {
    const call = this.calls.get(event.requestId);
    this.events.push(event);
    if (call && (event.kind === "answered" || event.kind === "log")) {
      if (event.kind === "log") call.lines.push(event.text ?? "");
      else call.answered = event;
      return call;
    }
    const entry = { event, lines: [], connection: event.connectionId, element: make("li") };
    if (event.kind === "invoked") this.begin(entry);
    else if (event.kind === "received" || event.kind === "authorized") this.remember(event);
    this.entries.push(entry);
    return entry;
  }

  // The invocation tells of its connection only in the event.
  begin(entry) {
    const context = parse(entry.event.text)?.requestContext ?? {};
    entry.invoked = entry.event;
    entry.route = context.routeKey;
    entry.connection = context.connectionId;
    entry.cause = this.causes.get(context.requestId);
    this.calls.set(entry.event.requestId, entry);
  }

  remember(event) {
    const cause = this.causes.get(event.requestId) ?? {};
    cause[event.kind] = event;
    this.causes.set(event.requestId, cause);
    if (this.causes.size > ENTRIES_MAX) this.causes.delete(this.causes.keys().next().value);
  }

  drop() {
    const entry = this.entries.shift();
    entry.dropped = true;
    entry.element.remove();
    if (entry.invoked) this.calls.delete(entry.invoked.requestId);
  }

  put(entry) {
    const { event, answered, element } = entry;
    const focused = element.contains(document.activeElement);
    element.dataset.kind = event.kind;
    element.classList.toggle("is-bad", Boolean(event.bad || answered?.bad));
    element.hidden = !this.matches(entry);
    element.replaceChildren(head(entry, { onclick: () => this.unfold(entry) }));
    if (entry.open)
      element.append(detail(entry, { onpick: (id) => this.only(id), selectionOf: this.selectionOf, events: this.events }));
    if (!element.parentNode) this.list.append(element);
    if (focused) element.firstElementChild.focus();
  }

  unfold(entry) {
    entry.open = !entry.open;
    this.put(entry);
    const isTall = entry.element.offsetHeight > this.list.clientHeight;
    if (entry.open) entry.element.scrollIntoView({ block: isTall ? "start" : "nearest" });
  }

  // Arrows go from entry to entry.
  walk(press) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    if (!step || !press.target.classList.contains("head")) return;
    this.step(step);
    press.preventDefault();
  }

  // From where the focus is, or from the list's end.
  step(by) {
    const shown = this.entries.filter(({ element }) => !element.hidden).map(({ element }) => element);
    const at = shown.findIndex((element) => element.contains(document.activeElement));
    const next = at < 0 ? shown.length - 1 : Math.min(Math.max(at + by, 0), shown.length - 1);
    shown[next]?.firstElementChild.focus();
  }

  // Each word has to be there; with a minus before it, it must not.
  matches(entry) {
    if (this.hidden.has(entry.event.kind)) return false;
    const words = this.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return true;
    const text = [JSON.stringify(entry.event), JSON.stringify(entry.answered ?? ""), ...entry.lines]
      .join(" ")
      .replaceAll('\\"', '"')
      .toLowerCase();
    return words.every((word) => (word.length > 1 && word[0] === "-" ? !text.includes(word.slice(1)) : text.includes(word)));
  }

  filter() {
    for (const entry of this.entries) entry.element.hidden = !this.matches(entry);
    this.list.scrollTop = this.list.scrollHeight;
  }

  only(text) {
    this.find.value = text;
    this.filter();
  }

  // The events of the entries that are listed, whole ones only.
  listed() {
    const listed = new Set();
    for (const { event, answered, element } of this.entries)
      if (!element.hidden && !event.cut && !answered?.cut) listed.add(event).add(answered);
    return this.events.filter((event) => listed.has(event));
  }

  toggle() {
    const paused = !this.paused;
    this.pause.setAttribute("aria-pressed", paused);
    this.pause.textContent = paused ? "Resume" : "Pause";
    if (!paused) this.add([]);
  }

  clear() {
    this.empty();
    this.list.replaceChildren();
    this.hint.hidden = false;
    if (this.paused) this.pause.textContent = "Resume";
  }
}
