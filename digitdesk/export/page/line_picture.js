// A whole line of writing as a network for lines sees it: of one height, and as wide as it is.
//
// Written after digitdesk/ink/line_picture.py. Columns are twice as fine as rows.
"use strict";

/**
 * Draw a line of strokes; null where it is too long.
 *
 * Its `greys` are `width` columns wide, ink = 1; `middle` is where the middle column lies in the
 * line's own unit, and `scale` how many columns that unit has.
 */
function linePicture(strokes, height) {
  const { ROWS, ROWS_PER_COLUMN, PEN } = NUMBERS.line_picture;
  const [left, top, right, bottom] = boxOf(strokes);
  const fit = lineFit(right - left, bottom - top, height);
  if (!fit) return null;
  const { scale, width } = fit;
  // Drawn round, and then made half as high.
  const rows = Math.round(ROWS / ROWS_PER_COLUMN);
  const canvas = new Float64Array(rows * width);
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  const place = ([x, y]) => [(x - middleX) * scale + width / 2, (y - middleY) * scale + rows / 2];
  const radius = (PEN * height * scale) / 2;
  for (const stroke of strokes) stampStroke(canvas, width, stroke.map(place), radius);
  const greys = new Float64Array(ROWS * width);
  greys.forEach((_, pixel) => {
    const upper = pixel + Math.floor(pixel / width) * width;
    greys[pixel] = (canvas[upper] + canvas[upper + width]) / 2;
  });
  return { greys, width, middle: middleX, scale };
}

/** Draw one digit as a line of its own. */
function digitPicture(strokes) {
  const [left, top, right, bottom] = boxOf(strokes);
  const { FLATTEST } = NUMBERS.line_picture;
  return linePicture(strokes, Math.max(bottom - top, FLATTEST * (right - left), 1));
}

/** Columns per unit, and the width of the picture, for ink of that extent. */
function lineFit(wide, high, height) {
  const { WIDTHS, MARGIN, MOST_ROWS, COLUMNS_PER_HEIGHT, ROWS_PER_COLUMN, SMALLEST } =
    NUMBERS.line_picture;
  const wanted = COLUMNS_PER_HEIGHT / height;
  const scale = Math.min(
    wanted,
    MOST_ROWS / (Math.max(high, 1e-6) * ROWS_PER_COLUMN),
    (WIDTHS.at(-1) - 2 * MARGIN) / Math.max(wide, 1e-6),
  );
  if (scale < SMALLEST * wanted) return null;
  const least = Math.max(wide, 1e-6) * scale + 2 * MARGIN - 1e-6;
  return { scale, width: WIDTHS.find((width) => width >= least) };
}
