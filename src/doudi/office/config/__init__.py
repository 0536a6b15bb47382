"""总装：设置、网址、订阅、启动——各科室在这里接起来。

Settings, addresses, subscriptions, the processes of an installation. The only place that knows every office.
"""
