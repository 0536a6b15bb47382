"""监测：运行、预警的一生、每户的事实卡片。

Runs, alerts and their life across runs, the facts-and-trace card of a household. Calls the engine and takes over what it
says; decides nothing. Reasons, figures and cards lie sealed; who may read which of them is told by field classes.
"""
