"""不该给人看的：只用于排除的记录，在本人既未在册又未授权时，只说“有排除性记录”。

Which facts of a household may be shown. Registers of property, tax and pensions may stop an alert; of people neither
enrolled nor authorised their content is nobody's business.
"""

from doudi.readout.dossier import Dossier

__all__ = ["Shield"]

_FOR_EXCLUSION = ("exclusion_only", "authorised")
_CONSENT = "means_check_consent"


class Shield:
    """Says what of one household is hidden."""

    def __init__(self, dossier: Dossier) -> None:
        self._book = dossier.book
        evaluation = dossier.subject.evaluation
        self._consent = evaluation.household.facts.get(_CONSENT) is True
        self._facts = {
            fact.id
            for fact in self._book.facts.values()
            if any(dossier.inputs[feed].use in _FOR_EXCLUSION for feed in fact.feeds if feed in dossier.inputs.feeds)
        }
        enrolled = [self._book.by_name[tier.enrolled] for tier in self._book.tiers if tier.enrolled]
        self._enrolled = {
            person.label: any(person.facts.get(word) is True for word in enrolled)
            for person in evaluation.household.persons
        }

    def hides(self, fact: str, label: str) -> bool:
        """Is this fact about this person hidden?"""
        return fact in self._facts and not self._consent and not self._enrolled[label]

    def hides_word(self, word: str) -> bool:
        """Would the numbers of a rule tell of a hidden record of somebody in the household?"""
        if self._consent or all(self._enrolled.values()):
            return False
        return bool(self._book.rests_on(self._book.words[word].node) & self._facts)
