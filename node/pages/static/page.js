// Nothing here is needed: pages work without it.
"use strict";

// Counts what an answer has of what it may have: words where words are limited, and characters.
const wordsIn = (text) => (text.match(/[^ \t\r\n]+/g) || []).length;
for (const field of document.querySelectorAll("textarea[maxlength]")) {
  const left = document.createElement("span");
  left.className = "fine left";
  const limit = Number(field.getAttribute("maxlength"));
  const words = Number(field.dataset.words || 0);
  const show = () => {
    const characters = field.value.length + " / " + limit;
    const written = wordsIn(field.value);
    left.textContent = words ? written + " / " + words + " " + field.dataset.wordsText + " (" + characters + ")" : characters;
    left.classList.toggle("over", words > 0 && written > words);
  };
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
