"""What the twin answers: words of tiers by grain, and indicators by the grain of their subject."""

TWIN_TIERS = {
    "person": ("assessed_tekun", "assessed_single"),
    "household": (
        "assessed_dibao", "assessed_dibao_margin", "assessed_rigid_expenditure", "assessed_other", "assessed_fanpin",
    ),
}  # fmt: skip
"""Word ids of the book by grain; each is yes, no or unknown for every person or household."""

TWIN_INDICATORS = (
    "eligible.self_paid",
    "eligible.costly_stay",
    "eligible.new_illness",
    "eligible.earner_jobless",
    "eligible.severe_unregistered",
    "eligible.unsupported_child",
    "eligible.parent_died",
    "eligible.enrolled_new_hardship",
    "complex.many_hardships",
    "ineligible.dead",
    "ineligible.two_places",
    "ineligible.rigid_expiring",
    "unfulfilled.living_allowance",
    "unfulfilled.heating",
    "supervision.kin_undeclared",
)
