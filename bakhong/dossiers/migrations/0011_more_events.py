"""A wrong press is taken back, a result holds no more, a limit is made longer, somebody is recognised; and the clock asks also who only handed in."""

from importlib import import_module

from django.db import migrations, models

FIRST = import_module("bakhong.dossiers.migrations.0006_signed_application")
BEFORE = import_module("bakhong.dossiers.migrations.0010_duty_charge")
OPEN = ("submitted", "received", "in_progress", "supplement", "duty", "withdrawing", "approved", "done")
SAME = {
    "warn": ("submitted", "supplement"),
    "escalate": ("submitted", "supplement"),
    "extend": ("received", "in_progress"),
    "identify": OPEN,
    "note_code": (*OPEN, "returned"),
}
LEGAL = (
    BEFORE.LEGAL
    + "".join(
        f",\n        ('{event}', '{state}', ARRAY['{state}'])"
        for event, states in SAME.items()
        for state in states
    )
    + """,
        ('take_back', 'submitted', ARRAY['supplement', 'refused']),
        ('take_back', 'received', ARRAY['supplement', 'refused', 'stopped']),
        ('take_back', 'in_progress', ARRAY['supplement', 'refused', 'stopped']),
        ('take_back', 'supplement', ARRAY['stopped']),
        ('take_back', 'duty', ARRAY['stopped']),
        ('take_back', 'withdrawing', ARRAY['stopped']),
        ('take_back', 'done', ARRAY['returned']),
        ('cancel_result', 'in_progress', ARRAY['done', 'returned'])"""
)
EVENT_KINDS = [
    *BEFORE.EVENT_KINDS,
    ("extend", "gia hạn để xác minh"),
    ("identify", "ghi nhận người nộp có trong danh sách dân cư"),
    ("note_code", "ghi mã hồ sơ ở hệ thống khác"),
    ("take_back", "lấy lại việc vừa ghi nhầm"),
    ("cancel_result", "thu hồi kết quả đã ký"),
]

# What is taken back is the last event that changed the state, and of a kind that somebody may press by mistake.
TAKE_BACK = """
    IF NEW.kind = 'take_back' THEN
        SELECT state_from INTO origin FROM (
            SELECT kind, state_from FROM dossiers_event
             WHERE dossier_id = NEW.dossier_id AND state_to <> state_from ORDER BY number DESC LIMIT 1
        ) last WHERE kind IN ('ask_supplement', 'refuse', 'stop', 'confirm_withdrawal', 'return_result');
        IF origin IS DISTINCT FROM NEW.state_to THEN
            RAISE EXCEPTION 'Illegal transition: % goes back to %, not to %', NEW.kind, origin, NEW.state_to
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
"""
_WRITES = "    UPDATE dossiers_dossier SET state = NEW.state_to"


def happen(legal):
    """The function of 0006 that also knows what may be taken back."""
    before = FIRST.happen(legal)
    assert _WRITES in before
    return before.replace(_WRITES, TAKE_BACK.lstrip("\n") + _WRITES)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0010_duty_charge")]

    operations = [
        migrations.AlterField("event", "kind", models.CharField(choices=EVENT_KINDS, max_length=24)),
        migrations.RunSQL(happen(LEGAL), FIRST.happen(BEFORE.LEGAL)),
    ]
