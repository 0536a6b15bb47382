"""接口的地址：每一处都是翻译——认参数、问一次、照形状写出来。

The API's operations, translators all of them: parameters, one call, a shape.
"""
