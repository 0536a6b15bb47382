"""axe-core on a page of a real Chromium: what it finds against WCAG 2.2 AA, and what it does not look at, the sizes.

The script comes with the front end's own packages (`npm ci` in frontend/).
"""

from pathlib import Path

import pytest

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THUMB = 44  # px, what a control measures in 大字版
CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary"


def violations(page):
    """One line a violation: the rule, what it asks, where. The page's own policy forbids scripts of others, axe goes in past it."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `npm ci` in frontend/")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    asked = {"runOnly": STANDARD, "resultTypes": ["violations"]}  # what is right need not be told node by node
    found = page.evaluate("asked => axe.run(asked).then(told => told.violations)", asked)
    return [
        f"{each['id']}: {each['help']} — " + "; ".join(str(node["target"]) for node in each["nodes"][:5])
        for each in found
    ]


def small_controls(page, least=THUMB):
    """Controls of the page lower or narrower than a thumb. A link inside a sentence may be as high as its line (WCAG 2.5.8)."""
    return page.evaluate(
        """([controls, least]) => [...document.querySelectorAll(controls)].filter((each) => {
            if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('.unseen, svg, .skip')) return false;
            const inSentence = each.matches('a') && getComputedStyle(each).display === 'inline' && each.closest('p, dd, li, td');
            const target = each.matches('input') ? each.closest('label') ?? each : each;
            const { width, height } = target.getBoundingClientRect();
            return !inSentence && (height < least - 0.5 || width < least - 0.5);
        }).map((each) => `${each.outerHTML.slice(0, 90)} ${Math.round(each.getBoundingClientRect().width)}×`
            + `${Math.round(each.getBoundingClientRect().height)}`)""",
        [CONTROLS, least],
    )


def overflow(page):
    """How many pixels the page is wider than its window, and whose fault it is; empty when nothing sticks out."""
    return page.evaluate(
        """() => {
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return [];
            return [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > wide + 0.5)
                .slice(-5).map((each) => `${each.tagName.toLowerCase()}.${each.className} reaches ${each.getBoundingClientRect().right}`);
        }"""
    )
