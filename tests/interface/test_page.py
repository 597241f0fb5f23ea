"""The page, used by a person: in a real browser, with a real hub behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from interface.page.files import FOLDER, files
from tests.interface.browsing import FAINT_WORDS, PATIENCE_MS, needs_browser, say, speak_as, width_needed
from tests.interface.conftest import Site

NARROW = 360


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1100, "height": 800}) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """The page as a member of its own sees it; it must not complain, nor ask for anything from elsewhere."""
    member = f"member {uuid4().hex[:8]}"
    complaints: list[str] = []
    page = context.new_page()
    expect.set_options(timeout=PATIENCE_MS)
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(site.url) else complaints.append(request.url))
    page.route("**/api/**", lambda route, request: speak_as(member, route, request))
    page.goto(site.url)
    yield page
    assert complaints == []


@needs_browser
def test_a_request_gets_a_card_that_says_what_was_done_and_undoes_it(page: Page) -> None:
    say(page, "add saffron and cumin to the shopping list")
    card = page.locator(".rows .card")
    expect(card).to_contain_text("Lists")
    expect(card.locator(".result")).to_contain_text("saffron and cumin")
    expect(card.locator("dd").first).to_have_text("saffron, cumin")
    expect(page.locator("#polite")).to_contain_text("saffron and cumin")
    card.get_by_role("button", name="Undo").click()
    expect(card).to_have_class(re.compile("is-undone"))
    expect(card).to_contain_text("Undone")
    expect(card.get_by_role("button", name="Undo")).to_have_count(0)


@needs_browser
def test_what_can_not_be_undone_asks_and_does_as_it_is_told(page: Page) -> None:
    say(page, "note that the spare key is under the blue pot")
    expect(page.locator(".card.is-done")).to_be_visible()
    say(page, "delete all my notes")
    card = page.locator(".card.is-waiting")
    card.get_by_role("button", name="No, leave it").click()
    expect(page.locator(".rows .card").last).to_have_class(re.compile("is-cancelled"))
    page.reload()
    expect(page.locator(".rows .card").last).to_have_class(re.compile("is-cancelled"))
    say(page, "please delete all of my notes")
    page.locator(".card.is-waiting").get_by_role("button", name="Yes, do it").click()
    expect(page.locator(".rows .card").last).to_have_class(re.compile("is-done"))


@needs_browser
def test_what_waits_for_a_yes_is_found_under_activity_wherever_it_was_asked(page: Page, site: Site) -> None:
    say(page, "delete all my notes")
    expect(page.locator(".count")).to_have_text("1")
    page.evaluate("sessionStorage.clear()")
    page.goto(site.url)
    page.get_by_role("button", name="Activity").click()
    page.get_by_role("dialog").get_by_role("button", name="No, leave it").click()
    expect(page.get_by_role("dialog").locator(".card")).to_contain_text("Cancelled")


@needs_browser
def test_what_was_asked_in_one_sentence_stands_together_and_is_undone_together(page: Page) -> None:
    say(page, "add saffron to the shopping list and add cumin to the garden list")
    expect(page.locator(".rows .card.is-done")).to_have_count(2)
    page.get_by_role("button", name="Activity").click()
    flow = page.get_by_role("dialog").locator(".flow")
    expect(flow).to_contain_text("add saffron to the shopping list and")
    flow.get_by_role("button", name="Undo all of it").click()
    expect(flow.locator(".card.is-undone")).to_have_count(2)
    expect(flow.get_by_role("button", name="Undo")).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="Redo").click()
    expect(flow.locator(".card.is-done")).to_have_count(2)


@needs_browser
def test_of_work_that_waits_the_rest_is_cancelled_under_activity(page: Page) -> None:
    say(page, "add saffron to the shopping list and delete all my notes")
    expect(page.locator(".rows .card.is-waiting")).to_be_visible()
    page.get_by_role("button", name="Activity").click()
    flow = page.get_by_role("dialog").locator(".flow")
    flow.get_by_role("button", name="Cancel", exact=True).click()
    expect(flow.locator(".card.is-cancelled")).to_have_count(1)
    expect(flow.locator(".card.is-done")).to_have_count(1)
    expect(page.locator("#polite")).to_contain_text("To take it back")


@needs_browser
def test_a_missing_argument_is_asked_for_and_the_answer_completes_it(page: Page) -> None:
    say(page, "remind me to pay the rent")
    expect(page.locator(".missing")).to_be_visible()
    expect(page.get_by_placeholder("Your answer…")).to_be_focused()
    say(page, "tomorrow at nine")
    expect(page.locator(".card.is-done")).to_contain_text("rent")
    expect(page.locator(".missing")).to_have_count(0)


@needs_browser
def test_an_alert_shows_by_itself(page: Page) -> None:
    say(page, "set a timer for 1 second called egg")
    expect(page.locator(".alert")).to_contain_text("egg")
    expect(page.locator("#urgent")).to_contain_text("egg")


@needs_browser
def test_it_teaches_what_can_be_said(page: Page) -> None:
    expect(page.locator(".example")).to_have_count(6)
    page.get_by_role("button", name="What can I say?").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Find").fill("split bill")
    phrase = dialog.locator(".phrase").first
    text = phrase.inner_text()
    phrase.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".asked")).to_contain_text(text)
    expect(page.locator(".card, .said").first).to_be_visible()


@needs_browser
def test_services_are_listed_put_to_rest_and_woken_while_one_watches(page: Page, site: Site) -> None:
    page.get_by_role("button", name="Services", exact=True).click()
    sheet = page.get_by_role("dialog")
    random = sheet.locator("[data-service=random]")
    expect(random).to_contain_text("tools")
    random.get_by_role("button", name="Rest").last.click()
    expect(random.locator(".state")).to_have_text("Put to rest")
    assert not [tool for tool in httpx.get(f"{site.url}/api/tools").json() if tool["service"] == "random"]
    random.get_by_role("button", name="Wake").click()
    expect(random.get_by_role("button", name="Swap")).to_be_visible()
    random.get_by_role("button", name="Swap").click()
    expect(random.locator(".said")).to_contain_text(": the same tools.")
    random.get_by_role("button", name="Restart").click()
    expect(random.locator(".said")).to_contain_text("Restarted")
    expect(random.locator(".state")).to_have_text("Awake")
    httpx.post(f"{site.url}/api/services/random/rest")
    expect(random.locator(".state")).to_have_text("Put to rest")
    httpx.post(f"{site.url}/api/services/random/wake")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate(FAINT_WORDS) == []


@needs_browser
def test_what_it_can_not_do_it_says(page: Page) -> None:
    say(page, "who won the world cup in 1998?")
    expect(page.locator(".said")).to_contain_text("can't")


@needs_browser
def test_words_are_never_taken_for_html(page: Page) -> None:
    evil = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"
    say(page, f"add {evil} to the shopping list")
    expect(page.locator(".asked")).to_contain_text("<script>")
    expect(page.locator(".card, .said").first).to_be_visible()
    assert page.title() == "MuOS"
    assert page.locator("#root img").count() == 1


@needs_browser
def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    expect(page.get_by_label("Your request")).to_be_focused()
    page.keyboard.type("add tea to the shopping list")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("please")
    expect(page.get_by_label("Your request")).to_have_value("add tea to the shopping list\nplease")
    page.keyboard.press("Enter")
    undo = page.locator(".card").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(undo).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".card.is-undone")).to_be_focused()
    page.get_by_label("Your request").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Your request")).to_have_value("add tea to the shopping list\nplease")
    page.get_by_role("button", name="Activity").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@needs_browser
def test_a_phones_width_is_enough(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": NARROW, "height": 740})
    assert width_needed(page) <= NARROW
    say(page, f"add {'x' * 150} and a rather long list of other things to the shopping list")
    expect(page.locator(".card, .said").first).to_be_visible()
    assert width_needed(page) <= NARROW
    for name in ("Activity", "What can I say?", "Services"):
        page.get_by_role("button", name=name).click()
        box = page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW
        page.keyboard.press("Escape")
    for button in page.get_by_role("button").all():
        size = button.bounding_box()
        assert size is not None
        assert size["height"] >= 32


@needs_browser
def test_it_is_light_or_dark_as_the_system_is_until_the_person_chooses(page: Page) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    page.get_by_role("button", name="Light colours").click()
    assert ground() == light
    page.reload()
    assert ground() == light
    page.get_by_role("button", name="Dark colours").click()
    assert ground() == dark


@needs_browser
def test_when_the_hub_is_gone_it_says_so_and_tries_again(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url)
        expect(page.locator(".example").first).to_be_visible()
        context.set_offline(True)
        say(page, "what time is it in Tokyo?")
        expect(page.locator(".fault")).to_contain_text("can’t be reached")
        context.set_offline(False)
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".card")).to_contain_text("Tokyo")


@needs_browser
def test_words_have_enough_contrast_in_light_and_dark(page: Page) -> None:
    say(page, "delete all my notes")
    expect(page.locator(".card.is-waiting")).to_be_visible()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert page.evaluate(FAINT_WORDS) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate(FAINT_WORDS) == []


def test_every_file_of_the_page_is_served_and_nothing_else(site: Site) -> None:
    for name in files():
        answer = httpx.get(f"{site.url}/page/{name}")
        assert answer.content == (FOLDER / name).read_bytes()
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert (
            httpx.get(f"{site.url}/page/{name}", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
        )
    for name in ("files.py", "nothing.js", "vendor/lit-html/LICENSE", "..%2ffiles.py"):
        assert httpx.get(f"{site.url}/page/{name}").status_code == 404


def test_the_page_names_no_other_address(site: Site) -> None:
    known = ("http://www.w3.org/", "http://localhost")
    for name, file in files().items():
        if not name.startswith("vendor/"):
            found = re.findall(r"https?://[^\s\"'`)]+", file.content.decode())
            assert [address for address in found if not address.startswith(known)] == [], name
