// What a drawing loses as a picture: which way the pen went, and in which order.
//
// Beside the drawing's greys stand planes of direction and one of progress, in the same frame. A
// stroke spreads its length over the planes whose direction it is near to.
"use strict";

/** Planes of strokes, one after the other: 10 · 28 · 28 numbers, or null without ink. */
function strokePlanes(strokes) {
  const inked = withoutTaps(strokes);
  if (!inked.length) return null;
  const { side, oversampling } = PREPARATION;
  const fine = fitted(inked);
  const { greys, corner } = framed(drawn(fine));
  const toFrame = ([x, y]) => [(x - corner[0]) / oversampling, (y - corner[1]) / oversampling];
  const { directions } = PREPARATION.planes;
  const planes = new Float64Array((directions + 2) * side * side);
  planes.set(greys);
  planes.set(directionsAndProgress(fine.map((stroke) => stroke.map(toFrame))), side * side);
  return planes;
}

/** The planes of direction, and that of progress behind them, of strokes in pixels of the frame. */
function directionsAndProgress(strokes) {
  const { directions, leastStepPx, piecePx, strength, firstMoment } = PREPARATION.planes;
  const { side } = PREPARATION;
  const pieces = strokes.flatMap((stroke) => piecesOf(thinned(stroke, leastStepPx), piecePx));
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const sums = new Float64Array((directions + 1) * side * side);
  let drawnSoFar = 0;
  for (const piece of pieces) {
    drawnSoFar += piece.length;
    for (let d = 0; d < directions; d += 1) {
      const angle = (2 * Math.PI * d) / directions;
      const along = piece.wayX * Math.cos(angle) + piece.wayY * Math.sin(angle);
      const cosine = Math.max(along / Math.max(piece.length, 1e-9), 0);
      spread(sums, d, piece, cosine * cosine * piece.length);
    }
    const progress = firstMoment + ((1 - firstMoment) * drawnSoFar) / Math.max(total, 1e-9);
    spread(sums, directions, piece, progress * piece.length);
  }
  const planes = blurred(sums);
  const plane = side * side;
  for (let pixel = 0; pixel < plane; pixel += 1) {
    // Each direction and its opposite, and their neighbors, add up to twice the length.
    let whole = 0;
    for (let d = 0; d < directions; d += 1) whole += planes[d * plane + pixel] / 2;
    const progress = directions * plane + pixel;
    planes[progress] = (planes[progress] / Math.max(whole, 1e-6)) * Math.min(whole * strength, 1);
    for (let d = 0; d < directions; d += 1) planes[d * plane + pixel] *= strength;
  }
  return planes.map((value) => Math.min(value, 1));
}

/** Straight pieces of at most that length on each axis, with their middles; a dot has no length. */
function piecesOf(points, longest) {
  if (points.length === 1) return [pieceBetween(points[0], points[0])];
  const pieces = [];
  for (let k = 1; k < points.length; k += 1) {
    const [[startX, startY], [endX, endY]] = [points[k - 1], points[k]];
    const length = Math.max(Math.abs(endX - startX), Math.abs(endY - startY));
    const count = Math.max(Math.ceil(length / longest), 1);
    const [stepX, stepY] = [(endX - startX) / count, (endY - startY) / count];
    for (let n = 0; n < count; n += 1) {
      const [x, y] = [startX + stepX * n, startY + stepY * n];
      pieces.push(pieceBetween([x, y], [x + stepX, y + stepY]));
    }
  }
  return pieces;
}

function pieceBetween([startX, startY], [endX, endY]) {
  const [wayX, wayY] = [endX - startX, endY - startY];
  const length = Math.hypot(wayX, wayY);
  return { x: (startX + endX) / 2, y: (startY + endY) / 2, wayX, wayY, length };
}

/** Add an amount to a plane at the middle of a piece, shared by the four nearest pixels. */
function spread(planes, plane, { x, y }, amount) {
  const { side } = PREPARATION;
  // The middle of the first pixel is at 0.5; ink never lies nearer to the border than that.
  const [atX, atY] = [x, y].map((at) => Math.min(Math.max(at - 0.5, 0), side - 1.001));
  const [column, row] = [Math.floor(atX), Math.floor(atY)];
  const [right, down] = [atX - column, atY - row];
  const pixel = (plane * side + row) * side + column;
  planes[pixel] += amount * (1 - right) * (1 - down);
  planes[pixel + 1] += amount * right * (1 - down);
  planes[pixel + side] += amount * (1 - right) * down;
  planes[pixel + side + 1] += amount * right * down;
}

/** The mean over each pixel and its neighbors by 1 : 2 : 1, along both axes; nothing outside. */
function blurred(planes) {
  const { side } = PREPARATION;
  const weigh = (from, k, step, place) =>
    2 * from[k] + (place > 0 ? from[k - step] : 0) + (place < side - 1 ? from[k + step] : 0);
  const across = planes.map((_, k) => weigh(planes, k, 1, k % side));
  return across.map((_, k) => weigh(across, k, side, Math.floor(k / side) % side) / 16);
}
