// SPDX-License-Identifier: MIT
// Elements, made without HTML texts: whatever a client sent stays a text.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "for" || name === "role") element.setAttribute(name, value);
    else if (value !== undefined) element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (text, onclick, more = {}) =>
  make("button", { type: "button", onclick, ...more }, text);

// A pair of braces, or whatever else JSON is; undefined for other texts.
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// JSON as people read it. Numbers stay as they were written: JavaScript would
// round what has more than 53 bits.
export function pretty(text) {
  if (typeof parse(text) !== "object" || !/^\s*[[{]/.test(text)) return text;
  const parts = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g);
  let depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  return parts
    .map((part, at) => {
      if (part === "{" || part === "[") {
        depth++;
        return /[\]}]/.test(parts[at + 1]) ? part : part + line();
      }
      if (part === "}" || part === "]") {
        depth--;
        return /[[{]/.test(parts[at - 1]) ? part : line() + part;
      }
      if (part === ",") return part + line();
      return part === ":" ? ": " : part;
    })
    .join("");
}

export const time = (ms) => {
  const date = new Date(ms);
  return date.toTimeString().slice(0, 8) + "." + String(date.getMilliseconds()).padStart(3, "0");
};

export function took(us) {
  if (!us) return "";
  return us < 1000 ? `${us} µs` : us < 1e6 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1e6).toFixed(2)} s`;
}

export async function copy(text, from) {
  const before = (from.dataset.label ??= from.textContent);
  try {
    await navigator.clipboard.writeText(text);
    from.textContent = "Copied";
  } catch {
    // Without leave to use the clipboard, people copy by hand.
    byHand(text);
  }
  setTimeout(() => (from.textContent = before), 1200);
}

function byHand(text) {
  const box = make("textarea", { value: text, readOnly: true, "aria-label": "To copy" });
  const dialog = make(
    "dialog",
    { className: "copy", onclose: () => dialog.remove() },
    make("p", {}, "This browser lets no page copy here: Ctrl+C does."),
    box,
    button("Close", () => dialog.close()),
  );
  document.body.append(dialog);
  dialog.showModal();
  box.select();
}
