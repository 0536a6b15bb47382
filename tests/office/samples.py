"""Something of each kind in the small city, for addresses that name one."""

import personas
from doudi.office.accounts.models import Organisation, SupervisionGrant, User
from doudi.office.audit.models import Entry
from doudi.office.audit.whole import whole_journal
from doudi.office.common.codes import range_of
from doudi.office.common.scope import whole_city
from doudi.office.exchange.models import Batch, Hold, Upload
from doudi.office.messages.models import Message
from doudi.office.monitoring.models import Alert, Run
from doudi.office.registry.models import Household, Person


def of(name):
    """Kind → how an address names one that this person may see, as far as there is one."""
    lo, hi = range_of(personas.everybody()[name].division)
    with whole_city():
        alert = (
            Alert.objects.filter(managing_division__range=(lo, hi), household_key__isnull=False)
            .order_by("level_rank", "pk")
            .first()
        )
        homes = Household.objects.filter(managing_division__range=(lo, hi), present=True).order_by("pk")
        home = homes.filter(pk=alert.household_key).first() if alert else homes.first()
        found = {
            "alert": alert.pk if alert else "",
            "household": home.ref.hex if home else "",
            "batch": Batch.objects.filter(feed="medical_settlement").order_by("pk").first().pk,
            "upload": Upload.objects.order_by("pk").first().pk,
            "organisation": Organisation.objects.order_by("pk").first().pk,
            "grant": SupervisionGrant.objects.order_by("pk").first().pk,
            "nothing": 0,
            "head": Person.objects.get(household=home, is_head=True).ref.hex if home else "",
            "hold": Hold.objects.first().pk,
            "run": Run.objects.first().pk,
            "user": User.objects.get(login="liwei").pk,
            "message": _message(name),
            "division": personas.everybody()[name].division,
        }
        with whole_journal():
            found["entry"] = Entry.objects.filter(act="exchange.receive").order_by("pk").first().pk
    return found


def _message(name):
    """The newest message of that person; 0, which is nobody's, for who has none."""
    whose = User.objects.filter(login=personas.everybody()[name].login).values("pk")
    return Message.objects.filter(recipient_id__in=whose).order_by("-pk").values_list("pk", flat=True).first() or 0


def fill(paths, name):
    """The addresses with something named in each."""
    found = of(name)
    return [path.format(**found) for path in paths]
