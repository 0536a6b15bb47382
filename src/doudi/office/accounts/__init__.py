"""账号：机构、用户、岗位、辖区；谁能登录，登录后能看到哪些户。

Who may log in and what is theirs: organisations, users, roles, the `Viewer`, external supervision. It never knows what
stands in a household.
"""
