// Pictures open over the page: a[data-lightbox] leads to a picture, and where the page has a [data-lightbox-dialog] it is shown there, with those before and
// after it. The dialog itself keeps the focus, closes by Escape and gives the focus back.

export function lightbox(root) {
  const dialog = root.querySelector("[data-lightbox-dialog]");
  if (!dialog?.showModal) return;
  const picture = Object.assign(document.createElement("img"), { className: "lightbox-picture" });
  dialog.querySelector("figure").append(picture);
  const name = dialog.querySelector("#lightbox-name");
  const place = dialog.querySelector(".lightbox-place");
  const original = dialog.querySelector("[data-lightbox-original]");
  // By its address: the lines of a page are renewed while the dialog is open.
  let current = "";

  const links = () => [...root.querySelectorAll("a[data-lightbox]")];

  const show = (link) => {
    const all = links();
    current = link.href;
    // Nothing of the last picture is seen while this one is on its way.
    picture.removeAttribute("src");
    picture.src = link.href;
    picture.alt = name.textContent = link.dataset.lightbox;
    original.href = link.href;
    place.textContent = dialog.dataset.place.replace("{n}", all.indexOf(link) + 1).replace("{of}", all.length);
    for (const step of dialog.querySelectorAll("[data-lightbox-step]")) step.hidden = all.length < 2;
  };

  const step = (by) => {
    const all = links();
    const index = all.findIndex(({ href }) => href === current);
    if (all.length) show(all[(index + by + all.length) % all.length]);
  };

  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-lightbox]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    show(link);
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("[data-lightbox-step]");
    if (button) step(Number(button.dataset.lightboxStep));
    // Beside the picture.
    else if (event.target.matches(".lightbox, .lightbox-figure")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
  });
  dialog.addEventListener("close", () => {
    picture.removeAttribute("src");
    // Its opener may have been renewed; the line of the picture that was seen last is there.
    if (root.activeElement === root.body) links().find(({ href }) => href === current)?.focus();
  });
}
