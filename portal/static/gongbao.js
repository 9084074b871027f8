// Script helps and never carries: every page works without this file.
"use strict";

// 复制引用: the text is selectable anyway; a button beside it copies it.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim().replace(/\s+/g, " "));
    document.getElementById(button.dataset.says).textContent = button.dataset.done;
  });
}

// 打印
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What a form waits for: how many pages of a long file are read.
async function tellProgress(form) {
  const answer = await fetch(form.dataset.progress).catch(() => null);
  const told = answer?.ok ? await answer.text() : "";
  if (told) form.querySelector("[role=status]").textContent = told;
}

// A form whose work takes seconds says that it is at it.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    form.querySelector("[role=status]").textContent = form.dataset.busy;
    setTimeout(() => { form.querySelector("button").disabled = true; });
    if (form.dataset.progress) setInterval(tellProgress, 2000, form);
  });
  // Coming back by the browser's history finds the form ready again.
  addEventListener("pageshow", () => {
    form.querySelector("[role=status]").textContent = "";
    form.querySelector("button").disabled = false;
  });
}

// What is done lot by lot says how far it is; when it is done, the page shows what came of it.
const progress = document.querySelector("[data-lots]");
if (progress) {
  const look = async () => {
    const answer = await fetch(progress.dataset.lots, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = page.querySelector("[data-lots] [role=status]");
      if (!said) { location.assign(progress.dataset.lots); return; }
      progress.querySelector("[role=status]").textContent = said.textContent;
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}

// The summary of a form's errors takes the focus, so that a screen reader starts there.
document.getElementById("errors")?.focus();

// A long text is cut into parts, and the part that holds #art_500 is chosen by ?at=art_500.
const cut = document.querySelector("[data-cut]");
const wanted = decodeURIComponent(location.hash.slice(1));
if (cut && /^[a-z]+_/.test(wanted) && !document.getElementById(wanted) && !location.search.includes("at=")) {
  location.replace(`${cut.dataset.cut}?at=${encodeURIComponent(wanted)}#${encodeURIComponent(wanted)}`);
}
