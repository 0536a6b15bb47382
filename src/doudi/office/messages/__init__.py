"""消息：平台主动告诉工作人员的事，一次监测每人至多一条；存的是事由、编号和数目，没有一个群众的姓名，文字在读的时候按读者的权限现写。

What the platform says to its staff without being asked. It keeps a row a recipient: kind, cause, keys, counts, read or not.
It never keeps a name, an id or a sentence about anybody: the text is drawn when it is read, by what its reader may see.
"""
