"""The picture of the house is the one that the code gives."""

from __future__ import annotations

from tools import architecture


def test_the_page_is_what_the_code_says() -> None:
    """``make docs`` would change nothing."""
    layers = architecture.read_layers()
    arrows = architecture.read_arrows([room for row in layers for room in row])
    assert architecture.PAGE.read_text(encoding="utf-8") == architecture.write_page(layers, arrows)
    drawn = architecture.draw(layers, architecture.leave_out_implied(arrows))
    assert architecture.PICTURE.read_text(encoding="utf-8") == drawn


def test_arrows_that_follow_from_others_are_left_out() -> None:
    """a uses b uses c: that a uses c too is not drawn; a way round of its own is."""
    assert [("a", "b"), ("b", "c")] == architecture.leave_out_implied([("a", "b"), ("a", "c"), ("b", "c")])
    assert [("a", "c")] == architecture.leave_out_implied([("a", "c")])
