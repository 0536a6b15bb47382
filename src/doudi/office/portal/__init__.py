"""门厅：工作台、户情页、全市看板——把各科室的卡片摆在一页上。

The pages that put several offices' cards together: workbench, household page, dashboard. It keeps nothing of its own.
"""
