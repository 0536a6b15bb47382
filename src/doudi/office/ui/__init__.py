"""界面：样式、组件、组件陈列页。

Tokens, components with their stories, the gallery. It knows no business.
"""
