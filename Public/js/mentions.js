// textarea[data-mentions]: typing @ and a few letters offers people; who is chosen is called by address. Arrows, Enter, Tab and Escape as in any
// list of suggestions; the textarea keeps the focus.

const PAUSE = 120;
let lists = 0;

export function mentions(root) {
  for (const field of root.querySelectorAll("textarea[data-mentions]")) start(field);
}

function start(field) {
  const box = Object.assign(document.createElement("div"), { className: "mention-field" });
  const list = Object.assign(document.createElement("ul"), { className: "picker-list", id: `mentions-${++lists}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "@");
  field.replaceWith(box);
  box.append(field, list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  if (field.autofocus) field.focus();
  let options = [], active = 0, timer, request;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };

  // The text between an @ and the cursor, if a mention is being typed.
  const called = () => field.value.slice(0, field.selectionStart).match(/(?:^|[^\p{L}\p{N}./\-+=&%#?@\\])@([^\s@]{1,40})$/u)?.[1];

  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    field.setAttribute("aria-activedescendant", list.children[index]?.id ?? "");
  };

  const choose = ({ id }) => {
    const end = field.selectionStart, start = end - called().length;
    field.setRangeText(`${id} `, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  const search = async () => {
    const q = called();
    if (!q) return close();
    request?.abort();
    const { signal } = (request = new AbortController());
    try {
      const response = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(q)}`, { signal, headers: { Accept: "application/json" } });
      if (!response.ok) return close();
      ({ items: options } = await response.json());
      list.replaceChildren(
        ...options.map((option, i) => {
          const element = Object.assign(document.createElement("li"), { className: "picker-option", id: `${list.id}-${i}` });
          element.setAttribute("role", "option");
          element.append(Object.assign(document.createElement("span"), { textContent: option.name }), Object.assign(document.createElement("span"), { className: "detail", textContent: option.detail }));
          element.addEventListener("pointerdown", (event) => event.preventDefault());
          element.addEventListener("click", () => choose(option));
          return element;
        }),
      );
      list.hidden = options.length === 0;
      if (options.length) mark(0);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (called()) timer = setTimeout(search, PAUSE);
    else close();
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark((active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(options[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
