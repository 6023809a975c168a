"""The walls of the house: who may import whom, and what stays out of the library."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "hybridcore").rglob("*.py"))
SYSTEMS = {"scene", "caption", "gait", "sound"}
BELOW: dict[str, set[str]] = {  # what each floor may import of hybridcore besides itself
    "media": set(),
    "layers": set(),
    "training": set(),
    "encoder": {"layers", "training"},
    **{system: {"media", "layers", "training", "encoder"} for system in SYSTEMS},
    "studio": {"media"},
}
GROUND = {  # single files that anyone may use
    "errors", "weights", "device", "figures", "progress", "text", "packing", "view", "jobs",
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


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    parts = path.relative_to(ROOT / "hybridcore").with_suffix("").parts
    floor = parts[0]
    found = imports(path)
    assert not {n for n in found if n.split(".")[0] == "pages"}
    if floor != "studio":
        assert not {n for n in found if n.split(".")[0] == "streamlit"}
    if floor in ("view", "packing"):  # what a page shows needs neither a network nor a page
        assert {n.split(".")[0] for n in found} <= {*sys.stdlib_module_names, "numpy", "hybridcore"}
        assert {n.split(".")[1] for n in found if n.startswith("hybridcore.")} <= {
            "view", "packing"}
    if floor == "media":
        assert not {n for n in found if n.split(".")[0] == "torch"}
    if floor in BELOW:
        rooms = {n.split(".")[1] for n in found if n.startswith("hybridcore.")}
        assert rooms <= BELOW[floor] | GROUND | {floor}


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_the_pieces_of_a_page_are_its_own(system: str) -> None:
    pieces = sorted((ROOT / "pages" / system).glob("*.py"))
    assert pieces
    for path in pieces:
        found = {n.split(".")[1] for n in imports(path) if n.startswith("pages.")}
        assert found <= {system}, path


def test_the_library_does_not_need_streamlit() -> None:
    script = "import sys; sys.modules['streamlit'] = None; import hybridcore, hybridcore.__main__"
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
