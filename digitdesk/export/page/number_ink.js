// The ink of a number in pieces: strokes, and parts of strokes that may run through several digits.
//
// Written after digitdesk/ink/segmentation, whose constants are NUMBERS. Boxes are [left, top,
// right, bottom]; lengths are in board units.
"use strict";

/**
 * The pieces of a number from left to right, and the height that digits have in it.
 *
 * A piece is a stretch of the stroke `source` from point `first` to the one before `last`; `bond`
 * says what speaks for its being one digit with the part of its stroke before it.
 */
function numberInk(drawing) {
  const large = withoutTaps(drawing);
  const height = lineHeight(large.map((stroke) => boxOf([stroke])));
  const strokes = withPoints(drawing, large, height).map((stroke) => resampled(stroke, height));
  const pieces = strokes.flatMap((stroke, source) => stretchesOf(stroke, source, height));
  pieces.sort((a, b) => a.box[0] + a.box[2] - (b.box[0] + b.box[2]));
  return { strokes, pieces, height };
}

function stretchesOf(stroke, source, height) {
  let [first, bond] = [0, 0];
  return [...joints(stroke, height), [stroke.length - 1, 0]].map(([last, next]) => {
    const box = boxOf([stroke.slice(first, last + 1)]);
    const piece = { box, source, first, last: last + 1, bond };
    [first, bond] = [next, NUMBERS.stroke_number.PEN_STAYED_DOWN];
    return piece;
  });
}

/** The strokes of the pieces `first` … `last - 1`, in the order they were written. */
function strokesOf({ strokes, pieces }, { first, last }) {
  const spans = new Map();
  for (const piece of pieces.slice(first, last)) {
    const [begin, end] = spans.get(piece.source) || [piece.first, piece.last];
    spans.set(piece.source, [Math.min(begin, piece.first), Math.max(end, piece.last)]);
  }
  const sources = [...spans.keys()].sort((a, b) => a - b);
  return sources.map((source) => strokes[source].slice(...spans.get(source)));
}

/**
 * The same ink cut by columns, with a candidate between each two edges; null where one is empty.
 *
 * What lies nearly whole between two edges stays whole.
 */
function slicedInk({ strokes, height }, edges) {
  const runs = strokes.flatMap((stroke) => runsBetween(stroke, edges));
  const places = Array.from({ length: edges.length + 1 }, (_, place) => place);
  if (!places.every((place) => runs.some((run) => run.place === place))) return null;
  // In the order they were written, as they are shown to a network; pieces go by their place.
  const pieces = runs.map(({ points, place }, source) => {
    return { box: boxOf([points]), source, first: 0, last: points.length, bond: 0, place };
  });
  pieces.sort((a, b) => a.place - b.place);
  const found = places.map((place) => {
    const first = pieces.findIndex((piece) => piece.place === place);
    const own = pieces.filter((piece) => piece.place === place);
    const box = unionOf(own.map((piece) => piece.box));
    return { first, last: first + own.length, box, penalty: 0, middle: 0.5, sign: "" };
  });
  return { ink: { strokes: runs.map(({ points }) => points), pieces, height }, found };
}

