// form[data-filter-form], on its page or in a dialog: what depends on a choice, [data-part], follows at once. What the server refuses comes back in the
// dialog; what it accepts is the list's new address.

import { dialogContent, show } from "./page-dialog.js";

export function filter(root) {
  root.querySelectorAll("form[data-filter-form]").forEach(start);
  root.addEventListener("roost:dialog", (event) => event.target.querySelectorAll("form[data-filter-form]").forEach((form) => (start(form), begin(form))));
}

function start(form) {
  let latest = 0, part;
  const address = (submitter) => {
    const query = new URLSearchParams([...new FormData(form)]);
    if (submitter?.name) query.set(submitter.name, submitter.value);
    return `${form.action}?${query}`;
  };
  const refresh = async (source) => {
    const turn = ++latest;
    // The request that this one replaces may have been about more.
    part = part === "rest" ? part : source.dataset.part;
    const sent = new Map([...form.elements].map((control) => [control, entered(control)]));
    const content = await dialogContent(address(source));
    if (turn !== latest) return;
    const fresh = content?.querySelector(`#filter-${part}`);
    part = undefined;
    if (!fresh) return location.assign(address(source));
    form.querySelector("[data-problems]")?.remove();
    form.prepend(...content.querySelectorAll("[data-problems]"));
    clearError(source);
    replace(form.querySelector(`#${fresh.id}`), fresh, sent, document.activeElement === source ? null : document.activeElement);
    // The button for one more value leads to it.
    if (!form.contains(document.activeElement)) (source.isConnected ? source : [...fresh.querySelectorAll(".input")].at(-1))?.focus();
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

function clearError(control) {
  control.removeAttribute("aria-invalid");
  control.removeAttribute("aria-describedby");
  document.getElementById(`${control.id}-error`)?.remove();
}

/** What was entered since the form was sent stays, and so does the focus. */
function replace(old, fresh, sent, focused) {
  const twins = new Map([...fresh.querySelectorAll(CONTROLS)].map((control) => [name(control), control]));
  for (const control of old.querySelectorAll(CONTROLS)) {
    const twin = twins.get(name(control));
    if (!twin || !sent.has(control) || entered(control) === sent.get(control)) continue;
    if (twin.options && ![...twin.options].some((option) => option.value === control.value)) continue;
    twin.value = control.value;
    twin.checked = control.checked;
  }
  const twin = old.contains(focused) ? twins.get(name(focused)) : null;
  const selection = [focused?.selectionStart, focused?.selectionEnd];
  old.replaceWith(document.adoptNode(fresh));
  begin(fresh);
  twin?.focus();
  if (twin?.selectionStart != null) twin.setSelectionRange(...selection);
}

const CONTROLS = "input, select, textarea, button, a";
const isBox = (control) => /^(checkbox|radio)$/.test(control.type);
const entered = (control) => (isBox(control) ? control.checked : control.value);
/** Tells the controls of a form apart, whatever is in them. */
const name = (control) => [control.type, control.name, isBox(control) || control.type === "submit" ? control.value : control.href].join(" ");
