// <form data-list-search data-region="id">: asks the server as one types and swaps what [data-swap] marks.
// The page's address follows, so a reload, a bookmark and the back button all show the same.

const PAUSE = 150;

export function listSearch(root) {
  const form = root.querySelector("form[data-list-search]");
  const region = form && root.getElementById(form.dataset.region);
  if (!region) return;
  const field = form.elements.q;
  let timer, request, asked = field.value.trim();

  const search = async () => {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    request?.abort();
    const { signal } = (request = new AbortController());
    const url = address(form);
    const live = root.getElementById(form.dataset.region);
    live.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      // Signed out, or the server is unwell: a plain visit shows what is the matter.
      if (!response.ok || response.redirected || !page.getElementById(form.dataset.region)) return location.assign(url);
      swap(root, page);
      history.replaceState(history.state, "", url);
      announce(root, form.dataset.region);
    } catch (error) {
      if (error.name === "AbortError") return;
      // Offline: what is shown stays, and the next key tries again.
      asked = null;
      root.getElementById(form.dataset.region).removeAttribute("aria-busy");
    }
  };

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  field.addEventListener("compositionend", () => (timer = setTimeout(search, PAUSE)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
}

/** The form's own address with what it says, without empty fields. */
function address(form) {
  const url = new URL(form.action, location.href);
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  url.search = query.toString();
  return url.href;
}

function swap(root, page) {
  for (const fresh of page.querySelectorAll("[data-swap][id]")) {
    root.getElementById(fresh.id)?.replaceWith(root.adoptNode(fresh));
  }
  root.dispatchEvent(new Event("roost:swapped"));
}

function announce(root, id) {
  const status = root.querySelector("[data-list-status]");
  if (status) status.textContent = root.getElementById(id)?.dataset.announce ?? "";
}
