// Suggestions below the search box: the combobox pattern of WAI-ARIA 1.2 with a list that stays out of the focus.
// Every search box works without this file; it adds nothing that sends a search the visitor did not ask for.
"use strict";

const PAUSE_MS = 120;

for (const [number, input] of document.querySelectorAll("input[data-suggest]").entries()) {
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${number}`, hidden: true });
  const told = Object.assign(document.createElement("p"), { className: "hidden" });
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestions);
  told.setAttribute("role", "status");
  const set = (name, value) => input.setAttribute(name, value);
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  set("aria-expanded", "false");
  input.parentElement.classList.add("combobox");
  input.parentElement.append(list, told);

  let asking, waiting, active = -1, answered = "";

  const close = () => {
    asking?.abort();
    clearTimeout(waiting);
    list.hidden = true;
    active = -1;
    set("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    set("aria-activedescendant", option.id);
  };

  const take = (option) => {
    input.value = option.dataset.text;
    close();
    input.form.requestSubmit();
  };

  const show = (found) => {
    list.replaceChildren(...found.map((each, index) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${index}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.lang = "zh-CN";
      option.dataset.text = each.text;
      option.append(each.text);
      if (each.about) {
        const about = Object.assign(document.createElement("span"), { className: "soft", textContent: ` ${each.about}` });
        option.append(about);
      }
      // Before the blur that a press on the list brings.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(option));
      return option;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    set("aria-expanded", String(Boolean(found.length)));
    told.textContent = found.length ? input.dataset.some.replace("0", found.length) : input.dataset.none;
  };

  const ask = async () => {
    const typed = input.value.trim();
    asking?.abort();
    if (!typed) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (!answer.ok) return;
      const found = (await answer.json()).suggestions;
      if (document.activeElement === input && input.value.trim() === typed) { answered = typed; show(found); }
    } catch (error) {
      // Gone on typing, or no network: the box is a plain search box.
      if (error.name !== "AbortError") close();
    }
  };

  const later = () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE_MS); };
  input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const count = list.children.length;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return answered === input.value.trim() && count ? show_again() : later();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place before the first is the box itself.
      choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      take(list.children[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter") {
      close();
    }
  });
  const show_again = () => { list.hidden = false; set("aria-expanded", "true"); };
}
