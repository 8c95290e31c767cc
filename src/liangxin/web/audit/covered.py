"""Which tables the chain vouches for row by row, and which not and why. A test holds every table of the site to this list.

Of a covered row each event that wrote it holds the fingerprint (``watching``), and ``liangxin verify`` compares (``rows``).
A field at its default is left out of the fingerprint, so that a column which a later version adds changes no old row. A
migration that rewrites covered rows, renames or drops a column calls ``services.cover`` for the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.apps import apps
from django.db.models import ManyToManyField, Model

from liangxin.web.audit.chain import canonical
from liangxin.web.audit.fingerprint import plain
from liangxin.wording import Text

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Covered:
    """``named``: lookups that say which row, without a person's or a firm's name. ``but``: columns that no act writes
    (a time of last use). ``also``: a many-to-many field that belongs to the row."""

    words: Text
    named: tuple[str, ...] = ()
    but: frozenset[str] = frozenset()
    also: str = ""


def _row(zh: str, en: str, *named: str, but: Iterable[str] = (), also: str = "") -> Covered:
    return Covered(Text(zh, en), named, frozenset(but), also)


COVERED: Final = MappingProxyType(
    {
        "accounts.User": _row("账号", "account", "username", but=("last_login",)),
        "accounts.RoleGrant": _row("角色", "role", "user__username", "role", "town__code", "task_group"),
        "accounts.PendingGrant": _row("等人确认的角色", "role that waits", "user__username", "role", "town__code", "task_group"),
        "mfa.Authenticator": _row("两步验证", "second step", "user__username", "type", but=("last_used_at",)),
        "socialaccount.SocialApp": _row("单点登录提供方", "sign-on provider", "provider_id"),
        "socialaccount.SocialAccount": _row(
            "单点登录账号", "single sign-on account", "user__username", "provider", but=("last_login", "extra_data")
        ),
        "api.ApiToken": _row("接口令牌", "API token", "user__username", "begins", but=("used",)),
        "areas.Town": _row("镇", "town", "code"),
        "policies.PolicyText": _row("带来的政策", "policy brought", "town__code", "policy", "number"),
        "policies.Adoption": _row("政策的施行", "policy in force", "town__code", "policy", "starts"),
        "units.ChangeSet": _row("变更批次", "change set", "town__code", "kind"),
        "organizations.StoredOperation": _row("党组织变动记录", "entry of the journal of organizations", "town__code", "number"),
        "organizations.UndecidedPlace": _row("待定的党组织", "organization to decide", "town__code", "unit__unit_id"),
        "organizations.CarriedOver": _row("党组织已并入", "organizations carried over", "town__code"),
        "imports.Import": _row("导入", "import", "town__code", but=("job_id",)),
        "imports.ColumnMapping": _row("栏目对应", "column mapping", "town__code", "layout", "header"),
        "imports.WaitingValue": _row("待定的值", "waiting value", "town__code", "unit__unit_id", "field"),
        "imports.NotDuplicate": _row("不是同一家的判定", "pair set apart", "town__code", "first", "second"),
        "plans.PlanRun": _row("方案", "plan", "town__code", "number", but=("job_id",)),
        "plans.PlanPin": _row("方案的指定", "pin of a plan", "run__town__code", "run__number", "kind"),
        "plans.Publication": _row("方案的发布", "publication of a plan", "town__code", "run__number"),
        "procedures.Case": _row("办件", "case", "town__code", "procedure"),
        "procedures.CaseEvent": _row("办理记录", "event of a case", "case__town__code", "case_id", "number"),
        "procedures.Party": _row("办件有关人员", "party of a case", "case_id", "user__username", "part"),
        "procedures.StandIn": _row("委托", "standing in", "giver__username", "taker__username"),
        "procedures.Evidence": _row("佐证材料", "evidence", "case__town__code", "case_id"),
        "procedures.SerialRegister": _row("发文字号登记", "register of numbers", "town__code", "body", "year"),
        "procedures.SerialNumber": _row(
            "发文字号", "serial number", "register__body", "register__year", "number", also="also"
        ),
        "procedures.Paper": _row("公文", "official document", "case__town__code", "case_id", "kind", "serial"),
        "holders.Holder": _row("职务人员", "office holder", "town__code", "kind", "part"),
        "closing.Closing": _row("收尾", "closing", "town__code"),
        "documents.Export": _row("导出登记", "export log", "town__code", "by__username", "document"),
    }
)  # fmt: skip

NOT_COVERED: Final = MappingProxyType(
    {
        "audit.Event": "the chain itself",
        "audit.Head": "the end of the chain, compared with it",
        "units.Unit": "compared field by field with its history (agreement)",
        "units.Change": "each change set has its fingerprint in its event (agreement)",
        "units.SavedList": "a person's own filters; nothing follows from them",
        "overview.DayFigures": "a kept count of a past day, made by reading a page; not compared (docs/audit.md)",
        "jobs.Job": "work under way; what a job wrote is covered where it wrote it",
        "django_tasks_database.DBTaskResult": "the queue of earlier versions",
        "sessions.Session": "whom the browser belongs to; not in a backup either",
        "accounts.SignInAttempt": "wrong passwords of the last quarter of an hour; each is an event (account.failed)",
        "usersessions.UserSession": "the list of open sessions",
        "account.EmailAddress": "no mail is sent",
        "account.EmailConfirmation": "no mail is sent",
        "socialaccount.SocialToken": "tokens of the provider are not kept",
        "auth.Group": "permissions come from roles only",
        "auth.Group_permissions": "permissions come from roles only",
        "auth.Permission": "made by migrations; permissions come from roles only",
        "accounts.User_groups": "permissions come from roles only",
        "accounts.User_user_permissions": "permissions come from roles only",
        "procedures.SerialNumber_also": "part of its serial number",
        "contenttypes.ContentType": "made by migrations",
    }
)  # fmt: skip


def models() -> dict[type[Model], Covered]:
    return {apps.get_model(label): covered for label, covered in COVERED.items()}


def fingerprints(model: type[Model], keys: Iterable[Any] | None = None) -> Iterator[tuple[str, str]]:
    """(key, fingerprint) of the rows with these keys, or of all, as the database has them now."""
    covered = COVERED[model._meta.label]
    fields = [field for field in model._meta.concrete_fields if field.attname not in covered.but]
    names = [field.attname for field in fields]
    usual = [field.get_default() for field in fields]
    rows = model._base_manager.order_by("pk")
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    further = _further(model, covered.also, keys) if covered.also else {}
    for key, *values in rows.values_list("pk", *names).iterator(chunk_size=2000):
        found = {
            name: value for name, value, default in zip(names, values, usual, strict=True) if value != default
        }
        if key in further:
            found[covered.also] = further[key]
        text = canonical({"row": plain(found)})
        yield str(key), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def many_field(model: type[Model], name: str) -> tuple[ManyToManyField[Any, Any], type[Model]]:
    """The field that ``also`` names, and the model of the table between. TypeError where it is no many-to-many field."""
    field = model._meta.get_field(name)
    if not isinstance(field, ManyToManyField) or field.remote_field.through is None:
        raise TypeError(f"{model._meta.label}.{name}")
    return field, field.remote_field.through


def _further(model: type[Model], name: str, keys: Iterable[Any] | None) -> dict[Any, list[Any]]:
    field, through = many_field(model, name)
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = through._base_manager.order_by(f"{other}_id")
    if keys is not None:
        rows = rows.filter(**{f"{own}__in": list(keys)})
    found: dict[Any, list[Any]] = {}
    for key, value in rows.values_list(f"{own}_id", f"{other}_id"):
        found.setdefault(key, []).append(value)
    return found
