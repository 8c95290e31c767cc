// Shapes for points: the same outline on the canvas of the map and as SVG in the legend. Leaflet itself knows only circles.
"use strict";
const polygon = (corners, turn = 0, inner = 0) => {
  const points = [];
  const steps = inner ? corners * 2 : corners;
  for (let at = 0; at < steps; at += 1) {
    const radius = inner && at % 2 ? inner : 1;
    const angle = turn - Math.PI / 2 + (2 * Math.PI * at) / steps;
    points.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }
  return points;
};
const SHAPES = {
  square: polygon(4, Math.PI / 4).map(([x, y]) => [x * 1.1, y * 1.1]), diamond: polygon(4).map(([x, y]) => [x * 1.15, y * 1.15]),
  triangle: polygon(3).map(([x, y]) => [x * 1.2, y * 1.2 + 0.15]), down: polygon(3, Math.PI).map(([x, y]) => [x * 1.2, y * 1.2 - 0.15]),
  pentagon: polygon(5), hexagon: polygon(6), star: polygon(5, 0, 0.45).map(([x, y]) => [x * 1.25, y * 1.25]),
  cross: [[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35], [0.35, 1], [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]],
};
function shapeIcon(look) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-1.5 -1.5 3 3");
  svg.setAttribute("aria-hidden", "true");
  const made = document.createElementNS("http://www.w3.org/2000/svg", SHAPES[look.shape] ? "polygon" : "circle");
  if (SHAPES[look.shape]) made.setAttribute("points", SHAPES[look.shape].map((point) => point.join(",")).join(" "));
  else made.setAttribute("r", "0.8");
  made.setAttribute("fill", look.shape === "ring" ? "#fff" : look.colour);
  made.setAttribute("stroke", look.shape === "ring" ? look.colour : "#fff");
  made.setAttribute("stroke-width", "0.25");
  svg.append(made);
  return svg;
}
if (window.L) {
  window.L.Canvas.include({
    _updateShape(layer) {
      if (!this._drawing || layer._empty()) return;
      const points = SHAPES[layer.options.shape];
      const { x, y } = layer._point;
      const radius = Math.max(Math.round(layer._radius), 1);
      const draw = this._ctx;
      draw.beginPath();
      points.forEach(([dx, dy], at) => (at ? draw.lineTo(x + dx * radius, y + dy * radius) : draw.moveTo(x + dx * radius, y + dy * radius)));
      draw.closePath();
      this._fillStroke(draw, layer);
    },
  });
  window.ShapeMarker = window.L.CircleMarker.extend({
    _updatePath() { if (SHAPES[this.options.shape]) this._renderer._updateShape(this); else this._renderer._updateCircle(this); },
  });
}
