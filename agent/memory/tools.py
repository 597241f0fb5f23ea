"""The tools of memory: what can be asked of it in plain words."""

from __future__ import annotations

from typing import Any

from services.tool import Effect, Tool


def _words(name: str, description: str, needed: bool = True, fill: str = "all") -> dict[str, Any]:
    """A schema of one argument that takes what is said: "all" of it, or the "rest" after what leads to it."""
    given = {"type": "string", "description": description, "minLength": 1, "x-fill": fill}
    needs = {"required": [name]} if needed else {}
    return {"type": "object", "properties": {name: given}, **needs, "additionalProperties": False}


REMEMBER = Tool(
    name="memory_remember",
    description="Remember something that the person says about themselves, people, places or things.",
    schema=_words("text", "What to remember", fill="rest"),
    effect=Effect.REVERSIBLE,
    service="memory",
    examples=(
        "remember that I parked on level 3",
        "remember my blood type is A positive",
        "keep in mind that Bob is vegetarian",
        "don't forget that the ladder is at the neighbours'",
        "please remember I like my tea without sugar",
        "you should know that Ella hates mushrooms",
        "for later: the red cable belongs to the printer",
        "bear in mind we have guests until Sunday",
        "could you remember my locker is number 88",
        "memorise this, my shirt size is medium",
    ),
    undo="memory_undo",
    idempotent=True,
)
RECALL = Tool(
    name="memory_recall",
    description="Answer from what was said or remembered earlier: where the person lives, what they like, who said what"
    " about something, now or at a past time.",
    schema=_words("query", "What about"),
    effect=Effect.READ,
    service="memory",
    examples=(
        "what did I say about the car?",
        "what do you remember about Bob?",
        "do you remember where I parked?",
        "what did I tell you about the ladder?",
        "did I mention anything on Ella?",
        "recall what we said about the guests",
        "what have I told you of my tea?",
        "remind me what I said regarding the printer",
        "could you recall my blood type",
        "where do I live?",
        "what is my shoe size?",
        "what's my sister's name?",
        "what am I allergic to?",
        "where did I live last year?",
        "who is my dentist?",
    ),
    idempotent=True,
)
ABOUT = Tool(
    name="memory_about",
    description="Tell all that is known about a person, a place, a thing or the member themselves.",
    schema=_words("subject", "About whom or what; me for the person who asks"),
    effect=Effect.READ,
    service="memory",
    examples=(
        "what do you know about Anna?",
        "what do you know about me?",
        "tell me everything you know about my brother",
        "what have you learned about me so far?",
        "what do you know of our landlord?",
        "what facts do you have on Tom?",
        "what did you know about me last year?",
        "sum up what you know about the cabin",
        "what do you believe about my job?",
    ),
    idempotent=True,
)
PROMISES = Tool(
    name="memory_promises",
    description="Tell what the person or somebody else promised or said they would do, and has not done yet.",
    schema=_words("about", "Who promised, to whom, about what or for when", needed=False),
    effect=Effect.READ,
    service="memory",
    examples=(
        "what did I promise?",
        "what did I say I'd do this week?",
        "what have I promised Anna?",
        "which promises are still open?",
        "did I promise anything to anyone?",
        "what did Bob say he would do?",
        "what did I commit to?",
        "have I kept all my promises?",
        "what did I say I was going to do?",
        "what do I still owe people?",
    ),
    idempotent=True,
)
WHY = Tool(
    name="memory_why",
    description="Say where a belief comes from: who said it, in which words and when.",
    schema=_words("about", "What is believed; what was told last if left out", needed=False),
    effect=Effect.READ,
    service="memory",
    examples=(
        "why do you think that?",
        "how do you know that?",
        "how do you know that I live in Lyon?",
        "who told you?",
        "who told you that Bob is vegetarian?",
        "when did I tell you that?",
        "where did you get that from?",
        "why do you believe I like tea?",
        "what makes you think so?",
        "what makes you think I'm allergic to nuts?",
        "since when do you know that?",
    ),
    idempotent=True,
)
CORRECT = Tool(
    name="memory_correct",
    description="Put right what is believed wrongly: the person says what is true instead.",
    schema=_words("text", "What is true"),
    effect=Effect.REVERSIBLE,
    service="memory",
    examples=(
        "that's wrong, I live in Paris",
        "correct that: my sister is called Ana",
        "you got that wrong, Bob works at the bank",
        "that's not right, my shoe size is 43",
        "that is no longer true, I moved to Ghent",
        "you are mistaken, I don't like coffee",
        "that's not true, I'm allergic to eggs",
        "fix what you know: the wifi is called heron",
        "set that straight, Ella is ten years old",
    ),
    undo="memory_undo",
    idempotent=True,
)
FORGET = Tool(
    name="memory_forget",
    description="Forget for good what was said or remembered about something, somebody or in some time.",
    schema=_words("what", "Which memories, in words: that I like tea; everything about Bob; what I said yesterday"),
    effect=Effect.IRREVERSIBLE,
    service="memory",
    examples=(
        "forget that I like tea",
        "forget everything about Bob",
        "forget what I said yesterday",
        "forget my shoe size",
        "forget what I told you about the surgery",
        "please forget that Ella hates mushrooms",
        "forget all you know about my job",
        "erase what you remember about the party",
        "forget that",
        "wipe what I said last night from your memory",
        "don't remember what I said about Tom",
    ),
    idempotent=True,
    shown=True,
)
UNDO = Tool(
    name="memory_undo",
    description="Forget what an earlier call remembered.",
    schema={"type": "object", "properties": {"call": {"type": "string"}}, "required": ["call"]},
    effect=Effect.REVERSIBLE,
    service="memory",
    idempotent=True,
    hidden=True,
)
TOOLS = (REMEMBER, RECALL, ABOUT, PROMISES, WHY, CORRECT, FORGET, UNDO)
