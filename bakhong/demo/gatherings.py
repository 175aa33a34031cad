"""What the synthetic commune plans besides visits: a training, mobile sessions, tasks, lists of payments, a survey, targets, a report."""

import random
from datetime import datetime, timedelta

from django.db import transaction

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.campaign import Ground, key, moment
from bakhong.demo.rules.choosing import draw
from bakhong.indicators.actions.daily import make_daily_report
from bakhong.indicators.actions.entries import TargetEntry
from bakhong.indicators.actions.targets import PartEntry, decide_and_cascade
from bakhong.indicators.models import DailyReport, Target
from bakhong.indicators.queries.cascades import propose
from bakhong.indicators.queries.counted import counted, measure_of
from bakhong.indicators.rules.asks import Ask
from bakhong.outreach.actions.announcements import announce
from bakhong.outreach.actions.beneficiaries import Paid, record_beneficiaries
from bakhong.outreach.actions.sessions import invite_to_session, plan_session
from bakhong.outreach.actions.surveys import draw_sample, make_survey, record_reply
from bakhong.outreach.actions.tasks import give_task
from bakhong.outreach.actions.trainings import attend, plan_training
from bakhong.outreach.models import (
    Announcement,
    Beneficiary,
    BenefitKind,
    CampaignTask,
    Channel,
    MobileSession,
    ProviderKind,
    Reply,
    Survey,
    Training,
    Wave,
)
from bakhong.people.models import Person
from bakhong.places.queries import children

TARGET = Ask("personal_signature", "activated", "present_with_smartphone")


def load_gatherings(ground: Ground, *, by: Actor, at: datetime) -> None:
    """Each part once; a part that is there already is left alone."""
    rng = random.Random(13)  # noqa: S311 - the same gatherings every time is the point
    parts = (
        (Training, _train),
        (MobileSession, _sessions),
        (CampaignTask, _tasks),
        (Announcement, _announce),
        (Beneficiary, _payments),
        (Survey, _survey),
    )
    for model, load in parts:
        if not model._default_manager.exists():
            with transaction.atomic():
                load(rng, ground, by, at)
    _target(ground, by, at)
    _report(ground, by, at)


def _train(rng: random.Random, ground: Ground, by: Actor, at: datetime) -> None:
    """Ten days ago in the hardest village but one; eighteen people came."""
    day, village = day_of(at) - timedelta(days=10), ground.villages[5]
    training = plan_training(
        unit=ground.commune,
        title="Kỹ năng số cơ bản: VNeID, chuyển khoản, tránh lừa đảo",
        services=["digital_skills", "digital_signature"],
        place=village,
        venue="Nhà văn hoá thôn",
        starts_at=moment(day, 19),
        ends_at=moment(day, 21),
        trainer="Bí thư Chi đoàn (mẫu)",
        client_key=key("training"),
        by=by,
        at=moment(day - timedelta(days=4), 9),
    )
    there = Person.objects.filter(village=village, is_known=True, merged_into=None, presence="present")
    grown = list(there.filter(birth_year__gt=1950, birth_year__lt=2005).order_by("pk"))
    attend(training=training, persons=rng.sample(grown, min(18, len(grown))), by=by, at=moment(day, 21))


def _sessions(rng: random.Random, ground: Ground, by: Actor, at: datetime) -> None:
    """The police came to the farthest village a week ago; they and the bank come again."""
    today = day_of(at)
    for days, index, kind, provider, services, bring in (
        (
            -7,
            6,
            ProviderKind.POLICE,
            "Công an xã",
            ["eid_level2", "identity_card"],
            "Thẻ căn cước, điện thoại (nếu có)",
        ),
        (
            3,
            5,
            ProviderKind.POLICE,
            "Công an xã",
            ["eid_level2", "identity_card"],
            "Thẻ căn cước, điện thoại (nếu có)",
        ),
        (5, 6, ProviderKind.BANK, "Agribank, phòng giao dịch", ["payment_account"], "Thẻ căn cước"),
    ):
        day = today + timedelta(days=days)
        planned = moment(min(day, today) - timedelta(days=5), 9)
        session = plan_session(
            unit=ground.commune,
            place=ground.villages[index],
            venue="Nhà văn hoá thôn",
            provider_kind=kind,
            provider=provider,
            services=services,
            starts_at=moment(day, 8),
            ends_at=moment(day, 11),
            capacity=30,
            bring=bring,
            client_key=key(f"session/{days}"),
            by=by,
            at=planned,
        )
        invite_to_session(session=session, by=by, at=planned if days < 0 else at)


def _tasks(rng: random.Random, ground: Ground, by: Actor, at: datetime) -> None:
    due = day_of(at) + timedelta(days=14)
    for name, body, role, title, index, service, wanted in (
        (
            "women",
            "Hội Liên hiệp Phụ nữ",
            "mass_organisation",
            "Vận động tiểu thương dùng mã QR",
            0,
            "merchant_qr",
            25,
        ),
        (
            "old",
            "Hội Người cao tuổi",
            "mass_organisation",
            "Cùng tổ đến nhà hội viên chưa có VNeID",
            6,
            "eid_level2",
            420,
        ),
        (
            "police",
            "Công an xã",
            "commune_police",
            "Gỡ các trường hợp VNeID báo lỗi thông tin cư trú",
            5,
            "",
            None,
        ),
        (
            "leader",
            "Lãnh đạo phụ trách thôn",
            "supervising_leader",
            "Dự ra quân buổi tối với tổ, báo vướng mắc",
            6,
            "",
            None,
        ),
    ):
        give_task(
            unit=ground.commune,
            title=title,
            place=ground.villages[index],
            due_on=due,
            client_key=key(f"task/{name}"),
            role=role,
            body=body,
            service=service,
            wanted=wanted,
            by=by,
            at=at,
        )


