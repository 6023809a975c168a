"""Which photographs the objects are measured on."""

from pathlib import Path

from hybridcore.encoder.learn.objects import imagenet_indices, not_learned_from


def test_only_photographs_that_the_network_did_not_learn_from_count(tmp_path: Path) -> None:
    for name in ("train/n1/ILSVRC2012_val_00000001.JPEG", "val/n1/ILSVRC2012_val_00000002.JPEG",
                 "val/n1/n1_17.JPEG", "val/n2/ILSVRC2012_val_00000003.JPEG"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    photos = not_learned_from(tmp_path, {"n1": 207})
    assert [(path.name[-13:], label) for path, label in photos] == [
        ("00000001.JPEG", 207), ("00000002.JPEG", 207)]


def test_classes_are_found_by_their_first_name(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("n02099601\tgolden retriever, dog\nn00000001\tno such class\n")
    assert imagenet_indices(words) == {"n02099601": 207}
