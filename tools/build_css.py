"""Build the one style sheet that every page loads.

    python tools/build_css.py            write src/xinheng/ui/static/ui/xinheng.css
    python tools/build_css.py --check    exit 1 when the committed sheet is not what the sources give

The vendor's sheet goes, whole, into the cascade layer ``govuk``; everything of ours stays unlayered and therefore
wins without ``!important`` and without Sass. Inlining it saves a request. Three things are left out, because they
belong to gov.uk alone and would fetch from ``/assets``: the font faces of GDS Transport, the family name in its
rules, and the crest in the footer.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

UI = Path(__file__).resolve().parents[1] / "src" / "xinheng" / "ui"
VENDOR = UI / "css" / "vendor" / "govuk-frontend-6.6.0" / "govuk-frontend.min.css"
OWN = UI / "css" / "xinheng.css"
BUILT = UI / "static" / "ui" / "xinheng.css"

HEAD = """@charset "UTF-8";
/* Built by tools/build_css.py; change css/xinheng.css instead.
   Layer govuk: GOV.UK Frontend 6.6.0, copyright (C) 2017 Crown Copyright (Government Digital Service), MIT licence,
   see css/vendor/govuk-frontend-6.6.0/LICENSE.txt. Left out: font faces, crest. */
"""
FONT_FACE = re.compile(r"@font-face\{[^{}]*\}")
FAMILY = re.compile(r"font-family:GDS Transport,arial,sans-serif")
CREST = re.compile(r"(?:background-image|-webkit-mask-image|mask-image):url\(/assets/images/govuk-crest\.svg\);?")
OWN_IMPORT = re.compile(r'^@layer govuk;\n@import url\("[^"]+"\) layer\(govuk\);\n', re.MULTILINE)


def vendor_layer(sheet: str) -> str:
    """The vendor's sheet inside its layer, without what may only be used on gov.uk."""
    sheet = sheet.removeprefix('@charset "UTF-8";')
    sheet = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", sheet)
    for pattern, instead in ((FONT_FACE, ""), (FAMILY, "font-family:inherit"), (CREST, "")):
        sheet, found = pattern.subn(instead, sheet)
        if not found:
            raise SystemExit(f"build_css: {pattern.pattern} is no longer in the vendor's sheet; look at its changes")
    if "url(" in sheet or "GDS Transport" in sheet:
        raise SystemExit("build_css: the vendor's sheet still names a file or a font of gov.uk")
    return "@layer govuk{" + sheet.strip() + "}\n"


def build() -> str:
    """The whole sheet: vendor layer first, ours after it."""
    own, found = OWN_IMPORT.subn("", OWN.read_text(encoding="utf-8"))
    if found != 1:
        raise SystemExit("build_css: css/xinheng.css must open with its one import of the vendor layer")
    return HEAD + vendor_layer(VENDOR.read_text(encoding="utf-8")) + own


def main() -> int:
    """Write, or with --check compare."""
    sheet = build()
    if "--check" in sys.argv[1:]:
        if not BUILT.exists() or BUILT.read_text(encoding="utf-8") != sheet:
            print("ui/static/ui/xinheng.css is not what its sources give: run python tools/build_css.py")
            return 1
        return 0
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    BUILT.write_text(sheet, encoding="utf-8")
    print(f"{BUILT.name}: {len(sheet.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
