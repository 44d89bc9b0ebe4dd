"""Audit: what can be said of any data set, as files in the store.

It has no receipt of its own: its figures are written last, under a name that is made of its inputs
and its plan, so that an audit whose figures are there is whole, and is not made again.
"""

from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.auditing.plan import AuditPlan
from longhop.errors import LongHopError
from longhop.publishing.audited.writing import (
    FIGURES,
    fingerprint_inputs,
    version_of,
    write_audit,
)
from longhop.publishing.drafting import Drafts
from longhop.records.audit import Audit
from longhop.resources import Resources, resources
from tasks.stage import told


@task(name="audit", task_run_name="audit", cache_policy=NO_CACHE, persist_result=False)
def audit_files(name: str, plan: AuditPlan) -> Any:
    """The figures of an audit, with its files in the store."""
    try:
        return audited(name, plan, resources())
    except LongHopError as error:
        return told(error)


def audited(name: str, plan: AuditPlan, live: Resources) -> Audit:
    """The audit by what lies in the store; else it is made, and its figures are written last."""
    version = version_of(plan, fingerprint_inputs(plan, live.sources))
    folder = folder_of(name, version)
    try:
        return Audit.model_validate_json(live.files.read(f"{folder}/{FIGURES}"))
    except FileNotFoundError:
        pass
    with Drafts(live.files.draft) as drafts:
        audit = write_audit(plan, live.sources, drafts)
        contents = drafts.contents
        for path in sorted(contents, key=lambda each: (each == FIGURES, each)):
            live.files.adopt(f"{folder}/{path}", contents[path])
    return audit


def folder_of(name: str, version: str) -> str:
    """Where the files of an audit lie in the store."""
    return f"audits/{name}/{version}"
