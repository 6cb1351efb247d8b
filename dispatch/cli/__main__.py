"""``python -m dispatch.cli`` is ``servicenet``."""

import sys

from dispatch.cli.entry import main

sys.exit(main())
