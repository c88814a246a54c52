// The drawing board: strokes as points in board units, drawn as lines with round ends.
"use strict";

/**
 * A board on a canvas, for mouse, finger and pen.
 *
 * A board is 280 units high, whatever its size on the screen. `onChange` is called with whether the
 * pen is down.
 */
function makeBoard(canvas, onChange) {
  const context = canvas.getContext("2d");
  const sheet = { width: PREPARATION.boardUnits, pen: PREPARATION.boardPen };
  let strokes = [];
  let pointer = null;
  let boxes = [];

  /** Where an event is, in board units. */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * sheet.width,
      ((event.clientY - box.top) / box.height) * PREPARATION.boardUnits,
    ];
  }

  function down(event) {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    strokes.push([place(event)]);
    changed();
  }

  function move(event) {
    if (event.pointerId !== pointer) return;
    // A quick pen tells of several places at once.
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const each of events.length ? events : [event]) strokes.at(-1).push(place(each));
    changed();
  }

  function up(event) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    changed();
  }

  function changed() {
    boxes = [];
    draw();
    onChange(pointer !== null);
  }

  function draw() {
    const scale = canvas.height / PREPARATION.boardUnits;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.scale(scale, scale);
    context.lineCap = "round";
    context.lineJoin = "round";
    context.lineWidth = sheet.pen;
    context.strokeStyle = "white";
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) context.lineTo(...point);
      context.stroke();
    }
    context.lineWidth = 1.5;
    for (const { box, isSure } of boxes) {
      const [left, top, right, bottom] = box;
      context.strokeStyle = isSure ? "#56b4e9" : "#f0b94d";
      const away = sheet.pen / 2 + 3;
      context.strokeRect(left - away, top - away, right - left + 2 * away, bottom - top + 2 * away);
    }
  }

  /** As many pixels as the screen has where the board is shown. */
  function fit() {
    const box = canvas.getBoundingClientRect();
    canvas.width = Math.round(box.width * devicePixelRatio);
    canvas.height = Math.round(box.height * devicePixelRatio);
    draw();
  }

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  new ResizeObserver(fit).observe(canvas);

  return {
    get strokes() {
      return strokes;
    },
    undo() {
      if (pointer === null) strokes = strokes.slice(0, -1);
      changed();
    },
    clear() {
      strokes = [];
      pointer = null;
      changed();
    },
    /** Take another sheet: how wide it is and its pen, in board units. */
    take(width, pen) {
      Object.assign(sheet, { width, pen });
      canvas.style.aspectRatio = `${width} / ${PREPARATION.boardUnits}`;
      this.clear();
    },
    /** Draw boxes around what was read: [{ box, isSure }]. */
    mark(found) {
      boxes = found;
      draw();
    },
  };
}
