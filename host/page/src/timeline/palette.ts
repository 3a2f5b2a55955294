// The colours of the style sheet, for the canvas.

export type Palette = Record<string, string> & { hatch: CanvasPattern | string };

const NAMES = [
  "ink", "quiet", "line", "paper", "covered", "active", "inactive", "background", "unknown", "accent",
  "query", "open", "notification", "picker", "unexplained", "unobserved",
  "depth-upload", "depth-data", "depth-thumbnail", "depth-metadata", "depth-open", "depth-notification", "depth-write", "depth-picker", "network", "hatch-line",
  "trigger-change", "trigger-touch", "trigger-wake", "trigger-launch", "trigger-activation",
];

export function palette(context: CanvasRenderingContext2D): Palette {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...colours, hatch: hatch(context, colours["hatch-line"]) } as Palette;
}

function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const draw = tile.getContext("2d");
  if (!draw) return colour;
  draw.strokeStyle = colour;
  draw.lineWidth = 1;
  draw.beginPath();
  for (const shift of [-8, 0, 8]) {
    draw.moveTo(shift - 1, 9);
    draw.lineTo(shift + 9, -1);
  }
  draw.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
}