/** The parts of a stroke between edges, each with the number of its place. */
function runsBetween(stroke, edges) {
  const places = stroke.map(([x]) => edges.filter((edge) => edge < x).length);
  const counts = new Map();
  for (const place of places) counts.set(place, (counts.get(place) || 0) + 1);
  const [most, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  if (count >= NUMBERS.number_ink.MOSTLY * stroke.length) return [{ place: most, points: stroke }];
  const starts = places.flatMap((place, k) => (place !== places[k - 1] ? [k] : []));
  const runs = starts.map((first, n) => {
    return { place: places[first], points: stroke.slice(first, starts[n + 1]) };
  });
  // A single point is where the stroke just looks over an edge.
  return runs.filter(({ points }) => points.length > 1);
}

/** The strokes that are no taps, and the taps that may be decimal points: low between others. */
function withPoints(drawing, large, height) {
  const [left, top, right] = boxOf(large);
  const isLow = ([x, y]) => left < x && x < right && y > top + NUMBERS.stroke_number.LOW * height;
  return drawing.filter((stroke) => large.includes(stroke) || (stroke.length && isLow(stroke[0])));
}

/** The usual height of digits: that of columns of ink not much lower than the tallest. */
function lineHeight(boxes) {
  const { LEAST_COLUMN, MOST_COLUMN } = NUMBERS.candidates;
  const heights = columnsOf(boxes).map(([, top, , bottom]) => bottom - top);
  const tallest = Math.max(0, ...heights);
  const tall = heights.filter((height) => height >= LEAST_COLUMN * tallest).sort((a, b) => a - b);
  const most = MOST_COLUMN * (tall[Math.floor((tall.length - 1) / 2)] || 0);
  const usual = medianOf(tall.filter((height) => height <= most));
  // A row of nothing but bars has no height of its own.
  const widest = Math.max(0, ...boxes.map(([left, , right]) => right - left));
  return Math.max(usual, 0.2 * widest, 1);
}

function medianOf(sorted) {
  if (!sorted.length) return 0;
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** Boxes from left to right, those that lie above each other joined. */
function columnsOf(boxes) {
  const found = [];
  for (const box of [...boxes].sort(compareBoxes)) {
    const before = found.at(-1);
    if (before && box[0] <= before[2]) found[found.length - 1] = unionOf([before, box]);
    else found.push(box);
  }
  return found;
}

function compareBoxes(a, b) {
  const differs = a.findIndex((side, k) => side !== b[k]);
  return differs < 0 ? 0 : a[differs] - b[differs];
}

/** The smallest box that holds all of them. */
function unionOf(boxes) {
  return boxOf([boxes.flatMap(([left, top, right, bottom]) => [[left, top], [right, bottom]])]);
}

/** The same stroke with more points, so that none is far from the next one. */
function resampled(stroke, height) {
  const { STEP, MOST_PARTS } = NUMBERS.stroke_cuts;
  const points = [stroke[0]];
  for (let k = 1; k < stroke.length; k += 1) {
    const [[x, y], [nextX, nextY]] = [stroke[k - 1], stroke[k]];
    const way = Math.hypot(nextX - x, nextY - y);
    const parts = Math.min(Math.ceil(way / (STEP * height)), MOST_PARTS);
    for (let part = 1; part < parts; part += 1) {
      points.push([x + ((nextX - x) * part) / parts, y + ((nextY - y) * part) / parts]);
    }
    points.push([nextX, nextY]);
  }
  return points;
}

/**
 * Where a stroke may be cut: all earlier ink on the left, all later ink on the right, both tall.
 *
 * For each cut the connecting line's first and last point: what is drawn before the first belongs
 * to one digit, what is drawn after the last to the next.
 */
function joints(stroke, height) {
  const { WIDE, TALL, OVERLAP } = NUMBERS.stroke_cuts;
  const points = stroke.map(([x, y]) => [x / height, y / height]);
  const count = points.length;
  const [left, , right] = boxOf([points]);
  if (count < 8 || right - left < WIDE) return [];
  const until = extentsAlong(points);
  const after = extentsAlong(points.slice().reverse()).reverse();
  const overlap = [];
  for (let k = 0; k + 1 < count; k += 1) overlap.push(until[k].right - after[k + 1].left);
  const isAllowed = overlap.map(
    (value, k) => value <= OVERLAP && until[k].height >= TALL && after[k + 1].height >= TALL,
  );
  return runsOf(isAllowed).map(([begin, end]) => {
    const middle = middleOfLowest(overlap.slice(begin, end)) + begin;
    return connection(points, middle, begin, end);
  });
}

/** Leftmost and rightmost of all points up to each one, and how tall they are. */
function extentsAlong(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  return points.map(([x, y]) => {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    return { left, right, height: bottom - top };
  });
}

/** Where each run of true begins and has ended. */
function runsOf(values) {
  const runs = [];
  values.forEach((isTrue, k) => {
    if (isTrue && !values[k - 1]) runs.push([k, values.length]);
    if (!isTrue && values[k - 1]) runs.at(-1)[1] = k;
  });
  return runs;
}

/** The middle of all places that are as low as the lowest, nearly. */
function middleOfLowest(values) {
  const most = Math.min(...values) + NUMBERS.stroke_cuts.STEP;
  const low = values.flatMap((value, k) => (value <= most ? [k] : []));
  return low[Math.floor(low.length / 2)];
}

/** The straight line around a cut: the way of the pen from one digit to the next. */
function connection(points, middle, begin, end) {
  const angle = ([x, y], [nextX, nextY]) => Math.atan2(nextY - y, nextX - x);
  const [before, behind] = [Math.max(middle - 1, 0), Math.min(middle + 1, points.length - 1)];
  const direction = angle(points[before], points[behind]);
  const bends = (k) => {
    const turn = angle(points[k], points[k + 1]) - direction;
    const turned = turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    return Math.abs(turned) > NUMBERS.stroke_cuts.STRAIGHT;
  };
  let [first, last] = [middle, middle];
  while (first > begin && !bends(first - 1)) first -= 1;
  while (last < end && last + 1 < points.length && !bends(last)) last += 1;
  return [first, Math.max(last, first + 1)];
}

/** The strokes of each row from top to bottom; one row unless it is plain that there are more. */
function rowsOf(drawing) {
  const strokes = drawing.filter((stroke) => stroke.length);
  if (!strokes.length) return [];
  const boxes = strokes.map((stroke) => boxOf([stroke]));
  const bands = mergedBands(bandsOf(boxes), boxes);
  const nearest = boxes.map((box) => nearestBand(bands, box));
  const rows = [...new Set(nearest)].sort((a, b) => a - b);
  return rows.map((row) => strokes.filter((_, k) => nearest[k] === row));
}

const heightOf = ([, top, , bottom]) => bottom - top;
const middleOf = ([, top, , bottom]) => (top + bottom) / 2;

const sideOf = (box, left, right) => (box[2] <= left ? -1 : Number(box[0] >= right));

function nearestBand(bands, box) {
  const distances = bands.map((band) => Math.abs(middleOf(band) - middleOf(box)));
  return distances.indexOf(Math.min(...distances));
}

/** Boxes around ink that is side by side, from top to bottom. */
function bandsOf(boxes) {
  const bands = [];
  for (const box of [...boxes].sort((a, b) => a[1] - b[1])) {
    const beside = bands.findIndex((band) => {
      const overlap = Math.min(band[3], box[3]) - Math.max(band[1], box[1]);
      return overlap >= NUMBERS.rows.OVERLAP * Math.min(heightOf(band), heightOf(box));
    });
    if (beside < 0) bands.push(box);
    else bands[beside] = unionOf([bands[beside], box]);
  }
  return bands.sort((a, b) => middleOf(a) - middleOf(b));
}

/** The same without those that are no row: each becomes a part of its nearest neighbor. */
function mergedBands(bands, boxes) {
  const { LEAST_HEIGHT, LEAST_HEIGHT_WITHIN, LEAST_WIDTH } = NUMBERS.rows;
  const areAboveEachOther = (a, b) => {
    const overlap = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
    return overlap >= LEAST_WIDTH * Math.min(a[2] - a[0], b[2] - b[0]);
  };
  while (bands.length > 1) {
    const tallest = Math.max(...bands.map(heightOf));
    const isLow = (band) => {
      const isWithin = bands.some((other) => other[1] < band[1] && band[1] < other[3]);
      const isNarrow = band[2] - band[0] <= heightOf(band);
      const least = isWithin && isNarrow ? LEAST_HEIGHT_WITHIN : LEAST_HEIGHT;
      return heightOf(band) < least * tallest || hasButSigns(band, bands, boxes);
    };
    const isBeside = (band) => !bands.every((other) => areAboveEachOther(band, other));
    const low = bands.findIndex(isLow);
    const noRow = low < 0 ? bands.findIndex(isBeside) : low;
    if (noRow < 0) break;
    const [band] = bands.splice(noRow, 1);
    const nearest = nearestBand(bands, band);
    bands[nearest] = unionOf([bands[nearest], band]);
  }
  return bands;
}

/** Whether a band is nothing but the commas and points of a row above it. */
function hasButSigns(band, bands, boxes) {
  const { HANGING, LARGEST_POINT } = NUMBERS.rows;
  const within = ([, top, , foot]) =>
    boxes.filter((box) => top <= middleOf(box) && middleOf(box) <= foot);
  return bands.some((row) => {
    if (band[1] <= row[1] || band[1] > row[3] + HANGING * heightOf(row)) return false;
    const digits = within(row);
    return within(band).every((box) => {
      const size = Math.max(box[2] - box[0], heightOf(box));
      return size <= LARGEST_POINT * heightOf(row) || isComma(box, digits);
    });
  });
}

/** Whether a box stands between two digits, and is no wider than a comma. */
function isComma([left, top, right, bottom], digits) {
  const [width, height] = [right - left, bottom - top];
  // What is narrow may reach below a digit.
  const inset = width <= height ? width / 2 : 0;
  const sides = digits.map((digit) => sideOf(digit, left + inset, right - inset));
  const isBetween = sides.includes(-1) && sides.includes(1) && !sides.includes(0);
  return isBetween && width <= NUMBERS.rows.WIDEST_COMMA * height;
}
