// SPDX-License-Identifier: MIT
// WebSocket clients in the page: as many as one wants, each with messages that
// are made from the spec's types, or kept from before.

import { button, copy, make, pretty, time } from "./dom.js";
import { exampleOf, formFor } from "./form.js";
import * as tests from "./tests.js";

const TALK_MAX = 500;
const SAVED_MAX = 50;
const SAVED = "wsgen.saved";

let order = 0; // of what all clients say and hear
let made = 0;

function load() {
  try {
    const saved = JSON.parse(localStorage.getItem(SAVED));
    return Array.isArray(saved) ? saved.filter((text) => typeof text === "string") : [];
  } catch {
    return [];
  }
}

// The object that the selection expression finds the route's key in.
export function actionOf(selection, key) {
  const path = /^\$\{?request\.body\.([\w.]+)\}?$/.exec(selection)?.[1];
  if (!path || key.startsWith("$")) return {};
  return path.split(".").reduceRight((value, name) => ({ [name]: value }), key);
}

export class Client {
  constructor(served, url, { onclose, onsave, ontest }) {
    this.served = served;
    this.onsave = onsave;
    this.lines = []; // for tests
    this.name = make("h2", { className: "state" }, `Client ${++made}`);
    this.url = make("input", { className: "mono", value: url, spellcheck: false, "aria-label": "Address" });
    this.protocols = make("input", { className: "mono", placeholder: "chat.v2, chat.v1", spellcheck: false, "aria-label": "Subprotocols" });
    this.connect = button("Connect", () => this.toggle(), { className: "main" });
    this.route = make("select", { "aria-label": "Message", onchange: () => this.choose() });
    this.forget = button("Forget", () => this.unsave(), { hidden: true, title: "Remove this saved message" });
    this.form = make("div");
    this.text = make("textarea", { className: "say", spellcheck: false, "aria-label": "Text to send", rows: 3 });
    this.send = button("Send", () => this.say(), { className: "main", title: "Ctrl+Enter" });
    this.talk = make("ol", { className: "talk", "aria-live": "polite", tabIndex: 0, "aria-label": "What was said" });
    this.element = make(
      "article",
      { className: "client", onkeydown: (press) => this.keys(press) },
      make("div", { className: "bar" }, this.name, button("✕", () => onclose(this), { className: "plain", "aria-label": "Remove this client" })),
      make("div", { className: "bar" }, this.url, this.connect),
      make("details", {}, make("summary", {}, "Subprotocols"), this.protocols),
      make("div", { className: "bar" }, this.route, this.forget),
      this.form,
      this.text,
      make(
        "div",
        { className: "bar" },
        this.send,
        button("Save", () => this.save(), { title: "Keep the text for later" }),
        make("span", { className: "gap" }),
        button("Clear", () => this.wipe()),
        button("Copy as a test", (click) => copy(ontest(this), click.target), { title: "The conversation, in Python" }),
      ),
      this.talk,
    );
    this.show(served);
  }

  // What can be sent: a message of each route, and those that were saved.
  show(served) {
    const chosen = this.options?.[this.route.value];
    const saved = load();
    this.served = served;
    this.options = [];
    const groups = [];
    const group = (label, options) => {
      if (!options.length) return;
      const items = options.map((option) => {
        const value = this.options.push(option) - 1;
        return make("option", { value }, option.label);
      });
      groups.push(make("optgroup", { label }, ...items));
    };
    for (const api of served.apis) {
      const routes = api.routes.filter(({ key }) => key !== "$connect" && key !== "$disconnect");
      group(served.apis.length > 1 ? `Routes of ${api.name}` : "Routes", routes.map((route) => ({ label: route.key, api, route })));
    }
    group("Saved", saved.map((text) => ({ label: text.slice(0, 60), text })));
    this.route.replaceChildren(...groups);
    const same = this.options.findIndex(({ label, text }) => label === chosen?.label && text === chosen?.text);
    const ours = this.options.filter(({ api }) => api && this.url.value.includes(`:${api.port}/`));
    const first = ours.find(({ route }) => route.message) ?? ours[0];
    if (this.options.length) this.route.value = same >= 0 ? same : Math.max(this.options.indexOf(first), 0);
    if (same < 0 || !chosen.text) this.choose(same >= 0);
  }

