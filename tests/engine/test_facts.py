"""What the lines of the lake say about a person, and what their absence says."""

from datetime import date


def test_a_person_without_medical_lines_paid_nothing_when_the_year_is_whole(lake, city):
    lake.person(1).whole_year("medical_settlement")
    facts = city.person(lake, 1)
    assert (facts["self_paid_fen_12m_lo"], facts["self_paid_fen_12m_hi"]) == (0, 0)
