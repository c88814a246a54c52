// From strokes to what a network sees: 28×28 greys with MNIST's proportions.
//
// Ink is fitted to a box, drawn finely, and averaged over pixels with its mass in the middle. The
// constants are those of the program this page was made by: PREPARATION. A stroke is a list of
// points [x, y] in any unit, y growing downward; 280 units are a whole board.
"use strict";

/** Greys of strokes, 28·28 numbers with ink = 1, or null where there is no ink. */
function prepareStrokes(strokes) {
  const inked = withoutTaps(strokes);
  return inked.length ? framed(drawn(fitted(inked))).greys : null;
}

/** The strokes that have points, without taps where there are larger strokes, too. */
function withoutTaps(strokes) {
  const inked = strokes.filter((stroke) => stroke.length);
  const large = inked.filter((stroke) => extentOf([stroke]) >= PREPARATION.tapSize);
  return large.length ? large : inked;
}

/** Left, top, right and bottom of all points. */
function boxOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  }
  return [left, top, right, bottom];
}

function extentOf(strokes) {
  const [left, top, right, bottom] = boxOf(strokes);
  return Math.max(right - left, bottom - top);
}

/** Side of the canvas strokes are drawn on: the box, and a pixel all round for soft edges. */
function canvasSide() {
  return (Math.round(PREPARATION.boxPx) + 2) * PREPARATION.oversampling;
}

/** The strokes moved and scaled to where they are drawn, in fine pixels. */
function fitted(strokes) {
  const { boxPx, penPx, oversampling, tapSize } = PREPARATION;
  const [left, top, right, bottom] = boxOf(strokes);
  const extent = Math.max(right - left, bottom - top);
  // A drawing without extent is a dot and stays one.
  const scale = extent < tapSize ? 0 : ((boxPx - penPx) * oversampling) / extent;
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  const half = canvasSide() / 2;
  const place = ([x, y]) => [(x - middleX) * scale + half, (y - middleY) * scale + half];
  return strokes.map((stroke) => stroke.map(place));
}

/** A fine picture of fitted strokes: anti-aliased lines with round ends, painted by maximum. */
function drawn(strokes) {
  const { penPx, oversampling, leastStepPx } = PREPARATION;
  const side = canvasSide();
  const canvas = new Float64Array(side * side);
  const radius = (penPx * oversampling) / 2;
  for (const stroke of strokes) {
    const points = thinned(stroke, leastStepPx * oversampling);
    stampStroke(canvas, side, points, radius);
  }
  return canvas;
}

/** Paint a stroke onto a canvas: a line with round ends, and a dot where it is one point. */
function stampStroke(canvas, columns, points, radius) {
  if (points.length === 1) stampLine(canvas, columns, points[0], points[0], radius);
  for (let k = 1; k < points.length; k += 1) {
    stampLine(canvas, columns, points[k - 1], points[k], radius);
  }
}

/** Leave out points that are nearer to the last one than anyone could see. */
function thinned(stroke, leastStep) {
  let way = 0;
  let before = 0;
  return stroke.filter(([x, y], k) => {
    if (k > 0) way += Math.hypot(x - stroke[k - 1][0], y - stroke[k - 1][1]);
    const stretch = Math.floor(way / leastStep);
    const isKept = k === 0 || k === stroke.length - 1 || stretch !== before;
    before = stretch;
    return isKept;
  });
}

/** How much of each pixel a line covers: clip(radius + 1/2 − distance of its middle, 0, 1). */
function stampLine(canvas, columns, [startX, startY], [endX, endY], radius) {
  const reach = radius + 0.5;
  const [alongX, alongY] = [endX - startX, endY - startY];
  const lengthSquared = Math.max(alongX * alongX + alongY * alongY, 1e-12);
  const left = Math.max(0, Math.floor(Math.min(startX, endX) - reach));
  const top = Math.max(0, Math.floor(Math.min(startY, endY) - reach));
  const right = Math.min(columns, Math.ceil(Math.max(startX, endX) + reach));
  const bottom = Math.min(canvas.length / columns, Math.ceil(Math.max(startY, endY) + reach));
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      const [x, y] = [column + 0.5 - startX, row + 0.5 - startY];
      const nearest = Math.min(Math.max((x * alongX + y * alongY) / lengthSquared, 0), 1);
      const distance = Math.hypot(x - nearest * alongX, y - nearest * alongY);
      const grey = Math.min(Math.max(reach - distance, 0), 1);
      const pixel = row * columns + column;
      if (grey > canvas[pixel]) canvas[pixel] = grey;
    }
  }
}

/**
 * Area averages of a fine picture over 28×28 pixels, the center of mass moved to the middle.
 *
 * Returns the greys, and where the frame's corner came to lie in the fine picture.
 */
function framed(canvas) {
  const { side, oversampling } = PREPARATION;
  const fineSide = canvasSide();
  const [byColumn, byRow] = [new Float64Array(fineSide), new Float64Array(fineSide)];
  for (let row = 0, k = 0; row < fineSide; row += 1) {
    for (let column = 0; column < fineSide; column += 1, k += 1) {
      byColumn[column] += canvas[k];
      byRow[row] += canvas[k];
    }
  }
  const [left, top] = [frameStart(byColumn), frameStart(byRow)];
  const across = new Float64Array(fineSide * side);
  for (let row = 0; row < fineSide; row += 1) {
    averageRow(canvas, row * fineSide, 1, left, across, row * side, 1);
  }
  const greys = new Float64Array(side * side);
  for (let column = 0; column < side; column += 1) {
    averageRow(across, column, side, top, greys, column, side);
  }
  return { greys: greys.map((grey) => Math.min(grey, 1)), corner: [left, top] };

  /** Averages over stretches of a row of fine pixels, which may begin at a fraction of one. */
  function averageRow(from, first, step, start, to, place, toStep) {
    for (let pixel = 0; pixel < side; pixel += 1, place += toStep) {
      const begin = start + pixel * oversampling;
      const end = begin + oversampling;
      let sum = 0;
      for (let j = Math.max(0, Math.floor(begin)); j < Math.min(fineSide, end); j += 1) {
        sum += from[first + j * step] * (Math.min(end, j + 1) - Math.max(begin, j));
      }
      to[place] = sum / oversampling;
    }
  }
}

/** Where the frame begins on one axis, in fine pixels; ink within the box stays in the frame. */
function frameStart(mass) {
  const { side, boxPx, massCenterPx, oversampling } = PREPARATION;
  let [total, moment] = [0, 0];
  mass.forEach((ink, place) => {
    total += ink;
    moment += ink * (place + 0.5);
  });
  const start = moment / Math.max(total, 1e-6) - massCenterPx * oversampling;
  const middle = mass.length / 2;
  const furthest = middle - (boxPx / 2) * oversampling;
  const earliest = middle + (boxPx / 2 - side) * oversampling;
  return Math.min(Math.max(start, earliest), furthest);
}
