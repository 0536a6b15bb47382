"""文书：导出文件——谁要、凭什么、谁批、谁取走；内容在取走的那一刻才生成，服务器上不留副本。

Exports. It keeps who asked for which file on what ground, who approved it and who took it. It never keeps the file: the
content is made at the moment of taking, by the office that owns it, within the scope of whoever takes it.
"""
