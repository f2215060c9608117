// Nothing here is needed: pages work without it.
"use strict";

// Says how many characters are left in an answer that has a limit.
for (const field of document.querySelectorAll("textarea[maxlength]")) {
  const left = document.createElement("span");
  left.className = "fine left";
  const limit = Number(field.getAttribute("maxlength"));
  const show = () => { left.textContent = field.value.length + " / " + limit; };
  field.addEventListener("input", show);
  field.after(left);
  show();
}

// A form is sent once.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// Leaving a section with changes that were not saved asks first.
let changed = false;
for (const form of document.querySelectorAll("form[enctype]")) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
}
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
