// form[data-filter-form], on its page or in a dialog: what depends on a choice, [data-part], follows at once. What the server refuses comes back in the
// dialog; what it accepts is the list's new address.

import { dialogContent, show } from "./page-dialog.js";

export function filter(root) {
  root.querySelectorAll("form[data-filter-form]").forEach(start);
  root.addEventListener("roost:dialog", (event) => event.target.querySelectorAll("form[data-filter-form]").forEach((form) => (start(form), begin(form))));
}

function start(form) {
  let latest = 0;
  const address = (submitter) => {
    const query = new URLSearchParams([...new FormData(form)]);
    if (submitter?.name) query.set(submitter.name, submitter.value);
    return `${form.action}?${query}`;
  };
  const refresh = async (source) => {
    const turn = ++latest;
    const content = await dialogContent(address(source));
    if (turn !== latest) return;
    const fresh = content?.querySelector(`#filter-${source.dataset.part}`);
    if (!fresh) return location.assign(address(source));
    form.querySelector(`#${fresh.id}`).replaceWith(document.adoptNode(fresh));
    begin(fresh);
    if (!source.isConnected) [...fresh.querySelectorAll(".input")].at(-1)?.focus();
  };

  form.addEventListener("change", (event) => {
    if (event.target.matches("select[data-part]")) refresh(event.target);
    else clearOther(event.target);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (event.submitter?.dataset.part) return refresh(event.submitter);
    const dialog = form.closest("dialog");
    const to = address(event.submitter);
    const content = dialog && event.submitter?.name === "apply" ? await dialogContent(to) : null;
    if (!content) return location.assign(to);
    show(dialog, content);
    (content.querySelector("[aria-invalid]") ?? content.querySelector("[data-problems]"))?.focus();
  });
}

/** A date or a period: choosing one takes the other back. */
function clearOther(input) {
  const pair = input.closest(".period");
  if (pair && input.value) for (const other of pair.querySelectorAll(".input")) if (other !== input) other.value = "";
}

/** New controls: the type-ahead and others look for what is theirs. */
function begin(part) {
  part.dispatchEvent(new Event("roost:row", { bubbles: true }));
}
