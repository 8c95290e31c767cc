// The map: areas, units as shaped points on a canvas, lines to lead units, and the same units as a list for the keyboard.
"use strict";
(() => {
  const place = document.getElementById("map");
  if (!place || !window.L || place.closest("[hidden]")) return;
  const L = window.L;
  const LISTED = 60;
  const words = place.dataset;
  const looks = JSON.parse(document.getElementById("looks").textContent);
  const byId = { form: {}, class: {} };
  for (const kind of ["form", "class"]) for (const look of looks[kind]) byId[kind][look.id] = look;
  const map = L.map(place, { preferCanvas: true, zoomControl: true, attributionControl: false, zoomSnap: 0.25 });
  L.control.scale({ imperial: false }).addTo(map);
  if (words.tiles) L.tileLayer(words.tiles.replace("0/0/0/", "{z}/{x}/{y}/"), { maxZoom: Number(words.deepest), maxNativeZoom: 18 }).addTo(map);
  const grounds = L.layerGroup().addTo(map);
  const lineLayer = L.layerGroup().addTo(map);
  const pointLayer = L.layerGroup().addTo(map);
  const area = document.getElementById("work-area");
  const lines = document.getElementById("lines");
  const legend = document.getElementById("legend");
  const list = document.getElementById("unit-list");
  const hidden = { form: new Set(), class: new Set() };
  let units = [];
  let groups = [];
  let markers = new Map();
  const kind = () => document.querySelector("[name=look]:checked").value;
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const inArea = (unit) => !area.value || unit.properties.area === area.value;
  // What a unit is of the kind shown by: one form, or any number of classes.
  const all = (unit) => (kind() === "form" ? [unit.properties.form] : unit.properties.classes.length ? unit.properties.classes : ["none"]);
  // A unit of several classes is drawn as the first that is ticked.
  const drawnAs = (unit) => all(unit).find((each) => !hidden[kind()].has(each));
  const visible = (unit) => inArea(unit) && drawnAs(unit) !== undefined;
  const at = (unit) => [unit.geometry.coordinates[1], unit.geometry.coordinates[0]];
  const popup = (unit) => {
    const box = element("div");
    const facts = unit.properties;
    const name = element("strong");
    name.append(element("a", facts.name, { href: words.unit.replace("ID", encodeURIComponent(facts.unit_id)) }));
    box.append(name, element("p", [byId.form[facts.form]?.words, ...facts.classes.map((each) => byId.class[each]?.words)].filter(Boolean).join(" · ")));
    if (facts.organization) {
      const more = element("p");
      more.append(element("a", words.group, { href: words.organization.replace("ID", encodeURIComponent(facts.organization)) }));
      box.append(more);
    }
    return box;
  };
  function drawLegend() {
    const now = kind();
    const counts = {};
    for (const unit of units) if (inArea(unit)) for (const each of all(unit)) counts[each] = (counts[each] || 0) + 1;
    document.getElementById("several").hidden = now !== "class";
    legend.replaceChildren(...looks[now].map((look) => {
      const row = element("label", "", counts[look.id] ? {} : { class: "absent" });
      const box = element("input", "", { type: "checkbox", value: look.id });
      box.checked = !hidden[now].has(look.id);
      box.addEventListener("change", () => { if (box.checked) hidden[now].delete(look.id); else hidden[now].add(look.id); drawPoints(); });
      row.append(box, shapeIcon(look), element("span", look.words), element("span", (counts[look.id] || 0).toLocaleString("en"), { class: "number" }));
      return row;
    }));
  }
  function drawPoints() {
    const now = kind();
    pointLayer.clearLayers();
    lineLayer.clearLayers();
    markers = new Map();
    const shown = new Set();
    for (const unit of units) {
      if (!visible(unit)) continue;
      const look = byId[now][drawnAs(unit)] || { shape: "circle", colour: "#8c959d" };
      const plain = look.shape === "circle" || look.shape === "ring";
      const marker = new window.ShapeMarker(at(unit), {
        shape: look.shape, radius: plain ? 4 : 7, weight: 1, color: look.shape === "ring" ? look.colour : "#fff",
        fillColor: look.shape === "ring" ? "#fff" : look.colour, fillOpacity: plain ? 0.8 : 1,
      });
      marker.bindPopup(() => popup(unit));
      marker.order = plain ? 0 : 1;
      markers.set(unit.properties.unit_id, marker);
      shown.add(unit.geometry.coordinates.join());
    }
    // Units in an organization are drawn over those without one.
    for (const marker of [...markers.values()].sort((one, other) => one.order - other.order)) pointLayer.addLayer(marker);
    const proposed = document.getElementById("proposed");
    if (lines.checked || proposed?.checked) {
      for (const group of groups) {
        if (!(group.properties.planned ? proposed?.checked : lines.checked)) continue;
        const kept = group.geometry.coordinates.filter((line) => shown.has(line[1].join()));
        if (kept.length) lineLayer.addLayer(L.polyline(kept.map((line) => line.map(([lon, lat]) => [lat, lon])), { color: group.properties.planned ? "#8a5a00" : "#1f4e79", dashArray: group.properties.planned ? "4 3" : null, weight: 1.2, opacity: 0.7, interactive: false }));
      }
    }
    drawList();
  }
  function drawList() {
    const bounds = map.getBounds();
    const now = kind();
    const seen = units.filter((unit) => visible(unit) && bounds.contains(at(unit)));
    document.getElementById("in-view").textContent = seen.length.toLocaleString("en");
    seen.sort((one, other) => (one.properties.form === "none") - (other.properties.form === "none"));
    list.replaceChildren(...seen.slice(0, LISTED).map((unit) => {
      const row = element("li");
      const open = element("button", unit.properties.name, { type: "button" });
      open.addEventListener("click", () => {
        map.setView(at(unit), Math.max(map.getZoom(), 16), { animate: false });
        markers.get(unit.properties.unit_id)?.openPopup();
      });
      row.append(open, element("span", byId[now][drawnAs(unit)]?.words, { class: "soft" }));
      return row;
    }));
    const more = document.getElementById("list-more");
    more.textContent = !seen.length ? words.none : seen.length > LISTED ? words.more.replace("{n}", String(LISTED)) : "";
  }
  const fit = () => {
    const inside = L.latLngBounds(units.filter(inArea).map(at));
    if (!area.value) grounds.eachLayer((layer) => { if (layer.getBounds) inside.extend(layer.getBounds()); });
    if (inside.isValid()) map.fitBounds(inside.pad(0.02), { animate: false });
  };
  const get = (address) => fetch(address).then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); });
  Promise.all([get(words.areas), get(words.units)]).then(([areas, found]) => {
    L.geoJSON(areas, {
      filter: (each) => each.geometry.type !== "Point", interactive: false,
      style: (each) => ({ color: each.properties.kind === "work_area" ? "#5a6570" : "#aab2b9", weight: each.properties.kind === "work_area" ? 1.6 : 0.7, fillColor: "#fff", fillOpacity: words.tiles ? 0 : each.properties.kind === "work_area" ? 0.75 : 0 }),
    }).addTo(grounds);
    for (const each of areas.features) {
      if (each.properties.kind !== "work_area") continue;
      const centre = each.geometry.type === "Point" ? L.latLng(each.geometry.coordinates[1], each.geometry.coordinates[0]) : L.geoJSON(each).getBounds().getCenter();
      L.marker(centre, { interactive: false, keyboard: false, icon: L.divIcon({ className: "area-name", html: element("span", each.properties.name), iconSize: [120, 18] }) }).addTo(grounds);
    }
    units = found.features.filter((each) => each.geometry.type === "Point");
    groups = found.features.filter((each) => each.geometry.type !== "Point");
    fit();
    drawLegend();
    drawPoints();
    place.dataset.drawn = String(units.length);
  }).catch(() => { document.getElementById("list-more").textContent = words.failed; });
  map.on("moveend", drawList);
  area.addEventListener("change", () => { fit(); drawLegend(); drawPoints(); });
  lines.addEventListener("change", drawPoints);
  document.getElementById("proposed")?.addEventListener("change", drawPoints);
  for (const each of document.querySelectorAll("[name=look]")) each.addEventListener("change", () => { drawLegend(); drawPoints(); });
  document.getElementById("map-filter").addEventListener("submit", (event) => event.preventDefault());
})();
