"""What must be said of the tool and of a commune: accessibility, personal data, open data, taking part."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cdp.web import here

bp = Blueprint("about", __name__, url_prefix="/<lang>")


@bp.get("/about/accessibility")
@bp.get("/<commune>/about/accessibility")
def accessibility() -> ResponseReturnValue:
    """What was made accessible, how it was checked, what is known to be missing, whom to tell."""
    return render_template("about/accessibility.html", commune=here.commune())


@bp.get("/about/personal-data")
@bp.get("/<commune>/about/personal-data")
def personal_data() -> ResponseReturnValue:
    """Who holds which data, why, how long, with which rights (law 09-08 art. 5, 7-9)."""
    return render_template("about/personal_data.html", commune=here.commune())


@bp.get("/about/open-data")
@bp.get("/<commune>/about/open-data")
def open_data() -> ResponseReturnValue:
    """The files, the interface for machines, what may be done with them, where the source is (AGPL section 13)."""
    commune = here.commune()
    return render_template(
        "about/open_data.html",
        commune=commune,
        cards=here.cards(),
        licence=(commune.settings or {}).get("licence", "") if commune else "",
    )


@bp.get("/about/taking-part")
@bp.get("/<commune>/about/taking-part")
def taking_part() -> ResponseReturnValue:
    """How people take part who do not read, have no e-mail or live far away."""
    return render_template("about/taking_part.html", commune=here.commune())