  // A rebuilt spec may have changed the form; what was typed stays.
  choose(again = false) {
    const option = this.options[this.route.value];
    const typed = this.text.value;
    this.forget.hidden = option?.text === undefined;
    this.form.replaceChildren();
    if (!option) return;
    if (option.text !== undefined) this.text.value = option.text;
    else this.text.value = this.compose(option);
    if (again && typed) this.text.value = typed;
  }

  compose({ api, route }) {
    const action = actionOf(api.selection, route.key);
    const message = this.served.messages.find(({ name }) => name === route.message);
    if (!message) return Object.keys(action).length ? JSON.stringify(action) : "hello";
    const form = formFor(message, this.served.messages, action, () => (this.text.value = form.text()));
    if (!message.bare || message.fields.length) this.form.append(form.element);
    return message.bare ? JSON.stringify(exampleOf(message, this.served.messages)) : form.text();
  }

  keys(press) {
    if (press.key !== "Enter" || !(press.ctrlKey || press.metaKey)) return;
    this.say();
    press.preventDefault();
  }

  state(word) {
    this.name.dataset.state = word;
    this.connect.textContent = { open: "Disconnect", opening: "Connecting…" }[word] ?? "Connect";
    this.connect.classList.toggle("main", word !== "open");
  }

  toggle() {
    if (!this.socket) this.open();
    else this.socket.close(this.socket.readyState === WebSocket.OPEN ? 1000 : undefined);
  }

  open(onopen) {
    const protocols = this.protocols.value.split(",").map((word) => word.trim()).filter(Boolean);
    let opened = false;
    let socket;
    try {
      socket = new WebSocket(this.url.value, protocols);
    } catch (error) {
      this.put("note is-bad", error.message);
      return;
    }
    this.socket = socket;
    this.state("opening");
    socket.onopen = () => {
      const { protocol } = socket;
      const more = protocols.length ? `, subprotocols=${JSON.stringify(protocols)}` : "";
      opened = true;
      this.state("open");
      this.put("note", `connected${protocol ? ` with ${protocol}` : ""}`);
      this.line("open", `${JSON.stringify(this.url.value)}${more}`);
      onopen?.();
    };
    socket.onmessage = ({ data }) => {
      this.line("theirs", data);
      this.put("theirs", pretty(data));
    };
    socket.onclose = ({ code, reason, wasClean }) => {
      const why = wasClean || opened ? `closed: ${code} ${reason}` : "refused; the events say why";
      this.put(wasClean ? "note" : "note is-bad", why);
      if (opened) this.line("close", "");
      this.socket = null;
      this.state("closed");
    };
  }

  say() {
    if (!this.socket) {
      this.open(() => this.say());
      return;
    }
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(this.text.value);
    this.line("mine", this.text.value);
    this.put("mine", pretty(this.text.value));
  }

  save() {
    const text = this.text.value;
    localStorage.setItem(SAVED, JSON.stringify([text, ...load().filter((other) => other !== text)].slice(0, SAVED_MAX)));
    this.onsave();
  }

  unsave() {
    const { text } = this.options[this.route.value];
    localStorage.setItem(SAVED, JSON.stringify(load().filter((other) => other !== text)));
    this.onsave();
  }

  line(kind, text) {
    this.lines.push({ order: order++, kind, text });
  }

  // What was said; a test of it begins with the connection that is open.
  wipe() {
    const open = this.socket && this.lines.findLast(({ kind }) => kind === "open");
    this.lines = open ? [open] : [];
    this.talk.replaceChildren();
  }

  put(className, text) {
    const { scrollHeight, scrollTop, clientHeight } = this.talk;
    this.talk.append(make("li", { className }, make("time", {}, time(Date.now())), make("span", {}, text)));
    while (this.talk.childElementCount > TALK_MAX) this.talk.firstElementChild.remove();
    if (scrollHeight - scrollTop - clientHeight < 60) this.talk.scrollTop = this.talk.scrollHeight;
  }

  close() {
    this.socket?.close();
    this.element.remove();
  }
}

export const conversation = (clients) => tests.conversation(clients.filter(({ lines }) => lines.length));
