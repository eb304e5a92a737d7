"""What papermill loads when it starts: makes the translator known, and names an engine, which is papermill's own."""

from papermill.engines import NBClientEngine
from papermill.translators import papermill_translators

from .translator import TypeScriptTranslator

# Notebooks are known by their kernel's name or by their language: tslab's and Deno's say typescript too.
for name in ("losslab", "typescript"):
    papermill_translators.register(name, TypeScriptTranslator)


class LosslabEngine(NBClientEngine):
    """papermill's default engine: an entry point must name one."""
