"""The walls of the house: who may import whom, and what stays out of the library.

The rooms are those found on disk, so a new one is held to the walls from its first day.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from hybridcore.systems import rooms

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "hybridcore"
LIBRARY = sorted(PACKAGE.rglob("*.py"))
ROOMS = rooms([str(PACKAGE)])
GROUND = {  # what anyone may use
    "cards", "contrast", "cores", "device", "errors", "figures", "growth", "jobs", "onnx_session",
    "options", "packing", "peaks", "progress", "shares", "stages", "system", "text", "time_left",
    "view", "waiting", "weights", "why",
}
FLOORS: dict[str, set[str]] = {  # what each floor may import of hybridcore besides the ground
    "media": set(),
    "layers": set(),
    "training": {"layers"},
    "encoder": {"layers", "media"},
    "people": {"layers", "media"},
    "teach": {"layers"},
    "lab": {"layers", "media"},
    **{room: {"layers", "media", "encoder", "people", "teach"} for room in ROOMS},
    "studio": {"media", "layers", "encoder", "teach", "answers", "own_labels", "store", "systems",
               "tables"},
}
HOUSE = {  # above the rooms
    "__main__", "answers", "command", "own_labels", "store", "systems", "tables",
}
TORCHLESS = {  # what must be there at once: help, tables, views
    "cards", "command", "cores", "errors", "growth", "jobs", "options", "packing", "peaks",
    "progress", "stages", "system", "systems", "tables", "text", "time_left", "view", "waiting",
    "why",
}


def imports(path: Path) -> set[str]:
    """Full names of what a file imports, at any depth of its code: modules, and names in them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def parts(names: set[str], package: str = "hybridcore") -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith(f"{package}.")}


def test_rooms_are_found() -> None:
    assert {"scene", "caption", "gait", "sound"} <= set(ROOMS)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    place = path.relative_to(PACKAGE).with_suffix("").parts
    floor, found = place[0], imports(path)
    tops = {name.split(".")[0] for name in found}
    assert not tops & {"pages", "tools", "tests", "benchmarks"}
    if floor != "studio":
        assert "streamlit" not in tops
    if floor == "media" or floor in TORCHLESS:
        assert "torch" not in tops
    if floor in ("growth", "packing", "view"):  # what is shown needs neither network nor page
        assert tops <= {*sys.stdlib_module_names, "numpy", "hybridcore"}
        assert parts(found) <= {"growth", "packing", "view"}
    learns = "learn" in place or floor == "training"
    if not learns:
        assert not {name for name in found if ".learn" in name or name.startswith(
            "hybridcore.training")}
    if floor in FLOORS:
        below = FLOORS[floor] | GROUND | {floor} | ({"training", "encoder"} if learns else set())
        assert parts(found) <= below
    elif floor != "__init__":
        assert floor in GROUND | HOUSE, f"{floor} stands on no floor"
        if floor in GROUND - {"figures", "system", "why"}:
            assert parts(found) <= GROUND
        assert not parts(found) & set(ROOMS), "the house knows rooms through systems() only"


@pytest.mark.parametrize("room", ROOMS)
def test_the_parts_of_a_page_are_its_own(room: str) -> None:
    for path in (ROOT / "pages" / room).glob("*.py"):
        found = imports(path)
        assert parts(found, "pages") <= {room}, path
        assert not parts(found) & (set(ROOMS) - {room}), path


@pytest.mark.parametrize("room", ROOMS)
def test_a_system_is_described_without_its_networks(room: str) -> None:
    script = (f"import sys, hybridcore.{room}.system\n"
              "heavy = {'torch', 'streamlit', 'cv2', 'onnxruntime', 'plotly'} & set(sys.modules)\n"
              "assert not heavy, heavy")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


AT_ONCE = [
    ["--help"], *([room, what] for room in ROOMS for what in ("--help", "missing"))]


@pytest.mark.parametrize("arguments", AT_ONCE, ids=" ".join)
def test_help_and_a_wrong_path_load_no_network(arguments: list[str]) -> None:
    """And take less than a second of the processor; the clock on the wall says what else runs."""
    script = f"""
import sys, time
from hybridcore.__main__ import main
try:
    code = main({arguments})
except SystemExit as end:
    code = end.code
heavy = {{'torch', 'streamlit', 'plotly', 'pandas', 'onnxruntime'}} & set(sys.modules)
assert not heavy, heavy
assert time.process_time() < 1, time.process_time()
sys.exit(code)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == ("missing" in arguments), run.stderr


def test_the_running_application_learns_nothing_and_draws_no_samples() -> None:
    script = """
import sys
from importlib import import_module
from pathlib import Path
sys.modules["streamlit"] = None
for path in Path("hybridcore").rglob("*.py"):
    place = path.with_suffix("").parts
    if not {"learn", "training", "studio"} & set(place):
        import_module(".".join(place))
wrong = [m for m in sys.modules if m.split(".")[0] == "tools" or m.startswith("hybridcore.training")
         or (m.startswith("hybridcore.") and ".learn" in m)]
assert not wrong, wrong
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_no_pickle_is_loaded() -> None:
    """But for the ImageNet package, which is one: its hash is checked, only tensors are read."""
    for path in LIBRARY:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
                keywords = {k.arg: ast.unparse(k.value) for k in node.keywords}
                assert path.name == "imagenet.py", path
                assert keywords.get("weights_only") == "True", path
        used = imports(path) & {"pickle", "joblib"}
        assert not used or (used == {"pickle"} and "learn" in path.parts), path
        if used:  # data sets of research come so: read by a class that admits arrays alone
            called = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text()))
                      if isinstance(node, ast.Call)}
            assert not called & {"pickle.load", "pickle.loads", "pickle.Unpickler"}, path
            assert "def find_class" in path.read_text(), path
