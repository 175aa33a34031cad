"""Forms and their versions. A version is never changed: old drafts keep theirs."""

from django.db import models
from django.db.models import Q

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


class Form(models.Model):
    """A form by its code. Without a unit it came with the program; a unit may have its own of the same code, which holds there."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    code = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "code": Privacy.PUBLIC,
        "unit": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "unit"], nulls_distinct=False, name="form_code_of_unit")
        ]


class FormVersion(models.Model):
    """One published text of a form: the spec as `rules.spec` writes it, known by its digest."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    spec = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)  # an actor's id
    is_current = models.BooleanField(default=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "form": Privacy.INTERNAL,
        "number": Privacy.PUBLIC,
        "spec": Privacy.PUBLIC,
        "digest": Privacy.PUBLIC,
        "published_at": Privacy.PUBLIC,
        "published_by": Privacy.INTERNAL,
        "is_current": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(is_current=True), name="form_one_current_version"
            ),
        ]
