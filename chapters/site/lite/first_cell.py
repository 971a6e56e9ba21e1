"""Gets what this notebook needs when it runs in a browser. On your own machine it does nothing."""

import logging
import sys


class NotHere(Exception):
    """Something that this browser cannot have; shown as the sentence that it is, without a traceback."""

    def _render_traceback_(self):
        return str(self).splitlines()


async def prepare(*packages):
    """Load the packages, then look whether the book's own modules can be read."""
    if sys.platform != "emscripten":
        return
    import piplite

    logging.getLogger("matplotlib.font_manager").setLevel(
        logging.ERROR
    )  # it tells of its cache at each start
    for package in packages:
        try:
            await piplite.install(package)
        except Exception:
            raise NotHere(
                f"This notebook needs the package {package}, which could not be loaded.\n"
                "Is the network there? Then choose Kernel > Restart Kernel and Run All Cells."
            ) from None
    try:
        import explore  # noqa: F401
    except ModuleNotFoundError:
        raise NotHere(
            "The book's modules, which lie beside this notebook, cannot be read here. A browser gives access\n"
            "to them on https addresses and on localhost, and not in every private window.\n"
            "The exercises need no modules and run all the same."
        ) from None
