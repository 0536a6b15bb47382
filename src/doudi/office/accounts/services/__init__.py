"""The writes of accounts, an act a file."""

from doudi.office.accounts.services.demo import DemoAccount as DemoAccount
from doudi.office.accounts.services.demo import make_demo_accounts as make_demo_accounts
from doudi.office.accounts.services.entry import log_in as log_in
from doudi.office.accounts.services.entry import log_out as log_out
