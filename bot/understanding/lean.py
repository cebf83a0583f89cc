"""medspaCy's ConText without what medspaCy 1.3.1 imports and nothing here uses.

Whatever one imports of it, it imports QuickUMLS, and that NLTK and scikit-learn: some 90 MB and four seconds of each
process. An empty module stands in for it meanwhile; ConText never touches it.
"""

from __future__ import annotations

import sys
from types import ModuleType

_EMPTY = ModuleType("quickumls")
_EMPTY.__dict__["spacy_component"] = None
_STANDS_IN = sys.modules.setdefault("quickumls", _EMPTY) is _EMPTY

from medspacy.context import ConTextModifier, ConTextRule  # noqa: E402
from medspacy.context.context_graph import ConTextGraph  # noqa: E402

if _STANDS_IN:
    del sys.modules["quickumls"]

__all__ = ["ConTextGraph", "ConTextModifier", "ConTextRule"]
