"""The sheet of memory, used by a person in a real browser: what is believed, rooms, and all of it at once."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.interface.browsing import Looking, needs_browser, say
from tests.interface.conftest import Site


@needs_browser
def test_a_topic_is_forgotten_but_for_what_is_spared(looking: Looking) -> None:
    looking.hears("The sailing boat is red", "The sailing boat leaks", "Dinner was good")
    sheet = looking.open("Your data")
    sheet.get_by_label("About", exact=True).fill("the sailing boat")
    sheet.get_by_role("button", name="Show what would go…").click()
    ask = looking.page.locator("dialog.ask")
    expect(ask.get_by_role("heading")).to_have_text("Forget 2 notes?")
    ask.get_by_label(re.compile("The sailing boat leaks")).uncheck()
    expect(ask.get_by_role("heading")).to_have_text("Forget 1 note?")
    ask.get_by_role("button", name="Forget for good").click()
    expect(ask).to_have_count(0)
    assert looking.recalls("sailing boat")[0] == "The sailing boat leaks"
    assert "The sailing boat is red" not in looking.recalls("sailing boat")


@needs_browser
def test_what_is_believed_of_you_has_its_source_and_its_past_and_is_put_right(looking: Looking) -> None:
    looking.hears("I live in Paris", ago=timedelta(days=300))
    looking.hears("I live in Lyon", ago=timedelta(days=30))
    sheet = looking.open("You")
    fact = sheet.locator("[data-fact]").filter(has_text="Lyon")
    expect(fact).to_contain_text("You said so on")
    expect(fact).to_contain_text("“I live in Lyon”")
    fact.get_by_role("button", name="More about").click()
    expect(fact.locator(".past li")).to_have_text([re.compile("Paris.*until"), re.compile("Lyon.*since")])
    fact.get_by_role("button", name="Correct").click()
    fact.get_by_label("What is true?").fill("I live in Nice")
    fact.get_by_role("button", name="Save").click()
    expect(sheet.locator("[data-fact]").filter(has_text="Nice")).to_be_visible()
    expect(sheet.locator("[data-fact] > .memo-head .words").filter(has_text="Lyon")).to_have_count(0)


@needs_browser
def test_people_are_cards_that_open_what_is_believed_of_them(looking: Looking) -> None:
    looking.hears("Bob is vegetarian", "Clara lives in Berlin", "I live in Lyon")
    sheet = looking.open("People")
    expect(sheet.locator(".person").first).to_contain_text("You")
    sheet.get_by_role("button", name=re.compile("Bob")).click()
    expect(sheet.locator(".name")).to_have_text("Bob")
    expect(sheet.locator("[data-fact]")).to_contain_text("vegetarian")
    sheet.get_by_role("button", name="Forget all about Bob…").click()
    ask = looking.page.locator("dialog.ask")
    expect(ask.locator(".memo")).to_have_text([re.compile("Bob is vegetarian")])
    ask.get_by_role("button", name="Forget for good").click()
    expect(sheet).to_contain_text("Nothing is known any more")
    sheet.get_by_role("button", name="All people").click()
    expect(sheet.get_by_role("button", name=re.compile("Clara"))).to_be_visible()
    expect(sheet.get_by_role("button", name=re.compile("Bob"))).to_have_count(0)


@needs_browser
def test_promises_stand_by_their_day_and_the_overdue_are_marked(looking: Looking) -> None:
    looking.hears("I'll call Anna tomorrow", ago=timedelta(days=10))
    looking.hears("I'll pay the rent tomorrow", "If it rains tomorrow tell me")
    sheet = looking.open("Promises")
    expect(sheet.locator("section").filter(has_text="Overdue").locator("[data-fact]").first).to_contain_text("Anna")
    expect(sheet.locator(".is-overdue")).to_have_count(1)
    expect(sheet.locator("[data-fact]").filter(has_text="rent")).to_contain_text("Due")
    expect(sheet.locator("[data-fact]").filter(has_text="rain")).to_be_visible()


@needs_browser
def test_all_of_it_is_taken_out_brought_in_and_erased(looking: Looking, tmp_path: Path) -> None:
    looking.hears("The boat is red", "The fence is green")
    sheet = looking.open("Your data")
    expect(sheet.locator(".index-line")).to_contain_text("2 notes kept")
    with looking.page.expect_download() as taken:
        sheet.get_by_role("link", name="Download").click()
    lines = [json.loads(line) for line in taken.value.path().read_text().splitlines()]
    assert {line["text"] for line in lines if "text" in line} >= {"The boat is red", "The fence is green"}
    brought = tmp_path / "notes.jsonl"
    brought.write_text('{"id": "b1", "text": "The door is blue"}\n{"id": "b2"}\nnonsense\n')
    sheet.locator("input[type=file]").set_input_files(brought)
    expect(sheet.locator(".said")).to_contain_text("1 note came in, 0 were there already, 2 refused")
    expect(sheet.locator(".refused li")).to_have_count(2)
    sheet.get_by_label("Type your name").fill("nobody")
    sheet.get_by_role("button", name="Erase everything").click()
    assert looking.recalls("boat") != []
    sheet.get_by_label("Type your name").fill(looking.member)
    sheet.get_by_role("button", name="Erase everything").click()
    expect(sheet.locator(".done-line")).not_to_be_empty()
    assert looking.recalls("boat") == []


@needs_browser
def test_rooms_are_made_joined_left_and_spoken_in(looking: Looking) -> None:
    den = f"den {looking.member}"
    sheet = looking.open("Rooms")
    sheet.get_by_label("Its name").fill(den)
    sheet.get_by_label("Who is in it").fill(f"{looking.member}, Ben")
    sheet.get_by_role("button", name="Make it").click()
    room = sheet.get_by_role("region", name=den)
    expect(room).to_contain_text("Ben")
    room.get_by_label(f"Who joins {den}").fill("Clara")
    room.get_by_label("guest").check()
    room.get_by_role("button", name=f"Join {den}").click()
    expect(room.get_by_role("listitem").filter(has_text="Clara")).to_contain_text("guest")
    room.get_by_role("button", name="Take out Clara").click()
    expect(room.get_by_role("listitem").filter(has_text="Clara")).to_have_count(0)
    room.get_by_role("button", name="Speak in this room").click()
    looking.page.keyboard.press("Escape")
    expect(looking.page.get_by_label("Where you speak")).to_have_value(den)
    say(looking.page, "add saffron to the shopping list")
    expect(looking.page.locator(".rows .card.is-done")).to_be_visible()
    looking.open()
    expect(looking.memos.first.locator(".badge")).to_contain_text(den)


@needs_browser
def test_when_the_hub_is_gone_the_sheet_says_so_and_tries_again(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url)
        expect(page.locator(".example").first).to_be_visible()
        context.set_offline(True)
        page.get_by_role("button", name="Memory", exact=True).click()
        expect(page.locator(".panel .fault")).to_contain_text("can’t be reached")
        context.set_offline(False)
        page.locator(".panel .fault").get_by_role("button", name="Try again").click()
        expect(page.locator(".panel .fault")).to_have_count(0)
