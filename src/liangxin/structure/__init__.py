"""The organization tree, dated: found, attach, split off, upgrade, merge, dissolve; the network chart."""
