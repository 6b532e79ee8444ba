import { drawingWidth } from './drawing.js';

/**
 * Strokes on a canvas by mouse, pen, finger and keyboard.
 *
 * `tool()` gives thickness, whether it erases and whether pressure counts; `show(stroke, cursor)` draws what is there;
 * `finish(stroke)` takes a finished one.
 */
export function takeStrokes(canvas, { tool, show, finish, drop }) {
  let stroke = null;
  let cursor = null;

  const unit = () => drawingWidth / canvas.getBoundingClientRect().width;
  const point = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    const { thickness, usesPressure } = tool();
    const isFelt = usesPressure && event.pointerType === 'pen' && event.pressure > 0;
    return {
      x: (event.clientX - left) * unit(), y: (event.clientY - top) * unit(),
      width: isFelt ? thickness * (0.3 + 1.4 * event.pressure) : thickness,
    };
  };
  const begin = (first) => {
    stroke = { kind: 'stroke', erases: tool().erases, points: [first] };
    show(stroke, cursor);
  };
  const end = (isKept) => {
    const ended = stroke;
    stroke = null;
    if (!ended) return;
    if (isKept) finish(ended); else drop();
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    cursor = null;
    end(true);
    begin(point(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!stroke || !event.isPrimary || cursor) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) stroke.points.push(point(each));
    show(stroke, null);
  });
  canvas.addEventListener('pointerup', (event) => { if (event.isPrimary && !cursor) end(true); });
  canvas.addEventListener('pointercancel', () => end(false));

  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const height = drawingWidth * canvas.height / canvas.width;
    const step = event.shiftKey ? 32 : 8;
    const way = ways[event.key];
    if (!way && event.key !== ' ') return;
    event.preventDefault();
    cursor ??= { x: drawingWidth / 2, y: height / 2 };
    if (way) {
      cursor.x = Math.min(Math.max(cursor.x + way[0] * step, 0), drawingWidth);
      cursor.y = Math.min(Math.max(cursor.y + way[1] * step, 0), height);
      stroke?.points.push({ ...cursor, width: tool().thickness });
      show(stroke, cursor);
    } else if (stroke) {
      end(true);
      show(null, cursor);
    } else {
      begin({ ...cursor, width: tool().thickness });
    }
  });
  canvas.addEventListener('blur', () => {
    end(true);
    cursor = null;
    show(null, null);
  });
}
