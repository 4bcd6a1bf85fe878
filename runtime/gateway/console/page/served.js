// SPDX-License-Identifier: MIT
// What is served: addresses, routes, functions, and who is connected.

import { button, copy, make, time, took } from "./dom.js";
import { hue } from "./entry.js";

const SHOWN_MAX = 100; // of the connections

export const urlOf = (api, stage) => `ws://${location.hostname}:${api.port}/${stage}`;

function address(text) {
  return make(
    "div",
    { className: "address" },
    make("code", {}, text),
    button("Copy", (click) => copy(text, click.target), { className: "plain", "aria-label": `Copy ${text}` }),
  );
}

const row = (left, right, more = {}) => make("li", more, left, make("span", { className: "soft" }, ...[right].flat()));

export class Served {
  constructor(element, { onpick, onroute }) {
    this.onpick = onpick;
    this.onroute = onroute;
    this.titles = {};
    this.open = new Map(); // connection id: who it is
    this.count = 0; // of those, however many are listed
    this.calls = new Map(); // function's name: how often, how long, how well
    this.state = { apis: [], functions: [], messages: [] };
    this.top = make("div");
    this.connections = make("ul", { className: "list" });
    this.functions = make("ul", { className: "list" });
    this.title = make("h2", {}, "Connections");
    element.append(this.top, this.title, this.connections, make("h2", {}, "Functions"), this.functions);
  }

  route(api, { key, function: name, integration, twoWay, authorization, authorizer, apiKey, message, reply }) {
    // One that is written where it is used has no name of its own.
    const title = (word) => {
      const found = this.state.messages.find(({ name }) => name === word)?.title ?? word;
      return found.includes(".") ? "a message" : found;
    };
    const facts = [
      message && `takes ${title(message)}`,
      twoWay && (reply ? `replies ${title(reply)}` : "replies"),
      authorizer ? `authorizer ${authorizer}` : authorization !== "none" && authorization,
      apiKey && "API key",
      this.state.functions.length > 1 || !name ? name || integration : null,
    ].filter(Boolean);
    return row(button(key, () => this.onroute(api, key), { className: "link mono", title: "Show only its events" }), facts.join(" · "));
  }

  show(state) {
    this.state = state;
    this.top.replaceChildren(
      ...state.apis.flatMap((api) => [
        make("h2", {}, api.name),
        ...api.stages.map((stage) => address(urlOf(api, stage))),
        make("ul", { className: "list" }, ...api.routes.map((route) => this.route(api, route))),
      ]),
    );
    this.draw();
  }

  begin({ events, connections, open }) {
    this.open = new Map(connections.map((connection) => [connection.connectionId, connection]));
    this.calls.clear();
    this.hear(events.filter(({ kind }) => kind === "answered"), open);
  }

  hear(events, open) {
    for (const event of events) {
      if (event.kind === "opened") this.open.set(event.connectionId, event);
      else if (event.kind === "closed") this.open.delete(event.connectionId);
      else if (event.kind === "answered") this.count1(event);
    }
    this.count = open;
    this.draw();
  }

  count1({ function: name, bad, durationUs = 0 }) {
    const calls = this.calls.get(name) ?? { count: 0, bad: 0, us: 0 };
    calls.count++;
    calls.us += durationUs;
    if (bad) calls.bad++;
    this.calls.set(name, calls);
  }

  draw() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.title.textContent = `Connections ${this.count}`;
      this.connections.replaceChildren(...this.listed());
      this.functions.replaceChildren(...this.state.functions.map(({ name }) => this.functionRow(name)));
    });
  }

  listed() {
    const all = [...this.open.values()];
    const rows = all.slice(-SHOWN_MAX).map(({ connectionId, at, stage, api }) => {
      const pick = button(connectionId, () => this.onpick(connectionId), { className: "link mono id", title: "Show only its events" });
      pick.style.setProperty("--hue", hue(connectionId));
      return row(pick, `${this.state.apis.length > 1 ? `${api} ` : ""}${stage ?? ""} ${time(at).slice(0, 8)}`);
    });
    if (!rows.length) return [make("li", { className: "soft" }, "nobody")];
    if (this.count > rows.length) rows.push(make("li", { className: "soft" }, `and ${this.count - rows.length} more`));
    return rows;
  }

  functionRow(name) {
    const { count, bad, us } = this.calls.get(name) ?? { count: 0, bad: 0, us: 0 };
    const text = count ? `${count} ${count === 1 ? "call" : "calls"} · ${took(Math.max(1, Math.round(us / count)))}` : "no calls";
    return row(
      button(name, () => this.onpick(name), { className: "link mono", title: "Show only its events" }),
      [text, bad ? make("span", { className: "bad" }, ` · ${bad} failed`) : ""],
    );
  }
}
