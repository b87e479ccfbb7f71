"""Checks of a page that a person with tired eyes or a thick thumb would make."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, Page

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",  # measure where things are, not where they pass
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}

# Elements that show text of their own, or a placeholder; not what only a screen reader says.
_SHOWN = """
const shown = [...document.querySelectorAll('body *')].filter(e => {
  const words = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const box = e.getBoundingClientRect();
  return (words || e.placeholder) && box.width > 1 && !e.closest('.aside, .skip, noscript');
});
const name = e => (e.textContent || e.placeholder || e.tagName).trim().slice(0, 20);
"""

_CONTRAST = """
const numbers = color => color.match(/[\\d.]+/g).map(Number);
const part = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const ground = e => {
  for (; e; e = e.parentElement) {
    const color = numbers(getComputedStyle(e).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color;
  }
  return [255, 255, 255];
};
const contrast = (a, b) => {
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};
const ink = e => numbers(getComputedStyle(e, e.placeholder ? '::placeholder' : null).color);
"""


async def sizes_below(page: Page, pixels: int) -> list[str]:
    """Texts in letters smaller than this."""
    script = "parseFloat(getComputedStyle(e).fontSize)"
    return await _named(page, f"shown.filter(e => {script} < {pixels})")


async def faint_texts(page: Page, ratio: float) -> list[str]:
    """Texts whose contrast with what is behind them is lower than this."""
    return await _named(page, f"shown.filter(e => contrast(ink(e), ground(e)) < {ratio})")


async def small_targets(page: Page, pixels: int) -> list[str]:
    """Things to tap that are less wide or high than this; used-up options are none."""
    controls = "[...document.querySelectorAll('button:enabled, textarea, a')]"
    small = f"e.offsetWidth < {pixels} || e.offsetHeight < {pixels}"
    visible = "e.offsetWidth && !e.closest('.skip, .bubble') && !e.hidden"
    return await _named(page, f"{controls}.filter(e => {visible} && ({small}))")


async def unnamed_controls(page: Page) -> list[str]:
    """Controls and pictures that a screen reader cannot name, and ids that are not unique."""
    ids = "[...document.querySelectorAll('[id]')].map(e => e.id)"
    doubled = f"{ids}.filter((id, at, all) => all.indexOf(id) !== at)"
    nameless = """[...document.querySelectorAll('button, a, textarea, svg, img, [role=group]')]
        .filter(e => !e.getAttribute('aria-label') && !e.textContent.trim()
            && !(e.labels && e.labels.length) && e.getAttribute('aria-hidden') !== 'true')
        .map(e => e.outerHTML)"""
    found: list[str] = await page.evaluate(f"() => [...{doubled}, ...{nameless}]")
    return found


async def sticking_out(page: Page) -> list[str]:
    """Elements that reach beyond the left or right edge of the screen."""
    box = "e.getBoundingClientRect()"
    beyond = f"{box}.width && ({box}.right > innerWidth || {box}.left < 0)"
    everything = "[...document.querySelectorAll('body *')]"
    return await _named(page, f"{everything}.filter(e => !e.closest('.aside, .skip') && {beyond})")


async def focused(page: Page) -> str:
    """The name of what has the keyboard."""
    name = "e.getAttribute('aria-label') || e.textContent.trim() || e.id"
    return str(await page.evaluate(f"(e => {name})(document.activeElement)"))


async def weigh(browser: Browser, url: str) -> int:
    """Bytes that a first visit brings over the wire, headers included."""
    page = await browser.new_page()
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    await page.goto(url, wait_until="load")
    await page.wait_for_timeout(300)
    sizes = [await request.sizes() for request in requests]
    await page.close()
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


async def _named(page: Page, elements: str) -> list[str]:
    found: list[str] = await page.evaluate(
        f"() => {{ {_SHOWN} {_CONTRAST} return ({elements}).map(name); }}"
    )
    return found
