"""模板里能用的词。

Tags and filters; `config/settings.py` lists them as built in, so that no template loads them.
"""
