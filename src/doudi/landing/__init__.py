"""来件：把部门送来的文件变成核对过的行，换成人的编号，落进数据湖；认不出的退回并说明理由。

Landing: department files become checked lines, person keys and the lake. It keeps what was received and why a line was
sent back; it never knows the law, and no id or name leaves its vault.
"""
