"""The smoke test's story: an afternoon with DigitDesk, by mouse, from a folder one cannot write to.

``build/smoke`` starts it. Pictures of every step and the program's log go to build/out/smoke/; any
error in the window, in a thread or on the console ends it with 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from smoke_pen import Attempt, Pen, Reading, compare, drawn_whole
from smoke_tools import Eyes, Mouse, Screen, SmokeError, Widget, time_limit

from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.ink.pen import BOARD_SIZE_PX
from digitdesk.ink.stroke_file import read_unipen
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import Stroke
from digitdesk.ui.toolkit import colors

BUILD = Path(__file__).resolve().parent
PICTURES = BUILD / "out" / "smoke"
STORY_SECONDS = 480
TRAINING_IMAGES, TRAINING_SECONDS = 6000, 120
LEAST_ACCURACY = 50.0  # percent, after one epoch on so few images
LEAST_READ_RIGHT = 8  # of ten digits, by the bundled reader
NOBODY = 65534
_TROUBLE = re.compile(r" (ERROR|CRITICAL) |Traceback|Exception|Error:")


class Story:
    """One person at one screen, with one program."""

    def __init__(self, program: Path, home: Path) -> None:
        self._program = program
        self._home = home
        self._steps = 0
        self._window: subprocess.Popen[bytes] | None = None
        self.screen = Screen(home)
        if os.getuid() == 0:
            _give_to_nobody(home)
        self._environment = {"DISPLAY": self.screen.display, "HOME": str(home)}
        self.eyes = Eyes()
        self.mouse = Mouse()
        self.pen = Pen(self.eyes, self.mouse)

    def close(self) -> None:
        """Leave nothing running."""
        if self._window is not None and self._window.poll() is None:
            self._window.kill()
        self.eyes.close()
        self.screen.close()

    # -- what happens

    def opens(self, number: int = 1) -> subprocess.Popen[bytes]:
        """Start the program and wait until it is ready."""
        began = time.monotonic()
        process = self._start()
        self.eyes.wait("the window", lambda: len(self.eyes.programs) == number)
        if number == 1:
            self._window = process
            self.eyes.wait("the reader", lambda: self.eyes.find("TCombobox", "Bundled reader"))
            self.told(f"ready after {time.monotonic() - began:.1f} s")
        return process

    def skips_tour(self) -> None:
        """Wait for the tour, which offers itself to whoever has done nothing yet, and end it."""
        skip = self.eyes.the("TButton", "Skip")
        self.sees("tour")
        self.mouse.click(skip.middle)
        self.eyes.wait("the end of the tour", lambda: not self.eyes.find("TButton", "Skip"))

    def closes(self) -> None:
        """Click the window's close button; the program must end well, and soon."""
        self.mouse.click(self.eyes.close_button())
        assert self._window is not None
        try:
            code = self._window.wait(5)
        except subprocess.TimeoutExpired:
            raise SmokeError("the program did not end within 5 s of closing its window") from None
        if code != 0:
            raise SmokeError(f"the program ended with {code}")
        self.told("closed by its window's button, exit code 0")

    def answers(self, strokes: Sequence[Stroke]) -> Reading:
        """Draw a digit on the cleared board; all that the window says of it."""
        of_side = [[(x / BOARD_SIZE_PX, y / BOARD_SIZE_PX) for x, y in line] for line in strokes]

        def draw(patient: bool) -> Attempt:
            clear = [button for button in self.eyes.find("TButton", "Clear") if button.can_be_used]
            if clear:
                self.mouse.click(clear[0].middle)
            return self.pen.draw(self._settled("the board", self._board), of_side, patient=patient)

        ink = drawn_whole(draw)
        self.eyes.wait("an answer", self._answer)
        return Reading(ink, self._answer()[0].text)

    def trains(self) -> None:
        """Train on the built-in handwriting; the chart and the accuracy must appear."""
        eyes, mouse = self.eyes, self.mouse
        mouse.click(eyes.tab("Train"))
        self._fill("Data set", "handwriting")
        mouse.key("Tab")
        self._fill("Epochs", "1")
        mouse.click(eyes.the("TButton", "Advanced").middle)
        time.sleep(0.5)
        self._fill("Images", str(TRAINING_IMAGES))
        mouse.key("Tab")
        self.sees("settings")
        mouse.click(eyes.the("TButton", "Start").middle)
        eyes.wait("training", lambda: eyes.the("TButton", "Stop", 1), 30)
        eyes.wait(
            "the end of the run",
            lambda: eyes.find("TLabel", "Test accuracy"),
            TRAINING_SECONDS,
        )
        time.sleep(1)
        picture = self.sees("trained")
        said = eyes.find("TLabel", "Test accuracy")[0].text
        accuracy = float(re.findall(r"([\d.]+)\s*%", said)[0])
        if accuracy < LEAST_ACCURACY:
            raise SmokeError(f"one epoch should reach {LEAST_ACCURACY} %; it says: {said}")
        for line, both in (("train", colors.TRAIN), ("test", colors.TEST)):
            if _pixels(picture, both) < 20:
                raise SmokeError(f"the chart shows no line of the {line} set")
        self.told(f"trained: {said}")

    def saves(self, path: Path) -> None:
        """Save the trained network through the dialog."""
        self.mouse.click(self.eyes.tab("Models"))
        models = self.eyes.the("Treeview", "Bundled reader")
        self.mouse.click(self._row(models, 1))  # below the bundled one
        self.mouse.click(self.eyes.the("TButton", "Save as .npz").middle)
        self._answer_dialog(path)
        self.eyes.wait("saved", lambda: self.eyes.find("TLabel", f"Saved {path.name}"))
        self.sees("saved")

    def opens_model(self, path: Path) -> None:
        """Open a model file through the dialog and put it on the board."""
        self.mouse.click(self.eyes.tab("Models"))
        self.mouse.click(self.eyes.the("TButton", "Open").middle)
        self._answer_dialog(path)
        self.eyes.wait("opened", lambda: self.eyes.find("TLabel", f"Opened {path.name}"))
        self.uses()

    def uses(self) -> None:
        """Read the board with the model that is selected."""
        time.sleep(0.5)
        self.sees("model")
        self.mouse.click(self.eyes.the("TButton", "Read with this").middle)
        self.eyes.wait("the board", self._board)

    def commands(self, *words: str) -> str:
        """Run the program as a command line."""
        done = subprocess.run(
            [self._program, *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=STORY_SECONDS,
            check=False,
            **_as_nobody(),
        )
        if done.returncode != 0:
            raise SmokeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout.strip()

    # -- what is noted

    def sees(self, what: str) -> Image.Image:
        """Keep a picture of the screen."""
        self._steps += 1
        picture = self.screen.picture()
        picture.save(PICTURES / f"{self._steps:02}-{what}.png")
        return picture

    def told(self, line: str) -> None:
        """Note a finding."""
        print(f"smoke: {line}", flush=True)

    def errors(self) -> list[str]:
        """Lines of the log and of the console that must not be there."""
        found = []
        for path in [*self._home.rglob("digitdesk.log"), self._home / "console.txt"]:
            shutil.copy(path, PICTURES / path.name)
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            found += [f"{path.name}: {line}" for line in lines if _TROUBLE.search(line)]
        return found

    # -- inside

    def _start(self) -> subprocess.Popen[bytes]:
        with (self._home / "console.txt").open("ab") as console:
            return subprocess.Popen(
                [self._program],
                env=self._environment,
                stdout=console,
                stderr=console,
                stdin=subprocess.DEVNULL,
                **_as_nobody(),
            )

    def _answer(self) -> list[Widget]:
        """What the window says of a digit: how sure it is, or why not and what it may be."""
        return self.eyes.find("Canvas", " sure") or self.eyes.find("Canvas", "perhaps ")

    def _fill(self, label: str, text: str) -> None:
        """Fill a field in, as soon as it lies still; it must then hold that, and go on to."""
        field = self._settled(f"the field {label}", lambda: self.eyes.field(label))
        self.mouse.fill(field, text)
        # A busy machine takes its time between a key and what comes of it.
        self.eyes.wait(
            f"'{text}' in the field {label}",
            lambda: self.eyes.ask(f"{field.path} get") == text,
            timeout_seconds=5,
        )
        time.sleep(0.4)
        held = self.eyes.ask(f"{field.path} get")
        if held != text:
            raise SmokeError(f"typed '{text}' into the field {label}, which then held '{held}'")

    def _settled(self, what: str, find: Callable[[], Widget]) -> Widget:
        """A widget, once it lies still: a page that has just opened may still be arranged."""
        lain: list[Widget] = []

        def lies_still() -> bool:
            lain.append(find())
            time.sleep(0.3)
            return find() == lain[-1]

        self.eyes.wait(f"{what} lying still", lies_still)
        return lain[-1]

    def _board(self) -> Widget:
        """The field to draw on: the canvas with a pen's cursor."""
        for canvas in self.eyes.find("Canvas"):
            if self.eyes.ask(f"{canvas.path} cget -cursor") == "crosshair":
                return canvas
        raise ValueError("no board in sight")

    def _row(self, tree: Widget, number: int) -> tuple[int, int]:
        script = f"{tree.path} bbox [lindex [{tree.path} children {{}}] {number}]"
        x, y, _width, height = map(int, self.eyes.ask(script).split())
        return tree.x + x + 20, tree.y + y + height // 2

    def _answer_dialog(self, path: Path) -> None:
        def entry() -> list[Widget]:
            # Tk's dialog has two of the class; the one to type a name into ends so.
            return [
                w for w in self.eyes.find("TEntry") if w.path.endswith("filedialog.contents.f2.ent")
            ]

        self.eyes.wait("a file dialog", entry)
        time.sleep(0.5)  # the window manager still has to put it somewhere
        self.mouse.fill(entry()[0], str(path))
        self.mouse.key("Return")


def tell(story: Story, model: Path) -> None:
    """The story itself."""
    story.told(story.commands("--version"))
    story.opens()
    story.skips_tour()
    story.sees("open")
    right = 0
    drawings = pen_drawings()
    for digit, strokes in enumerate(drawings):
        right += story.answers(strokes).answer.split("\n")[0] == str(digit)
    story.sees("read")
    story.told(f"the bundled reader reads {right} of {len(drawings)} pen drawings right")
    if right < LEAST_READ_RIGHT:
        raise SmokeError(f"expected at least {LEAST_READ_RIGHT}")

    story.trains()
    story.saves(model)
    story.uses()
    said = story.answers(drawings[7])
    story.sees("answer")

    second = story.opens(number=2)
    story.commands("evaluate", str(model), "--data", "handwriting")
    second.terminate()
    second.wait()
    story.told("a second window and a command ran at the same time")
    story.eyes.wait("one window again", lambda: len(story.eyes.programs) == 1)

    story.closes()
    story.opens()
    story.opens_model(model)
    again = story.answers(drawings[7])
    story.sees("same-answer")
    compare(said, again)
    story.told(f"the same answer after a restart: {', '.join(said.answer.split(chr(10))[:3])}")
    story.closes()


def pen_drawings() -> list[tuple[Stroke, ...]]:
    """One drawing of each digit: by a real pen where the data is there, made up otherwise."""
    folder = Path(os.environ.get("DIGITDESK_DATA") or "nowhere")
    for file in (folder / "pendigits-orig.tra.gz", folder / "pendigits" / "pendigits-orig.tra.gz"):
        if file.is_file():
            first: dict[int, tuple[Stroke, ...]] = {}
            for sample in read_unipen(file):
                first.setdefault(sample.label, sample.strokes)
            return [fit_to_board(first[digit]) for digit in range(10)]
    rng = np.random.default_rng(7)
    return [fit_to_board(generate_strokes(digit, rng)) for digit in range(10)]


def _pixels(picture: Image.Image, colors: Sequence[str]) -> int:
    """How many pixels have one of the colors, nearly."""
    pixels = np.asarray(picture, dtype=np.int16)
    wanted = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors]
    return max(int((abs(pixels - color).max(axis=2) <= 24).sum()) for color in np.array(wanted))


