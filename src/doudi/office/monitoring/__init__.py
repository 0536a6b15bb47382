"""监测：运行、预警的一生、每户的事实卡片。

Runs, alerts and their life across runs, the facts-and-trace card of a household. Calls the engine; decides nothing.
"""
