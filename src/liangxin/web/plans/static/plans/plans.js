// Moving a unit by drag or by the plain list: what it costs and breaks is asked of the server before anything is kept.
"use strict";
(() => {
  const list = document.getElementById("plan-list");
  const dialog = document.getElementById("trial");
  if (!list || !dialog) return;
  const form = dialog.querySelector("form");
  const find = (name) => dialog.querySelector(`[data-${name}]`);
  const select = form.elements.target;
  const confirmButton = find("confirm-move");
  let asked = 0;

  const fill = (name, sentences) => {
    const box = find(name);
    box.hidden = sentences.length === 0;
    box.querySelector("ul").replaceChildren(...sentences.map((words) => { const item = document.createElement("li"); item.textContent = words; return item; }));
  };
  const fail = (words) => { find("error").textContent = words; find("error").hidden = false; find("result").hidden = true; confirmButton.disabled = true; };

  const open = (kind, units, name) => {
    form.elements.kind.value = kind;
    find("units").replaceChildren(...units.map((unit) => { const field = document.createElement("input"); field.type = "hidden"; field.name = "unit"; field.value = unit; return field; }));
    find("unit-name").textContent = name;
    for (const part of dialog.querySelectorAll("[data-choosing]")) part.hidden = kind === "together" || kind === "apart";
    find("forbid").checked = false;
    find("result").hidden = true; find("error").hidden = true; confirmButton.disabled = true;
    select.length = 1; select.value = "";
    if (!dialog.open) dialog.showModal();
  };

  const tryIt = async () => {
    const mine = ++asked;
    const data = new FormData(form);
    find("error").hidden = true;
    try {
      const answer = await fetch(list.dataset.try, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      const said = await answer.json();
      if (mine !== asked) return;
      if (said.error) { fail(said.error); return; }
      find("said").textContent = said.title;
      find("extra").textContent = said.extra; find("total").textContent = said.total; find("established").textContent = said.established;
      dialog.querySelector("dl").hidden = !said.moves;
      fill("refused", said.refused); fill("broken", said.broken); fill("mended", said.mended);
      find("fine").hidden = said.refused.length + said.broken.length > 0;
      find("result").hidden = false;
      confirmButton.disabled = said.refused.length > 0;
    } catch (error) {
      if (mine === asked) fail(list.dataset.failed);
    }
  };

  const choices = async (unit, chosen) => {
    try {
      const answer = await fetch(`${list.dataset.choices}?unit=${encodeURIComponent(unit)}`);
      const said = await answer.json();
      if (said.error) { fail(said.error); return; }
      for (const group of said.groups) {
        const part = document.createElement("optgroup");
        part.label = group.label;
        for (const [value, words] of group.choices) part.append(new Option(words, value));
        select.append(part);
      }
      if (chosen) {
        if (![...select.options].some((each) => each.value === chosen.value)) select.append(new Option(chosen.words, chosen.value));
        select.value = chosen.value;
        await tryIt();
      } else { select.focus(); }
    } catch (error) { fail(list.dataset.failed); }
  };

  const nameOf = (unit) => list.querySelector(`tr[data-unit="${CSS.escape(unit)}"] a`).textContent;

  // The map of the plan says which unit was dropped on which organization.
  document.addEventListener("plan:move", (event) => {
    const { unit, name, target, words } = event.detail;
    open("pin", [unit], name);
    choices(unit, { value: target, words });
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) { open("pin", [button.dataset.move], button.dataset.name || nameOf(button.dataset.move)); choices(button.dataset.move); }
    const several = event.target.closest("[data-several]");
    if (several) {
      const units = [...list.querySelectorAll("[data-choose]:checked")].map((box) => box.value);
      open(several.dataset.several, units, several.textContent); tryIt();
    }
  });
  list.addEventListener("change", (event) => {
    if (!event.target.matches("[data-choose]")) return;
    const number = list.querySelectorAll("[data-choose]:checked").length;
    for (const button of list.querySelectorAll("[data-several]")) button.disabled = number < 2;
  });
  select.addEventListener("change", () => { if (select.value) tryIt(); else confirmButton.disabled = true; });
  find("forbid").addEventListener("change", (event) => { form.elements.kind.value = event.target.checked ? "forbid" : "pin"; if (select.value) tryIt(); });
  find("close").addEventListener("click", () => dialog.close());

  let dragged = null;
  list.addEventListener("dragstart", (event) => {
    const row = event.target.closest("tr[draggable]");
    if (!row) return;
    dragged = row; row.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", row.dataset.unit);
  });
  const target = (event) => { const part = event.target.closest("tbody[data-target]"); return dragged && part && !part.contains(dragged) ? part : null; };
  const leave = () => { for (const part of list.querySelectorAll("tbody.over")) part.classList.remove("over"); };
  list.addEventListener("dragover", (event) => { const part = target(event); leave(); if (part) { event.preventDefault(); part.classList.add("over"); } });
  list.addEventListener("drop", (event) => {
    const part = target(event);
    if (!part) return;
    event.preventDefault();
    const unit = dragged.dataset.unit;
    open("pin", [unit], nameOf(unit));
    choices(unit, { value: part.dataset.target, words: part.querySelector("tr.organization th, tr[data-unit] a").innerText.trim() });
  });
  list.addEventListener("dragend", () => { if (dragged) dragged.classList.remove("dragged"); dragged = null; leave(); });
})();
