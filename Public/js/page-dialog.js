// a[data-dialog-link="id"] opens the page that it leads to in the <dialog> of that id: what that page has in [data-dialog-content]. Without scripts, or
// when the page can't be had, the link is followed. "roost:dialog" says at the content that it is there.

export function pageDialog(root) {
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-dialog-link]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const content = await dialogContent(link.href);
    if (!content) return location.assign(link.href);
    const dialog = root.getElementById(link.dataset.dialogLink);
    show(dialog, content);
    dialog.showModal();
    dialog.querySelector("[autofocus], [data-handle], select, input:not([type=hidden])")?.focus();
  });
}

/** What the page at this address shows in a dialog. */
export async function dialogContent(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual" });
    return new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-dialog-content]");
  } catch {
    return null;
  }
}

export function show(dialog, content) {
  dialog.replaceChildren(dialog.ownerDocument.adoptNode(content));
  content.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  content.dispatchEvent(new Event("roost:dialog", { bubbles: true }));
}
