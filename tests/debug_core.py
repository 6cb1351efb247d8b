"""Loads the core built with assertions instead of the installed one (``make debug``)."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path


def use_debug_core() -> None:
    """Put the compiled modules of the folder ``SERVICENET_DEBUG_CORE`` in place, if it is set."""
    folder = os.environ.get("SERVICENET_DEBUG_CORE")
    if not folder:
        return
    for name in ("_engine", "_graph"):
        (library,) = Path(folder).glob(f"{name}.*.so")
        spec = importlib.util.spec_from_file_location(f"solver.{name}", library)
        if spec is None or spec.loader is None:
            raise ImportError(f"{library} is no Python module")
        module = importlib.util.module_from_spec(spec)
        sys.modules[f"solver.{name}"] = module
        spec.loader.exec_module(module)
