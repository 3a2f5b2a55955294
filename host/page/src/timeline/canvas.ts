// Size a canvas in CSS pixels, with as many device pixels as the screen has.

export function fit(canvas: HTMLCanvasElement, width: number, height: number, sharpest = 2): CanvasRenderingContext2D | null {
  const ratio = Math.min(Math.max(window.devicePixelRatio || 1, sharpest - 1), sharpest);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
