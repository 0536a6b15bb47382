"""交换：部门来件从上传到入湖，退回、隔离、覆盖，一步步看得见；密库在这里。

Department files from upload to lake: uploads, batches, rejects, quarantine, coverage; the office's vault. The only office
that calls `doudi.landing`; it never knows the law.
"""
