"""``python -m liangxin`` is the command ``liangxin``."""

from liangxin.cli import main

if __name__ == "__main__":
    main()
