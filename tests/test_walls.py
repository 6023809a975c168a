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
    "cards", "cores", "device", "errors", "figures", "jobs", "options", "packing", "peaks",
    "progress", "stages", "system", "text", "view", "waiting", "weights",
}
FLOORS: dict[str, set[str]] = {  # what each floor may import of hybridcore besides the ground
    "media": set(),
    "layers": set(),
    "training": {"layers"},
    "encoder": {"layers", "media"},
    **{room: {"layers", "media", "encoder"} for room in ROOMS},
    "studio": {"media", "layers", "encoder", "answers", "store", "systems", "tables"},
}
HOUSE = {"__main__", "answers", "command", "store", "systems", "tables"}  # above the rooms
TORCHLESS = {  # what must be there at once: help, tables, views
    "cards", "command", "cores", "errors", "jobs", "options", "packing", "peaks", "progress",
    "stages", "system", "systems", "tables", "text", "view", "waiting",
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
    if floor in ("view", "packing"):  # what a page shows needs neither a network nor a page
        assert tops <= {*sys.stdlib_module_names, "numpy", "hybridcore"}
        assert parts(found) <= {"view", "packing"}
    learns = "learn" in place or floor == "training"
    if not learns:
        assert not {name for name in found if ".learn" in name or name.startswith(
            "hybridcore.training")}
    if floor in FLOORS:
        below = FLOORS[floor] | GROUND | {floor} | ({"training", "encoder"} if learns else set())
        assert parts(found) <= below
    elif floor != "__init__":
        assert floor in GROUND | HOUSE, f"{floor} stands on no floor"
        if floor in GROUND - {"figures", "system"}:
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


def test_help_needs_no_network() -> None:
    script = ("import sys\nfrom hybridcore.__main__ import main\n"
              "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
              "assert 'torch' not in sys.modules")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)


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
        assert not imports(path) & {"pickle", "joblib"}, path
