"""The sheet of memory, used by a person in a real browser: the timeline, searching, forgetting."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from memory.note import Note, Scope
from tests.interface.browsing import FAINT_WORDS, Looking, needs_browser, say, width_needed

SMALLEST = 320
MANY = 230
PAGE_SIZE = 50
EVIL = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"


@needs_browser
def test_an_empty_memory_teaches_what_to_say(looking: Looking) -> None:
    sheet = looking.open()
    expect(sheet).to_contain_text("Remember that I park on level 3")
    for tab, words in (
        ("You", "I live in Lyon"),
        ("People", "Bob is vegetarian"),
        ("Promises", "I’ll call Anna on Friday"),
    ):
        looking.page.get_by_role("tab", name=tab, exact=True).click()
        expect(sheet.locator(".teach")).to_contain_text(words)


@needs_browser
def test_the_timeline_shows_what_was_said_day_by_day_the_latest_first(looking: Looking) -> None:
    looking.hears("The boat is red", ago=timedelta(days=400))
    looking.hears("The fence is green", ago=timedelta(days=1))
    looking.hears("The door is blue", room=f"den {looking.member}", scope=Scope.ROOM)
    sheet = looking.open()
    expect(sheet.locator(".words")).to_have_text(["The door is blue", "The fence is green", "The boat is red"])
    days = sheet.locator(".day").all_inner_texts()
    assert days[:2] == ["Today", "Yesterday"]
    assert re.fullmatch(r"\d+ [A-Z][a-z]+ \d{4}", days[2])
    expect(looking.memos.first.locator(".badge")).to_contain_text(f"den {looking.member}")
    expect(looking.memos.first).to_contain_text("For whoever was in the room")
    expect(looking.memos.last).to_contain_text("only you can see it")


@needs_browser
def test_a_note_says_what_was_answered_and_why_it_is_known(looking: Looking) -> None:
    say(looking.page, "add saffron to the shopping list")
    expect(looking.page.locator(".rows .card.is-done")).to_be_visible()
    sheet = looking.open()
    more = sheet.get_by_role("button", name="More about: add saffron")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    sheet.get_by_text("What MuOS answered").click()
    expect(sheet.locator("details .words")).to_contain_text(re.compile("saffron", re.IGNORECASE))
    expect(sheet.get_by_role("region", name="Why do you know this?")).to_contain_text("You said so on")


@needs_browser
def test_older_notes_come_as_one_scrolls_and_only_those_near_are_in_the_document(looking: Looking) -> None:
    looking.hears(*(f"Entry {number}: the boat is painted" for number in range(MANY)))
    sheet = looking.open()
    expect(looking.memos).to_have_count(PAGE_SIZE)
    while not sheet.locator(".end").count():
        pages = sheet.locator(".page").count()
        sheet.evaluate("sheet => sheet.scrollTo(0, sheet.scrollHeight)")
        looking.page.wait_for_function(
            "pages => document.querySelectorAll('.page').length > pages || document.querySelector('.end')", arg=pages
        )
    expect(sheet.locator(".page").last).to_contain_text("Entry 0:")
    assert looking.memos.count() < MANY / 2
    sheet.evaluate("sheet => sheet.scrollTo(0, 0)")
    expect(looking.memos.first).to_contain_text(f"Entry {MANY - 1}:")


@needs_browser
def test_many_notes_of_one_moment_are_all_shown(looking: Looking) -> None:
    when = datetime.now(UTC)
    for number in range(PAGE_SIZE * 2 + 5):
        looking.hub.memory.remember(Note(f"Line {number} of the list", looking.member, when, looking.member))
    sheet = looking.open()
    while not sheet.locator(".end").count():
        sheet.evaluate("sheet => sheet.scrollTo(0, sheet.scrollHeight)")
    expect(sheet.locator(".end")).to_be_visible()
    heights = sheet.locator(".page").evaluate_all("pages => pages.length")
    assert heights >= 2
    sheet.evaluate("sheet => sheet.scrollTo(0, 0)")
    expect(looking.memos.first).to_be_visible()


@needs_browser
def test_search_finds_by_words_and_says_why(looking: Looking) -> None:
    looking.hears("The spare key is under the blue pot", "Dinner was good", "We talked about school")
    sheet = looking.open()
    sheet.get_by_label("Search memory").fill("spare key")
    expect(sheet.locator(".memo").first).to_contain_text("under the blue pot")
    expect(sheet.locator(".found").first).to_contain_text("key")
    sheet.get_by_label("Search memory").press("Escape")
    expect(sheet.get_by_label("Search memory")).to_have_value("")
    expect(looking.memos).to_have_count(3)


@needs_browser
def test_the_timeline_is_narrowed_by_person_room_kind_and_day(looking: Looking) -> None:
    den = f"den {looking.member}"
    looking.hears("The boat is red", ago=timedelta(days=40))
    looking.hears("I live in Lyon", "What a day")
    looking.hears("The door is blue", room=den, scope=Scope.ROOM)
    sheet = looking.open()
    expect(looking.memos).to_have_count(4)
    sheet.get_by_text("Show only…").click()
    sheet.get_by_label("Where", exact=True).select_option(den)
    expect(looking.memos).to_have_text([re.compile("The door is blue")])
    sheet.get_by_label("Where", exact=True).select_option("")
    sheet.get_by_label("What", exact=True).select_option("fact")
    expect(looking.memos.filter(has_text="I live in Lyon")).to_have_count(1)
    expect(looking.memos.filter(has_text="What a day")).to_have_count(0)
    sheet.get_by_role("button", name="Show all").click()
    expect(looking.memos).to_have_count(4)
    sheet.get_by_label("Up to").fill((datetime.now(UTC) - timedelta(days=20)).date().isoformat())
    expect(looking.memos).to_have_text([re.compile("The boat is red")])


@needs_browser
def test_forgetting_shows_what_goes_and_asks_first(looking: Looking) -> None:
    looking.hears("The alarm code is on the fridge", "Dinner was good")
    sheet = looking.open()
    sheet.get_by_role("button", name="More about: The alarm code").click()
    sheet.get_by_role("button", name="Forget this…").click()
    ask = looking.page.locator("dialog.ask")
    expect(ask).to_contain_text("The alarm code is on the fridge")
    expect(ask.get_by_role("button", name="Keep")).to_be_focused()
    ask.get_by_role("button", name="Keep").click()
    expect(ask).to_have_count(0)
    assert "The alarm code is on the fridge" in looking.recalls("alarm code")
    sheet.get_by_role("button", name="Forget this…").click()
    ask.get_by_role("button", name="Forget for good").click()
    expect(ask).to_have_count(0)
    expect(looking.memos).to_have_text([re.compile("Dinner was good")])
    expect(sheet.locator(".done-line")).not_to_be_empty()
    assert "The alarm code is on the fridge" not in looking.recalls("alarm code")


@needs_browser
def test_several_notes_are_selected_and_forgotten_at_once(looking: Looking) -> None:
    looking.hears("The boat is red", "The fence is green", "The door is blue")
    sheet = looking.open()
    sheet.get_by_role("button", name="Select several").click()
    sheet.get_by_label(re.compile("The boat is red")).check()
    sheet.get_by_label(re.compile("The door is blue")).check()
    expect(sheet.locator(".picked")).to_contain_text("2 notes selected")
    sheet.get_by_role("button", name="Forget…").click()
    ask = looking.page.locator("dialog.ask")
    expect(ask.locator(".memo")).to_have_count(2)
    ask.get_by_role("button", name="Forget for good").click()
    expect(looking.memos).to_have_text([re.compile("The fence is green")])
    expect(sheet.locator(".picked")).to_have_count(0)


@needs_browser
def test_hostile_words_are_shown_as_words(looking: Looking) -> None:
    looking.hears(f"Remember {EVIL}", "أسكن في باريس ☕")
    looking.hears(f"My brother's name is {EVIL[:40]}")
    sheet = looking.open()
    expect(sheet.locator(".words").filter(has_text="<script>")).to_have_count(1)
    sheet.get_by_label("Search memory").fill(EVIL)
    expect(sheet.locator(".memo").first).to_be_visible()
    sheet.get_by_role("button", name="More about").first.click()
    for tab in ("You", "People", "Promises"):
        looking.page.get_by_role("tab", name=tab, exact=True).click()
        expect(sheet.locator(".person, [data-fact], .teach").first).to_be_visible()
    assert looking.page.title() == "MuOS"
    assert sheet.locator("img, script").count() == 0


@needs_browser
def test_everything_in_the_sheet_can_be_reached_by_keyboard(looking: Looking) -> None:
    looking.hears("The boat is red", "The fence is green")
    page = looking.page
    page.get_by_role("button", name="Memory", exact=True).focus()
    page.keyboard.press("Enter")
    expect(looking.memos).to_have_count(2)
    page.get_by_role("tab", name="Timeline").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="You", exact=True)).to_be_focused()
    expect(page.get_by_role("tab", name="You", exact=True)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Your data")).to_be_focused()
    page.keyboard.press("Home")
    expect(looking.memos).to_have_count(2)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search memory")).to_be_focused()
    page.get_by_role("button", name="More about: The fence").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Forget this…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.ask").get_by_role("button", name="Keep")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.ask")).to_have_count(0)
    expect(page.get_by_role("button", name="Forget this…")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@needs_browser
def test_the_smallest_phones_width_is_enough(looking: Looking) -> None:
    looking.hears(
        "x" * 400, f"{EVIL} " * 4, "A long story about the boat. " * 80, "I live in Lyon", "I'll call Anna tomorrow"
    )
    looking.page.set_viewport_size({"width": SMALLEST, "height": 640})
    assert width_needed(looking.page) <= SMALLEST
    sheet = looking.open()
    for tab in ("Timeline", "You", "People", "Promises", "Rooms", "Your data"):
        looking.page.get_by_role("tab", name=tab, exact=True).click()
        expect(sheet.locator(".panel > *").first).to_be_visible()
        for more in sheet.get_by_role("button", name="More about").all():
            more.click()
        assert sheet.evaluate("sheet => sheet.scrollWidth") <= SMALLEST, tab
        for button in sheet.locator("button").all():
            size = button.bounding_box()
            assert size is not None
            assert size["height"] >= 32
            assert size["x"] >= 0
            assert size["x"] + size["width"] <= SMALLEST


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_in_the_sheet_have_enough_contrast(looking: Looking, scheme: str) -> None:
    looking.hears("I live in Lyon", "I'll call Anna tomorrow", ago=timedelta(days=9))
    looking.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    sheet = looking.open()
    for tab in ("Timeline", "You", "Promises", "Rooms", "Your data"):
        looking.page.get_by_role("tab", name=tab, exact=True).click()
        expect(sheet.locator(".panel .memo, .panel .service").first).to_be_visible()
        assert looking.page.evaluate(FAINT_WORDS) == [], tab
