// A plan on the map: units by the form the plan gives them, lines to lead units; a unit is dragged onto another organization.
"use strict";
(() => {
  const place = document.getElementById("map");
  if (!place || !window.L) return;
  const L = window.L;
  const LISTED = 60;
  const REACH = 28; // pixels round the pointer in which a point takes the dragged unit
  const words = place.dataset;
  const looks = JSON.parse(document.getElementById("looks").textContent);
  const byId = Object.fromEntries(looks.map((look) => [look.id, look]));
  const map = L.map(place, { preferCanvas: true, attributionControl: false, zoomSnap: 0.25 });
  L.control.scale({ imperial: false }).addTo(map);
  if (words.tiles) L.tileLayer(words.tiles.replace("0/0/0/", "{z}/{x}/{y}/"), { maxZoom: Number(words.deepest), maxNativeZoom: 18 }).addTo(map);
  const grounds = L.layerGroup().addTo(map);
  const lines = L.layerGroup().addTo(map);
  const points = L.layerGroup().addTo(map);
  const area = document.getElementById("work-area");
  const hidden = new Set();
  let units = [];
  let organizations = {};
  let markers = new Map();
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const at = (unit) => [unit.at[1], unit.at[0]];
  const visible = (unit) => (!area.value || unit.area === area.value) && !hidden.has(unit.form);
  const target = (unit) => (unit.organization ? `org:${unit.organization}` : `form:${unit.form}`);
  const where = (unit) => organizations[unit.organization]?.name || byId[unit.form].words;
  const mover = (unit) => element("button", words.moveWord, { type: "button", "data-move": unit.id, "data-name": unit.name, "aria-label": `${words.moveWord} ${unit.name}` });
  const popup = (unit) => {
    const box = element("div");
    const name = element("strong");
    name.append(element("a", unit.name, { href: words.unit.replace("ID", encodeURIComponent(unit.id)) }));
    box.append(name, element("p", where(unit)), element("p", unit.reason, { class: "soft" }));
    if (unit.movable) box.append(mover(unit));
    return box;
  };

  let dragged = null;
  let over = null;
  let trace = null;
  let justMoved = false; // the click that ends a drag opens no popup
  const hint = L.tooltip({ permanent: true, direction: "auto", offset: [10, 0] });
  const nearest = (point) => {
    let found = null;
    let best = REACH;
    for (const other of units) {
      if (!visible(other) || target(other) === target(dragged)) continue;
      const distance = map.latLngToContainerPoint(at(other)).distanceTo(point);
      if (distance < best) { best = distance; found = other; }
    }
    return found;
  };
  const letGo = () => {
    map.dragging.enable();
    justMoved = trace !== null;
    setTimeout(() => { justMoved = false; }, 60);
    trace?.remove(); hint.remove();
    trace = null; place.classList.remove("moving");
    const unit = dragged; const onto = over;
    dragged = null; over = null;
    if (unit && onto) document.dispatchEvent(new CustomEvent("plan:move", { detail: { unit: unit.id, name: unit.name, target: target(onto), words: where(onto) } }));
  };
  // The container's own event: over a canvas Leaflet passes on one move in 32 ms, and may drop the last.
  place.addEventListener("mousemove", (event) => {
    if (!dragged) return;
    const point = map.mouseEventToContainerPoint(event);
    const ends = [at(dragged), map.containerPointToLatLng(point)];
    if (!trace) { trace = L.polyline(ends, { color: "#a8201a", weight: 2, dashArray: "3 4", interactive: false }).addTo(map); place.classList.add("moving"); map.closePopup(); }
    trace.setLatLngs(ends);
    over = nearest(point);
    if (over) hint.setLatLng(at(over)).setContent(element("span", `${words.into} ${where(over)}`)).addTo(map); else hint.remove();
  });
  map.on("popupopen", () => { if (justMoved) map.closePopup(); });
  document.addEventListener("mouseup", () => { if (dragged) letGo(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && dragged) { over = null; letGo(); } });

  function drawLegend() {
    const counts = {};
    for (const unit of units) if (!area.value || unit.area === area.value) counts[unit.form] = (counts[unit.form] || 0) + 1;
    document.getElementById("legend").replaceChildren(...looks.map((look) => {
      const row = element("label", "", counts[look.id] ? {} : { class: "absent" });
      const box = element("input", "", { type: "checkbox", value: look.id });
      box.checked = !hidden.has(look.id);
      box.addEventListener("change", () => { if (box.checked) hidden.delete(look.id); else hidden.add(look.id); draw(); });
      row.append(box, shapeIcon(look), element("span", look.words), element("span", (counts[look.id] || 0).toLocaleString("en"), { class: "number" }));
      return row;
    }));
  }
  function draw() {
    points.clearLayers(); lines.clearLayers();
    markers = new Map();
    for (const unit of units) {
      if (!visible(unit)) continue;
      const lead = organizations[unit.organization]?.at;
      if (lead && lead.join() !== unit.at.join()) lines.addLayer(L.polyline([at({ at: lead }), at(unit)], { color: "#1f4e79", weight: 1, opacity: 0.55, interactive: false }));
    }
    const order = (unit) => (unit.form === "none" ? 0 : 1);
    for (const unit of units.filter(visible).sort((one, other) => order(one) - order(other))) {
      const look = byId[unit.form];
      const plain = look.shape === "circle";
      const marker = new window.ShapeMarker(at(unit), { shape: look.shape, radius: plain ? 4 : 7, weight: 1, color: "#fff", fillColor: look.colour, fillOpacity: plain ? 0.8 : 1 });
      marker.bindPopup(() => popup(unit));
      if (unit.movable) marker.on("mousedown", (event) => { if (event.originalEvent.button === 0) { map.dragging.disable(); dragged = unit; L.DomEvent.preventDefault(event.originalEvent); } });
      markers.set(unit.id, marker);
      points.addLayer(marker);
    }
    drawList();
  }
  function drawList() {
    const bounds = map.getBounds();
    const seen = units.filter((unit) => visible(unit) && bounds.contains(at(unit)));
    document.getElementById("in-view").textContent = seen.length.toLocaleString("en");
    seen.sort((one, other) => (one.form === "none") - (other.form === "none"));
    document.getElementById("unit-list").replaceChildren(...seen.slice(0, LISTED).map((unit) => {
      const row = element("li");
      const open = element("button", unit.name, { type: "button" });
      open.addEventListener("click", () => { map.setView(at(unit), Math.max(map.getZoom(), 15), { animate: false }); markers.get(unit.id)?.openPopup(); });
      row.append(open, element("span", byId[unit.form].words, { class: "soft" }));
      return row;
    }));
    document.getElementById("list-more").textContent = !seen.length ? words.none : seen.length > LISTED ? words.more.replace("{n}", String(LISTED)) : "";
  }
  const fit = () => { 
    const inside = L.latLngBounds(units.filter((unit) => !area.value || unit.area === area.value).map(at));
    if (!area.value) grounds.eachLayer((layer) => { if (layer.getBounds) inside.extend(layer.getBounds()); });
    if (inside.isValid()) map.fitBounds(inside.pad(0.02), { animate: false });
  };
  const get = (address) => fetch(address).then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); });
  Promise.all([get(words.areas), get(words.places)]).then(([ground, found]) => {
    L.geoJSON(ground, { filter: (each) => each.geometry.type !== "Point", interactive: false, style: (each) => ({ color: each.properties.kind === "work_area" ? "#5a6570" : "#aab2b9", weight: each.properties.kind === "work_area" ? 1.6 : 0.7, fillColor: "#fff", fillOpacity: words.tiles ? 0 : each.properties.kind === "work_area" ? 0.75 : 0 }) }).addTo(grounds);
    units = found.units; organizations = found.organizations;
    fit(); drawLegend(); draw();
    place.dataset.drawn = String(units.length);
    place.planMap = { map, units }; // the tests drag by it
  }).catch(() => { document.getElementById("list-more").textContent = words.failed; });
  map.on("moveend", drawList);
  area.addEventListener("change", () => { fit(); drawLegend(); draw(); });
  document.getElementById("map-filter").addEventListener("submit", (event) => event.preventDefault());
})();
