// A shape for each cause, so that causes can be distinguished without colour. Coordinates: around (0, 0), radius 1.

/** The order in which causes are listed, everywhere. */
export const CAUSES = ["query", "open", "notification", "picker", "unexplained", "unobserved"];

type Draw = (path: { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void }) => void;

const polygon =
  (...points: [number, number][]): Draw =>
  (path) =>
    points.forEach(([x, y], at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));

const circle = Array.from({ length: 25 }, (_, n): [number, number] => [
  0.85 * Math.cos((n * Math.PI) / 12),
  0.85 * Math.sin((n * Math.PI) / 12),
]);

const SHAPES: Record<string, { draw: Draw; filled: boolean }> = {
  query: { draw: polygon(...circle), filled: true },
  open: { draw: polygon([0, -1], [1, 0], [0, 1], [-1, 0], [0, -1]), filled: true },
  notification: { draw: polygon([0, -0.9], [0.95, 0.8], [-0.95, 0.8], [0, -0.9]), filled: true },
  picker: { draw: polygon([-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8], [-0.8, -0.8]), filled: true },
  unexplained: {
    draw: (path) => {
      polygon([-0.8, -0.8], [0.8, 0.8])(path);
      polygon([-0.8, 0.8], [0.8, -0.8])(path);
    },
    filled: false,
  },
  unobserved: { draw: polygon(...circle), filled: false },
};

export function paintGlyph(context: CanvasRenderingContext2D, cause: string, x: number, y: number, radius: number): void {
  const shape = SHAPES[cause] ?? SHAPES.unobserved;
  context.beginPath();
  shape.draw({
    moveTo: (a, b) => context.moveTo(x + a * radius, y + b * radius),
    lineTo: (a, b) => context.lineTo(x + a * radius, y + b * radius),
  });
  if (shape.filled) context.fill();
  else context.stroke();
}

export function glyph(cause: string): SVGElement {
  const shape = SHAPES[cause] ?? SHAPES.unobserved;
  let d = "";
  shape.draw({
    moveTo: (x, y) => (d += `M${x.toFixed(2)} ${y.toFixed(2)}`),
    lineTo: (x, y) => (d += `L${x.toFixed(2)} ${y.toFixed(2)}`),
  });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-1.2 -1.2 2.4 2.4");
  svg.setAttribute("class", `glyph ${shape.filled ? "filled" : "drawn"} cause-${cause}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}
