"""The writes of accounts, an act a file."""

from doudi.office.accounts.services.changes import ask_change as ask_change
from doudi.office.accounts.services.changes import decide_change as decide_change
from doudi.office.accounts.services.demo import DemoAccount as DemoAccount
from doudi.office.accounts.services.demo import make_demo_accounts as make_demo_accounts
from doudi.office.accounts.services.entry import log_in as log_in
from doudi.office.accounts.services.entry import log_out as log_out
from doudi.office.accounts.services.entry import seated as seated
from doudi.office.accounts.services.first import make_first_administrators as make_first_administrators
from doudi.office.accounts.services.own import change_password as change_password
from doudi.office.accounts.services.own import prove_second_factor as prove_second_factor
from doudi.office.accounts.services.own import start_second_factor as start_second_factor
from doudi.office.accounts.services.supervision import ask_supervision as ask_supervision
from doudi.office.accounts.services.supervision import decide_supervision as decide_supervision
from doudi.office.accounts.services.supervision import end_supervision as end_supervision
from doudi.office.accounts.services.supervision import end_what_is_over as end_what_is_over
from doudi.office.accounts.services.throttling import count_search as count_search
from doudi.office.accounts.services.users import Asked as Asked
from doudi.office.accounts.services.users import ask_user as ask_user
from doudi.office.accounts.services.users import decide_user as decide_user
from doudi.office.accounts.services.users import make_organisation as make_organisation
from doudi.office.accounts.services.users import move_user as move_user
