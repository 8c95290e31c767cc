from __future__ import annotations

from django.conf import settings
from django.db import models


class Case(models.Model):
    """A case of ``liangxin.procedure``. What it is follows from its events; the columns below repeat of it what lists
    search and count by, written with each event in one transaction.

    ``action``, ``task_group``, ``handler``: whom it waits for (``procedure.waiting``). ``due``: the earliest time limit.
    ``plan``, ``approved_by``: the published plan, and for a founding the plan's case, that it came from.
    """

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="cases")
    procedure = models.CharField(max_length=16)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=16)
    closed = models.BooleanField(default=False)
    initiator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_begun"
    )
    task_group = models.CharField(max_length=40, blank=True)
    organization = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=12, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_in_hand",
    )
    asking = models.BooleanField(default=False)  # waits for an opinion (加签) first
    since = models.DateField()
    due = models.DateField(null=True, blank=True)
    plan = models.ForeignKey(
        "plans.PlanRun", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    approved_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="foundings"
    )
    begun = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["town", "closed", "action", "task_group"], name="cases_that_wait"),
            models.Index(fields=["town", "closed", "due"], name="cases_by_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """The case's id in the core."""
        return str(self.pk)


class CaseEvent(models.Model):
    """One event of a case's log as ``procedure.event_to_json`` writes it. Events are only ever added."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number_once_a_case")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class Party(models.Model):
    """Who has to do with a case besides those whose step it is, for the lists: asked, copied to, delegate, has acted.

    ``since``, ``until``: the days of a delegation. ``giver``: whose delegate.
    """

    ASKED, COPIED, DELEGATE, ACTED = "asked", "copied", "delegate", "acted"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user", "part"], name="one_part_each")]
        indexes = [models.Index(fields=["user", "part"], name="parts_of_a_person")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.part} {self.user_id}"


class StandIn(models.Model):
    """委托 of all of one's cases: ``taker`` acts for ``giver`` from ``since`` to ``until``, or until it was ended."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="stand_ins")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    ended = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["taker", "town", "until"], name="stand_ins_of_a_person")]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker} {self.since} {self.until}"


class Evidence(models.Model):
    """An uploaded file that shows work done. ``sha256`` is what the event names; the file is kept under its digest."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)  # pdf, jpg, png, docx, xlsx
    file = models.FileField(upload_to="evidence/%Y")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="evidence_once_a_case")]

    def __str__(self) -> str:
        return self.name


class SerialRegister(models.Model):
    """The numbers of one body in one year (A3). ``first``: the first number kept here; earlier ones are on paper.
    ``issuer``: "" the town committee, ``working_committee``, ``leading_group``, or the id of an organization.

    Its row is locked before a number is given, so numbers follow one another whoever asks at once.
    """

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="serial_registers")
    body = models.CharField(max_length=12)
    year = models.PositiveIntegerField()
    first = models.PositiveIntegerField(default=1)
    issuer = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-year", "issuer", "body"]
        constraints = [models.UniqueConstraint(fields=["town", "body", "year"], name="one_register_each")]

    def __str__(self) -> str:
        return f"{self.body}〔{self.year}〕"


class SerialNumber(models.Model):
    """A line of a register as ``procedure.SerialLine`` has it. ``also``: the further cases that its document decides."""

    register = models.ForeignKey(SerialRegister, on_delete=models.CASCADE, related_name="numbers")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    on = models.DateField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="serials")
    also = models.ManyToManyField(Case, blank=True, related_name="shared_serials")
    what = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="number_once_a_register")]

    def __str__(self) -> str:
        return f"{self.register}{self.number}号"

    @property
    def number_of_cases(self) -> int:
        """How many cases its document decides."""
        return (self.case_id is not None) + len(self.also.all())


class Paper(models.Model):
    """An issued document: its kind, number and day, and the facts it says. docx and PDF are made from the facts on demand,
    so a document reads the same whatever the ledger says later.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    event = models.PositiveIntegerField()  # of which event of the case
    kind = models.CharField(max_length=24)
    serial = models.CharField(max_length=40, blank=True)
    day = models.DateField()
    facts = models.JSONField()

    class Meta:
        ordering = ["event", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "event", "kind"], name="one_paper_of_an_event")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.serial}".strip()
