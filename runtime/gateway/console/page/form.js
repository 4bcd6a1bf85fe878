// SPDX-License-Identifier: MIT
// A form for a message of the spec: one input a field, as its type wants it.

import { make } from "./dom.js";

const DEPTH_MAX = 4; // of examples of messages within messages

const isNumber = (type) => /^u?int|^number$/.test(type);
const isJson = (type) => ["json", "list", "map", "message"].includes(type);

// A text of the field's own name, as long as it may be.
function text({ name = "text", min = 0, max = Infinity }) {
  return name.padEnd(Number(min), "x").slice(0, Number(max));
}

// What a field starts with, so that an untouched form is a valid message.
function example(field, messages, depth) {
  if (field.default !== undefined) return field.default;
  if (isNumber(field.type)) return Number(field.min ?? 0);
  switch (field.type) {
    case "bool":
      return false;
    case "enum":
      return field.values[0];
    case "timestamp":
      return new Date().toISOString();
    case "list":
      return Array.from({ length: Number(field.min ?? 0) }, () => example(field.item ?? {}, messages, depth + 1));
    case "message": {
      const message = messages.find(({ name }) => name === field.message);
      return message && depth < DEPTH_MAX ? exampleOf(message, messages, depth + 1) : {};
    }
    case "json":
    case "map":
      return {};
    case "string":
      return text(field);
    default:
      return "";
  }
}

export function exampleOf(message, messages, depth = 0) {
  const fields = message.fields.filter((field) => !field.optional);
  if (message.bare) return example(message.fields[0], messages, depth);
  return Object.fromEntries(fields.map((field) => [field.name, example(field, messages, depth)]));
}

// As the input has it: a JavaScript number would round 64-bit integers.
function read(field, input) {
  if (field.type === "bool") return String(input.checked);
  if (isNumber(field.type) || isJson(field.type)) return input.value.trim();
  return JSON.stringify(input.value);
}

function inputFor(field, messages, chosen) {
  const first = chosen ? { ...example(field, messages, 0), ...chosen } : example(field, messages, 0);
  if (field.type === "bool") return make("input", { type: "checkbox", checked: first });
  if (field.type === "enum")
    return make("select", {}, ...field.values.map((value) => make("option", { value, selected: value === first }, value)));
  if (isNumber(field.type)) return make("input", { inputMode: "decimal", value: String(first) });
  if (isJson(field.type)) return make("input", { className: "mono", value: JSON.stringify(first), spellcheck: false });
  return make("input", { value: first });
}

function bounds({ type, min, max, optional, message }) {
  const range = min !== undefined || max !== undefined ? ` ${min ?? ""}..${max ?? ""}` : "";
  return `${message ?? type}${range}${optional ? ", optional" : ""}`;
}

// The form's element, and text() that is the message as JSON. What selects the
// route may be a field of the message, or stand within one.
export function formFor(message, messages, action, onchange) {
  const selects = (field) => Object.hasOwn(action, field.name) && action[field.name];
  const fields = message.fields.filter((field) => typeof selects(field) !== "string");
  const around = Object.entries(action).filter(([key]) => !fields.some(({ name }) => name === key));
  const rows = fields.map((field) => {
    const input = inputFor(field, messages, selects(field));
    const use = field.optional && !selects(field) ? make("input", { type: "checkbox", title: "Send this field", onchange }) : null;
    input.name = field.name ?? "value";
    input.addEventListener("input", () => {
      if (use) use.checked = true;
      onchange();
    });
    const label = make(
      "label",
      { title: field.doc ?? "" },
      make("span", { className: "name" }, use, field.name ?? "value"),
      input,
      make("span", { className: "soft type" }, bounds(field)),
    );
    return { field, input, use, label };
  });
  const text = () => {
    if (message.bare) return read(rows[0].field, rows[0].input);
    const members = rows
      .filter(({ use }) => !use || use.checked)
      .map(({ field, input }) => `${JSON.stringify(field.name)}: ${read(field, input)}`);
    const chosen = around.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    return `{${[...chosen, ...members].join(", ")}}`;
  };
  return { element: make("div", { className: "form" }, ...rows.map(({ label }) => label)), text };
}