def _as_nobody() -> dict[str, int]:
    """Root may write everywhere; a user who starts the program may not."""
    return {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}


def _give_to_nobody(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)


def _install(program: Path, place: Path) -> Path:
    """Copy the program to a folder with an awkward name that cannot be written to."""
    folder = place / "Mes programmes é 数字"
    if (program.parent / "_internal").is_dir():
        shutil.copytree(program.parent, folder, symlinks=True)
    else:
        folder.mkdir()
        shutil.copy2(program, folder)
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    return folder / program.name


def main() -> int:
    """Tell the story once; 0 where it ended well and nothing was amiss on the way."""
    program = Path(sys.argv[1]).resolve()
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    place = Path(tempfile.mkdtemp(prefix="digitdesk-smoke-"))
    place.chmod(0o755)
    home = place / "home"
    home.mkdir()
    story = Story(_install(program, place), home)
    problem = ""
    try:
        with time_limit(STORY_SECONDS):
            tell(story, home / "light.npz")
    except (SmokeError, subprocess.TimeoutExpired) as error:
        problem = str(error)
        story.sees("failed")
    finally:
        story.close()
    errors = story.errors()
    subprocess.run(["chmod", "-R", "u+w", str(place)], check=False)
    shutil.rmtree(place, ignore_errors=True)
    for line in [problem, *errors]:
        if line:
            print(f"smoke: FAILED: {line}", file=sys.stderr)
    if problem or errors:
        return 1
    print(f"smoke: all well; {story._steps} pictures in {PICTURES.relative_to(BUILD.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
