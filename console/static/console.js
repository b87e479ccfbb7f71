// Pages work without this; with it, parts marked data-live are fetched anew as they change.
"use strict";

(() => {
  // A second click on the same button sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // What was typed is not left by mistake.
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-keep]")) typed = true; });
  document.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // A choice that only narrows a list goes at once.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });

  const parts = () => [...document.querySelectorAll("[data-live]")];
  const isTyping = (part) => part.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  const isBusy = (part) => isTyping(part) || Boolean(part.querySelector("details.ask[open]"));
  let waiting = new Set();
  let fetching = false;

  const renew = async () => {
    if (fetching || !waiting.size) return;
    fetching = true;
    const topics = waiting;
    waiting = new Set();
    try {
      const answer = await fetch(location.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts()) {
        if (!topics.has(part.dataset.live) || isBusy(part)) continue;
        const other = fresh.getElementById(part.id);
        // The page has become another one, a draft again for instance.
        if (!other && !typed && !isBusy(document.body)) { location.reload(); return; }
        if (!other || other.innerHTML === part.innerHTML) continue;
        const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
        part.replaceChildren(...document.importNode(other, true).childNodes);
        if (atEnd) part.scrollTop = part.scrollHeight;
      }
    } finally {
      fetching = false;
      if (waiting.size) setTimeout(renew, 500);
    }
  };

  const topics = [...new Set(parts().map((part) => part.dataset.live))];
  if (topics.length && "EventSource" in window) {
    const query = topics.map((topic) => "topic=" + encodeURIComponent(topic)).join("&");
    const stream = new EventSource("/console/live?" + query);
    stream.onmessage = (event) => { JSON.parse(event.data).forEach((topic) => waiting.add(topic)); renew(); };
    // What was ready before the stream began is told by nobody.
    stream.addEventListener("open", () => {
      parts().forEach((part) => { if (part.querySelector("[data-pending]")) waiting.add(part.dataset.live); });
      renew();
    });
    window.addEventListener("pagehide", () => stream.close());
  }
  document.querySelectorAll("[data-end]").forEach((part) => { part.scrollTop = part.scrollHeight; });
})();
