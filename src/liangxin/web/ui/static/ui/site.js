// Small manners that every page shares. No framework: each feature is a few lines on data-attributes.
"use strict";
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.me[open], details.drop[open]")) {
    if (!open.contains(event.target)) open.removeAttribute("open");
  }
  const ask = event.target.closest("[data-confirm]");
  if (ask && !window.confirm(ask.dataset.confirm)) event.preventDefault();
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-keys]")) document.querySelector("dialog.keys").showModal();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
// Leaving a form with changes asks.
let changed = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) changed = true; });
document.addEventListener("submit", () => { changed = false; });
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
// Keys: "/" search, Alt+arrows to the next and previous record, Escape closes, "?" says all of them.
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "/" && !typing) { const box = document.querySelector("[data-search]"); if (box) { box.focus(); box.select(); event.preventDefault(); } }
  if (event.key === "?" && !typing) { document.querySelector("dialog.keys")?.showModal(); event.preventDefault(); }
  if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    const link = document.querySelector(event.key === "ArrowLeft" ? "a[rel=prev]" : "a[rel=next]");
    if (link) { link.click(); event.preventDefault(); }
  }
  if (event.key === "Escape") for (const open of document.querySelectorAll("details[open].me, details[open].drop")) open.removeAttribute("open");
});
// Tables: one box checks the page; Escape leaves a cell; a fresh cell input takes the focus.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-check-all]")) return;
  for (const box of event.target.closest("table").querySelectorAll("tbody input[type=checkbox]")) box.checked = event.target.checked;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("[data-cell]")) { event.target.closest("td").querySelector("[data-leave]").click(); event.preventDefault(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("td.edit")) { event.target.click(); event.preventDefault(); }
});
document.addEventListener("htmx:afterSwap", (event) => {
  const input = document.querySelector("[data-cell]"); if (input) { input.focus(); if (input.select) input.select(); }
});
// The disk is full, say: the reason is shown above, and what was typed stays where it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 503 && answer.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
});
// A file dragged onto a form is chosen and sent.
for (const form of document.querySelectorAll("form[data-drop]")) {
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault(); form.classList.remove("over");
    const input = form.querySelector("input[type=file]");
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; form.requestSubmit(); }
  });
}

// A table that scrolls in its frame can be scrolled by keyboard too: its frame takes the focus, under the heading's name.
function reachable() {
  for (const frame of document.querySelectorAll(".table:not([tabindex])")) {
    if (frame.scrollHeight <= frame.clientHeight && frame.scrollWidth <= frame.clientWidth) continue;
    let before = frame;
    while (before && !/^H[1-3]$/.test(before.tagName)) before = before.previousElementSibling || before.parentElement;
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", (before || document.querySelector("h1") || document.body).textContent.trim().slice(0, 60));
  }
}
reachable();
document.addEventListener("htmx:afterSwap", reachable);
window.addEventListener("resize", reachable);

// On a narrow screen the sections scroll: the one that is open comes into sight.
const here = document.querySelector("nav.sections [aria-current]");
if (here) { const row = here.parentElement; row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2; }

// The tree of places stands open where there is room, and is folded on a phone.
const wide = matchMedia("(min-width: 761px)");
function unfold() { for (const each of document.querySelectorAll("details[data-open-wide]")) each.open = wide.matches; }
unfold();
wide.addEventListener("change", unfold);

// A queue of questions: one is current; arrows (or j and k) go to the next and the previous, a digit presses its button.
const queue = [...document.querySelectorAll("[data-queue]")];
if (queue.length) {
  let at = Math.max(0, queue.findIndex((each) => each.classList.contains("current")));
  const turn = (to) => {
    queue[at].classList.remove("current");
    at = Math.min(queue.length - 1, Math.max(0, to));
    queue[at].classList.add("current");
    queue[at].focus({ preventScroll: true });
    queue[at].scrollIntoView({ block: "nearest" });
  };
  if (!document.querySelector("[role=alert]")) turn(at);
  document.addEventListener("focusin", (event) => { const into = queue.indexOf(event.target.closest("[data-queue]")); if (into >= 0 && into !== at) { queue[at].classList.remove("current"); at = into; queue[at].classList.add("current"); } });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowDown" || event.key === "j") { turn(at + 1); event.preventDefault(); }
    else if (event.key === "ArrowUp" || event.key === "k") { turn(at - 1); event.preventDefault(); }
    else { const button = queue[at].querySelector(`[data-key="${CSS.escape(event.key)}"]`); if (button && !event.repeat) { button.click(); event.preventDefault(); } }
  });
}
