"""接口：别的系统按同一条辖区判断、同一张字段分级表来读；谁接入、替谁读、为什么读，两个人定。

The read API: the same selectors as the pages, so the same scope, the same masking, the same journal. It keeps the clients
that were admitted and their tokens' checksums; it never writes business, and never shows a field that a page withholds.
"""
