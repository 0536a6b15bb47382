"""水印：谁、什么时候看的这一页，斜着印在列表和导出上。

The watermark as a picture: who looked, and when.
"""

from html import escape

__all__ = ["watermark"]

_TILE = 320, 200  # wide enough for a login name and a minute, dense enough that no crop of a list is without one


def watermark(*lines: str) -> str:
    """An SVG tile that repeats over the page: two lines at most stay legible."""
    wide, high = _TILE
    texts = "".join(
        f'<text x="{wide // 2}" y="{high // 2 + 22 * row}">{escape(line)}</text>' for row, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f'<g transform="rotate(-22 {wide // 2} {high // 2})" font-size="15" text-anchor="middle" '
        f'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" fill="#1f2329">{texts}</g></svg>'
    )
