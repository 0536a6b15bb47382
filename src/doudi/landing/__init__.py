"""入库：部门来件 → 逐行核对 → 人员编号 → 湖。

收下各部门真实的文件，每一个物理行都说得清去处；号码、姓名、户号只进密库，湖里只有编号和代号。从不懂政策，从不改部门的数。

Landing: department files → checked lines → person keys → lake. It keeps what departments sent, line by line, and whose
lines they are; ids and names live in the vault alone. It never knows the law, and never changes what a department said
without a note. Entered by `land`; what landed is read by `read_batches`, judged by `standing`, opened to people by
`Vault` and `list_rejects`.
"""

from doudi.landing.contract import load_contract
from doudi.landing.feed_names import FEED_NAMES, feed_name
from doudi.landing.lake import accept, read_acceptances, read_batches
from doudi.landing.land import land
from doudi.landing.rejects import list_rejects
from doudi.landing.standing import standing
from doudi.landing.vault import Vault

__all__ = [
    "FEED_NAMES", "Vault", "accept", "feed_name", "land", "list_rejects", "load_contract", "read_acceptances",
    "read_batches", "standing",
]  # fmt: skip
