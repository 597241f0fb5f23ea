"""The bookmarks service's story: a page at home."""

from services.kit import Step

SITE = "http://127.0.0.1:48233"

STORY = (
    Step(f"bookmark {SITE}/bread.html", "add", {"url": f"{SITE}/bread.html"}, answers="Bookmarked Our daily bread"),
    Step("show my bookmarks", "list", {}, answers="1 bookmark"),
    Step("search my bookmarks for bread", "search", {"words": "bread"}, answers="Our daily bread"),
    Step("delete the bookmark Our daily bread", "delete", {"bookmark": "Our daily bread"}, answers="Deleted"),
)
