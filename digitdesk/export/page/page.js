// The page: what is drawn is read while the pen moves, and looked at again when it is lifted.
"use strict";

const NUMBER_SHEETS = 3; // a board for numbers is so many boards wide

/**
 * Begin.
 *
 * A reader has `card` (with classNames), `readStrokes(strokes, { isGlance, pause })`, and
 * `readNumber` of the same form where it reads numbers, too.
 */
function startPage(reader) {
  const find = (id) => document.getElementById(id);
  let isNumber = false;
  const loop = makeReadingLoop(readBoard, show);
  const board = makeBoard(find("board"), loop.ask);

  function readBoard(how) {
    const strokes = board.strokes.map((stroke) => stroke.slice());
    return isNumber ? reader.readNumber(strokes, how) : reader.readStrokes(strokes, how);
  }

  function show(answer) {
    if (!isNumber) return showDigit(answer, reader.card.classNames);
    board.mark(answer.digits.map(({ box, reason }) => ({ box, isSure: !reason })));
    return showNumber(answer);
  }

  function setMode(number) {
    isNumber = number;
    find("digit").setAttribute("aria-pressed", String(!number));
    find("number").setAttribute("aria-pressed", String(number));
    document.body.classList.toggle("reads-numbers", number);
    const { boardUnits, boardPen, numberPen } = PREPARATION;
    board.take(number ? NUMBER_SHEETS * boardUnits : boardUnits, number ? numberPen : boardPen);
  }

  function setTheme() {
    const root = document.documentElement;
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
  }

  find("undo").addEventListener("click", board.undo);
  find("clear").addEventListener("click", board.clear);
  find("digit").addEventListener("click", () => setMode(false));
  find("number").addEventListener("click", () => setMode(true));
  find("theme").addEventListener("click", setTheme);
  find("language").addEventListener("click", () => {
    showLanguage(language === "en" ? "zh" : "en");
    loop.ask(false);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") board.clear();
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) board.undo();
  });
  find("modes").hidden = !reader.readNumber;
  showLanguage(language);
  setMode(false);
  return { board, again: () => loop.ask(false) };
}

/** Ask again whenever something has changed meanwhile; never twice at once. */
function makeReadingLoop(read, show) {
  let isWanted = false;
  let isPenDown = false;
  let isBusy = false;

  async function run() {
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      try {
        show(await read({ isGlance: isPenDown, pause: nextTask }));
      } catch (error) {
        showAnswer("", false, [error.message]);
      }
    }
    isBusy = false;
  }

  return {
    ask(penIsDown) {
      isWanted = true;
      isPenDown = penIsDown;
      if (!isBusy) run();
    },
  };
}

/** Let the pen and the screen go first. */
function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}
