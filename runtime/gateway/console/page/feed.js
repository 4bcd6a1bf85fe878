// SPDX-License-Identifier: MIT
// The gateway's feed: events as they happen, asked for again when it is lost.

const RETRY_MS = [250, 500, 1000, 2000, 5000];

export function follow({ onbegin, onevents, onstatus }) {
  let tries = 0;

  function open() {
    const socket = new WebSocket(`ws://${location.host}/_wsgen/feed`);
    let begun = false;
    socket.onopen = () => {
      tries = 0;
      onstatus("live");
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      // The first one says who is connected, and what happened before.
      if (!begun) onbegin(message);
      else onevents(message);
      begun = true;
    };
    socket.onclose = () => {
      onstatus("lost");
      setTimeout(open, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
    };
  }

  open();
}

export async function state() {
  const answer = await fetch("/_wsgen/state");
  if (!answer.ok) throw new Error(`state: ${answer.status}`);
  return answer.json();
}

// Moves the gateway's clock, if it is one that moves by hand.
export const advance = (by) =>
  fetch("/_wsgen/clock", { method: "POST", body: JSON.stringify({ advance: by }) });
