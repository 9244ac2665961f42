"""What the relations and credit statuses of the table copies mean; the dataset card and docs/dataset.md say it so."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.records import CreditStatus, Relation

RELATIONS: Mapping[Relation, str] = {
    Relation.EXACT_COPY: "has the same text after normalising",
    Relation.NEAR_COPY: "differs in details",
    Relation.ABRIDGED_COPY: "is inside the origin",
    Relation.EXTENDED_COPY: "holds the origin and adds text",
    Relation.UPDATE_OF: "is a later version of the report by the same agency or outlet",
    Relation.PARTIAL_REUSE: "takes a part and is another report otherwise",
    Relation.DIGEST_MEMBER: (
        "is a digest that holds the origin; one row for every report it holds, none for others that repeat these"
    ),
    Relation.FOLLOW_UP: "is a later report that repeats background",
}
CREDIT_STATUSES: Mapping[CreditStatus, str] = {
    CreditStatus.CREDITED: "credits the origin's agency",
    CreditStatus.CREDITED_GENERIC: ('credits "agencies" without a name, also where the origin\'s agency is not known'),
    CreditStatus.CREDITED_OTHER: "credits another agency",
    CreditStatus.UNCREDITED: "credits nobody",
    CreditStatus.UNKNOWN: (
        "cannot be judged, for instance because the byline is missing or the origin's agency is not known"
    ),
}
