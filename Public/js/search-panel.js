// <form data-search="URL.json" data-all data-none>: the search box of the frame. Its panel has what was viewed last before anything is typed, then what
// is found. Enter opens the best of it; without anything found, and without scripts, the form leads to the page of results.
import { combobox } from "./picker.js";

export function searchPanel(root) {
  const form = root.querySelector("form[data-search]");
  if (!form) return;
  const input = form.elements.q;
  const { search: url, all, none } = form.dataset;
  combobox(input, {
    url,
    id: "search-panel",
    label: input.labels[0].textContent,
    opensEmpty: true,
    offer(items, typed) {
      if (!typed) return items.filter(({ href }) => href !== location.pathname);
      const words = (items.length ? all : none).replace("{q}", () => typed);
      return [...items, { words, icon: "search", href: `${form.action}?q=${encodeURIComponent(typed)}`, isNew: true }];
    },
  });
}
