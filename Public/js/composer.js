// [data-act="l"] leads to the form in which an interaction is logged. Where the page has one, the line of the Overview or the form over a feed
// (details[data-composer]), it is opened and focused there instead.

export function composer(root) {
  root.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-act="l"]') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const form = root.querySelector("details[data-composer]");
    const field = root.querySelector("[data-quick-log] input[name=subject]") ?? form?.querySelector("input[name=subject]");
    if (!field) return;
    event.preventDefault();
    if (form) form.open = true;
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  });
}
