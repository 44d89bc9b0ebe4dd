"""Control arms: what becomes of a row's context where something of it is left out.

Context synthesis (arXiv 2502.15592, §4.3) tells whether data teach the use of a context by training
once with it and once without; all arms here are made from the layout of the row, so that nothing
else differs.
"""

from longhop.contexts.composing import Composer, parts_of
from longhop.contexts.filling import Part
from longhop.contexts.ordering import keys_of, mixed
from longhop.records.examples import Arm, ComposedContext, Role
from longhop.records.verification import MultiHop

_DOCUMENTS = {Arm.N1: 1, Arm.N5: 5, Arm.N10: 10}


def parts_of_arm(
    arm: Arm, row: MultiHop, context: ComposedContext, composer: Composer
) -> list[Part]:
    """The parts of a row's context in an arm, in the order that they have in the context.

    Those of n1 are among those of n5, and these among those of n10. A row with more supporting
    documents keeps them all, so its n1 is its gold; one whose context has fewer documents has
    fewer.
    """
    if arm is Arm.NONE:
        return []
    if arm is Arm.WRONG:
        return composer.without_evidence(row, context.layout)
    parts = parts_of(context)
    supporting = [each for each in parts if each.role is Role.SUPPORTING]
    others = [each for each in parts if each.role is not Role.SUPPORTING]
    gold = {each.document_id for each in supporting}
    room = max(0, _DOCUMENTS.get(arm, 0) - len(gold))
    ranks = mixed(keys_of([each.document_id for each in others]), "arm", row.id).tolist()
    chosen = {each for _, each in sorted(zip(ranks, others, strict=True))[:room]}
    return [each for each in parts if each.role is Role.SUPPORTING or each in chosen]
