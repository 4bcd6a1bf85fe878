// SPDX-License-Identifier: MIT
// WebSocket clients in the page: as many as one wants, each with messages that
// are made from the spec's types, or kept from before.

import { button, copy, make, pretty, time } from "./dom.js";
import { exampleOf, formFor } from "./form.js";
import * as tests from "./tests.js";

const TALK_MAX = 500;
const SAVED_MAX = 50;

function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
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
  constructor(served, url, onclose) {
    this.served = served;
    this.lines = [];
    this.saved = load("wsgen.saved");
    this.url = make("input", { className: "mono", value: url, "aria-label": "Address" });
    this.protocols = make("input", { className: "mono", placeholder: "subprotocols, with commas", "aria-label": "Subprotocols" });
    this.connect = button("Connect", () => this.toggle(), { className: "main" });
    this.route = make("select", { "aria-label": "Message of the route", onchange: () => this.choose() });
    this.form = make("div");
    this.text = make("textarea", { spellcheck: false, "aria-label": "Message", onkeydown: (press) => this.keys(press) });
    this.send = button("Send", () => this.say(), { disabled: true, title: "Ctrl+Enter" });
    this.talk = make("ol", { className: "talk", "aria-live": "polite" });
    this.element = make(
      "div",
      { className: "client" },
      make("div", { className: "bar" }, this.url, this.connect, button("✕", () => onclose(this), { "aria-label": "Remove this client" })),
      make("details", {}, make("summary", { className: "soft" }, "Subprotocols"), this.protocols),
      make("div", { className: "bar" }, this.route),
      this.form,
      this.text,
      make(
        "div",
        { className: "bar" },
        this.send,
        button("Save", () => this.save()),
        button("Copy as a test", (click) => copy(tests.conversation(this.url.value, this.lines), click.target)),
      ),
      this.talk,
    );
    this.show(served);
  }

  // What can be sent: a message of each route, and those that were saved.
  show(served) {
    this.served = served;
    this.options = [];
    for (const api of served.apis)
      for (const route of api.routes)
        if (route.key !== "$connect" && route.key !== "$disconnect")
          this.options.push({ label: `${route.key}${route.message ? `: ${route.message}` : ""}`, api, route });
    for (const text of this.saved) this.options.push({ label: `saved: ${text.slice(0, 60)}`, text });
    this.route.replaceChildren(...this.options.map(({ label }, at) => make("option", { value: at }, label)));
    if (!this.text.value) this.choose();
  }

  choose() {
    const option = this.options[this.route.value];
    this.form.replaceChildren();
    if (!option) return;
    if (option.text !== undefined) {
      this.text.value = option.text;
      return;
    }
    const action = actionOf(option.api.selection, option.route.key);
    const message = this.served.messages.find(({ name }) => name === option.route.message);
    if (!message) {
      this.text.value = JSON.stringify(action);
      return;
    }
    const form = formFor(message, this.served.messages, action, () => (this.text.value = form.text()));
    this.form.append(form.element);
    this.text.value = message.bare ? JSON.stringify(exampleOf(message, this.served.messages)) : form.text();
  }

  keys(press) {
    if (press.key === "Enter" && (press.ctrlKey || press.metaKey)) this.say();
  }

  toggle() {
    if (this.socket) {
      this.socket.close(1000);
      return;
    }
    const protocols = this.protocols.value.split(",").map((word) => word.trim()).filter(Boolean);
    try {
      this.socket = new WebSocket(this.url.value, protocols);
    } catch (error) {
      this.note(error.message);
      return;
    }
    this.connect.textContent = "Connecting…";
    this.socket.onopen = () => {
      this.connect.textContent = "Disconnect";
      this.send.disabled = false;
      this.note(`connected${this.socket.protocol ? ` with ${this.socket.protocol}` : ""}`);
    };
    this.socket.onmessage = ({ data }) => this.line(false, data);
    this.socket.onclose = ({ code, reason, wasClean }) => {
      this.note(wasClean ? `closed: ${code} ${reason}` : "refused or cut: the events say why");
      this.socket = null;
      this.connect.textContent = "Connect";
      this.send.disabled = true;
    };
  }

  say() {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(this.text.value);
    this.line(true, this.text.value);
  }

  save() {
    this.saved = [this.text.value, ...this.saved.filter((text) => text !== this.text.value)].slice(0, SAVED_MAX);
    localStorage.setItem("wsgen.saved", JSON.stringify(this.saved));
    this.show(this.served);
  }

  line(mine, text) {
    this.lines.push({ mine, text });
    this.put(mine ? "mine" : "theirs", mine ? text : pretty(text));
  }

  note(text) {
    this.put("soft", text);
  }

  put(className, text) {
    this.talk.append(make("li", { className, title: time(Date.now()) }, text));
    while (this.talk.childElementCount > TALK_MAX) this.talk.firstElementChild.remove();
    this.talk.scrollTop = this.talk.scrollHeight;
  }

  close() {
    this.socket?.close(1000);
    this.element.remove();
  }
}