def _announce(rng: random.Random, ground: Ground, by: Actor, at: datetime) -> None:
    announce(
        unit=ground.commune,
        title="Công an xã làm căn cước, VNeID tại thôn",
        body=(
            "Công an xã về nhà văn hoá thôn làm căn cước và kích hoạt VNeID. Mời bà con chưa làm đến theo giờ ghi trên giấy mời, "
            "mang theo thẻ căn cước. Không thu tiền. Cán bộ không bao giờ gọi điện hỏi mật khẩu hay mã xác nhận của bà con."
        ),
        villages=ground.villages[5:],
        starts_on=day_of(at) - timedelta(days=2),
        ends_on=day_of(at) + timedelta(days=6),
        accepted=(),
        client_key=key("announcement"),
        by=by,
        at=at,
    )


def _payments(rng: random.Random, ground: Ground, by: Actor, at: datetime) -> None:
    """Who gets a pension or support; a little more than half by account."""
    old = Person.objects.filter(is_known=True, merged_into=None, birth_year__lt=1961).exclude(
        presence__in=("died", "moved")
    )
    persons = list(old.filter(village__in=list(ground.villages)).order_by("pk"))
    kinds = [(BenefitKind.PENSION, 45.0), (BenefitKind.SOCIAL, 40.0), (BenefitKind.MERIT, 15.0)]
    entries = [
        Paid(
            person,
            draw(rng, kinds),
            channel=Channel.ACCOUNT if rng.random() < 0.57 else Channel.CASH,
            paid_by="Bưu điện",
            detail="danh sách chi trả mẫu",
        )
        for person in rng.sample(persons, min(160, len(persons) // 3))
    ]
    record_beneficiaries(entries=entries, by=by, at=at)


def _survey(rng: random.Random, ground: Ground, by: Actor, at: datetime) -> None:
    survey = make_survey(
        unit=ground.commune,
        title="Một lần khai, không khai lại",
        question="Lần làm giấy tờ gần nhất, bác có phải khai lại điều đã khai trước đó không?",
        choices=["Không phải khai lại", "Có phải khai lại", "Chưa làm giấy tờ nào"],
        counted="Không phải khai lại",
        age_min=18,
        by_village=True,
        margin=8,
        client_key=key("survey"),
        by=by,
        at=at,
    )
    wave = draw_sample(survey=survey, wave=Wave.BEFORE, by=by, at=at)
    for sampled in wave.sample.order_by("pk"):
        chance = rng.random()
        if chance < 0.72:
            answer = draw(
                rng, [(survey.choices[0], 38.0), (survey.choices[1], 47.0), (survey.choices[2], 15.0)]
            )
            record_reply(sampled=sampled, reply=Reply.ANSWERED, answer=answer, by=by, at=at)
        elif chance < 0.84:
            record_reply(
                sampled=sampled, reply=Reply.AWAY if chance < 0.8 else Reply.REFUSED, answer="", by=by, at=at
            )


def _target(ground: Ground, by: Actor, at: datetime) -> None:
    """Signatures: half of those who lack one, split over the villages after who is missing."""
    measure = measure_of(TARGET.indicator, TARGET.stage, TARGET.population)
    on = day_of(at)
    if measure is None or Target.objects.filter(unit=ground.commune, client_key=key("target")).exists():
        return
    count = counted([ground.commune.pk], on, wanted=[measure]).get((ground.commune.pk, measure))
    if count is None:
        return
    total = count.numerator + count.missing // 2
    proposal = propose(ground.commune, TARGET, total, on)
    assert proposal is not None
    below = {village.uuid: village for village in children(ground.commune, on)}
    decide_and_cascade(
        unit=ground.commune,
        entry=TargetEntry(
            indicator=TARGET.indicator,
            stage=TARGET.stage,
            population=TARGET.population,
            value=total,
            by_date=on + timedelta(days=60),
            decision="Kế hoạch mẫu số 12/KH-UBND",
            key=key("target"),
        ),
        parts=[PartEntry(below[share.unit.uuid], share.value) for share in proposal.shares],
        by=by,
        at=at,
    )


def _report(ground: Ground, by: Actor, at: datetime) -> None:
    day = day_of(at) - timedelta(days=1)
    if not DailyReport.objects.filter(unit=ground.commune).exists():
        make_daily_report(
            unit=ground.commune,
            day=day,
            plan="Tổ thôn Mẫu 7 đến 6 hộ còn lại ở đầu dốc, buổi tối; Công an xã gỡ lỗi thông tin cư trú.",
            client_key=key("report"),
            by=by,
            at=at,
        )
